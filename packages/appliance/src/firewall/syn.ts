import type { RuleDefinition } from '@router7/nft';
import type { Situation } from './situation.ts';

/** Keeps a single source from opening connections without end. */
export function limitSyn(_situation: Situation): readonly RuleDefinition[] {
  return [];
}

/** Tells who opens connections in vain. */
export function answerSyn(_situation: Situation): readonly RuleDefinition[] {
  return [];
}
