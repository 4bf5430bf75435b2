import type { LocalQuestion } from './local-question.ts';

/** Names of all lists, in a form that can be posted to another thread. */
export interface BlockTable {
  /** Three numbers a place: the upper and lower half of a name's hash, and the lists that have the name, a bit each. */
  readonly places: Uint32Array<ArrayBuffer>;
  readonly count: number;
}

/** Which lists count for a group of clients, a bit each. */
export interface BlockPolicy {
  readonly block: number;
  /** A name that one of these has is not blocked. */
  readonly allow: number;
}

/** The most lists that there can be. */
export const MAX_BLOCK_LISTS = 32;

/** Names that are not to be resolved, for some of the clients. */
export class BlockList {
  /** Another number after each change of what is blocked. */
  generation: number = 0;

  /** @param policies by group; a group without one has that of group 0 */
  configure(_table: BlockTable | undefined, _policies: readonly BlockPolicy[]): void {
    this.generation = (this.generation + 1) >>> 0;
  }

  /** Takes other policies with the same names, as schedules want it. */
  setPolicies(_policies: readonly BlockPolicy[]): void {
    this.generation = (this.generation + 1) >>> 0;
  }

  /** Whether the question's name, or one that it is below of, is blocked for a group. Allocates nothing. */
  blocks(_question: LocalQuestion, _group: number): boolean {
    return false;
  }
}
