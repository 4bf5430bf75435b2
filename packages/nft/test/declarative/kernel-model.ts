import {
  type Chain,
  type Expression,
  type Flowtable,
  type NftObject,
  type NftObjectKey,
  type NftSet,
  type Operation,
  type Rule,
  type Ruleset,
  type SetElement,
  SetElementFlag,
  SetFlag,
  type StatefulObject,
  type Table,
} from '@router7/nft';

/** A refusal, with the name of the kernel's error. */
export class Refusal extends Error {}

interface ModelSet {
  readonly set: NftSet;
  readonly elements: Map<string, SetElement>;
}

interface ModelTable {
  table: Table;
  readonly chains: Map<string, Chain>;
  /** By the names of chains. */
  readonly rules: Map<string, Rule[]>;
  readonly sets: Map<string, ModelSet>;
  /** By `type name`. */
  readonly objects: Map<string, StatefulObject>;
  readonly flowtables: Map<string, Flowtable>;
}

type KeyOf<K extends NftObjectKey['kind']> = Extract<NftObjectKey, { readonly kind: K }>;

/**
 * What the kernel makes of transactions (net/netfilter/nf_tables_api.c), as far as tables in words need it: names and
 * handles, what may be changed in place, and that nothing goes that something else still refers to.
 */
export class KernelModel {
  readonly #tables = new Map<string, ModelTable>();
  #handle = 0n;
  #names = 0;
  /** Sets that the transaction has made, by their numbers. */
  #made = new Map<number, string>();

  /** Carries out a transaction. @throws Refusal; the model is of no use then */
  apply(operations: readonly Operation[]): void {
    this.#made = new Map();
    for (const { action, object } of operations) {
      if (action === 'delete' || action === 'destroy') this.#delete(object);
      else if (object.kind === 'rule') this.#addRule(object, action === 'insert');
      else this.#add(object);
      // At every step nothing refers to what is not there.
      if (object.kind !== 'table') checkReferences(this.#table(object));
    }
    for (const table of this.#tables.values()) checkSets(table);
  }

  /** All that there is, as it is read back. */
  list(): Omit<Ruleset, 'generation'> {
    const tables = [...this.#tables.values()];
    return {
      tables: tables.map(({ table }) => table),
      chains: tables.flatMap(({ chains }) => [...chains.values()]),
      rules: tables.flatMap(({ rules }) => [...rules.values()].flat()),
      sets: tables.flatMap(({ sets }) => [...sets.values()].map(({ set }) => set)),
      elements: tables.flatMap(({ sets }) =>
        [...sets.values()].map(({ set, elements }) => {
          const { family, table, name } = set;
          return { kind: 'elements' as const, family, table, set: name, elements: [...elements.values()].reverse() };
        }),
      ),
      objects: tables.flatMap(({ objects }) => [...objects.values()]),
      flowtables: tables.flatMap(({ flowtables }) => [...flowtables.values()]),
    };
  }

  /** Lets packets come: every counter counts, and a rule adds an element to each set that rules may add to. */
  count(element: SetElement): void {
    let packets = 0n;
    const counted = (): { packets: bigint; bytes: bigint } => ({ packets: ++packets, bytes: 100n * packets });
    for (const { rules, objects, sets } of this.#tables.values()) {
      for (const list of rules.values()) {
        for (const [index, rule] of list.entries()) {
          const expressions = rule.expressions.map((each) =>
            each.kind === 'counter' ? { ...each, ...counted() } : each,
          );
          list[index] = { ...rule, expressions };
        }
      }
      for (const [key, object] of objects) {
        if (object.data.kind === 'counter') objects.set(key, { ...object, data: { kind: 'counter', ...counted() } });
      }
      for (const { set, elements } of sets.values()) {
        if ((set.flags & SetFlag.eval) !== 0) elements.set(keyOf(element), element);
      }
    }
  }

  #add(object: Exclude<NftObject, Rule>): void {
    if (object.kind === 'table') {
      this.#addTable(object);
      return;
    }
    const table = this.#table(object);
    switch (object.kind) {
      case 'chain':
        this.#addChain(table, object);
        return;
      case 'set':
        this.#addSet(table, object);
        return;
      case 'elements': {
        const set = need(table.sets.get(this.#nameOf(table, object.set, object.setId)));
        refuseConstant(table, set);
        for (const element of object.elements) {
          const old = set.elements.get(keyOf(element));
          if (old !== undefined && text({ ...old, expressions: [] }) !== text({ ...element, expressions: [] }))
            throw new Refusal('EEXIST');
          if (old === undefined) set.elements.set(keyOf(element), element);
        }
        return;
      }
      case 'object': {
        const key = `${object.type} ${object.name}`;
        const old = table.objects.get(key);
        // An update of a counter is taken and changes nothing.
        table.objects.set(key, old?.data.kind === 'counter' ? old : this.#withHandle(object));
        return;
      }
      case 'flowtable':
        table.flowtables.set(object.name, this.#withHandle(object));
        return;
    }
  }

  #addTable(table: Table): void {
    const key = `${table.family} ${table.name}`;
    const old = this.#tables.get(key);
    if (old !== undefined) old.table = { ...old.table, flags: table.flags ?? 0 };
    else {
      this.#tables.set(key, {
        table: this.#withHandle(table),
        ...{ chains: new Map(), rules: new Map(), sets: new Map(), objects: new Map(), flowtables: new Map() },
      });
    }
  }

  #addChain({ chains, rules }: ModelTable, chain: Chain): void {
    const old = chains.get(chain.name);
    if (old === undefined) {
      chains.set(chain.name, this.#withHandle(chain));
      rules.set(chain.name, []);
      return;
    }
    // nf_tables_updchain: another hook is refused, and neither flags nor comments are looked at.
    if ((old.base === undefined) !== (chain.base === undefined)) throw new Refusal('EEXIST');
    if (old.base === undefined || chain.base === undefined) return;
    const { policy, ...hook } = chain.base;
    const { policy: before, ...oldHook } = old.base;
    if (text(hook) !== text(oldHook)) throw new Refusal('EEXIST');
    chains.set(chain.name, {
      ...old,
      base: { ...hook, ...((policy ?? before) !== undefined && { policy: policy ?? before }) },
    } as Chain);
  }

  #addSet({ sets }: ModelTable, set: NftSet): void {
    const name = set.name.replace('%d', () => String(this.#names++));
    if (set.id !== undefined) this.#made.set(set.id, name);
    if (sets.has(name)) throw new Refusal('EEXIST');
    const { id: _, ...rest } = set;
    sets.set(name, { set: { ...this.#withHandle(rest), name }, elements: new Map() });
  }

  #addRule(rule: Rule, inserts: boolean): void {
    const table = this.#table(rule);
    const list = need(table.rules.get(rule.chain));
    const expressions = rule.expressions.map((each) => this.#resolved(table, each));
    const { position, ...rest } = this.#withHandle(rule);
    const at = position === undefined ? -1 : list.findIndex(({ handle }) => handle === position);
    if (position !== undefined && at < 0) throw new Refusal('ENOENT');
    const place = inserts ? Math.max(at, 0) : position === undefined ? list.length : at + 1;
    list.splice(place, 0, { ...rest, expressions });
  }

  #delete(key: NftObjectKey): void {
    if (key.kind === 'table') {
      if (!this.#tables.delete(`${key.family} ${key.name}`)) throw new Refusal('ENOENT');
      return;
    }
    const table = this.#table(key);
    switch (key.kind) {
      case 'rule':
        this.#deleteRules(table, key);
        return;
      case 'elements': {
        const set = need(table.sets.get(key.set));
        refuseConstant(table, set);
        const { elements } = set;
        if (key.elements.length === 0) elements.clear();
        for (const element of key.elements) if (!elements.delete(keyOf(element))) throw new Refusal('ENOENT');
        return;
      }
      case 'object':
        remove(table.objects, `${key.type} ${key.name}`);
        return;
      case 'chain':
        // Its rules go with it.
        this.#deleteRules(table, { chain: key.name as string });
        remove(table.chains, key.name);
        remove(table.rules, key.name);
        return;
      case 'set':
        remove(table.sets, key.name);
        return;
      case 'flowtable':
        remove(table.flowtables, key.name);
        return;
    }
  }

  #deleteRules({ rules, sets }: ModelTable, { chain, handle }: Pick<KeyOf<'rule'>, 'chain' | 'handle'>): void {
    for (const [name, list] of rules) {
      if (chain !== undefined && chain !== name) continue;
      const gone = list.filter((rule) => handle === undefined || rule.handle === handle);
      if (handle !== undefined && gone.length === 0) throw new Refusal('ENOENT');
      rules.set(
        name,
        list.filter((rule) => !gone.includes(rule)),
      );
      for (const { expressions } of gone) {
        for (const each of expressions) if ('set' in each && each.set.startsWith('__')) sets.delete(each.set);
      }
    }
  }

  #resolved(table: ModelTable, expression: Expression): Expression {
    if (!('set' in expression)) return expression;
    const { setId, ...rest } = expression;
    return { ...rest, set: this.#nameOf(table, expression.set, setId) };
  }

  #nameOf({ sets }: ModelTable, name: string, id: number | undefined): string {
    return sets.has(name) || id === undefined ? name : need(this.#made.get(id));
  }

  #table({ family, table }: { readonly family: string; readonly table?: string | undefined }): ModelTable {
    return need(this.#tables.get(`${family} ${table}`));
  }

  #withHandle<T extends object>(object: T): T & { handle: bigint } {
    return { ...object, handle: ++this.#handle };
  }
}

/** Names that something refers to, wherever in it they are. */
function follow(value: unknown, refer: (kind: 'chain' | 'set' | 'object' | 'flowtable', name: string) => void): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const { verdict, set, flowtable, kind, type, name } = value as { [key: string]: { chain?: string } & string };
  if (verdict?.chain !== undefined) refer('chain', verdict.chain);
  if (set !== undefined) refer('set', set);
  if (flowtable !== undefined) refer('flowtable', flowtable);
  if (kind === 'objref' && name !== undefined) refer('object', `${type} ${name}`);
  for (const part of Object.values(value)) follow(part, refer);
}

function checkReferences({ chains, rules, sets, objects, flowtables }: ModelTable): void {
  const maps = { chain: chains, set: sets, object: objects, flowtable: flowtables };
  const refer = (kind: keyof typeof maps, name: string): void => {
    if (!maps[kind].has(name)) throw new Refusal(`EBUSY or ENOENT: ${kind} ${name}`);
  };
  for (const list of rules.values()) for (const { expressions } of list) follow(expressions, refer);
  for (const { set, elements } of sets.values()) {
    for (const { data, object } of elements.values()) {
      follow(data, refer);
      if (object !== undefined) refer('object', `${set.objectType} ${object}`);
    }
  }
}

/** Names of the sets that rules use. */
function usedSets({ rules }: ModelTable): Set<string> {
  const used = new Set<string>();
  for (const list of rules.values()) {
    for (const { expressions } of list) follow(expressions, (kind, name) => void (kind === 'set' && used.add(name)));
  }
  return used;
}

/** Once rules use a constant set, and anonymous ones are constant, its elements stay (nf_tables_newsetelem). */
function refuseConstant(table: ModelTable, { set }: ModelSet): void {
  const isConstant = (set.flags & (SetFlag.constant | SetFlag.anonymous)) !== 0;
  if (isConstant && usedSets(table).has(set.name)) throw new Refusal('EBUSY');
}

function checkSets(table: ModelTable): void {
  const used = usedSets(table);
  for (const { set, elements } of table.sets.values()) {
    if (set.name.startsWith('__') && !used.has(set.name)) throw new Refusal('EINVAL: an anonymous set without a rule');
    const isPlain = (set.flags & SetFlag.interval) !== 0 && (set.flags & SetFlag.concat) === 0;
    if (isPlain) checkIntervals([...elements.values()]);
  }
}

/** Starts and ends take turns; where one interval ends and the next begins, the end comes first. */
function checkIntervals(elements: readonly SetElement[]): void {
  const isEnd = ({ flags = 0 }: SetElement): boolean => (flags & SetElementFlag.intervalEnd) !== 0;
  const keyed = elements.filter(({ key }) => key !== undefined);
  const order = (element: SetElement): string => `${hex(element.key)}${isEnd(element) ? 0 : 1}`;
  const sorted = keyed.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  // The end at 0 says only that nothing begins there.
  const [first] = sorted;
  const rest = first !== undefined && isEnd(first) && /^0*$/.test(hex(first.key)) ? sorted.slice(1) : sorted;
  for (const [index, element] of rest.entries()) if (isEnd(element) !== (index % 2 === 1)) throw new Refusal('EEXIST');
}

function remove(map: Map<string, unknown>, key: string | undefined): void {
  if (key === undefined || !map.delete(key)) throw new Refusal('ENOENT');
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal('ENOENT');
  return value;
}

function keyOf({ key, keyEnd, flags = 0 }: SetElement): string {
  return `${hex(key)} ${hex(keyEnd)} ${flags}`;
}

function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('hex');
}

/** JSON in which objects with the same fields are the same text, in whatever order the fields are. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return `${each}n`;
    if (each instanceof Uint8Array) return hex(each);
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
