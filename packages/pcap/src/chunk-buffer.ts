/** Joins chunks of any size and gives them out in pieces of the wanted size, copying no more than needed. */
export class ChunkBuffer {
  /** Holds the octets from `#start` to `#end`: a borrowed chunk, or storage of our own with room behind the end. */
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #borrowed = false;
  #offset = 0;

  /** Octets that are there. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Octets that have been taken: where the next one is in the file. */
  get offset(): number {
    return this.#offset;
  }

  /** Appends a chunk, which must not change before {@link ChunkBuffer.settle}. */
  push(chunk: Uint8Array): void {
    if (this.length === 0 && chunk.length > 0) {
      this.#bytes = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#borrowed = true;
      return;
    }
    this.#reserve(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Copies what is left of a borrowed chunk, so that its owner may use it again. */
  settle(): void {
    if (this.#borrowed) this.#reserve(0);
  }

  /** A view of the first `length` octets, or undefined while there are fewer. */
  peek(length: number): Uint8Array | undefined {
    return length <= this.length ? this.#bytes.subarray(this.#start, this.#start + length) : undefined;
  }

  /** Takes the first `length` octets out, as a copy, or undefined while there are fewer. */
  take(length: number): Uint8Array | undefined {
    const view = this.peek(length);
    if (view === undefined) return undefined;
    this.#start += length;
    this.#offset += length;
    return new Uint8Array(view); // and not slice(), which gives a view where the chunk is a Buffer of Node
  }

  /** Makes the storage our own, with room for `count` octets behind the end. */
  #reserve(count: number): void {
    if (!this.#borrowed && this.#end + count <= this.#bytes.length) return;
    const length = this.length;
    // Twice what is needed: so each octet is moved a bounded number of times, however small the chunks are.
    const bytes = new Uint8Array(length + count === 0 ? 0 : Math.max(256, 2 * (length + count)));
    bytes.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = length;
    this.#borrowed = false;
  }
}
