import { EncodeError } from '@router7/wire';
import type { Chain, ChainHook } from '../chain.ts';
import { Family, type FamilyName } from '../family.ts';
import { type Flowtable, FlowtableFlag } from '../flowtable.ts';
import { hookNumber } from '../hook.ts';
import { located } from '../located.ts';
import type { AddOperation, NftObject } from '../operation.ts';
import { splitElements } from '../set-elements.ts';
import type { StatefulObject } from '../stateful-object.ts';
import type { Table } from '../table.ts';
import { compileObjects, type ObjectDefinitions, objectShapes } from './object-definition.ts';
import { type NamedSet, SetIds } from './rule-context.ts';
import { addRule, type CompiledRule, compileRule, type RuleDefinition } from './rule-definition.ts';
import {
  type CompiledSet,
  compileSet,
  type MapDefinition,
  mapShape,
  namedSet,
  type SetDefinition,
  setShape,
} from './set-definition.ts';
import { list, number, object, record, type Shape, text, truth, word } from './shape.ts';
import type { Where } from './where.ts';

/** A chain in words; with `hook`, `type` and `priority` a base chain. */
export interface ChainDefinition extends Partial<ChainHook> {
  readonly comment?: string;
  /** Bits of {@link ChainFlag}, for hardware offload. */
  readonly flags?: number;
  readonly rules?: readonly RuleDefinition[];
}

/** `flowtable f { hook ingress priority 0; devices = { lan0, uplink0 }; }`: packets of known flows pass by all chains. */
export interface FlowtableDefinition {
  /** Among what hooks into ingress; 0 when absent. */
  readonly priority?: number;
  readonly devices: readonly string[];
  /** `flags offload`: by the network card. */
  readonly offload?: boolean;
  /** `counter`: what passes by is still counted by connection tracking. */
  readonly counter?: boolean;
}

/** A whole table in words; plain data, which may as well stand in a file of JSON. */
export interface TableDefinition extends ObjectDefinitions {
  readonly family: FamilyName;
  readonly name: string;
  /** Bits of {@link TableFlag}. */
  readonly flags?: number;
  readonly comment?: string;
  readonly sets?: { readonly [name: string]: SetDefinition };
  readonly maps?: { readonly [name: string]: MapDefinition };
  readonly flowtables?: { readonly [name: string]: FlowtableDefinition };
  readonly chains?: { readonly [name: string]: ChainDefinition };
}

const anything: Shape = () => {};

const chainShape = object<ChainDefinition>('a chain', {
  ...{ type: word('filter', 'nat', 'route'), hook: text, priority: number, policy: word('accept', 'drop') },
  ...{ device: text, devices: list(text) },
  ...{ comment: text, flags: number },
  // Each rule is looked at when it is compiled.
  rules: list(anything),
});
const flowtableShape = object<FlowtableDefinition>(
  'a flow table',
  { priority: number, devices: list(text), offload: truth, counter: truth },
  'devices',
);
const tableShape = object<TableDefinition>(
  'a table',
  {
    ...{ family: word(...Object.keys(Family)), name: text, flags: number, comment: text, ...objectShapes },
    ...{
      sets: record(setShape),
      maps: record(mapShape),
      flowtables: record(flowtableShape),
      chains: record(chainShape),
    },
  },
  ...(['family', 'name'] as const),
);

/** A table's objects, compiled. */
export interface CompiledTable {
  readonly table: Table;
  readonly objects: readonly StatefulObject[];
  readonly flowtables: readonly Flowtable[];
  /** Sets and maps with names. */
  readonly sets: readonly CompiledSet[];
  readonly chains: readonly Chain[];
  /** Each with its anonymous sets. */
  readonly rules: readonly CompiledRule[];
}

/**
 * Compiles a table.
 *
 * @param setIds numbers for sets, shared by all that goes into one transaction
 * @throws DefinitionError for data of another form; EncodeError `bad-value` or `out-of-range`
 */
export function compileTable(definition: TableDefinition, setIds: SetIds = new SetIds()): CompiledTable {
  tableShape(definition, '');
  const { family, name: table, flags = 0, comment } = definition;
  const where = { family, table };
  const namedSets = { ...definition.sets, ...definition.maps };
  if (Object.keys(namedSets).length < sizeOf(definition.sets) + sizeOf(definition.maps)) {
    throw new EncodeError('bad-value', `table ${table} has a set and a map of one name`);
  }
  const known = new Map<string, NamedSet>();
  const find = (name: string): NamedSet | undefined => {
    const set = Object.hasOwn(namedSets, name) ? namedSets[name] : undefined;
    if (set !== undefined && !known.has(name)) known.set(name, namedSet(set));
    return known.get(name);
  };
  const chains = Object.entries(definition.chains ?? {});
  return {
    table: { kind: 'table', family, name: table, flags, ...(comment !== undefined && { comment }) },
    objects: compileObjects(where, definition),
    flowtables: Object.entries(definition.flowtables ?? {}).map(([name, each]) =>
      located(`flowtables.${name}`, () => compileFlowtable(where, name, each)),
    ),
    sets: Object.entries(namedSets).map(([name, set]) => {
      const kind = Object.hasOwn(definition.maps ?? {}, name) ? 'maps' : 'sets';
      return located(`${kind}.${name}`, () => compileSet(where, name, set, setIds));
    }),
    chains: chains.map(([name, chain]) => located(`chains.${name}`, () => compileChain(where, name, chain))),
    rules: chains.flatMap(([chain, { rules = [] }]) =>
      located(`chains.${chain}`, () =>
        rules.map((rule, index) =>
          located(`rules[${index}]`, () => compileRule({ ...where, chain }, rule, setIds, find)),
        ),
      ),
    ),
  };
}

function sizeOf(record: object = {}): number {
  return Object.keys(record).length;
}

/** The operations that make a table and all that is in it. What is there already stays, and rules are added to it. */
export function addTable(compiled: CompiledTable): AddOperation[] {
  const add = (object: NftObject): AddOperation => ({ action: 'add', object });
  return [
    add(compiled.table),
    ...compiled.objects.map(add),
    ...compiled.flowtables.map(add),
    ...compiled.chains.map(add),
    ...compiled.sets.map(({ set }) => add(set)),
    // Behind the chains, for a map's elements may jump to them.
    ...compiled.sets.flatMap(({ elements }) =>
      elements.elements.length === 0 ? [] : splitElements(elements).map(add),
    ),
    ...compiled.rules.flatMap(addRule),
  ];
}

function compileChain(where: Where, name: string, { rules: _, comment, flags, ...hook }: ChainDefinition): Chain {
  const chain: Chain = {
    ...{ kind: 'chain', ...where, name },
    ...(flags !== undefined && { flags }),
    ...(comment !== undefined && { comment }),
  };
  const { type, hook: point, priority, policy = 'accept', device, devices } = hook;
  // A policy, too, is one of what a hook calls: without one it would be a wish that nobody hears.
  if (Object.values(hook).every((each) => each === undefined)) return chain;
  if (type === undefined || point === undefined || priority === undefined) {
    throw new EncodeError('bad-value', `chain ${name} needs a type, a hook and a priority, or none of them`);
  }
  located('hook', () => hookNumber(where.family, point));
  const at = { ...(device !== undefined && { device }), ...(devices !== undefined && { devices }) };
  return { ...chain, base: { type, hook: point, priority, policy, ...at } };
}

function compileFlowtable(where: Where, name: string, definition: FlowtableDefinition): Flowtable {
  const { priority = 0, devices, offload, counter } = definition;
  const flags = (offload === true ? FlowtableFlag.offload : 0) | (counter === true ? FlowtableFlag.counter : 0);
  return { kind: 'flowtable', ...where, name, priority, devices, flags };
}
