/** Room for a message before it is known whether its length is true. */
const FIRST_ROOM = 2048;

/**
 * Takes messages from a stream, where two octets of length stand before each (RFC 1035 section 4.2.2), whatever the
 * pieces are that it comes in. A length that lies costs no more memory than there are octets.
 */
export class MessageReader {
  readonly #onMessage: (message: Uint8Array) => void;
  /** What there is of the length and the message that are being read. */
  #buffer: Uint8Array = new Uint8Array(FIRST_ROOM);
  #filled = 0;

  /** @param onMessage gets each message, whatever its length, as an array of its own */
  constructor(onMessage: (message: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  /** Whether a message has begun that is not there yet. */
  get isInMessage(): boolean {
    return this.#filled > 0;
  }

  /** Takes the next octets of the stream. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const wanted = this.#wanted();
      const taken = Math.min(wanted - this.#filled, chunk.length - at);
      this.#makeRoom(this.#filled + taken, wanted);
      this.#buffer.set(chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled < 2 || this.#filled < this.#wanted()) continue;
      const message = this.#buffer.slice(2, this.#filled);
      this.#filled = 0;
      if (this.#buffer.length > FIRST_ROOM) this.#buffer = new Uint8Array(FIRST_ROOM);
      this.#onMessage(message);
    }
  }

  /** How many octets there will be with the length; without it, how many that has. */
  #wanted(): number {
    return this.#filled < 2 ? 2 : 2 + (((this.#buffer[0] as number) << 8) | (this.#buffer[1] as number));
  }

  #makeRoom(needed: number, wanted: number): void {
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.min(wanted, Math.max(needed, 2 * this.#buffer.length)));
    larger.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = larger;
  }
}

/**
 * A message with its length before it, so that both leave with one write (RFC 7766 section 8).
 *
 * @param message 65,535 octets at most
 */
export function frameMessage(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(2 + message.length);
  framed[0] = message.length >> 8;
  framed[1] = message.length & 0xff;
  framed.set(message, 2);
  return framed;
}
