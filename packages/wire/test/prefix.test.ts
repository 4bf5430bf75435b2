import fc from 'fast-check';
import t from 'tap';
import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '../src/index.ts';
import { encodeError } from './golden.ts';

t.test('IPv4: network, mask, broadcast', async (t) => {
  const rows: [string, string, string, string][] = [
    ['192.168.42.1/24', '192.168.42.0', '255.255.255.0', '192.168.42.255'],
    ['85.195.207.62/25', '85.195.207.0', '255.255.255.128', '85.195.207.127'],
    ['10.1.2.3/8', '10.0.0.0', '255.0.0.0', '10.255.255.255'],
    ['192.0.2.1/31', '192.0.2.0', '255.255.255.254', '192.0.2.1'],
    ['192.0.2.1/32', '192.0.2.1', '255.255.255.255', '192.0.2.1'],
    ['192.0.2.1/1', '128.0.0.0', '128.0.0.0', '255.255.255.255'],
    ['192.0.2.1/0', '0.0.0.0', '0.0.0.0', '255.255.255.255'],
  ];
  for (const [text, network, mask, broadcast] of rows) {
    const prefix = Ipv4Prefix.parse(text);
    t.equal(`${prefix}`, text);
    t.equal(JSON.stringify([prefix]), `["${text}"]`);
    t.equal(`${prefix.network}`, network);
    t.equal(`${prefix.mask}`, mask);
    t.equal(`${prefix.broadcast}`, broadcast);
    t.ok(Ipv4Prefix.fromMask(prefix.address, prefix.mask).equals(prefix));
    t.ok(prefix.contains(prefix.network));
    t.ok(prefix.contains(prefix.broadcast));
  }
});

t.test('IPv4: masks with holes', async (t) => {
  for (const mask of ['255.0.255.0', '0.255.255.255', '0.0.0.1', '255.255.255.253']) {
    t.throws(
      () => Ipv4Prefix.fromMask(Ipv4Address.unspecified, Ipv4Address.parse(mask)),
      encodeError('bad-value'),
      mask,
    );
  }
});

t.test('IPv4: contains what is in it, up to the edges', async (t) => {
  const prefix = Ipv4Prefix.parse('192.168.42.77/26');
  for (const [text, inside] of [
    ['192.168.42.63', false],
    ['192.168.42.64', true],
    ['192.168.42.127', true],
    ['192.168.42.128', false],
    ['64.168.42.77', false],
  ] as const) {
    t.equal(prefix.contains(Ipv4Address.parse(text)), inside, text);
  }
  t.ok(Ipv4Prefix.parse('10.0.0.0/0').contains(Ipv4Address.broadcast), 'everything');
  t.notOk(Ipv4Prefix.parse('10.0.0.1/32').contains(Ipv4Address.parse('10.0.0.0')));
});

t.test('IPv6: network', async (t) => {
  const rows: [string, string][] = [
    ['2001:db8::1/64', '2001:db8::'],
    ['2a02:168:4a00:1234::1/48', '2a02:168:4a00::'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::'],
    ['fe80::1/128', 'fe80::1'],
    ['fe80::1/127', 'fe80::'],
    ['ffff::1/0', '::'],
  ];
  for (const [text, network] of rows) {
    const prefix = Ipv6Prefix.parse(text);
    t.equal(`${prefix}`, text);
    t.equal(JSON.stringify([prefix]), `["${text}"]`);
    t.equal(`${prefix.network}`, network);
    t.ok(prefix.contains(prefix.network));
  }
});

t.test('IPv6: contains what is in it, up to the edges', async (t) => {
  const prefix = Ipv6Prefix.parse('2001:db8:0:10::1/60');
  for (const [text, inside] of [
    ['2001:db8:0:f:ffff:ffff:ffff:ffff', false],
    ['2001:db8:0:10::', true],
    ['2001:db8:0:1f:ffff:ffff:ffff:ffff', true],
    ['2001:db8:0:20::', false],
  ] as const) {
    t.equal(prefix.contains(Ipv6Address.parse(text)), inside, text);
  }
  t.ok(Ipv6Prefix.parse('::/0').contains(Ipv6Address.parse('ffff::')));
});

t.test('equal are the same address and the same length', async (t) => {
  t.ok(Ipv4Prefix.parse('10.0.0.1/8').equals(Ipv4Prefix.parse('10.0.0.1/8')));
  t.notOk(Ipv4Prefix.parse('10.0.0.1/8').equals(Ipv4Prefix.parse('10.0.0.1/9')));
  t.notOk(Ipv4Prefix.parse('10.0.0.1/8').equals(Ipv4Prefix.parse('10.0.0.2/8')), 'host bits count');
  t.ok(Ipv6Prefix.parse('::1/8').equals(Ipv6Prefix.parse('::1/8')));
  t.notOk(Ipv6Prefix.parse('::1/8').equals(Ipv6Prefix.parse('::1/9')));
  t.notOk(Ipv6Prefix.parse('::1/8').equals(Ipv6Prefix.parse('::2/8')));
});

t.test('text that is no prefix', async (t) => {
  for (const text of [
    '',
    '/',
    '10.0.0.1',
    '10.0.0.1/',
    '/8',
    '10.0.0.1/08',
    '10.0.0.1/8/8',
    '10.0.0.1/-1',
    '10.0.0/8',
    '::1/8',
  ]) {
    t.throws(() => Ipv4Prefix.parse(text), encodeError('bad-value'), JSON.stringify(text));
  }
  for (const text of ['', '::1', '::1/', '/64', '::1/064', '::1/64 ', 'fe80::1%eth0/64', '10.0.0.1/8']) {
    t.throws(() => Ipv6Prefix.parse(text), encodeError('bad-value'), JSON.stringify(text));
  }
  t.throws(() => Ipv4Prefix.parse('10.0.0.1/33'), encodeError('out-of-range'));
  t.throws(() => Ipv6Prefix.parse('::1/129'), encodeError('out-of-range'));
  for (const length of [-1, 33, 1.5]) {
    t.throws(() => new Ipv4Prefix(Ipv4Address.unspecified, length), encodeError('out-of-range'));
  }
  t.throws(() => new Ipv6Prefix(Ipv6Address.unspecified, 129), encodeError('out-of-range'));
});

t.test('an address is in a prefix exactly when the networks are the same', async () => {
  const address4 = fc.nat(0xffff_ffff).map((value) => new Ipv4Address(value));
  const address6 = fc.bigInt(0n, 2n ** 128n - 1n).map((value) => new Ipv6Address(value));
  fc.assert(
    fc.property(address4, address4, fc.nat(32), fc.nat(32), (one, noise, length, shared) => {
      // The other one begins with the same `shared` bits.
      const keep = shared === 0 ? 0 : (0xffff_ffff << (32 - shared)) >>> 0;
      const other = new Ipv4Address(((one.value & keep) | (noise.value & ~keep)) >>> 0);
      const prefix = new Ipv4Prefix(one, length);
      return prefix.contains(other) === prefix.network.equals(new Ipv4Prefix(other, length).network);
    }),
  );
  fc.assert(
    fc.property(address6, address6, fc.nat(128), fc.nat(128), (one, noise, length, shared) => {
      const rest = (1n << BigInt(128 - shared)) - 1n;
      const other = new Ipv6Address((one.value & ~rest) | (noise.value & rest));
      const prefix = new Ipv6Prefix(one, length);
      const host = BigInt(128 - length);
      if (prefix.network.value !== (one.value >> host) << host) return false;
      return prefix.contains(other) === prefix.network.equals(new Ipv6Prefix(other, length).network);
    }),
  );
});
