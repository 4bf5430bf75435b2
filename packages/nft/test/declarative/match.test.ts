import {
  accept,
  compileRule,
  type Expression,
  expressionName,
  fields,
  type Match,
  rule,
  SetElementFlag,
} from '@router7/nft';
import { toHex } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';

const where = { family: 'inet', table: 't', chain: 'c' } as const;
const compile = (match: Match, family: 'inet' | 'ip' | 'ip6' | 'bridge' = 'inet') =>
  compileRule({ ...where, family }, rule(match));
const names = (match: Match, family?: 'inet' | 'ip' | 'ip6' | 'bridge') =>
  compile(match, family).rule.expressions.map(expressionName);

/** The octets that are compared, as text. */
function compared(expressions: readonly Expression[]): string[] {
  return expressions.flatMap((expression) => (expression.kind === 'cmp' ? [toHex(expression.value)] : []));
}

t.test('dependencies are put in, once, and only where they are needed', async (t) => {
  t.same(names({ 'ip.saddr': '10.0.0.1' }), ['meta', 'cmp', 'payload', 'cmp'], 'inet: meta nfproto');
  t.same(names({ 'ip.saddr': '10.0.0.1' }, 'ip'), ['payload', 'cmp'], 'ip: known');
  t.same(names({ 'ip.saddr': '10.0.0.1', 'ip.daddr': '10.0.0.2' }), [
    'meta',
    'cmp',
    'payload',
    'cmp',
    'payload',
    'cmp',
  ]);
  t.same(
    names({ 'tcp.dport': 22, 'tcp.sport': 1 }),
    ['meta', 'cmp', 'payload', 'cmp', 'payload', 'cmp'],
    'meta l4proto',
  );
  t.same(
    names({ 'meta.l4proto': 'tcp', 'tcp.dport': 22 }),
    ['meta', 'cmp', 'payload', 'cmp'],
    'said by the rule itself',
  );
  t.same(names({ 'icmpv6.type': 135 }, 'ip6'), ['meta', 'cmp', 'payload', 'cmp'], 'ip6: only meta l4proto');
  t.same(compared(compile({ 'ip.ttl': 1 }, 'bridge').rule.expressions), ['0800', '01'], 'bridge: meta protocol');
});

t.test('values as they lie in the registers', async (t) => {
  const value = (match: Match) => compared(compile(match).rule.expressions).at(-1);
  t.equal(value({ 'meta.mark': 0x01020304 }), '04030201', 'marks: host order');
  t.equal(value({ 'th.dport': 0x0102 }), '0102', 'ports: network order');
  t.equal(value({ iifname: 'lan0' }), '6c616e30000000000000000000000000', 'whole names with their zeros');
  t.equal(value({ iifname: 'lan*' }), '6c616e', 'beginnings without');
  t.equal(
    value({ 'ip.saddr': '192.168.42.1/16' }),
    'c0a8',
    'a prefix of whole octets is loaded no further, host bits are cut off',
  );
  t.equal(value({ 'ip.saddr': '192.168.42.1/20' }), 'c0a82000');
  t.equal(value({ 'ip.saddr': '192.168.42.1/32' }), 'c0a82a01');
  t.equal(value({ 'ct.state': { not: ['new', 'related'] } }), '0c000000');
  t.equal(value({ 'fib.daddr.type': 'local' }), '02000000');
  t.equal(value({ 'ether.saddr': '02:00:5e:10:00:01' }), '02005e100001');
  t.equal(value({ 'icmp.type': '8' }), '08', 'numbers as text');
  t.equal(value({ 'meta.mark': '0x10' }), '10000000', 'hexadecimal, too');
});

t.test('what no rule can be made of', async (t) => {
  const bad: readonly (readonly [string, Match, string])[] = [
    ['unknown field', { 'ip.nope': 1 } as unknown as Match, 'bad-value'],
    ['inherited name', { constructor: 1 } as unknown as Match, 'bad-value'],
    ['two protocols', { 'tcp.dport': 1, 'udp.dport': 1 }, 'bad-value'],
    ['two IP versions', { 'ip.saddr': '10.0.0.1', 'ip6.saddr': '::1' }, 'bad-value'],
    ['no such word', { 'ct.state': 'open' }, 'bad-value'],
    ['port out of range', { 'tcp.dport': 65_536 }, 'out-of-range'],
    ['port with a fraction', { 'tcp.dport': 1.5 }, 'out-of-range'],
    ['range backwards', { 'tcp.dport': '9-8' }, 'bad-value'],
    ['range of marks backwards', { 'meta.mark': '256-255' }, 'bad-value'],
    ['no address', { 'ip.saddr': '10.0.0' }, 'bad-value'],
    ['address of the other version', { 'ip.saddr': '::1' }, 'bad-value'],
    ['prefix too long', { 'ip.saddr': '10.0.0.0/33' }, 'out-of-range'],
    ['long interface name', { iifname: 'sixteen-octets-x' }, 'bad-value'],
    ['no interface name', { iifname: '' }, 'bad-value'],
    ['beginnings in a list', { iifname: ['lan*', 'wg0'] }, 'bad-value'],
    ['empty list', { 'tcp.dport': [] }, 'bad-value'],
    ['intervals of marks in a list', { 'meta.mark': ['1-5', 9] }, 'bad-value'],
    ['bits that are not among those looked at', { 'tcp.flags': { bits: ['syn', 'ack'], of: ['syn'] } }, 'bad-value'],
    ['a bit of none', { 'ct.state': { bits: ['new'], of: [] } }, 'bad-value'],
    ['bits of what has none', { 'tcp.dport': { bits: [1], of: [1] } }, 'bad-value'],
  ];
  for (const [name, match, code] of bad) t.throws(() => compile(match), { name: 'EncodeError', code }, name);
  t.throws(
    () => compile({ 'ip6.saddr': '::1' }, 'ip'),
    { name: 'EncodeError', code: 'bad-value' },
    'IPv6 in a table for IPv4',
  );
});

t.test('a list of intervals holds exactly what was asked for', async (t) => {
  const span = fc.tuple(fc.nat(300), fc.nat(20)).map(([from, length]) => [from, Math.min(from + length, 300)] as const);
  const exact = fc.property(fc.array(span, { minLength: 2, maxLength: 12 }), (spans) => {
    const ports = spans.map(([from, to]) => (from === to ? from : `${from}-${to}`));
    const [set] = compile({ 'tcp.dport': ports }).sets;
    const elements = set?.elements.elements ?? [];
    const isInterval = ((set?.set.flags ?? 0) & 4) !== 0;
    const number = (key: Uint8Array | undefined): number => ((key?.[0] ?? 0) << 8) | (key?.[1] ?? 0);
    for (let port = 0; port <= 302; port++) {
      const wanted = spans.some(([from, to]) => from <= port && port <= to);
      // As the kernel does it: the last element at or below the key decides.
      const below = elements.filter(({ key }) => number(key) <= port).at(-1);
      const found = isInterval
        ? below !== undefined && ((below.flags ?? 0) & SetElementFlag.intervalEnd) === 0
        : elements.some(({ key }) => number(key) === port);
      if (wanted !== found) return false;
    }
    return new Set(elements.map(({ key }) => number(key))).size === elements.length;
  });
  fc.assert(exact, { numRuns: 200 });
  t.pass('for 200 lists');
});

t.test('intervals up to the last key have no end', async (t) => {
  const [set] = compile({ 'ip.saddr': ['224.0.0.0/3', '0.0.0.0/8'] }).sets;
  t.same(
    set?.elements.elements.map(({ key, flags = 0 }) => `${key?.join('.')} ${flags}`),
    ['0.0.0.0 0', '1.0.0.0 1', '224.0.0.0 0'],
  );
});

t.test('every field compiles', async (t) => {
  for (const name of Object.keys(fields)) {
    const samples = [1, '10.0.0.1', '::1', '02:00:00:00:00:01'];
    const compiled = samples.some((value) => {
      try {
        return compile({ [name]: value } as Match).rule.expressions.length > 0;
      } catch {
        return false;
      }
    });
    t.ok(compiled, name);
  }
  t.same(
    compileRule(where, rule({}, accept())).rule.expressions.map(expressionName),
    ['immediate'],
    'no condition at all',
  );
});
