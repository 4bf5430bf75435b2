import type { Rule } from '../rule.ts';
import { contentKey, expressionsKey } from './canonical.ts';
import type { CompiledRule } from './rule-definition.ts';

/** A text that rules have in common when they do the same and have the same comment. */
export function ruleKey({ expressions, comment }: Rule, content: (set: string) => string | undefined): string {
  return `${expressionsKey(expressions, content)}\u{104}${comment ?? ''}`;
}

const wantedKeys = new WeakMap<CompiledRule, string>();

/** The same of a rule that is not in the kernel yet. */
export function wantedKey(compiled: CompiledRule): string {
  const known = wantedKeys.get(compiled);
  if (known !== undefined) return known;
  // All anonymous sets have one name before the kernel gives them theirs; a rule's own come in the order of their use.
  let next = 0;
  const key = ruleKey(compiled.rule, (name) => {
    if (!name.startsWith('__') || !name.endsWith('%d')) return undefined;
    const own = compiled.sets[next++];
    return own && contentKey(own.set, own.elements.elements);
  });
  wantedKeys.set(compiled, key);
  return key;
}
