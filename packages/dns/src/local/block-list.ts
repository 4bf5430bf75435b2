import { HEADER_LENGTH } from '../header.ts';
import { SuffixHash } from './block-hash.ts';
import type { LocalQuestion } from './local-question.ts';

/** Names of all lists, in a form that can be posted to another thread. */
export interface BlockTable {
  /**
   * A hash table with linear probing. Three numbers a place: the upper and lower half of a name's hash, and the lists that
   * have the name, a bit each; 0 where nothing is. The number of places is a power of two.
   */
  readonly places: Uint32Array<ArrayBuffer>;
  /** Names in it. */
  readonly count: number;
}

/** Which lists count for a group of clients, a bit each: 1 << list. */
export interface BlockPolicy {
  readonly block: number;
  /** A name that one of these has is not blocked, nor is anything below it. */
  readonly allow: number;
  /** All names there are count as being on a list. */
  readonly everything?: boolean | undefined;
}

/** The most lists that there can be. */
export const MAX_BLOCK_LISTS = 31;

/** The list of exceptions (`@@||name^`) that all lists have in common; it is always one of those that allow. */
export const EXCEPTIONS = 31;

/** What the hash of a name is combined with that is on a list without the names below it. */
export const EXACT = 0x5bf0_3635;

/** Numbers a place has. */
export const PLACE_SIZE = 3;

const NOTHING: BlockPolicy = { block: 0, allow: 0 };

/** Names that are not to be resolved, for some of the clients. */
export class BlockList {
  /** Another number after each change of what is blocked. */
  generation: number = 1;
  #table: BlockTable | undefined;
  #policies: readonly BlockPolicy[] = [];
  readonly #hash: SuffixHash = new SuffixHash();

  /**
   * Takes other names and policies.
   *
   * @param policies by group; a group without one has that of group 0
   */
  configure(table: BlockTable | undefined, policies: readonly BlockPolicy[]): void {
    this.#table = table;
    this.#policies = policies;
    this.generation = (this.generation + 1) >>> 0;
  }

  /** Takes other policies with the same names, as schedules want it. */
  setPolicies(policies: readonly BlockPolicy[]): void {
    this.configure(this.#table, policies);
  }

  /** Whether the question's name, or one that it is below of, is blocked for a group. Allocates nothing. */
  blocks(question: LocalQuestion, group: number): boolean {
    const { block, allow, everything = false } = this.#policies[group] ?? this.#policies[0] ?? NOTHING;
    if (!everything && block === 0) return false;
    const lists = this.#table === undefined ? 0 : this.#lists(this.#table, question);
    return (everything || (lists & block) !== 0) && (lists & (allow | (1 << EXCEPTIONS))) === 0;
  }

  /** All lists that a name is on. */
  #lists({ places }: BlockTable, { bytes, start, nameLength }: LocalQuestion): number {
    const hash = this.#hash;
    hash.begin(bytes, start + HEADER_LENGTH, nameLength);
    let lists = 0;
    while (hash.next()) lists |= listsAt(places, hash.upper, hash.lower);
    return lists | listsAt(places, (hash.upper ^ EXACT) >>> 0, hash.lower);
  }
}

/** The lists at a hash, 0 when it is not in the table. */
function listsAt(places: Uint32Array, upper: number, lower: number): number {
  const mask = places.length / PLACE_SIZE - 1;
  for (let place = lower & mask; ; place = (place + 1) & mask) {
    const at = place * PLACE_SIZE;
    const lists = places[at + 2] as number;
    if (lists === 0 || (places[at] === upper && places[at + 1] === lower)) return lists;
  }
}
