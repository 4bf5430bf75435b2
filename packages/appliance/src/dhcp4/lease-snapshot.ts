import { setImmediate as turn } from 'node:timers/promises';
import type { Lease } from '@router7/dhcp4';
import { writeFileAtomic } from '../runtime/atomic-file.ts';
import { formatDhcp4dLeases } from '../state/dhcp4d-leases.ts';
import { entryOf } from './lease-entry.ts';

/** Leases that become text before others get a turn: less than a millisecond. */
const SLICE = 200;

/**
 * Writes leases.json, as `formatDhcp4dLeases` has it, without keeping the event loop from answering clients: a table of
 * 50,000 leases takes a few tenths of a second of processor time altogether.
 *
 * @param all the leases as they are now; what changes meanwhile does not show
 * @param first the address whose `num` is 0
 * @param offset what makes wall-clock times of the leases' times
 * @param confirm as of `writeFileAtomic`
 * @returns milliseconds of processor time; rejects with Node's system error
 */
export async function writeLeases(
  path: string,
  all: readonly Lease[],
  first: number,
  offset: number,
  confirm: (temporary: string) => void,
): Promise<number> {
  const pieces: Buffer[] = [];
  let busy = 0;
  for (let from = 0; from < all.length; from += SLICE) {
    const started = performance.now();
    const text = formatDhcp4dLeases(all.slice(from, from + SLICE).map((lease) => entryOf(lease, first, offset)));
    // Without the list's own brackets: `[` LF ... LF `]`.
    pieces.push(Buffer.from(`${from === 0 ? '[' : ','}${text.slice(1, -2)}`));
    busy += performance.now() - started;
    if (from + SLICE < all.length) await turn();
  }
  pieces.push(Buffer.from(all.length === 0 ? '[]' : '\n]'));
  await writeFileAtomic(path, Buffer.concat(pieces), 0o644, confirm);
  return busy;
}
