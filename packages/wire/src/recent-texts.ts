const SMALLEST = 256;
const LARGEST = 262_144;

/**
 * Texts that were made of octets lately, by a hash of these: so that the octets of a client that comes again give the text
 * that is there already.
 *
 * A `Map` finds a text by its identity. One that was just made is first looked for among all texts of the process, which
 * costs as much as reading a message does, and its making costs the same again.
 *
 * Each hash has one place, so octets that somebody makes up displace other texts and do nothing worse.
 */
export class RecentTexts {
  #texts: (string | undefined)[] = new Array<string | undefined>(SMALLEST).fill(undefined);
  #displaced = 0;

  /** A text that may have been set with this hash: the caller compares it. */
  get(hash: number): string | undefined {
    return this.#texts[hash & (this.#texts.length - 1)];
  }

  /** Remembers a text in place of another one. Where many displace each other there is more room from then on. */
  set(hash: number, text: string): void {
    const { length } = this.#texts;
    if (this.#texts[hash & (length - 1)] !== undefined && ++this.#displaced > length && length < LARGEST) {
      this.#texts = new Array<string | undefined>(4 * length).fill(undefined);
      this.#displaced = 0;
    }
    this.#texts[hash & (this.#texts.length - 1)] = text;
  }
}

/** Mixes a number into a hash (FNV-1a), whose low bits are its best ones. */
export function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}
