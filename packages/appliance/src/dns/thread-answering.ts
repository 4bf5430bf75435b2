import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { openDatagramListener } from '../system/datagram-listener.ts';
import { Bell } from '../system/epoll.ts';
import type { Answering, ReportHandler } from './answering.ts';
import type { AnsweringThreadData } from './answering-thread.ts';
import type { AnswererSettings, Order, Report } from './orders.ts';

/** How a {@link ThreadAnswering} is started. */
export interface ThreadAnsweringOptions {
  readonly settings: AnswererSettings;
  readonly onReport: ReportHandler;
  /** The thread has ended though nobody told it to. Nothing is answered any more: whoever hears this ends the process. */
  readonly onDeath: (error: Error) => void;
  /** The thread's program; its own when absent. */
  readonly program?: URL;
}

/** As source, or as it was built. */
const PROGRAM = new URL(`./answering-thread${extname(import.meta.url)}`, import.meta.url);

/** Answers on a thread of its own, which waits for nothing but its sockets. */
export class ThreadAnswering implements Answering {
  readonly #bell = new Bell();
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** Numbers of the sockets by their hosts. */
  readonly #listeners = new Map<string, number>();
  #next = 1;
  #stopped = false;

  constructor({ settings, onReport, onDeath, program = PROGRAM }: ThreadAnsweringOptions) {
    const workerData: AnsweringThreadData = { settings, bell: this.#bell.fd };
    this.#worker = new Worker(program, { workerData });
    // A process that ends waits for its threads, and this one looks up only when something happens.
    process.on('exit', this.#wake);
    this.#worker.on('message', (report: Report) => {
      if (report.kind === 'stopped') this.#stopped = true;
      onReport(report);
    });
    this.#ended = new Promise((resolve) => {
      let reason = new Error('the answering thread has ended');
      this.#worker.on('error', (error: Error) => {
        reason = error;
      });
      this.#worker.on('exit', () => {
        process.off('exit', this.#wake);
        if (!this.#stopped) onDeath(reason);
        resolve();
      });
    });
  }

  async listen(host: string, port: number): Promise<void> {
    const fd = openDatagramListener(host, port);
    const listener = this.#next++;
    this.#listeners.set(host, listener);
    this.tell({ kind: 'listen', listener, fd });
  }

  unlisten(host: string): void {
    const listener = this.#listeners.get(host);
    if (listener === undefined) return;
    this.#listeners.delete(host);
    this.tell({ kind: 'unlisten', listener });
  }

  tell(order: Order): void {
    this.#worker.postMessage(order);
    this.#bell.ring();
  }

  async close(): Promise<void> {
    await this.#ended;
    this.#bell.close();
  }

  readonly #wake = (): void => this.#bell.ring();
}
