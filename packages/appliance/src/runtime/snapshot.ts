import { setImmediate as turn } from 'node:timers/promises';
import { writeFileAtomic } from './atomic-file.ts';

/** Entries that become text before others get a turn: less than a millisecond. */
const SLICE = 200;

/**
 * Writes a list as JSON without keeping the event loop from answering clients: a table of 50,000 leases takes a few tenths
 * of a second of processor time altogether.
 *
 * @param all what there is now; what changes meanwhile does not show
 * @param format the JSON of some of it, a list in several lines: `[` LF ... LF `]`
 * @param confirm as of `writeFileAtomic`
 * @returns milliseconds of processor time; rejects with Node's system error
 */
export async function writeSnapshot<T>(
  path: string,
  all: readonly T[],
  format: (slice: readonly T[]) => string,
  confirm?: (temporary: string) => void,
): Promise<number> {
  const pieces: Buffer[] = [];
  let busy = 0;
  for (let from = 0; from < all.length; from += SLICE) {
    const started = performance.now();
    // Without the list's own brackets.
    pieces.push(Buffer.from(`${from === 0 ? '[' : ','}${format(all.slice(from, from + SLICE)).slice(1, -2)}`));
    busy += performance.now() - started;
    if (from + SLICE < all.length) await turn();
  }
  pieces.push(Buffer.from(all.length === 0 ? '[]' : '\n]'));
  await writeFileAtomic(path, Buffer.concat(pieces), 0o644, confirm);
  return busy;
}
