import type { RuleDefinition } from '@router7/nft';
import type { Situation } from './situation.ts';

/** Hands known flows over to the flowtable. */
export function offloadRules(_situation: Situation): readonly RuleDefinition[] {
  return [];
}
