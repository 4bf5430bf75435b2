import type { Expression } from '@router7/nft';
import type { Feature } from '../features.ts';

/** A rule as the nft program writes it, and the expressions that it stands for. */
export interface ExpressionCase {
  readonly text: string;
  readonly expressions: readonly Expression[];
  /** What not every kernel has. */
  readonly needs?: Feature;
}

/** Rules of one chain of a table of {@link tables}. */
export interface ExpressionCases {
  readonly name: string;
  /** Family and name. */
  readonly table: string;
  readonly chain: string;
  /** What the table itself needs of the kernel. */
  readonly needs?: Feature;
  readonly cases: readonly ExpressionCase[];
}
