import type { Difference } from './object-diff.ts';

/** Something that the kernel has under a name, beside what is wanted under it. */
export interface Pair<T> {
  readonly present: T | undefined;
  readonly wanted: T | undefined;
  readonly difference: Difference;
}

/** Puts objects of one name side by side, and compares them. */
export function pair<T>(
  present: readonly T[],
  wanted: readonly T[],
  name: (object: T) => string,
  compare: (wanted: T, present: T) => Difference,
): Map<string, Pair<T>> {
  const old = new Map(present.map((object) => [name(object), object]));
  const pairs = new Map<string, Pair<T>>();
  for (const object of present) pairs.set(name(object), { present: object, wanted: undefined, difference: 'remake' });
  for (const object of wanted) {
    const other = old.get(name(object));
    const difference = other === undefined ? 'remake' : compare(object, other);
    pairs.set(name(object), { present: other, wanted: object, difference });
  }
  return pairs;
}

/** Entries by what they have in common, in their order. */
export function groupBy<T>(list: readonly T[], key: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of list) {
    const group = groups.get(key(entry));
    if (group === undefined) groups.set(key(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}
