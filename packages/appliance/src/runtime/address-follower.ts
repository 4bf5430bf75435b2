import { type Link, type LinkAddress, RtNetlink } from '../system/rtnetlink.ts';
import { RtMonitor } from '../system/rtnetlink-monitor.ts';
import type { Log } from './log.ts';

/** How long to wait before addresses are looked at again that something went wrong with, in milliseconds. */
const RETRY = 2000;

/** Follows the links and addresses of this machine as they come and go. */
export class AddressFollower {
  readonly #log: Log;
  readonly #look: (links: readonly Link[], addresses: readonly LinkAddress[]) => Promise<void>;
  readonly #netlink = new RtNetlink();
  #monitor: RtMonitor | undefined;
  #retry: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  /** @param look gets what there is, whether it has changed or not; never while its promise is pending */
  constructor(log: Log, look: (links: readonly Link[], addresses: readonly LinkAddress[]) => Promise<void>) {
    this.#log = log;
    this.#look = look;
  }

  /** Looks at what there is, and follows it from then on. */
  async start(): Promise<void> {
    this.#monitor = new RtMonitor(['link', 'address'], () => void this.refresh());
    await this.refresh();
  }

  /** Looks again. Calls during a look are served by one more look. */
  refresh(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Looks again in two seconds. */
  retry(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.refresh(), RETRY);
  }

  /** Follows no longer. @returns settles when no look is under way */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#monitor?.close();
    await this.#running;
    this.#netlink.close();
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        const links = await this.#netlink.links();
        await this.#look(links, await this.#netlink.addresses());
      } catch (error) {
        this.#log.error('cannot follow the addresses', { error });
        this.retry();
      }
    }
  }
}
