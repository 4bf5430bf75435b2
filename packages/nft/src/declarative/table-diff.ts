import type { Chain } from '../chain.ts';
import { ChainFlag } from '../chain.ts';
import type { Expression } from '../expression.ts';
import type { Flowtable } from '../flowtable.ts';
import type { NftObject, NftObjectKey, Operation } from '../operation.ts';
import type { Rule } from '../rule.ts';
import type { NftSet } from '../set.ts';
import { type SetElement, type SetElements, splitElements } from '../set-elements.ts';
import type { StatefulObject } from '../stateful-object.ts';
import type { Table } from '../table.ts';
import { contentKey, elementReference, type Reference, references } from './canonical.ts';
import { commonSubsequence } from './common-rules.ts';
import { diffElements } from './element-diff.ts';
import { compareChains, compareFlowtables, compareObjects, type Difference, withState } from './object-diff.ts';
import { groupBy, type Pair, pair } from './pairing.ts';
import { addAnonymousSets, type CompiledRule } from './rule-definition.ts';
import { ruleKey, wantedKey } from './rule-key.ts';
import { isAnonymous, isConstant, isSameSet } from './set-diff.ts';
import { addTable, type CompiledTable } from './table-definition.ts';

/** What a table holds at present, as the kernel lists it. */
export interface TableContent {
  readonly table: Table;
  readonly chains: readonly Chain[];
  /** In the order of evaluation within each chain. */
  readonly rules: readonly Rule[];
  /** Anonymous sets are among them. */
  readonly sets: readonly NftSet[];
  readonly elements: readonly SetElements[];
  readonly objects: readonly StatefulObject[];
  readonly flowtables: readonly Flowtable[];
}

/**
 * The operations that turn a table into the wanted one, as few as there can be, in an order in which the kernel takes
 * them: what refers to others goes first and comes last. None when there is nothing to do.
 *
 * - Rules are the same when their expressions and their comments are; those that stay keep handle and counters.
 * - Elements come and go one by one. What rules have added, or will leave by itself, stays.
 * - Named objects keep what they have counted. A chain whose hook changes, and whatever refers to it, is made anew; its
 *   rules then begin with what the old ones had counted.
 */
export function diffTable(wanted: CompiledTable, present: TableContent | undefined): Operation[] {
  if (present === undefined) return addTable(wanted);
  return new TableDiff(wanted, present).operations();
}

class TableDiff {
  readonly #wanted: CompiledTable;
  readonly #present: TableContent;
  readonly #removals: Operation[] = [];
  readonly #additions: Operation[] = [];
  /** What goes, be it for good or to be made anew: `chain x`, `set x`, `object 1 x`, `flowtable x`. */
  readonly #gone: Set<string> = new Set();
  readonly #contents: Map<string, string> = new Map();
  readonly #elements: Map<string, readonly SetElement[]> = new Map();

  constructor(wanted: CompiledTable, present: TableContent) {
    this.#wanted = wanted;
    this.#present = present;
    for (const { set, elements } of present.elements) this.#elements.set(set, elements);
    for (const set of present.sets) {
      if (isAnonymous(set)) this.#contents.set(set.name, contentKey(set, this.#elements.get(set.name) ?? []));
    }
  }

  operations(): Operation[] {
    const { table } = this.#wanted;
    const changedFlags = (this.#present.table.flags ?? 0) !== (table.flags ?? 0);
    const all = this.#present.table.comment !== table.comment || (changedFlags && this.#changesHooks());
    const changed = all || changedFlags;
    const again = (difference: Difference): Difference => (all ? 'remake' : difference);
    const ownChains = this.#present.chains.filter(({ flags = 0 }) => (flags & ChainFlag.binding) === 0);
    const named = this.#present.sets.filter((set) => !isAnonymous(set));
    const wantedSets = this.#wanted.sets.map(({ set }) => set);
    const chains = pair(ownChains, this.#wanted.chains, nameOf, (a, b) => again(compareChains(a, b)));
    const objects = pair(this.#present.objects, this.#wanted.objects, objectName, (a, b) =>
      again(compareObjects(a, b)),
    );
    const flowtables = pair(this.#present.flowtables, this.#wanted.flowtables, nameOf, (a, b) =>
      again(compareFlowtables(a, b)),
    );
    this.#mark('chain', chains);
    this.#mark('object', objects);
    this.#mark('flowtable', flowtables);
    const sets = pair(named, wantedSets, nameOf, (a, b) => again(this.#compareSets(a, b)));
    this.#mark('set', sets);
    this.#diffRules(ownChains);
    this.#diffSets(sets);
    this.#replace(flowtables, (one) => one);
    this.#replace(chains, (one) => one);
    this.#replace(objects, withState);
    return this.#inOrder(changed, all);
  }

  /** Whether base chains change. The kernel (nft_table_pending_update) refuses that beside new flags of their table. */
  #changesHooks(): boolean {
    const base = (chains: readonly Chain[]): Chain[] => chains.filter((chain) => chain.base !== undefined);
    const pairs = pair(base(this.#present.chains), base(this.#wanted.chains), nameOf, compareChains);
    return [...pairs.values()].some(({ difference }) => difference !== 'same');
  }

  /** Deletions with what refers to others first, then additions with what is referred to first. */
  #inOrder(changed: boolean, all: boolean): Operation[] {
    const { table } = this.#wanted;
    const removal = ['rule', 'elements', 'set', 'flowtable', 'chain', 'object'];
    const addition = ['object', 'flowtable', 'chain', 'set', 'elements', 'rule'];
    const rank = (order: readonly string[], { object }: Operation): number => order.indexOf(object.kind);
    const isNamed = ({ object }: Operation): boolean =>
      object.kind === 'set' && 'flags' in object && !isAnonymous(object);
    // Anonymous sets stand right before their rules, and have to stay there.
    const early = this.#additions.filter((each) => each.object.kind !== 'rule' && !this.#isOfRule(each));
    const late = this.#additions.filter((each) => each.object.kind === 'rule' || this.#isOfRule(each));
    const key = { kind: 'table', family: table.family, name: table.name } as const;
    const remake: Operation[] = [
      { action: 'delete', object: key },
      { action: 'add', object: table },
    ];
    return [
      // With the table all that is in it goes.
      ...(all ? remake : this.#removals.toSorted((a, b) => rank(removal, a) - rank(removal, b))),
      ...(changed && !all ? [{ action: 'add', object: table } as const] : []),
      ...early.toSorted((a, b) => rank(addition, a) - rank(addition, b) || Number(isNamed(b)) - Number(isNamed(a))),
      ...late,
    ];
  }

  #isOfRule({ object }: Operation): boolean {
    if (object.kind === 'set') return 'flags' in object && isAnonymous(object);
    return object.kind === 'elements' && /^__(?:set|map|objmap)%d$/.test(object.set);
  }

  #compareSets(wanted: NftSet, present: NftSet): Difference {
    if (!isSameSet(wanted, present)) return 'remake';
    if (!isConstant(present)) return 'same';
    const { removed, added } = this.#diffSet(present);
    return removed.length + added.length === 0 ? 'same' : 'remake';
  }

  #diffSet(present: NftSet): ReturnType<typeof diffElements> {
    const wanted = this.#wanted.sets.find(({ set }) => set.name === present.name)?.elements.elements ?? [];
    return diffElements(present, this.#elements.get(present.name) ?? [], wanted, (element) => {
      return this.#isGone(elementReference(element, present.objectType));
    });
  }

  #mark<T>(kind: Reference['kind'], pairs: ReadonlyMap<string, Pair<T>>): void {
    for (const [name, { present, difference }] of pairs) {
      if (present !== undefined && difference === 'remake') this.#gone.add(`${kind} ${name}`);
    }
  }

  #isGone(reference: Reference | undefined): boolean {
    return reference !== undefined && this.#gone.has(`${reference.kind} ${reference.name}`);
  }

  /** Whether a rule cannot stay as it is, because something that it refers to is made anew. */
  #refersToGone(rule: Rule): boolean {
    if (this.#gone.size === 0) return false;
    const found = references(rule.expressions);
    if (found === undefined) return true;
    return found.some((reference) => {
      if (this.#isGone(reference)) return true;
      const set = this.#present.sets.find(({ name }) => reference.kind === 'set' && name === reference.name);
      if (set === undefined || !isAnonymous(set)) return false;
      const elements = this.#elements.get(set.name) ?? [];
      return elements.some((element) => this.#isGone(elementReference(element, set.objectType)));
    });
  }

  #diffRules(chains: readonly Chain[]): void {
    const present = groupBy(this.#present.rules, ({ chain }) => chain);
    const wanted = groupBy(this.#wanted.rules, ({ rule }) => rule.chain);
    const names = new Set([...chains.map(nameOf), ...wanted.keys()]);
    for (const chain of names) this.#diffChain(present.get(chain) ?? [], wanted.get(chain) ?? [], chain);
  }

  #diffChain(present: readonly Rule[], wanted: readonly CompiledRule[], chain: string): void {
    const presentKeys = present.map((rule) => ruleKey(rule, (name) => this.#contents.get(name)));
    const pairs = commonSubsequence(presentKeys, wanted.map(wantedKey));
    const partner = new Map(pairs.map(([a, b]) => [b, present[a] as Rule]));
    const remade = this.#gone.has(`chain ${chain}`);
    const kept = new Set<Rule>();
    for (const rule of partner.values()) if (!remade && !this.#refersToGone(rule)) kept.add(rule);
    const { family, name: table } = this.#wanted.table;
    if (kept.size === 0 && present.length > 1) this.#remove({ kind: 'rule', family, table, chain });
    else for (const rule of present) if (!kept.has(rule)) this.#remove(keyOfRule(rule));
    let position: bigint | undefined;
    const reversed: Operation[][] = [];
    // From the last to the first, so that each new rule knows which kept one comes next.
    for (let index = wanted.length - 1; index >= 0; index--) {
      const { rule, sets } = wanted[index] as CompiledRule;
      const old = partner.get(index);
      if (old !== undefined && kept.has(old)) {
        position = old.handle;
        continue;
      }
      const object =
        old === undefined ? rule : { ...rule, expressions: withCounters(rule.expressions, old.expressions) };
      const place: Operation =
        position === undefined ? { action: 'add', object } : { action: 'insert', object: { ...object, position } };
      reversed.push([...addAnonymousSets(sets), place]);
    }
    this.#additions.push(...reversed.reverse().flat());
  }

  #diffSets(sets: ReadonlyMap<string, Pair<NftSet>>): void {
    for (const [name, { present, wanted, difference }] of sets) {
      const { family, table } = (wanted ?? present) as NftSet;
      const where = { kind: 'elements', family, table, set: name } as const;
      if (present !== undefined && wanted !== undefined && difference === 'same') {
        const { removed, added } = this.#diffSet(present);
        if (removed.length > 0) {
          const keys = removed.map(({ key, keyEnd, flags }) => ({
            ...(key !== undefined && { key }),
            ...(keyEnd !== undefined && { keyEnd }),
            ...(flags !== undefined && { flags }),
          }));
          for (const part of splitElements({ ...where, elements: keys })) this.#remove(part);
        }
        if (added.length > 0) for (const part of splitElements({ ...where, elements: added })) this.#add(part);
        continue;
      }
      if (present !== undefined) {
        // Its elements may refer to chains and objects that go as well.
        this.#remove({ kind: 'set', family, table, name });
      }
      const compiled = this.#wanted.sets.find(({ set }) => set === wanted);
      if (compiled === undefined) continue;
      this.#add(compiled.set);
      if (compiled.elements.elements.length === 0) continue;
      for (const part of splitElements(compiled.elements)) this.#add(part);
    }
  }

  #replace<T extends Chain | Flowtable | StatefulObject>(
    pairs: ReadonlyMap<string, Pair<T>>,
    inherit: (wanted: T, present: T) => T,
  ): void {
    for (const { present, wanted, difference } of pairs.values()) {
      if (difference === 'same') continue;
      if (present !== undefined && difference === 'remake') this.#remove(keyOf(present));
      if (wanted !== undefined) this.#add(present === undefined ? wanted : inherit(wanted, present));
    }
  }

  #remove(object: NftObjectKey): void {
    this.#removals.push({ action: 'delete', object });
  }

  #add(object: NftObject): void {
    this.#additions.push({ action: 'add', object });
  }
}

const nameOf = ({ name }: { readonly name: string }): string => name;
const objectName = ({ type, name }: StatefulObject): string => `${type} ${name}`;

function keyOf(object: Chain | Flowtable | StatefulObject): NftObjectKey {
  const { kind, family, table, name } = object;
  return kind === 'object' ? { kind, family, table, name, type: object.type } : { kind, family, table, name };
}

function keyOfRule({ family, table, chain, handle }: Rule): NftObjectKey {
  return { kind: 'rule', family, table, chain, ...(handle !== undefined && { handle }) };
}

/** The wanted expressions with what the present ones, which do the same, have counted. */
function withCounters(wanted: readonly Expression[], present: readonly Expression[]): Expression[] {
  return wanted.map((expression, index) => {
    const old = present[index];
    const counts = expression.kind === 'counter' || expression.kind === 'quota' || expression.kind === 'last';
    return counts && old?.kind === expression.kind ? old : expression;
  });
}
