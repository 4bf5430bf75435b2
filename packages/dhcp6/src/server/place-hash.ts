import { sipHash24 } from '@router7/wire';
import { MAX_DUID_LENGTH } from '../duid.ts';

/** Octets of a lease's key before the DUID. */
const KEY_HEAD = 5;

/**
 * Where the search for a client's address begins. It follows from who the client is, so that it is led to the same one each
 * time, and from a secret: nobody can tell from a DUID which address its host has (RFC 7707 section 4.1.1), or look for a
 * DUID that leads to an address of choice.
 */
export class PlaceHash {
  readonly #secret: Uint32Array;
  readonly #octets = new Uint8Array(KEY_HEAD + MAX_DUID_LENGTH);
  readonly #hash = new Uint32Array(2);

  /** @param secret 16 octets, of which those that are missing are 0 */
  constructor(secret: Uint8Array) {
    const octets = new Uint8Array(16);
    octets.set(secret.subarray(0, 16));
    const view = new DataView(octets.buffer);
    this.#secret = Uint32Array.from({ length: 4 }, (_, i) => view.getUint32(4 * i, true));
  }

  /** A number below `size`, for the key of a lease. */
  startFor(key: string, size: number): number {
    const octets = this.#octets;
    const length = Math.min(key.length, octets.length);
    for (let i = 0; i < length; i++) octets[i] = key.charCodeAt(i);
    sipHash24(this.#secret, octets, length, this.#hash);
    return (this.#hash[0] as number) % size;
  }
}
