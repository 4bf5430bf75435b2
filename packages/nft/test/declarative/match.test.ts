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
  t.equal(value({ 'ct.state': { not: { exactly: ['new', 'related'] } } }), '0c000000', 'bits: or');
  t.equal(value({ 'ip.dscp': 'cs1' }), '20', 'bits of an octet at their place');
  t.equal(value({ 'ip6.dscp': 'cs1' }), '0200', 'bits of two octets');
  t.equal(value({ 'vlan.id': 5 }), '0005');
  t.equal(value({ 'meta.priority': '1:2' }), '02000100');
  t.equal(value({ 'ct.expiration': '30s' }), '30750000');
  t.equal(value({ 'meta.hour': '17:30' }), '18f60000');
  t.equal(value({ 'ct.bytes': { gt: 5 } }), '0000000000000005', 'what is compared: network order');
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
    ['a list of nothing at all', { 'ip.saddr': { not: '0.0.0.0/0' } }, 'bad-value'],
    ['outside of all ports', { 'tcp.dport': { not: '0-65535' } }, 'bad-value'],
    ['outside of a list of all ports', { 'tcp.dport': { not: ['0-100', '101-65535'] } }, 'bad-value'],
    ['less than nothing', { 'tcp.dport': { lt: 0 } }, 'bad-value'],
    ['more than everything', { 'tcp.dport': { gt: 65_535 } }, 'bad-value'],
    ['an inherited comparison', { 'tcp.dport': { toString: 1 } } as unknown as Match, 'bad-value'],
    ['an inherited word', { 'ct.state': 'constructor' }, 'bad-value'],
    ['no bit at all', { 'ct.state': 0 }, 'bad-value'],
    ['one value for two fields', { 'ip.saddr . tcp.dport': '10.0.0.1' }, 'bad-value'],
    ['ARP among IP', { 'arp.operation': 'request' }, 'bad-value'],
    ['a type that has no such field', { 'icmp.type': 'redirect', 'icmp.id': 5 }, 'bad-value'],
    ['empty list', { 'tcp.dport': [] }, 'bad-value'],
    ['bits that are not among those looked at', { 'tcp.flags': { bits: ['syn', 'ack'], of: ['syn'] } }, 'bad-value'],
    ['a bit of none', { 'ct.state': { bits: ['new'], of: [] } }, 'bad-value'],
  ];
  for (const [name, match, code] of bad) t.throws(() => compile(match), { name: 'EncodeError', code }, name);
  t.throws(
    () => compile({ 'ip6.saddr': '::1' }, 'ip'),
    { name: 'EncodeError', code: 'bad-value' },
    'IPv6 in a table for IPv4',
  );
});

t.test('the opposite of bits is what nft makes of it', async (t) => {
  const steps = (match: Match) =>
    compile(match)
      .rule.expressions.slice(-2)
      .map((each) => {
        if (each.kind === 'bitwise' && 'mask' in each) return `& ${toHex(each.mask)}`;
        return each.kind === 'cmp' ? `${each.operator === 0 ? '==' : '!='} ${toHex(each.value)}` : each.kind;
      });
  t.same(steps({ 'tcp.flags': 'syn' }), ['& 02', '!= 00'], 'tcp flags syn');
  t.same(steps({ 'tcp.flags': { not: 'syn' } }), ['payload', '!= 02'], 'tcp flags != syn: any but SYN alone');
  t.same(steps({ 'tcp.flags': { not: ['syn'] } }), ['& 02', '== 00'], 'tcp flags ! syn: no SYN');
  t.same(steps({ 'tcp.flags': { not: ['syn', 'rst'] } }), ['& 06', '== 00'], 'tcp flags ! syn,rst: neither');
  t.same(steps({ 'tcp.flags': { exactly: ['syn', 'ack'] } }), ['payload', '== 12'], 'tcp flags == syn | ack');
  t.same(steps({ 'tcp.flags': { not: { bits: 'syn', of: ['syn', 'ack'] } } }), ['& 12', '!= 02']);
  t.same(steps({ 'meta.mark': { bits: 5, of: 0xff } }), ['& ff000000', '== 05000000'], 'meta mark & 0xff == 5');
});

t.test('concatenations lie in registers as nft lays them', async (t) => {
  const registers = (name: string) =>
    compile({ [name]: { set: 's' } } as Match).rule.expressions.flatMap((each) =>
      'register' in each && each.kind !== 'cmp' ? [`${each.kind} ${each.register}`] : [],
    );
  t.same(registers('meta.mark . ct.mark'), ['meta 1', 'ct 9']);
  t.same(registers('iifname . meta.mark'), ['meta 1', 'meta 2'], 'a name fills a register of 16 octets');
  t.same(registers('meta.mark . iifname . ct.state'), ['meta 1', 'meta 9', 'ct 13']);
  const [set] = compile({ 'ip.saddr . tcp.dport': ['10.0.0.0/8 . 80-90', '192.0.2.1 . 22'] }).sets;
  t.match(set?.set, { flags: 0x87, keyType: 461, keyLength: 8, fieldLengths: [4, 2] });
  t.same(
    set?.elements.elements.map(({ key, keyEnd }) => `${key} ${keyEnd}`),
    ['10,0,0,0,0,80,0,0 10,255,255,255,0,90,0,0', '192,0,2,1,0,22,0,0 192,0,2,1,0,22,0,0'],
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
    const samples = [1, '10.0.0.1', '::1', '02:00:00:00:00:01', 'lan0'];
    const compiled = samples.some((value) => {
      try {
        return compile({ [name]: value } as Match, 'bridge').rule.expressions.length > 0;
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
