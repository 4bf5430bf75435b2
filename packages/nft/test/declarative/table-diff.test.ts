import {
  accept,
  type Chain,
  comment,
  compileTable,
  counter,
  describeOperation,
  diffTable,
  type NftSet,
  rule,
  type StatefulObject,
  type TableContent,
  type TableDefinition,
} from '@router7/nft';
import t from 'tap';

const where = { family: 'inet', table: 'router7' } as const;
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
const wanted = compileTable(definition);
const { set: ports, elements } = wanted.sets[0] as (typeof wanted.sets)[number];
const [list] = wanted.rules[0]?.sets ?? [];
/** The table as the kernel has it once it is made. */
const made: TableContent = {
  ...wanted,
  rules: wanted.rules.map(({ rule }, index) => ({ ...rule, handle: BigInt(index + 10) })),
  sets: [ports, list?.set as NftSet],
  elements: [elements, { ...elements, set: list?.set.name ?? '', elements: list?.elements.elements ?? [] }],
};
const chain = (name: string, more: Partial<Chain> = {}): Chain => ({ kind: 'chain', ...where, name, ...more });
const object = (name: string, more: Partial<StatefulObject> = {}): StatefulObject => {
  return { kind: 'object', ...where, name, type: 1, data: { kind: 'counter', packets: 9n, bytes: 9n }, ...more };
};
const changes = (present: Partial<TableContent>): string[] =>
  diffTable(wanted, { ...made, ...present }).map((operation) => describeOperation(operation));
const deletions = (present: Partial<TableContent>): string[] =>
  changes(present).filter((text) => text.startsWith('delete'));

t.test('FW-28: what is the same stays', async (t) => {
  t.same(changes({}), []);
  t.same(changes({ objects: [object('inputc')] }), [], 'whatever it has counted');
  t.same(changes({ rules: made.rules.slice(0, 1) }), ['add rule inet router7 input']);
  t.same(changes({ rules: made.rules.slice(1) }), [
    'add set inet router7 __set%d',
    'add elements inet router7 __set%d',
    'insert rule inet router7 input',
  ]);
  const accepting = { ...base, policy: 'accept' } as const;
  const chains = [chain('input', { base: accepting }), chain('side')];
  t.same(changes({ chains }), ['add chain inet router7 input'], 'a policy is changed in place');
});

t.test('FW-28: what is not the same goes, first of all what refers to others', async (t) => {
  t.same(deletions({ chains: [], rules: [], sets: [], elements: [], objects: [] }), [], 'an empty table');
  const other = {
    chains: [chain('input', { base: { ...base, priority: 5 } }), chain('side', { base }), chain('old')],
    sets: [
      { ...ports, flags: 0 },
      { ...ports, name: '__set0', flags: 3 },
      { ...ports, name: 'old' },
    ],
    objects: [object('inputc', { type: 2 }), object('old')],
  };
  t.same(
    deletions(other),
    [
      'delete rule inet router7 input',
      'delete set inet router7 ports',
      'delete set inet router7 old',
      'delete chain inet router7 input',
      'delete chain inet router7 side',
      'delete chain inet router7 old',
      'delete object inet router7 inputc',
      'delete object inet router7 old',
    ],
    'the anonymous set goes with its rule',
  );
});
