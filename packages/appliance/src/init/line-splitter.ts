/** Octets of the longest line; what is longer is cut into several. */
const LONGEST_LINE = 4096;
const LINE_FEED = 0x0a;

/** Cuts what a program writes into lines, with a little memory however it comes. */
export class LineSplitter {
  readonly #most: number;
  /** The beginning of a line whose end has not come. */
  readonly #rest: Buffer = Buffer.alloc(LONGEST_LINE);
  #restLength = 0;

  /** @param most lines that one call returns: the last ones */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes octets as they come; they are the caller's again afterwards.
   *
   * @returns the lines that are complete, without their line feeds, and how many before them there was no use for
   */
  push(octets: Uint8Array): { readonly lines: readonly string[]; readonly left: number } {
    const all = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    let first: string | undefined;
    let start = 0;
    if (this.#restLength > 0) {
      const feed = all.indexOf(LINE_FEED);
      const end = Math.min(feed === -1 ? all.length : feed, LONGEST_LINE - this.#restLength);
      this.#keep(all.subarray(0, end));
      const isWhole = end === feed;
      // Neither ended nor full: there is nothing behind it either.
      if (!isWhole && this.#restLength < LONGEST_LINE) return { lines: [], left: 0 };
      first = this.#rest.toString('utf8', 0, this.#restLength);
      this.#restLength = 0;
      start = isWhole ? end + 1 : end;
    }
    const spans = spansOf(all, start);
    this.#keep(all.subarray(spans.at(-1)?.next ?? start));
    const lines = spans.slice(-this.#most).map(({ from, to }) => all.toString('utf8', from, to));
    if (first !== undefined && lines.length < this.#most) lines.unshift(first);
    return { lines, left: spans.length + (first === undefined ? 0 : 1) - lines.length };
  }

  #keep(octets: Buffer): void {
    this.#restLength += octets.copy(this.#rest, this.#restLength);
  }
}

/** Where the complete lines are, and where the one after each begins. */
function spansOf(all: Buffer, begin: number): { readonly from: number; readonly to: number; readonly next: number }[] {
  const spans: { from: number; to: number; next: number }[] = [];
  for (let from = begin; from < all.length; ) {
    const feed = all.indexOf(LINE_FEED, from);
    const length = (feed === -1 ? all.length : feed) - from;
    if (feed === -1 && length < LONGEST_LINE) break;
    const to = from + Math.min(length, LONGEST_LINE);
    const next = to === feed ? to + 1 : to;
    spans.push({ from, to, next });
    from = next;
  }
  return spans;
}
