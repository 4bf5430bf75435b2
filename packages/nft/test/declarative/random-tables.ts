import {
  accept,
  addElement,
  comment,
  counter,
  drop,
  jump,
  type MapDefinition,
  type Match,
  objectOf,
  type RuleDefinition,
  rule,
  type SetDefinition,
  type Statement,
  type TableDefinition,
  vmap,
} from '@router7/nft';

/** Chooses an integer from 0 to `below` - 1. */
export type Choose = (below: number) => number;

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function numbers(seed: number): Choose {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below) | 0;
  };
}

/** Rule sets of few names and few values, so that two of them have much in common. */
export function randomTables(number: Choose): TableDefinition[] {
  const some = <T>(list: readonly T[], most = list.length): T[] => list.filter(() => number(3) > 0).slice(0, most);
  const one = <T>(list: readonly T[]): T => list[number(list.length)] as T;
  const record = <T>(names: readonly string[], make: (name: string) => T): { [name: string]: T } =>
    Object.fromEntries(names.map((name) => [name, make(name)]));

  const chainNames = ['side', 'far', ...some(['third', 'fourth'])];
  const counterNames = ['a', ...some(['b', 'c'])];
  const ports = (): (string | number)[] => some([22, 80, 443, '1000-1010', '1005-1020', '2000-3000', '65530-65535', 0]);
  const verdicts = (): string => one(['accept', 'drop', ...chainNames.map((name) => `jump ${name}`)]);
  const sets: { [name: string]: SetDefinition } = {
    ports: { type: 'inet_service', interval: true, elements: ports(), ...(number(8) === 0 && { autoMerge: true }) },
    hosts: { type: 'ipv4_addr', elements: some(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']) },
    pairs: {
      type: 'ipv4_addr . inet_service',
      interval: true,
      elements: some(['10.0.0.0/8 . 80', '192.0.2.1 . 22-23', '192.0.2.2 . 1']),
    },
    seen: { type: 'ipv4_addr', dynamic: true, size: one([100, 100, 200]) },
    noted: {
      type: 'ipv4_addr',
      ...(number(4) === 0 && { comment: 'notes' }),
      elements: some(['10.0.0.1', '10.0.0.2']).map((key) => ({ key, comment: one(['x', 'y']) })),
    },
    ...(number(2) === 0 && {
      fixed: { type: 'ipv4_addr', constant: true, elements: ['10.0.0.1', one(['10.0.0.2', '10.0.0.3'])] },
    }),
  };
  const maps: { [name: string]: MapDefinition } = {
    ways: { type: 'ipv4_addr', data: 'verdict', elements: record(some(['10.0.0.1', '10.0.0.2', '*']), verdicts) },
    spans: {
      type: 'inet_service',
      data: 'verdict',
      interval: true,
      elements: record(some(['1-5', '6-9', '22', '100-200']), verdicts),
    },
    tallies: {
      type: 'ipv4_addr',
      data: 'counter',
      elements: record(some(['10.0.0.1', '10.0.0.2']), () => one(counterNames)),
    },
  };
  const matches: Match[] = [
    { 'tcp.dport': 22 },
    { 'tcp.dport': [22, 80] },
    { 'ip.saddr': ['10.0.0.0/8', '192.0.2.1'] },
    { 'tcp.dport': { set: 'ports' } },
    { 'ip.saddr': { set: 'hosts' } },
    { 'ip.saddr . tcp.dport': { set: 'pairs' } },
    { iifname: 'lan0' },
    { 'ct.state': ['established', 'related'] },
    {},
  ];
  const statements = (): (Match | Statement)[] =>
    one([
      () => [accept()],
      () => [drop()],
      () => [counter(), accept()],
      () => [counter(one(counterNames))],
      () => [jump(one(chainNames))],
      () => [vmap('ip.saddr', 'ways')],
      () => [vmap('tcp.dport', 'spans')],
      () => [vmap('tcp.dport', { 1: `goto ${one(chainNames)}`, 2: 'drop' })],
      () => [objectOf('counter', 'ip.saddr', 'tallies')],
      () => [addElement('seen', 'ip.saddr')],
      ...('fixed' in sets ? [() => [{ 'ip.saddr': { set: 'fixed' } }]] : []),
    ])();
  const makeRule = (): RuleDefinition => {
    return rule(one(matches), ...statements(), ...(number(4) === 0 ? [comment(one(['one', 'two']))] : []));
  };
  // Chains that are jumped to hold no jumps, for the kernel refuses loops.
  const leaf = (): RuleDefinition => rule(one(matches), one([accept(), drop(), counter(one(counterNames))]));
  const many = (make: () => RuleDefinition): RuleDefinition[] => Array.from({ length: number(12) }, make);
  const table: TableDefinition = {
    family: 'inet',
    name: 'mixed',
    ...(number(10) === 0 && { comment: 'sometimes' }),
    counters: record(counterNames, () => ({ ...(number(6) === 0 && { comment: 'named' }) })),
    quotas: { most: { bytes: one([1000, 2000]) } },
    limits: { rate: { rate: one([10, 10, 20]), per: 'second' } },
    sets,
    maps,
    chains: {
      ...record(chainNames, () => ({ ...(number(8) === 0 && { comment: 'leaf' }), rules: many(leaf) })),
      ...record(['input', ...some(['forward', 'output'])], (hook) => ({
        ...{
          type: 'filter' as const,
          hook: hook as 'input',
          priority: one([0, 0, 0, 10]),
          policy: one(['accept', 'drop'] as const),
        },
        rules: many(makeRule),
      })),
    },
  };
  const other: TableDefinition = {
    family: 'ip',
    name: 'other',
    chains: { c: { rules: many(() => rule(accept())) } },
  };
  return number(3) === 0 ? [table] : [table, other];
}
