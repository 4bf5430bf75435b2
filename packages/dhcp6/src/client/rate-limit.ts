/**
 * Section 14.1: "The client MUST limit the rate of DHCP messages it transmits or retransmits", for example to 20 in 20 s.
 * Any interval of that length, wherever it begins, has no more than so many messages.
 */
export class RateLimit {
  readonly #messages: number;
  readonly #intervalMs: number;
  /** When the latest messages were sent, the oldest first. */
  readonly #sentAt: number[] = [];

  constructor({ messages, intervalMs }: { readonly messages: number; readonly intervalMs: number }) {
    this.#messages = Math.max(Math.floor(messages), 1);
    this.#intervalMs = intervalMs;
  }

  /** When the next message may be sent: now, or later. */
  freeAt(now: number): number {
    const oldest = this.#sentAt[0];
    return oldest === undefined || this.#sentAt.length < this.#messages
      ? now
      : Math.max(now, oldest + this.#intervalMs);
  }

  /** A message is sent. */
  take(now: number): void {
    if (this.#sentAt.length >= this.#messages) this.#sentAt.shift();
    this.#sentAt.push(now);
  }
}
