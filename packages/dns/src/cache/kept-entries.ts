import { EntryBit, KeyKind, Word } from './entry.ts';
import type { Ring } from './ring.ts';
import type { Storage } from './storage.ts';

/** Answers from upstream, the oldest one of the main ring first, the newest one of the small ring last. */
export function* keptEntries(storage: Storage): Generator<number, void> {
  yield* keptInRing(storage, storage.main);
  yield* keptInRing(storage, storage.small);
}

function* keptInRing(storage: Storage, ring: Ring): Generator<number, void> {
  for (let entry = ring.oldest; entry !== 0; entry = ring.after(entry)) {
    const at = entry >> 2;
    const state = storage.words[at + Word.state] as number;
    const kind = ((storage.words[at + Word.key] as number) >>> 8) & 0xff;
    if ((state & (EntryBit.live | EntryBit.local)) === EntryBit.live && kind !== KeyKind.failure) yield entry;
  }
}
