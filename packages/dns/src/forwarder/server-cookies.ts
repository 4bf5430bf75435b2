import { sipHash24 } from '@router7/wire';

/** Octets of a client's cookie (RFC 7873 section 4). */
export const CLIENT_COOKIE_LENGTH = 8;
/** Octets of a server's cookie as RFC 9018 section 4 has it. */
export const SERVER_COOKIE_LENGTH = 16;

/**
 * Makes the cookies that clients get.
 *
 * ```
 *  0  version 1   1  reserved   4  time, seconds   8  hash over all before, the client cookie and the client
 * ```
 *
 * Those that come back are not checked, as the answer does not depend on it: a client on the home's own link whose
 * cookie is old or forged gets a good one and is answered all the same (RFC 7873 section 5.2.3, the third choice).
 */
export class ServerCookies {
  readonly #key = new Uint32Array(4);
  readonly #input = new Uint8Array(CLIENT_COOKIE_LENGTH + 8 + 4);
  readonly #hash = new Uint32Array(2);

  /** @param random 32 random bits; the secret is of this run only */
  constructor(random: () => number) {
    for (let i = 0; i < 4; i++) this.#key[i] = random();
  }

  /**
   * Writes the cookie of a server behind that of its client.
   *
   * @param at offset of the client cookie in `bytes`; 16 octets behind it are written
   * @param source number of the client, in place of its address
   * @param now monotonic milliseconds
   */
  write(bytes: Uint8Array, at: number, source: number, now: number): void {
    const input = this.#input;
    const serverAt = at + CLIENT_COOKIE_LENGTH;
    bytes[serverAt] = 1;
    bytes[serverAt + 1] = bytes[serverAt + 2] = bytes[serverAt + 3] = 0;
    writeWord(bytes, serverAt + 4, Math.floor(now / 1000));
    for (let i = 0; i < CLIENT_COOKIE_LENGTH + 8; i++) input[i] = bytes[at + i] as number;
    writeWord(input, CLIENT_COOKIE_LENGTH + 8, source);
    sipHash24(this.#key, input, input.length, this.#hash);
    for (let i = 0; i < 8; i++) bytes[serverAt + 8 + i] = (this.#hash[i >>> 2] as number) >>> (8 * (i & 3));
  }
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
