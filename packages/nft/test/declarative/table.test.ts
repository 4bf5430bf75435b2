import {
  accept,
  addTable,
  comment,
  compileRuleset,
  compileTable,
  counter,
  describeOperation,
  dnat,
  encodeBatch,
  expressions,
  limit,
  log,
  masquerade,
  type NftSet,
  type Operation,
  type RuleDefinition,
  redirect,
  reject,
  rule,
  SetIds,
  snat,
  type TableDefinition,
} from '@router7/nft';
import { EncodeError } from '@router7/wire';
import t from 'tap';

const base = { type: 'filter', hook: 'input', priority: 0 } as const;
const definition: TableDefinition = {
  family: 'inet',
  name: 'router7',
  counters: { inputc: {} },
  sets: { ports: { type: 'inet_service', elements: [22, '80-81'] } },
  chains: {
    input: {
      ...base,
      policy: 'drop',
      rules: [
        rule({ 'tcp.dport': [22, 80] }, counter('inputc'), accept(), comment('entry 1')),
        rule({ iifname: 'lo' }, accept()),
      ],
    },
    side: {},
  },
};
const words = (operations: readonly Operation[]): string[] =>
  operations.map((operation) => describeOperation(operation));

t.test('a table is made in an order that the kernel can take', async (t) => {
  t.same(words(addTable(compileTable(definition))), [
    'add table inet router7',
    'add object inet router7 inputc',
    'add chain inet router7 input',
    'add chain inet router7 side',
    'add set inet router7 ports',
    'add elements inet router7 ports',
    'add set inet router7 __set%d',
    'add elements inet router7 __set%d',
    'add rule inet router7 input',
    'add rule inet router7 input',
  ]);
  t.doesNotThrow(() => encodeBatch(addTable(compileTable(definition)), { sequence: 1 }));
});

t.test('sets of one transaction have different numbers', async (t) => {
  const ids = new SetIds();
  const operations = [definition, { ...definition, name: 'two' }].flatMap((table) =>
    addTable(compileTable(table, ids)),
  );
  const numbers = operations.flatMap(({ object }) => (object.kind === 'set' ? [(object as NftSet).id] : []));
  t.same(numbers, [1, 2, 3, 4]);
});

t.test('a list in a rule may have more elements than a message', async (t) => {
  const addresses = Array.from({ length: 6000 }, (_, i) => `10.${i >> 8}.${i & 255}.1`);
  const operations = addTable(
    compileTable({
      family: 'inet',
      name: 'large',
      sets: { named: { type: 'ipv4_addr', elements: addresses } },
      chains: { c: { rules: [rule({ 'ip.saddr': addresses }, accept())] } },
    }),
  );
  const held = new Map<number | undefined, Set<string>>();
  for (const { object } of operations) {
    if (object.kind !== 'elements') continue;
    const keys = held.get(object.setId) ?? new Set();
    for (const { key } of object.elements) keys.add(`${key}`);
    held.set(object.setId, keys);
  }
  t.strictSame(
    Array.from(held.values(), (keys) => keys.size),
    [6000, 6000],
  );
  t.equal(operations.at(-1)?.object.kind, 'rule', 'which is behind all elements of its set');
  t.ok(encodeBatch(operations, { sequence: 1 }).bytes.length > 2 * 65_536);
});

t.test('definitions that nothing can be made of', async (t) => {
  const nat = { type: 'nat', hook: 'prerouting', priority: -100 } as const;
  const withRule = (definition: RuleDefinition, family: TableDefinition['family'] = 'inet'): TableDefinition => {
    return { family, name: 't', chains: { c: { ...nat, rules: [definition] } } };
  };
  const bad: readonly (readonly [string, TableDefinition, string])[] = [
    ['a policy that nothing calls', { family: 'ip', name: 't', chains: { c: { policy: 'drop' } } }, 'bad-value'],
    [
      'a hook of another family',
      { family: 'ip', name: 't', chains: { c: { type: 'filter', hook: 'ingress', priority: 0 } } },
      'bad-value',
    ],
    ['half a hook', { family: 'ip', name: 't', chains: { c: { hook: 'input' } } }, 'bad-value'],
    [
      'an interval in a set without',
      { family: 'ip', name: 't', sets: { s: { type: 'inet_service', interval: false, elements: ['1-2'] } } },
      'bad-value',
    ],
    ['a port without a protocol', withRule(rule(dnat('10.0.0.1', { port: 80 }))), 'bad-value'],
    [
      'a port of any protocol but some',
      withRule(rule({ 'meta.l4proto': { not: ['icmp', 'igmp'] } }, redirect({ port: 80 }))),
      'bad-value',
    ],
    ['a port that is none', withRule(rule({ 'tcp.dport': 1 }, redirect({ port: '80-70' }))), 'bad-value'],
    ['a port too large', withRule(rule({ 'tcp.dport': 1 }, redirect({ port: 70_000 }))), 'bad-value'],
    ['NAT to the other IP version', withRule(rule(snat('::1')), 'ip'), 'bad-value'],
    ['NAT to no address', withRule(rule(dnat('example.org'))), 'bad-value'],
    ['no reason to reject', withRule(rule(reject('icmp because'))), 'bad-value'],
    ['an inherited reason', withRule(rule(reject('icmpx constructor'))), 'bad-value'],
    ['a TCP reset for UDP', withRule(rule({ 'udp.dport': 1 }, reject('tcp reset'))), 'bad-value'],
    ['a log with level and group', withRule(rule(log({ level: 'info', group: 1 }))), 'bad-value'],
    ['a rate of nothing', withRule(rule(limit({ rate: 0, per: 'second' }))), 'out-of-range'],
    ['a rate with a fraction', withRule(rule(limit({ rate: 1.5, per: 'second' }))), 'out-of-range'],
  ];
  for (const [name, table, code] of bad) t.throws(() => compileTable(table), { name: 'EncodeError', code }, name);
  const one = { family: 'ip', name: 't' } as const;
  const twice = { tables: [one, { ...one, family: 'ip6' } as const, one] };
  t.throws(() => compileRuleset(twice), { code: 'bad-value', path: 'tables[2]' }, 'two tables of one name');
  const undecided = { tables: [one], absent: [{ family: 'ip6', name: 't' } as const, one] };
  t.throws(
    () => compileRuleset(undecided),
    { code: 'bad-value', path: 'absent[1]' },
    'a table that is to be there and not',
  );
  t.throws(() => encodeBatch(addTable(compileTable(withRule(rule(comment('x'.repeat(128)))))), { sequence: 1 }), {
    code: 'too-long',
  });
  const loud = { type: 'filter', hook: 'input', priority: 0, policy: 'DROP' as 'drop' } as const;
  const chain = { kind: 'chain', family: 'ip', table: 't', name: 'c', base: loud } as const;
  t.throws(() => encodeBatch([{ action: 'add', object: chain }], { sequence: 1 }), { code: 'bad-value' }, 'no policy');
  const raw = { kind: 'raw', name: 'queue' } as const;
  const compiled = compileTable(withRule(rule(expressions(raw), masquerade())));
  t.match(compiled.rules, [{ rule: { expressions: [raw, { kind: 'masquerade' }] } }], 'expressions go in as they are');
});

t.test('the element for all other keys may stand anywhere', async (t) => {
  const marks = { type: 'mark', data: 'verdict' } as const;
  for (const elements of [
    { '*': 'drop', '1-2': 'accept', '7': 'drop' },
    { '*': 'drop', '1': 'accept' },
  ]) {
    const last = Object.fromEntries(Object.entries(elements).toReversed());
    const [first, behind] = [elements, last].map((elements) => {
      return compileTable({ family: 'inet', name: 'x', maps: { m: { ...marks, elements } } }).sets[0]?.elements;
    });
    t.same(first, behind);
  }
});

t.test('what is wrong in a definition is told with its place', async (t) => {
  const wrong: readonly (readonly [definition: object, path: string])[] = [
    [
      { chains: { c: { rules: [{ parts: [] }, { parts: [{}, { 'tcp.dport': 'x' }] }] } } },
      'chains.c.rules[1].parts[1]',
    ],
    [{ chains: { c: { rules: [{}] } } }, 'chains.c.rules[0]'],
    [{ chains: { c: { rules: 5 } } }, 'chains.c'],
    [{ chains: { c: null } }, 'chains.c'],
    [{ chains: { c: { rules: [{ parts: [{ statement: 'quota' }] }] } } }, 'chains.c.rules[0].parts[0]'],
    [{ chains: { c: { rules: [{ parts: [{ statement: 'expressions', expressions: ['00'] }] }] } } }, 'chains.c.rules'],
    [{ sets: { s: { elements: [] } } }, 'sets.s'],
    [{ maps: { m: { type: 'mark', data: 'verdict', elements: { 1: 'perhaps' } } } }, 'maps.m'],
    [{ counters: { x: null } }, 'counters.x'],
  ];
  for (const [definition, path] of wrong) {
    const table = { family: 'inet', name: 'x', ...definition } as TableDefinition;
    t.throws(() => compileRuleset({ tables: [table] }), EncodeError);
    t.throws(() => compileRuleset({ tables: [table] }), { message: new RegExp(`^tables\\[0\\].${escaped(path)}`) });
  }
});

t.test('what shows only when it is encoded is told with its operation', async (t) => {
  const rules = [rule(comment('x'.repeat(128)))];
  const table = compileTable({ family: 'inet', name: 'x', chains: { c: { rules } } });
  t.throws(() => encodeBatch(addTable(table), { sequence: 1 }), {
    name: 'EncodeError',
    message: /^add rule inet x c: /,
  });
});

function escaped(text: string): string {
  return text.replace(/[.[\]]/g, '\\$&');
}
