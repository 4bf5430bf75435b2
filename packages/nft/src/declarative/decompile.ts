import { toHex } from '@router7/wire';
import type { Chain } from '../chain.ts';
import { encodeExpression } from '../expression.ts';
import { FlowtableFlag } from '../flowtable.ts';
import type { Rule } from '../rule.ts';
import type { Ruleset } from '../ruleset.ts';
import { SetFlag } from '../set.ts';
import { contentKey } from './canonical.ts';
import { decompileObjects } from './decompile-object.ts';
import { decompileSet } from './decompile-set.ts';
import type { Match } from './match.ts';
import { groupBy } from './pairing.ts';
import { NoWords } from './register-file.ts';
import { type NamedSet, SetIds } from './rule-context.ts';
import { compileRule, type RuleDefinition } from './rule-definition.ts';
import { ruleKey, wantedKey } from './rule-key.ts';
import { type FindSet, type HeldSet, RuleReader } from './rule-reader.ts';
import { contentOf, type RulesetDefinition } from './ruleset-definition.ts';
import { type MapDefinition, namedSet, type SetDefinition } from './set-definition.ts';
import type { Statement } from './statement.ts';
import type { ChainDefinition, FlowtableDefinition, TableDefinition } from './table-definition.ts';
import type { TableContent } from './table-diff.ts';

/** What the kernel has, in words: the opposite of {@link compileRuleset}. */
export function decompileRuleset(ruleset: Omit<Ruleset, 'generation'>): RulesetDefinition {
  const tables = ruleset.tables.flatMap((table) => contentOf(ruleset, table) ?? []);
  return { tables: tables.map(decompileTable) };
}

/**
 * A table of the kernel in words. Compiled, they give the same table again; what has no words is `expressions`. What has
 * been counted is among the words.
 */
export function decompileTable(content: TableContent): TableDefinition {
  const { family, name, flags = 0, comment } = content.table;
  const held = new Map<string, HeldSet>();
  const elements = new Map(content.elements.map((each) => [each.set, each.elements]));
  for (const set of content.sets) held.set(set.name, { set, elements: elements.get(set.name) ?? [] });
  const sets: { [name: string]: SetDefinition } = {};
  const maps: { [name: string]: MapDefinition } = {};
  for (const each of held.values()) {
    if ((each.set.flags & SetFlag.anonymous) !== 0) continue;
    const words = decompileSet(each.set, each.elements);
    if ('set' in words) sets[each.set.name] = words.set;
    else maps[each.set.name] = words.map;
  }
  const rules = groupBy(content.rules, ({ chain }) => chain);
  const read = (rule: Rule): RuleDefinition => decompileRule(rule, (set) => held.get(set));
  const chains = content.chains.map((chain) => [
    chain.name,
    decompileChain(chain, (rules.get(chain.name) ?? []).map(read)),
  ]);
  const flowtables = content.flowtables.map(({ name: own, priority, devices, flags: bits = 0 }) => {
    const offload = (bits & FlowtableFlag.offload) !== 0 && { offload: true };
    const counter = (bits & FlowtableFlag.counter) !== 0 && { counter: true };
    return [
      own,
      { ...(priority !== 0 && { priority }), devices, ...offload, ...counter } satisfies FlowtableDefinition,
    ];
  });
  return {
    family,
    name,
    ...(flags !== 0 && { flags }),
    ...(comment !== undefined && { comment }),
    ...decompileObjects(content.objects),
    ...(flowtables.length > 0 && { flowtables: Object.fromEntries(flowtables) }),
    ...(Object.keys(sets).length > 0 && { sets }),
    ...(Object.keys(maps).length > 0 && { maps }),
    ...(chains.length > 0 && { chains: Object.fromEntries(chains) }),
  };
}

function decompileChain({ base, comment, flags = 0 }: Chain, rules: readonly RuleDefinition[]): ChainDefinition {
  const own = flags & ~7;
  return { ...base, ...(own !== 0 && { flags: own }), ...(comment !== undefined && { comment }), rules };
}

/**
 * A rule of the kernel in words, without the tests that are put in again when it is compiled.
 *
 * @param find finds the sets and maps of the table, anonymous ones among them: without them a rule that names one has no
 *   words, and becomes `expressions`
 */
export function decompileRule(rule: Rule, find: FindSet = () => undefined): RuleDefinition {
  const note: Statement[] = rule.comment === undefined ? [] : [{ statement: 'comment', text: rule.comment }];
  const content = (name: string): string | undefined => {
    const held = find(name);
    return held && (held.set.flags & SetFlag.anonymous) !== 0 ? contentKey(held.set, held.elements) : undefined;
  };
  const named = (name: string): NamedSet | undefined => {
    const held = find(name);
    return held && knownOf(held);
  };
  const wanted = ruleKey(rule, content);
  const isSame = (parts: readonly (Match | Statement)[]): boolean => {
    try {
      return wantedKey(compileRule(rule, { parts: [...parts, ...note] }, new SetIds(), named)) === wanted;
    } catch {
      return false;
    }
  };
  const parts = readParts(rule, find);
  if (parts === undefined || !isSame(parts)) return { parts: [raw(rule, find), ...note] };
  let shorter = parts;
  for (let index = 0; index < shorter.length; ) {
    const without = shorter.toSpliced(index, 1);
    if (isTest(shorter[index]) && isSame(without)) shorter = without;
    else index++;
  }
  return { parts: [...merge(shorter), ...note] };
}

/** What a rule has to know of a set; its elements are not among that. */
function knownOf({ set }: HeldSet): NamedSet {
  const words = decompileSet(set, []);
  return namedSet('set' in words ? words.set : words.map);
}

function readParts(rule: Rule, find: FindSet): (Match | Statement)[] | undefined {
  try {
    return new RuleReader(rule.family, rule.expressions, find).read();
  } catch (error) {
    if (error instanceof NoWords) return undefined;
    throw error;
  }
}

/** The fields that nft tests by itself before others. */
const tests = [
  'meta.nfproto',
  'meta.l4proto',
  'meta.protocol',
  'meta.iiftype',
  'ether.type',
  'icmp.type',
  'icmpv6.type',
];

function isTest(part: Match | Statement | undefined): boolean {
  const [name, ...more] = Object.keys(part ?? {});
  return name !== undefined && more.length === 0 && tests.includes(name);
}

/** Conditions that stand side by side become one, as long as each field is there once. */
function merge(parts: readonly (Match | Statement)[]): (Match | Statement)[] {
  const merged: (Match | Statement)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    const isMatch = (each: Match | Statement | undefined): each is Match =>
      each !== undefined && !('statement' in each);
    const fits = isMatch(last) && isMatch(part) && Object.keys(part).every((name) => !Object.hasOwn(last, name));
    // A name that looks like a number would be moved to the front of an object.
    if (fits) merged[merged.length - 1] = { ...last, ...part };
    else merged.push(part);
  }
  return merged;
}

/** What has no words: octets, and the anonymous sets that they name. */
function raw(rule: Rule, find: FindSet): Statement {
  const sets: { [name: string]: SetDefinition | MapDefinition } = {};
  for (const expression of rule.expressions) {
    const held = 'set' in expression ? find(expression.set) : undefined;
    if (held === undefined || (held.set.flags & SetFlag.anonymous) === 0) continue;
    const words = decompileSet(held.set, held.elements);
    sets[held.set.name] = 'set' in words ? words.set : words.map;
  }
  const expressions = rule.expressions.map((expression) => toHex(encodeExpression(expression)));
  return { statement: 'expressions', expressions, ...(Object.keys(sets).length > 0 && { sets }) };
}
