import {
  accept,
  type ChainDefinition,
  comment,
  compileRuleset,
  describeOperation,
  diffRuleset,
  drop,
  type Operation,
  type Rule,
  type RuleDefinition,
  rule,
  SetFlag,
  type TableDefinition,
} from '@router7/nft';
import fc from 'fast-check';
import t from 'tap';
import { KernelModel, text } from './kernel-model.ts';
import { type Choose, randomTables } from './random-tables.ts';

type Listing = ReturnType<KernelModel['list']>;

const nothing: Listing = new KernelModel().list();
const KINDS = ['sets', 'maps', 'counters', 'quotas', 'limits', 'chains'] as const;
/** What a rule has added to a set. */
const SEEN = { key: Uint8Array.of(198, 51, 100, 7) };
/** Two rule sets of one generator: two generators of one run would make the same. */
const rulesets = fc.gen().map((gen): [TableDefinition[], TableDefinition[]] => {
  const choose = (below: number): number => gen(fc.nat, below - 1);
  const [before, after] = [randomTables(choose), randomTables(choose)];
  return [before, after.map((table, index) => mixed(before[index], table, choose))];
});

/** A table with, in each chain, some rules of an earlier one as well, in their order. */
function mixed(before: TableDefinition | undefined, table: TableDefinition, choose: Choose): TableDefinition {
  const known = new Set(KINDS.flatMap((kind) => Object.keys(table[kind] ?? {})));
  const unknown = KINDS.flatMap((kind) => Object.keys(before?.[kind] ?? {})).filter((name) => !known.has(name));
  const chains = Object.entries(table.chains ?? {}).map(([name, chain]): [string, ChainDefinition] => {
    const old = before?.chains?.[name]?.rules ?? [];
    const kept = old.filter((each) => choose(4) > 0 && !mentions(each, unknown));
    const rules = [...(chain.rules ?? []).slice(0, 4)];
    for (const [index, each] of kept.entries()) rules.splice(choose(2) + 2 * index, 0, each);
    return [name, { ...chain, rules }];
  });
  return { ...table, chains: Object.fromEntries(chains) };
}

function mentions(definition: RuleDefinition, names: Iterable<string>): boolean {
  const words = new Set(JSON.stringify(definition).match(/\w+/g));
  return [...names].some((name) => words.has(name));
}

/** A kernel that has these tables and in which packets have been counted. */
function kernelWith(tables: readonly TableDefinition[]): KernelModel {
  const kernel = new KernelModel();
  kernel.apply(diffRuleset(compileRuleset({ tables }), nothing));
  kernel.count(SEEN);
  return kernel;
}

function change(
  kernel: KernelModel,
  tables: readonly TableDefinition[],
  before: readonly TableDefinition[] = [],
): Operation[] {
  const absent = before.filter(({ name }) => !tables.some((table) => table.name === name));
  const operations = diffRuleset(compileRuleset({ tables, absent }), kernel.list());
  kernel.apply(operations);
  return operations;
}

/** All that a person could tell two kernels by, but for what has been counted: in an order that says nothing. */
function picture({ tables, chains, rules, sets, elements, objects, flowtables }: Listing): string[] {
  const contents = new Map(
    sets.map((set, i) => [`${set.table} ${set.name}`, text([set, sorted(elements[i]?.elements)])]),
  );
  const plain = (key: string, value: unknown): unknown => (COUNTED.has(key) ? undefined : value);
  const expression = (each: Rule['expressions'][number], table: string): unknown => {
    if (!('set' in each) || !each.set.startsWith('__')) return each;
    return { ...each, set: withoutNames(contents.get(`${table} ${each.set}`)) };
  };
  const chainRules = (name: string, table: string): unknown =>
    rules
      .filter((each) => each.chain === name && each.table === table)
      .map((each) => [each.comment, each.expressions.map((one) => expression(one, table))]);
  return [
    ...tables.map((table) => [table]),
    ...chains.map((chain) => [chain, chainRules(chain.name, chain.table)]),
    ...sets
      .filter(({ name }) => !name.startsWith('__'))
      .map((set) => [set, (set.flags & SetFlag.eval) === 0 && contents.get(`${set.table} ${set.name}`)]),
    ...objects.map((object) => [object]),
    ...flowtables.map((flowtable) => [flowtable]),
  ]
    .map((entry) => JSON.stringify(JSON.parse(text(entry)), plain).replaceAll(/\\"handle\\":\\"\d+n\\"/g, ''))
    .toSorted();
}

const COUNTED: ReadonlySet<string> = new Set(['handle', 'packets', 'bytes', 'setId', 'id']);
const sorted = (elements: readonly unknown[] = []): string[] => elements.map(text).toSorted();
const withoutNames = (content = ''): string => content.replaceAll(/"(?:name|handle)":"[^"]*"/g, '');
const words = (operations: readonly Operation[]): string[] => operations.map((each) => describeOperation(each));

t.test('FW-28: the difference makes of any rule set any other', (t) => {
  fc.assert(
    fc.property(rulesets, ([before, after]) => {
      const kernel = kernelWith(before);
      change(kernel, after, before);
      t.strictSame(picture(kernel.list()), picture(kernelWith(after).list()));
      t.strictSame(words(change(kernel, after)), [], 'and then there is nothing left to do');
    }),
    { numRuns: 100, endOnFailure: true },
  );
  t.end();
});

/** The length of the longest common subsequence, as textbooks have it. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const entry of a) {
    const next = [0];
    for (const [j, other] of b.entries()) {
      next.push(entry === other ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number));
    }
    row = next;
  }
  return row.at(-1) as number;
}

/** `kind name` of everything in a table that two definitions define in different ways, or only one of them does. */
function differing(a: TableDefinition, b: TableDefinition): Set<string> {
  const names = new Set<string>();
  for (const kind of KINDS) {
    const [left, right]: { [name: string]: object }[] = [a[kind] ?? {}, b[kind] ?? {}];
    const plain = (value: object | undefined): string =>
      JSON.stringify({ ...value, rules: [], elements: [], policy: 0 });
    for (const name of new Set([...Object.keys(left as object), ...Object.keys(right as object)])) {
      if (plain(left?.[name]) !== plain(right?.[name])) names.add(name);
    }
    // The kernel takes no other elements for a constant set.
    if (kind === 'sets' && JSON.stringify(left?.fixed) !== JSON.stringify(right?.fixed)) names.add('fixed');
  }
  return names;
}

t.test('FW-28: what is the same keeps its handle and what it has counted', (t) => {
  let kept = 0;
  fc.assert(
    fc.property(rulesets, ([[before], [after]]) => {
      if (before === undefined || after === undefined || before.comment !== after.comment) return;
      const kernel = kernelWith([before]);
      const old = kernel.list();
      change(kernel, [after]);
      const now = kernel.list();
      const remade = differing(before, after);
      const refersToRemade = (definition: RuleDefinition): boolean => mentions(definition, remade);
      for (const [chain, { rules = [] }] of Object.entries(after.chains ?? {})) {
        const has = ({ rules: list = [] }: ChainDefinition): string[] => list.map((each) => JSON.stringify(each));
        if (remade.has(chain) || before.chains?.[chain] === undefined) continue;
        const least = common(has(before.chains[chain]), has({ rules })) - rules.filter(refersToRemade).length;
        const same = now.rules.filter((one) => old.rules.some(({ handle }) => handle === one.handle));
        const here = same.filter((one) => one.chain === chain);
        t.ok(here.length >= least, `${here.length} of at least ${least} rules`);
        kept += here.length;
        for (const one of here) {
          const { expressions } = old.rules.find(({ handle }) => handle === one.handle) as Rule;
          t.equal(text(one.expressions), text(expressions), 'with their counters');
        }
      }
      for (const object of now.objects) {
        const was = old.objects.find(({ name, type }) => name === object.name && type === object.type);
        if (was !== undefined && !remade.has(object.name)) t.equal(object.handle, was.handle);
        if (was?.data.kind === 'counter') t.strictSame(object.data, was.data, 'even when it is made anew');
      }
      for (const set of now.sets.filter(({ name }) => !name.startsWith('__') && !remade.has(name))) {
        t.equal(set.handle, old.sets.find(({ name }) => name === set.name)?.handle, set.name);
      }
      if (!remade.has('seen')) {
        const seen = now.elements.find(({ set }) => set === 'seen');
        t.strictSame(seen?.elements, [SEEN], 'what a rule has added stays');
      }
    }),
    { numRuns: 100, endOnFailure: true },
  );
  t.ok(kept > 100, `${kept} rules were kept`);
  t.end();
});

t.test('FW-28: the rules of a chain that is made anew begin with what the old ones have counted', (t) => {
  let counted = 0;
  fc.assert(
    fc.property(rulesets, ([[table]]) => {
      const input = table?.chains?.input;
      if (table === undefined || input === undefined) return;
      const kernel = kernelWith([table]);
      const counters = (): unknown[] =>
        kernel
          .list()
          .rules.filter(({ chain }) => chain === 'input')
          .flatMap(({ expressions }) => expressions.filter(({ kind }) => kind === 'counter'));
      const before = counters();
      change(kernel, [{ ...table, chains: { ...table.chains, input: { ...input, priority: 77 } } }]);
      t.strictSame(counters(), before);
      counted += before.length;
    }),
    { numRuns: 50, endOnFailure: true },
  );
  t.ok(counted > 10, `${counted} counters`);
  t.end();
});

/** Small changes of a table, with the operations that the kernel cannot do with fewer of. */
const CHANGES: { readonly [name: string]: (table: TableDefinition, at: number) => [TableDefinition, number] } = {
  'a rule more': (table, at) => [
    withRules(table, (rules) => rules.toSpliced(at, 0, rule({ 'tcp.sport': 7 }, drop()))),
    1,
  ],
  'a rule with a list more': (table, at) => [
    withRules(table, (rules) => rules.toSpliced(at, 0, rule({ 'tcp.sport': [7, 9] }, drop()))),
    3,
  ],
  'a rule less': (table, at) => {
    const { rules = [] } = table.chains?.input ?? {};
    return [withRules(table, (list) => list.toSpliced(at, 1)), at < rules.length ? 1 : 0];
  },
  'a rule in the place of another': (table, at) => {
    const { rules = [] } = table.chains?.input ?? {};
    return [
      withRules(table, (list) => list.toSpliced(at, 1, rule(accept(), comment('new')))),
      at < rules.length ? 2 : 1,
    ];
  },
  'another comment': (table, at) => {
    const old = table.chains?.input?.rules?.[at];
    if (old === undefined) return [table, 0];
    const parts = old.parts.filter((part) => !('statement' in part && part.statement === 'comment'));
    return [
      withRules(table, (rules) => rules.toSpliced(at, 1, rule(...parts, comment('another')))),
      2 + 2 * listsOf(old),
    ];
  },
  'an element more': (table) => [
    { ...table, sets: { ...table.sets, hosts: { type: 'ipv4_addr', elements: [...hostsOf(table), '10.9.9.9'] } } },
    1,
  ],
  'an element less': (table) => {
    const hosts = hostsOf(table);
    return [
      { ...table, sets: { ...table.sets, hosts: { type: 'ipv4_addr', elements: hosts.slice(1) } } },
      hosts.length > 0 ? 1 : 0,
    ];
  },
  'another policy': (table) => {
    const input = table.chains?.input as ChainDefinition;
    const policy = input.policy === 'drop' ? 'accept' : 'drop';
    return [{ ...table, chains: { ...table.chains, input: { ...input, policy } } }, 1];
  },
  'a chain more': (table) => [{ ...table, chains: { ...table.chains, more: { rules: [rule(drop())] } } }, 2],
  'a counter more': (table) => [{ ...table, counters: { ...table.counters, more: {} } }, 1],
  'other bounds of a quota': (table) => [{ ...table, quotas: { most: { bytes: 7 } } }, 1],
  nothing: (table) => [structuredClone(table), 0],
};

function withRules(table: TableDefinition, edit: (rules: RuleDefinition[]) => RuleDefinition[]): TableDefinition {
  const input = table.chains?.input as ChainDefinition;
  return { ...table, chains: { ...table.chains, input: { ...input, rules: edit([...(input.rules ?? [])]) } } };
}

/** How many anonymous sets come with a rule: each takes two operations more. */
function listsOf(definition: RuleDefinition): number {
  return JSON.stringify(definition).match(/"(?:tcp\.dport|ip\.saddr)":\[|"map":\{/g)?.length ?? 0;
}

function hostsOf({ sets }: TableDefinition): string[] {
  return [...((sets?.hosts?.elements ?? []) as string[])];
}

t.test('FW-28: a small change is a small transaction', (t) => {
  fc.assert(
    fc.property(rulesets, fc.constantFrom(...Object.keys(CHANGES)), fc.nat(12), ([[before]], name, place) => {
      if (before === undefined) return;
      const at = Math.min(place, before.chains?.input?.rules?.length ?? 0);
      const [after, most] = CHANGES[name]?.(before, at) ?? [before, 0];
      const kernel = kernelWith([before]);
      const handles = new Set(kernel.list().rules.map(({ handle }) => handle));
      const done = words(change(kernel, [after]));
      t.strictSame(done.length, most, `${name}: ${done.join(', ')}`);
      const left = kernel.list().rules.filter(({ handle }) => handles.has(handle)).length;
      t.ok(left >= handles.size - (/^a rule|comment/.test(name) ? 1 : 0), 'the other rules are the same ones');
    }),
    { numRuns: 300, endOnFailure: true },
  );
  t.end();
});
