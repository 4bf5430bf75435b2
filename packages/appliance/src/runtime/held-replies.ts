/** A reply that may have to wait. Its payload is valid until the engine's next `handle` only. */
export interface Reply {
  readonly payload: Uint8Array;
}

/** Octets that a reply has at most: engines keep within an Ethernet frame. */
const BUFFER = 1536;

/** Replies that wait for the disk, in buffers that are used again. */
export class HeldReplies<R extends Reply> {
  readonly #replies: R[] = [];
  readonly #payloads: Uint8Array[] = [];
  readonly #buffers: Uint8Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Keeps a reply, with a copy of its payload. */
  add(reply: R): void {
    const { payload } = reply;
    const index = this.#count++;
    let buffer = this.#buffers[index];
    if (buffer === undefined || buffer.length < payload.length) {
      buffer = new Uint8Array(Math.max(BUFFER, payload.length));
      this.#buffers[index] = buffer;
      this.#payloads[index] = buffer;
    }
    buffer.set(payload);
    this.#replies[index] = reply;
    // Replies are nearly all of the same length, and a view costs more to make than to fill.
    if (this.#payloads[index]?.length !== payload.length) this.#payloads[index] = buffer.subarray(0, payload.length);
  }

  /** Hands over all replies in order, and forgets them. */
  release(send: (reply: R, payload: Uint8Array) => void): void {
    for (let i = 0; i < this.#count; i++) send(this.#replies[i] as R, this.#payloads[i] as Uint8Array);
    this.#count = 0;
  }

  /** Forgets all replies. @returns how many there were */
  drop(): number {
    const dropped = this.#count;
    this.#count = 0;
    return dropped;
  }
}
