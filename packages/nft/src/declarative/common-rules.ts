/**
 * The longest common subsequence of two lists, as pairs of places in them (J. W. Hunt, T. G. Szymanski, "A fast
 * algorithm for computing longest common subsequences", 1977). It takes O((r + n) log n) for r pairs of equal entries.
 */
export function commonSubsequence(present: readonly string[], wanted: readonly string[]): [number, number][] {
  let start = 0;
  while (start < present.length && start < wanted.length && present[start] === wanted[start]) start++;
  let [presentEnd, wantedEnd] = [present.length, wanted.length];
  while (presentEnd > start && wantedEnd > start && present[presentEnd - 1] === wanted[wantedEnd - 1]) {
    presentEnd--;
    wantedEnd--;
  }
  const pairs: [number, number][] = [];
  for (let index = 0; index < start; index++) pairs.push([index, index]);
  for (const [a, b] of middle(present.slice(start, presentEnd), wanted.slice(start, wantedEnd))) {
    pairs.push([a + start, b + start]);
  }
  for (let index = 0; index < present.length - presentEnd; index++) pairs.push([presentEnd + index, wantedEnd + index]);
  return pairs;
}

interface Link {
  readonly pair: [number, number];
  readonly before: Link | undefined;
}

function middle(present: readonly string[], wanted: readonly string[]): [number, number][] {
  const places = new Map<string, number[]>();
  // From the last to the first, so that one entry of `wanted` never continues itself.
  for (let index = present.length - 1; index >= 0; index--) {
    const key = present[index] as string;
    const list = places.get(key);
    if (list === undefined) places.set(key, [index]);
    else list.push(index);
  }
  // The links that end a subsequence of each length at the earliest place in `present`.
  const ends: Link[] = [];
  wanted.forEach((key, wantedIndex) => {
    for (const place of places.get(key) ?? []) {
      const length = firstNotBefore(ends, place);
      ends[length] = { pair: [place, wantedIndex], before: ends[length - 1] };
    }
  });
  const pairs: [number, number][] = [];
  for (let link = ends.at(-1); link !== undefined; link = link.before) pairs.push(link.pair);
  return pairs.reverse();
}

function firstNotBefore(ends: readonly Link[], place: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const between = (low + high) >> 1;
    if ((ends[between] as Link).pair[0] < place) low = between + 1;
    else high = between;
  }
  return low;
}
