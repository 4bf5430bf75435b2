import { writeFileAtomic } from './atomic-file.ts';

const SLICE = 200;
/** Octets of the brackets and the comma that put the pieces together. */
const BRACKET = 0x5b;
const COMMA = 0x2c;

/**
 * Writes a list as JSON piece by piece, without keeping the event loop from answering clients: a table of 50,000 leases
 * takes up to a few tenths of a second of processor time altogether.
 *
 * @param all what there is now; what changes meanwhile does not show
 * @param format the JSON of some of it, a list in several lines: `[` LF ... LF `]`. Octets are used up before the next call
 * @param confirm as of `writeFileAtomic`
 * @param slice entries that become text before others get a turn: what takes less than a millisecond
 * @returns milliseconds of processor time; rejects with Node's system error
 */
export async function writeSnapshot<T>(
  path: string,
  all: readonly T[],
  format: (slice: readonly T[]) => string | Uint8Array,
  confirm?: (temporary: string) => void,
  slice: number = SLICE,
): Promise<number> {
  let busy = 0;
  async function* pieces(): AsyncGenerator<Uint8Array, undefined> {
    for (let from = 0; from < all.length; from += slice) {
      const started = performance.now();
      const text = format(all.slice(from, from + slice));
      const piece = typeof text === 'string' ? Buffer.from(text) : text;
      // In place of the list's own brackets.
      piece[0] = from === 0 ? BRACKET : COMMA;
      busy += performance.now() - started;
      // Others get their turn while it is written.
      yield piece.subarray(0, -2);
    }
    yield Buffer.from(all.length === 0 ? '[]' : '\n]');
  }
  await writeFileAtomic(path, pieces(), 0o644, confirm);
  return busy;
}
