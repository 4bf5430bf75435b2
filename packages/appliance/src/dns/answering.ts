import type { Order, Report } from './orders.ts';

/** What answers queries, on a thread of its own or on this one. Reports go to the handler that it was made with. */
export interface Answering {
  /**
   * Answers what comes by UDP to an address of this machine.
   *
   * @param host IPv4 or IPv6 address, a link-local one with its zone
   * @returns rejects with a system error: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`
   */
  listen(host: string, port: number): Promise<void>;
  /** Answers there no more. */
  unlisten(host: string): void;
  /** Gives an order. */
  tell(order: Order): void;
  /** Ends it after the last report. */
  close(): Promise<void>;
}

/** Takes reports. */
export type ReportHandler = (report: Report) => void;
