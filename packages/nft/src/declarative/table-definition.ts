import { EncodeError } from '@router7/wire';
import type { Chain, ChainHook } from '../chain.ts';
import type { FamilyName } from '../family.ts';
import type { AddOperation } from '../operation.ts';
import { type NftSet, SetFlag } from '../set.ts';
import { type SetElements, splitElements } from '../set-elements.ts';
import { ObjectType, type StatefulObject } from '../stateful-object.ts';
import type { Table } from '../table.ts';
import { encodeUserdata, textEntry } from '../userdata.ts';
import { elementsOf, hasSpans, keyByteOrder, spanOf } from './element-list.ts';
import { SetIds } from './rule-context.ts';
import { addRule, compileRule, type RuleDefinition } from './rule-definition.ts';
import { type Scalar, type SetTypeName, type ValueType, valueTypes } from './value-type.ts';

/** A named set in words. */
export interface SetDefinition {
  readonly type: SetTypeName;
  readonly elements?: readonly Scalar[];
  /** Whether prefixes and ranges are allowed; when absent, whether there are any among the elements. */
  readonly interval?: boolean;
  readonly comment?: string;
}

/** A named counter in words: what it starts with when it is not there yet. */
export interface CounterDefinition {
  readonly packets?: bigint;
  readonly bytes?: bigint;
  readonly comment?: string;
}

/** A chain in words; with `hook`, `type` and `priority` a base chain. */
export interface ChainDefinition extends Partial<ChainHook> {
  readonly comment?: string;
  readonly rules?: readonly RuleDefinition[];
}

/** A whole table in words. */
export interface TableDefinition {
  readonly family: FamilyName;
  readonly name: string;
  /** Bits of {@link TableFlag}. */
  readonly flags?: number;
  readonly comment?: string;
  readonly counters?: { readonly [name: string]: CounterDefinition };
  readonly sets?: { readonly [name: string]: SetDefinition };
  readonly chains?: { readonly [name: string]: ChainDefinition };
}

const USERDATA_SET_COMMENT = 7;

/** A table's objects, compiled, in the order in which the kernel can take them. */
export interface CompiledTable {
  readonly table: Table;
  readonly counters: readonly StatefulObject[];
  readonly sets: readonly { readonly set: NftSet; readonly elements: SetElements }[];
  readonly chains: readonly Chain[];
  /** Anonymous sets and rules. */
  readonly rules: readonly AddOperation[];
}

/**
 * Compiles a table.
 *
 * @param setIds numbers for sets, shared by all that goes into one transaction
 * @throws EncodeError `bad-value` or `out-of-range`
 */
export function compileTable(definition: TableDefinition, setIds: SetIds = new SetIds()): CompiledTable {
  const { family, name: table, flags = 0 } = definition;
  const where = { family, table };
  const counters = Object.entries(definition.counters ?? {}).map(([name, { packets = 0n, bytes = 0n, comment }]) => ({
    ...{ kind: 'object' as const, ...where, name, type: ObjectType.counter },
    data: { kind: 'counter' as const, packets, bytes },
    ...(comment !== undefined && { comment }),
  }));
  const sets = Object.entries(definition.sets ?? {}).map(([name, set]) => compileSet(where, name, set, setIds));
  const chainEntries = Object.entries(definition.chains ?? {});
  const chains = chainEntries.map(([name, chain]) => compileChain(where, name, chain));
  const rules = chainEntries.flatMap(([chain, { rules: list = [] }]) =>
    list.flatMap((rule) => addRule(compileRule({ ...where, chain }, rule, setIds))),
  );
  const { comment } = definition;
  const object: Table = { kind: 'table', family, name: table, flags, ...(comment !== undefined && { comment }) };
  return { table: object, counters, sets, chains, rules };
}

/** The operations that make a table and all that is in it. What is there already stays, and rules are added to it. */
export function addTable(compiled: CompiledTable): AddOperation[] {
  const add = (object: Table | StatefulObject | NftSet | SetElements | Chain): AddOperation => ({
    action: 'add',
    object,
  });
  return [
    add(compiled.table),
    ...compiled.counters.map(add),
    ...compiled.sets.map(({ set }) => add(set)),
    ...compiled.sets.flatMap(({ elements }) =>
      elements.elements.length === 0 ? [] : splitElements(elements).map(add),
    ),
    ...compiled.chains.map(add),
    ...compiled.rules,
  ];
}

type Where = { readonly family: FamilyName; readonly table: string };

function compileChain(where: Where, name: string, { rules: _, comment, ...hook }: ChainDefinition): Chain {
  const chain: Chain = { kind: 'chain', ...where, name, ...(comment !== undefined && { comment }) };
  const { type, hook: point, priority, policy = 'accept', device } = hook;
  if (type === undefined && point === undefined && priority === undefined) return chain;
  if (type === undefined || point === undefined || priority === undefined) {
    throw new EncodeError('bad-value', `chain ${name} needs a type, a hook and a priority, or none of them`);
  }
  return { ...chain, base: { type, hook: point, priority, policy, ...(device !== undefined && { device }) } };
}

function compileSet(
  where: Where,
  name: string,
  definition: SetDefinition,
  setIds: SetIds,
): { set: NftSet; elements: SetElements } {
  const type: ValueType = valueTypes[definition.type];
  const spans = (definition.elements ?? []).map((element) => spanOf(type, element));
  const interval = definition.interval ?? hasSpans(spans);
  const { comment } = definition;
  const userdata = encodeUserdata([
    keyByteOrder(type),
    ...(comment === undefined ? [] : [textEntry(USERDATA_SET_COMMENT, comment)]),
  ]);
  if (!interval && hasSpans(spans)) throw new EncodeError('bad-value', `set ${name} is not one of intervals`);
  const id = setIds.take();
  const flags = interval ? SetFlag.interval : 0;
  return {
    set: { kind: 'set', ...where, name, id, flags, keyType: type.code, keyLength: type.length, userdata },
    elements: { kind: 'elements', ...where, set: name, setId: id, elements: elementsOf(type, spans, interval) },
  };
}
