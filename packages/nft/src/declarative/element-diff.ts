import { SetFlag } from '../set.ts';
import { type SetElement, SetElementFlag } from '../set-elements.ts';
import { elementKey, elementValue } from './canonical.ts';
import { compareBytes } from './key-type.ts';

/** What has to go and what has to come for a set to hold what it should. */
export interface ElementDiff {
  readonly removed: readonly SetElement[];
  readonly added: readonly SetElement[];
}

/**
 * Compares elements. What a rule has added, or will leave by itself, stays.
 *
 * @param mustGo for elements that cannot stay as they are: what they lead to is made anew
 */
export function diffElements(
  set: { readonly flags: number },
  present: readonly SetElement[],
  wanted: readonly SetElement[],
  mustGo: (element: SetElement) => boolean = () => false,
): ElementDiff {
  const [old, next] = [units(set, present), units(set, wanted)];
  const removed: SetElement[] = [];
  const added: SetElement[] = [];
  for (const [key, unit] of old) {
    const other = next.get(key);
    const [first] = unit;
    const forced = first !== undefined && mustGo(first);
    const stays = other === undefined ? survives(set, first) : isSame(set, first, other[0]);
    if (stays && !forced) continue;
    removed.push(...unit);
    if (other !== undefined) added.push(...other);
  }
  for (const [key, unit] of next) if (!old.has(key)) added.push(...unit);
  return { removed, added };
}

function survives({ flags }: { readonly flags: number }, element: SetElement | undefined): boolean {
  return (flags & SetFlag.eval) !== 0 || element?.expirationMilliseconds !== undefined;
}

function isSame(
  set: { readonly flags: number },
  present: SetElement | undefined,
  wanted: SetElement | undefined,
): boolean {
  if (present === undefined || wanted === undefined) return present === wanted;
  // Its time may be one that a rule gave it.
  const { timeoutMilliseconds: _, ...rest } = present;
  if (survives(set, present)) return elementValue(rest) === elementValue(withoutTimeout(wanted));
  return elementValue(present) === elementValue(wanted);
}

function withoutTimeout({ timeoutMilliseconds: _, ...rest }: SetElement): SetElement {
  return rest;
}

/**
 * Elements by their keys. Start and end of an interval are one unit: the kernel refuses a new end for an old start as an
 * overlap.
 */
function units({ flags }: { readonly flags: number }, elements: readonly SetElement[]): Map<string, SetElement[]> {
  const found = new Map<string, SetElement[]>();
  if ((flags & SetFlag.interval) === 0 || (flags & SetFlag.concat) !== 0) {
    for (const element of elements) found.set(elementKey(element), [element]);
    return found;
  }
  const sorted = elements.filter(({ key }) => key !== undefined).toSorted(inOrder);
  for (const element of elements) if (element.key === undefined) found.set(elementKey(element), [element]);
  for (let index = 0; index < sorted.length; index++) {
    const element = sorted[index] as SetElement;
    const next = sorted[index + 1];
    if (!isEnd(element) && next !== undefined && isEnd(next)) {
      found.set(elementKey(element) + elementKey(next), [element, next]);
      index++;
    } else {
      found.set(elementKey(element), [element]);
    }
  }
  return found;
}

function isEnd({ flags = 0 }: SetElement): boolean {
  return (flags & SetElementFlag.intervalEnd) !== 0;
}

/** By their keys; where one interval ends and the next begins, the end comes first. */
function inOrder(a: SetElement, b: SetElement): number {
  const order = compareBytes(a.key ?? new Uint8Array(), b.key ?? new Uint8Array());
  return order === 0 ? Number(isEnd(b)) - Number(isEnd(a)) : order;
}
