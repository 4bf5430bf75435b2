import type { Chain } from './chain.ts';
import type { Flowtable } from './flowtable.ts';
import type { Rule } from './rule.ts';
import type { NftSet } from './set.ts';
import type { SetElements } from './set-elements.ts';
import type { StatefulObject } from './stateful-object.ts';
import type { Table } from './table.ts';

/** What the rule set holds at one instant, or a part of it: `nft list ruleset`, `nft list table inet t`. */
export interface Ruleset {
  /** The generation that all of it is of. */
  readonly generation: number;
  readonly tables: readonly Table[];
  readonly chains: readonly Chain[];
  /** In the order of evaluation within each chain. */
  readonly rules: readonly Rule[];
  /** Anonymous sets are among them. */
  readonly sets: readonly NftSet[];
  /** One for each set, in the order of `sets`. */
  readonly elements: readonly SetElements[];
  readonly objects: readonly StatefulObject[];
  readonly flowtables: readonly Flowtable[];
}
