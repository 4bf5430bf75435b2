import type { ServerSend } from '@router7/dhcp4';
import type { Ipv4Address } from '@router7/wire';

/** A reply of which the server has made a copy. */
export interface HeldReply {
  payload: Uint8Array;
  destination: Ipv4Address;
  port: number;
  hardwareAddress: Uint8Array | undefined;
}

/** Octets that a reply has at most: the engine keeps within an Ethernet frame. */
const BUFFER = 1536;

/** Replies that wait for the disk, in buffers that are used again. */
export class HeldReplies {
  readonly #replies: HeldReply[] = [];
  readonly #buffers: Uint8Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Copies a reply: its payload is valid until the engine's next `handle` only. */
  add({ payload, destination, port, hardwareAddress }: ServerSend): void {
    const index = this.#count++;
    let buffer = this.#buffers[index];
    if (buffer === undefined || buffer.length < payload.length) {
      buffer = new Uint8Array(Math.max(BUFFER, payload.length));
      this.#buffers[index] = buffer;
    }
    buffer.set(payload);
    const reply = this.#replies[index];
    const before = reply?.payload;
    // Replies are nearly all of the same length, and a view costs more to make than to fill.
    const isSame = before?.length === payload.length && before.buffer === buffer.buffer;
    const copy = isSame ? before : buffer.subarray(0, payload.length);
    if (reply === undefined) {
      this.#replies[index] = { payload: copy, destination, port, hardwareAddress };
      return;
    }
    reply.payload = copy;
    reply.destination = destination;
    reply.port = port;
    reply.hardwareAddress = hardwareAddress;
  }

  /** Hands over all replies in order, and forgets them. */
  release(send: (reply: HeldReply) => void): void {
    for (let i = 0; i < this.#count; i++) send(this.#replies[i] as HeldReply);
    this.#count = 0;
  }

  /** Forgets all replies. @returns how many there were */
  drop(): number {
    const dropped = this.#count;
    this.#count = 0;
    return dropped;
  }
}
