import {
  compileRuleset,
  compileTable,
  DefinitionError,
  type RulesetDefinition,
  type TableDefinition,
} from '@router7/nft';
import { EncodeError } from '@router7/wire';
import t from 'tap';

type Row = readonly [definition: object, path: string, found: string, expected: string];

const parts = (...list: unknown[]): object => ({ chains: { c: { rules: [{ parts: list }] } } });
const part = 'chains.c.rules[0].parts[0]';

const wrongShapes: readonly Row[] = [
  [{ chains: [] }, 'chains', 'a list', 'an object'],
  [{ chains: { c: null } }, 'chains.c', 'null', 'a chain'],
  [{ chains: { c: { rules: 5 } } }, 'chains.c.rules', 'the number 5', 'a list'],
  [{ chains: { c: { rules: ['accept'] } } }, 'chains.c.rules[0]', 'the text "accept"', 'a rule'],
  [{ chains: { c: { rules: [{}] } } }, 'chains.c.rules[0].parts', 'nothing', 'a list'],
  [{ chains: { c: { priority: '0' } } }, 'chains.c.priority', 'the text "0"', 'a number'],
  [{ family: 'ipv4' }, 'family', 'the text "ipv4"', 'one of inet, ip, arp, netdev, bridge, ip6'],
  [{ chains: { c: { policy: 'DROP' } } }, 'chains.c.policy', 'the text "DROP"', 'one of accept, drop'],
  [{ chains: { c: { type: 'Filter' } } }, 'chains.c.type', 'the text "Filter"', 'one of filter, nat, route'],
  [{ sets: { s: { type: 'mark', policy: 'mem' } } }, 'sets.s.policy', 'the text "mem"', 'one of performance, memory'],
  [
    { limits: { x: { rate: 10, per: 'second', unit: 'kbytes' } } },
    ...(['limits.x.unit', 'the text "kbytes"', 'one of packets, bytes'] as const),
  ],
  [
    { ctHelpers: { x: { type: 'ftp', protocol: 'TCP' } } },
    ...(['ctHelpers.x.protocol', 'the text "TCP"', 'one of tcp, udp'] as const),
  ],
  [{ sets: { s: { elements: [] } } }, 'sets.s.type', 'nothing', 'a text'],
  [{ sets: { s: { type: 'mark', elements: { 1: 2 } } } }, 'sets.s.elements', 'an object', 'a list'],
  [{ sets: { s: { type: 'mark', elements: [{ data: 1 }] } } }, 'sets.s.elements[0].key', 'nothing', 'a value'],
  [{ sets: { s: { type: 'mark', elements: [true] } } }, 'sets.s.elements[0]', 'true', 'a value or an element'],
  [{ maps: { m: { type: 'mark' } } }, 'maps.m.data', 'nothing', 'a text'],
  [{ counters: { x: null } }, 'counters.x', 'null', 'a counter'],
  [{ limits: { x: { rate: '10', per: 'second' } } }, 'limits.x.rate', 'the text "10"', 'a number'],
  [{ flowtables: { f: {} } }, 'flowtables.f.devices', 'nothing', 'a list'],
  [{ comment: 5 }, 'comment', 'the number 5', 'a text'],
  [parts(5), part, 'the number 5', 'a match or a statement'],
  [parts({ statement: 'quota' }), `${part}.quota`, 'nothing', 'a quota'],
  [parts({ statement: 'masquerade' }), `${part}.options`, 'nothing', 'options of NAT'],
  [parts({ statement: 'dnat', address: true, options: {} }), `${part}.address`, 'true', 'a value, a map or a field'],
  [parts({ 'tcp.dport': null }), `${part}.tcp.dport`, 'null', 'a condition'],
  [parts({ 'tcp.dport': { set: null } }), `${part}.tcp.dport.set`, 'null', 'a text'],
  [parts({ 'tcp.dport': [null] }), `${part}.tcp.dport[0]`, 'null', 'a value'],
  [
    parts({ 'tcp.dport': { not: { not: 5 } } }),
    `${part}.tcp.dport.not`,
    'an object',
    'what a condition can be the opposite of',
  ],
  [parts({ statement: 'comment' }), `${part}.text`, 'nothing', 'a text'],
];

function failureOf(table: TableDefinition): unknown {
  try {
    return compileTable(table);
  } catch (error) {
    return error;
  }
}

t.test('what has another shape is told with its place, what it is and what it should be', async (t) => {
  for (const [definition, path, found, expected] of wrongShapes) {
    const tables = [{ family: 'inet', name: 'x', ...definition }] as unknown as TableDefinition[];
    const message = `tables[0].${path}: found ${found}, expected ${expected}`;
    t.throws(() => compileRuleset({ tables }), { name: 'EncodeError', code: 'bad-value', message }, message);
    t.throws(() => compileRuleset({ tables }), { name: 'EncodeError', path: `tables[0].${path}`, found, expected });
    t.ok(failureOf(tables[0] as TableDefinition) instanceof DefinitionError);
  }
  t.throws(() => compileRuleset({} as RulesetDefinition), {
    name: 'EncodeError',
    path: 'tables',
    found: 'nothing',
    expected: 'a list',
  });
  t.throws(() => compileRuleset(null as unknown as RulesetDefinition), {
    name: 'EncodeError',
    found: 'null',
    expected: 'a rule set',
  });
  t.throws(() => compileRuleset({ tables: [null as unknown as TableDefinition] }), {
    name: 'EncodeError',
    path: 'tables[0]',
  });
});

t.test('a key that nobody asks for is an error, for it is most likely misspelled', async (t) => {
  const rows: readonly (readonly [definition: object, path: string])[] = [
    [{ chain: {} }, 'chain'],
    [{ chains: { c: { polcy: 'drop' } } }, 'chains.c.polcy'],
    [{ chains: { c: { rules: [{ parts: [], coment: 'x' }] } } }, 'chains.c.rules[0].coment'],
    [{ sets: { s: { type: 'mark', autoMerg: true } } }, 'sets.s.autoMerg'],
    [{ sets: { s: { type: 'mark', data: 'verdict' } } }, 'sets.s.data'],
    [{ sets: { s: { type: 'mark', elements: [{ key: 1, timout: '1m' }] } } }, 'sets.s.elements[0].timout'],
    [{ sets: { s: { type: 'mark', states: [{ counters: true }] } } }, 'sets.s.states[0].counters'],
    [{ counters: { x: { packet: 1 } } }, 'counters.x.packet'],
    [{ ctTimeouts: { x: { protocol: 'tcp', policy: {}, l3Proto: 'ip' } } }, 'ctTimeouts.x.l3Proto'],
    [{ flowtables: { f: { devices: [], offloads: true } } }, 'flowtables.f.offloads'],
    [parts({ statement: 'accept', chain: 'x' }), `${part}.chain`],
    [parts({ statement: 'limit', limit: { rate: 1, per: 'second', bursts: 1 } }), `${part}.limit.bursts`],
    [parts({ statement: 'log', log: { prefx: 'x' } }), `${part}.log.prefx`],
    [parts({ statement: 'set', field: 'ct.mark', value: { field: 'meta.mark', adn: 1 } }), `${part}.value.adn`],
    [parts({ 'tcp.dport': { set: 's', off: 1 } }), `${part}.tcp.dport.off`],
    [parts({ 'tcp.dport': { ltt: 5 } }), `${part}.tcp.dport.ltt`],
  ];
  for (const [definition, path] of rows) {
    const tables = [{ family: 'inet', name: 'x', ...definition }] as unknown as TableDefinition[];
    t.throws(
      () => compileRuleset({ tables }),
      { name: 'EncodeError', code: 'bad-value', path: `tables[0].${path}`, found: 'a key that means nothing here' },
      path,
    );
  }
  const misspelled = { tables: [], abset: [] } as RulesetDefinition;
  t.throws(() => compileRuleset(misspelled), { name: 'EncodeError', path: 'abset', expected: 'one of tables, absent' });
  const undefinedKeys = { family: 'inet', name: 'x', comment: undefined, chains: { c: { rules: undefined } } };
  t.doesNotThrow(
    () => compileTable(undefinedKeys as unknown as TableDefinition),
    'undefined is as if it were not there',
  );
});

t.test('no error has words of the JavaScript engine', async (t) => {
  const values = [null, undefined, true, 5, 'x', [], {}, [null], { a: null }, Number.NaN, () => 1, Symbol('x')];
  const whole: TableDefinition = {
    ...{ family: 'inet', name: 't', comment: 'c' },
    counters: { c: { packets: 1 } },
    quotas: { q: { bytes: 1 } },
    limits: { l: { rate: 1, per: 'second' } },
    ctHelpers: { h: { type: 'ftp', protocol: 'tcp' } },
    ctTimeouts: { o: { protocol: 'tcp', policy: { established: 5 } } },
    ctExpectations: { e: { protocol: 'tcp', dport: 1, timeout: '1m', size: 1 } },
    synproxies: { y: { mss: 5 } },
    secmarks: { k: { context: 'x' } },
    objects: { w: { type: 1, data: '00' } },
    sets: { s: { type: 'mark', timeout: '1m', states: [{ counter: true }], elements: [1, { key: 2, timeout: '1m' }] } },
    maps: { m: { type: 'mark', data: 'verdict', elements: { 1: 'drop' } } },
    flowtables: { f: { devices: ['lan0'] } },
    chains: {
      c: {
        ...{ type: 'filter', hook: 'input', priority: 0 },
        rules: [
          {
            parts: [
              { 'tcp.dport': [22, '80-90'], 'ip.saddr': { not: { set: 's' } }, 'ct.state': { of: 'new', in: ['new'] } },
              { 'tcp.flags': { exactly: 'syn' }, 'meta.mark': { bits: 1, of: 1 }, 'ip.ttl': { lt: 5 } },
              { statement: 'vmap', key: 'tcp.dport', map: { 1: 'drop' } },
              { statement: 'dnat', address: { key: 'tcp.dport', map: { 1: '10.0.0.1' } }, options: { port: 5 } },
              { statement: 'set', field: 'ct.mark', value: { field: 'meta.mark', and: 5 } },
              {
                statement: 'element',
                operation: 'add',
                set: 's',
                key: 'meta.mark',
                states: [{ limit: { rate: 1, per: 'day' } }],
              },
              { statement: 'log', log: { prefix: 'x', flags: ['ether'] } },
              { statement: 'queue', queue: { number: 1 } },
              { statement: 'reject', reason: 'icmpx admin-prohibited' },
              { statement: 'object', type: 'counter', name: 'c' },
              { statement: 'dup', to: '10.0.0.1', device: 'lan0' },
              { statement: 'tproxy', port: 5 },
              { statement: 'expressions', expressions: ['00'] },
            ],
          },
        ],
      },
    },
  };
  /** All copies of a value in which one part, however deep, is another. */
  function* broken(value: unknown): Generator<unknown> {
    for (const other of values) yield other;
    if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) for (const one of broken(each)) yield value.with(index, one);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) for (const one of broken(each)) yield { ...value, [key]: one };
    }
  }
  let refused = 0;
  for (const table of broken(whole)) {
    try {
      compileRuleset({ tables: [table as TableDefinition] });
    } catch (error) {
      refused++;
      if (!(error instanceof EncodeError)) t.fail('another error', { error });
      else if (/undefined|cannot|is not a function|iterable|Cannot|convert/.test(error.message)) t.fail(error.message);
    }
  }
  t.ok(refused > 1000, `${refused} refused`);
});
