import type { Expression } from '../expression.ts';
import { describeOperation, type NftObject, type NftObjectKey, type Operation } from '../operation.ts';
import type { Rule } from '../rule.ts';
import type { Ruleset } from '../ruleset.ts';
import type { NftSet } from '../set.ts';
import type { SetElements } from '../set-elements.ts';
import { decodeSetUserdata } from '../set-userdata.ts';
import { decompileRule } from './decompile.ts';
import { dataOf, decompileSet, readElements, typeOfCode } from './decompile-set.ts';
import { formatRule } from './format-rule.ts';
import type { FindSet, HeldSet } from './rule-reader.ts';
import { isAnonymous } from './set-diff.ts';

/**
 * Operations as lines for people: `+` what comes, `-` what goes, rules and elements in nft's syntax.
 *
 * ```text
 * - rule inet router7 input: tcp dport 22 accept
 * + rule inet router7 input: tcp dport { 22, 80 } accept
 * ```
 *
 * @param present what the operations are to be carried out on
 */
export function describeChanges(operations: readonly Operation[], present: Omit<Ruleset, 'generation'>): string[] {
  const lines: string[] = [];
  const made = new Map<string, HeldSet>();
  for (const operation of operations) {
    if (operation.action === 'delete' || operation.action === 'destroy') {
      lines.push(...describeRemoval(operation.object, operation, present));
      continue;
    }
    const { object } = operation;
    if (object.kind === 'set') made.set(madeName(object.name, object.id), { set: object, elements: [] });
    if (object.kind === 'elements') {
      const name = madeName(object.set, object.setId);
      const held = made.get(name);
      if (held !== undefined) made.set(name, { ...held, elements: [...held.elements, ...object.elements] });
    }
    lines.push(...describeAddition(object, operation, present, made));
  }
  return lines;
}

/** Anonymous sets have one name until the kernel has given them theirs. */
function madeName(name: string, id: number | undefined): string {
  return name.endsWith('%d') ? `${name}${id}` : name;
}

function describeRemoval(object: NftObjectKey, operation: Operation, present: Omit<Ruleset, 'generation'>): string[] {
  if (object.kind === 'rule') {
    const find = heldIn(present, object);
    const gone = present.rules.filter((rule) => isMeant(rule, object));
    return gone.map((rule) => `- ${place(rule)}: ${textOf(rule, find)}`);
  }
  if (object.kind === 'elements') return describeElements('-', object, heldIn(present, object)(object.set));
  return [`- ${shortly(operation)}`];
}

function describeAddition(
  object: NftObject,
  operation: Operation,
  present: Omit<Ruleset, 'generation'>,
  made: ReadonlyMap<string, HeldSet>,
): string[] {
  switch (object.kind) {
    case 'rule':
      return [
        `+ ${place(object)}: ${textOf(ownNames(object), (name) => made.get(name) ?? heldIn(present, object)(name))}`,
      ];
    case 'elements':
      return describeElements(
        '+',
        object,
        made.get(madeName(object.set, object.setId)) ?? heldIn(present, object)(object.set),
      );
    case 'set': {
      if (isAnonymous(object)) return [];
      const words = decompileSet(object, []);
      const type = 'set' in words ? words.set.type : `${words.map.type} : ${words.map.data}`;
      return [`+ ${'set' in words ? 'set' : 'map'} ${object.family} ${object.table} ${object.name} { type ${type}; }`];
    }
    case 'chain': {
      if (object.base === undefined) return [`+ ${shortly(operation)}`];
      const { type, hook, priority, policy = 'accept' } = object.base;
      return [`+ ${shortly(operation)} { type ${type} hook ${hook} priority ${priority}; policy ${policy}; }`];
    }
    default:
      return [`+ ${shortly(operation)}`];
  }
}

function shortly(operation: Operation): string {
  return describeOperation(operation).replace(/^\S+ /, '');
}

function describeElements(sign: string, object: SetElements, held: HeldSet | undefined): string[] {
  // The elements of an anonymous set stand in its rule.
  if (held === undefined || isAnonymous(held.set)) return [];
  const { family, table, set } = object;
  return [`${sign} element ${family} ${table} ${set} { ${elementTexts(held.set, object).join(', ')} }`];
}

type RuleKeyOf = Extract<NftObjectKey, { readonly kind: 'rule' }>;

function isMeant(rule: Rule, key: RuleKeyOf): boolean {
  if (rule.family !== key.family || rule.table !== key.table) return false;
  if (key.chain !== undefined && rule.chain !== key.chain) return false;
  return key.handle === undefined || rule.handle === key.handle;
}

function place({ family, table, chain }: Rule): string {
  return `rule ${family} ${table} ${chain}`;
}

function textOf(rule: Rule, find: FindSet): string {
  return formatRule(decompileRule(rule, find));
}

/** A rule whose anonymous sets are told apart. */
function ownNames(rule: Rule): Rule {
  const expressions = rule.expressions.map((each): Expression => {
    return 'set' in each && each.setId !== undefined ? { ...each, set: madeName(each.set, each.setId) } : each;
  });
  return { ...rule, expressions };
}

function heldIn(
  present: Omit<Ruleset, 'generation'>,
  { family, table }: { readonly family: string; readonly table: string },
): FindSet {
  return (name) => {
    const isIt = (each: { readonly family: string; readonly table: string }, own: string): boolean => {
      return each.family === family && each.table === table && own === name;
    };
    const set = present.sets.find((each) => isIt(each, each.name));
    const elements = present.elements.find((each) => isIt(each, each.set))?.elements ?? [];
    return set && { set, elements };
  };
}

function elementTexts(set: NftSet, { elements }: SetElements): string[] {
  const hints = decodeSetUserdata(set.userdata ?? new Uint8Array());
  const key = typeOfCode(set.keyType, set.keyLength, hints.keyByteOrder ?? 0, set.fieldLengths);
  return readElements(set, key, dataOf(set, hints.dataByteOrder ?? 0), elements).map((element) => {
    return element.data === undefined ? String(element.key) : `${element.key} : ${element.data}`;
  });
}
