import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import { EncodeError, Ipv6Address } from '../src/index.ts';
import { encodeError, hex } from './golden.ts';

t.test('RFC 5952: all its examples have one canonical form', async (t) => {
  const rows: [string, ...string[]][] = [
    // Section 1 and 2: one address, many ways.
    [
      '2001:db8::1:0:0:1',
      '2001:db8:0:0:1:0:0:1',
      '2001:0db8:0:0:1:0:0:1',
      '2001:db8::1:0:0:1',
      '2001:db8::0:1:0:0:1',
      '2001:0db8::1:0:0:1',
      '2001:db8:0:0:1::1',
      '2001:db8:0000:0:1::1',
      '2001:DB8:0:0:1::1',
    ],
    // Section 2.1: leading zeros.
    [
      '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1',
      '2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001',
      '2001:db8:aaaa:bbbb:cccc:dddd:eeee:01',
    ],
    // Section 2.2: zero compression.
    ['2001:db8:aaaa:bbbb:cccc:dddd:0:1', '2001:db8:aaaa:bbbb:cccc:dddd::1'],
    ['2001:db8::1', '2001:db8:0:0:0::1', '2001:db8:0:0::1', '2001:db8:0::1'],
    ['2001:db8::aaaa:0:0:1', '2001:db8:0:0:aaaa::1'],
    // Section 2.3: upper or lower case.
    [
      '2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa',
      '2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:AAAA',
      '2001:db8:AaAa:BbBb:cccc:dddd:EEEE:aAaA',
    ],
    // Section 4.1: leading zeros must be suppressed, and one 0 stays.
    ['2001:db8::1', '2001:0db8::0001'],
    // Section 4.2.1: shorten as much as possible.
    ['2001:db8::2:1', '2001:db8:0:0:0:0:2:1', '2001:db8::0:2:1', '2001:db8::0:0:2:1'],
    // Section 4.2.2: not just one field.
    ['2001:db8:0:1:1:1:1:1', '2001:db8::1:1:1:1:1'],
    // Section 4.2.3: the longest run, the first of equal ones.
    ['2001:0:0:1::1', '2001:0:0:1:0:0:0:1', '2001::1:0:0:0:1'],
    ['2001:db8::1:0:0:1', '2001:db8:0:0:1:0:0:1'],
    // Section 5: IPv4 in the last 32 bits.
    ['::ffff:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:192.0.2.1', '::FFFF:C000:0201'],
    ['::ffff:0.0.0.0', '::ffff:0:0'],
  ];
  for (const [canonical, ...others] of rows) {
    for (const text of [canonical, ...others]) t.equal(`${Ipv6Address.parse(text)}`, canonical, text);
  }
});

t.test('mixed notation for mapped addresses only', async (t) => {
  const rows: [string, string][] = [
    ['::192.0.2.1', '::c000:201'],
    ['::fffe:192.0.2.1', '::fffe:c000:201'],
    ['::1:ffff:192.0.2.1', '::1:ffff:c000:201'],
    ['::ffff:0:192.0.2.1', '::ffff:0:c000:201'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ];
  for (const [text, canonical] of rows) t.equal(`${Ipv6Address.parse(text)}`, canonical, text);
});

t.test('text, number and octets', async (t) => {
  const rows: [string, bigint, string][] = [
    ['::', 0n, '00000000 00000000 00000000 00000000'],
    ['::1', 1n, '00000000 00000000 00000000 00000001'],
    ['1::', 1n << 112n, '00010000 00000000 00000000 00000000'],
    ['fe80::5eff:fe10:b', 0xfe80_0000_0000_0000_0000_5eff_fe10_000bn, 'fe800000 00000000 00005eff fe10000b'],
    ['1:2:3:4:5:6:7:8', 0x0001_0002_0003_0004_0005_0006_0007_0008n, '00010002 00030004 00050006 00070008'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 2n ** 128n - 1n, 'ffffffff ffffffff ffffffff ffffffff'],
  ];
  for (const [text, value, octets] of rows) {
    t.equal(Ipv6Address.parse(text).value, value);
    t.equal(new Ipv6Address(value).toString(), text);
    t.strictSame(new Ipv6Address(value).toBytes(), hex(octets));
    t.equal(Ipv6Address.fromBytes(hex(octets)).value, value);
    t.equal(JSON.stringify([new Ipv6Address(value)]), `["${text}"]`);
  }
  t.ok(Ipv6Address.unspecified.equals(Ipv6Address.parse('::')));
  t.ok(Ipv6Address.loopback.equals(Ipv6Address.parse('::1')));
  t.notOk(Ipv6Address.loopback.equals(Ipv6Address.unspecified));
});

t.test('text that is no address', async (t) => {
  const bad = [
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'g::',
    ':1::',
    '1:',
    '::1:',
  ];
  bad.push(
    '1:2:3:4::5:6:7:8',
    '::1.2.3',
    '::1.2.3.4.5',
    '::256.1.1.1',
    '::01.2.3.4',
    '1.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
  );
  bad.push('1:2:3:4:5:6:7:1.2.3.4', '::1 ', ' ::1', '::1\n', '::1/128', 'fe80::1%eth0', '[::1]', '::ffff:1.2.3.4%1');
  for (const text of bad) t.throws(() => Ipv6Address.parse(text), encodeError('bad-value'), JSON.stringify(text));
});

t.test('numbers and octets that are no address', async (t) => {
  for (const value of [-1n, 2n ** 128n]) t.throws(() => new Ipv6Address(value), encodeError('out-of-range'));
  for (const length of [0, 4, 15, 17]) {
    t.throws(() => Ipv6Address.fromBytes(new Uint8Array(length)), encodeError('bad-value'));
  }
});

t.test('what kind of address it is, up to the edges', async (t) => {
  const kinds = ['isUnspecified', 'isLoopback', 'isLinkLocal', 'isUniqueLocal', 'isMulticast'] as const;
  const rows: [string, (typeof kinds)[number] | undefined][] = [
    ['::', 'isUnspecified'],
    ['::1', 'isLoopback'],
    ['::2', undefined],
    ['fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
    ['fc00::', 'isUniqueLocal'],
    ['fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'isUniqueLocal'],
    ['fe00::', undefined],
    ['fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
    ['fe80::', 'isLinkLocal'],
    ['febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'isLinkLocal'],
    ['fec0::', undefined],
    ['feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
    ['ff00::', 'isMulticast'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'isMulticast'],
  ];
  for (const [text, kind] of rows) {
    const address = Ipv6Address.parse(text);
    t.strictSame(
      kinds.filter((name) => address[name]),
      kind === undefined ? [] : [kind],
      text,
    );
  }
});

const group = fc.oneof(fc.constantFrom(0, 0, 1, 0xffff), fc.nat(0xffff));
const value = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n));

t.test('every number has its text, and comes back', async () => {
  fc.assert(
    fc.property(value, (value) => {
      const address = new Ipv6Address(value);
      const text = address.toString();
      return (
        isIPv6(text) &&
        text === text.toLowerCase() &&
        !/(^|:)0[0-9a-f]/.test(text) &&
        Ipv6Address.parse(text).value === value &&
        Ipv6Address.fromBytes(address.toBytes()).value === value
      );
    }),
    { numRuns: 500 },
  );
});

t.test('is written as a URL writes it, where that follows RFC 5952', async () => {
  fc.assert(
    fc.property(value, (value) => {
      const text = new Ipv6Address(value).toString();
      return value >> 32n === 0xffffn || new URL(`http://[${text}]/`).hostname === `[${text}]`;
    }),
    { numRuns: 500 },
  );
});

t.test('takes exactly the texts that Node takes, without zone', async () => {
  const piece = fc.constantFrom(
    '0',
    '1',
    'ffff',
    '00000',
    'g',
    '::',
    ':',
    ':',
    '.',
    '1.2.3.4',
    '256.1.1.1',
    '/64',
    '%1',
    'F',
    '',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const text = pieces.join('');
      const valid = isIPv6(text) && !text.includes('%');
      try {
        Ipv6Address.parse(text);
        return valid;
      } catch (error) {
        return error instanceof EncodeError && !valid;
      }
    }),
    { numRuns: 20_000 },
  );
});

t.test('words, octets and the number are the same 128 bits', async (t) => {
  const value = 0xfe80_0000_0000_0001_8000_0000_ffff_fffen;
  const address = new Ipv6Address(value);
  t.strictSame([address.word0, address.word1, address.word2, address.word3], [-0x180_0000, 1, -0x8000_0000, -2]);
  t.strictSame(new Ipv6Address(0xfe80_0000, 1, 0x8000_0000, 0xffff_fffe), address, 'signed or not');
  t.notOk(new Ipv6Address(0, 1, 0x8000_0000, 0xffff_fffe).equals(address));
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 128n - 1n), (value) => {
      const address = new Ipv6Address(value);
      const { word0, word1, word2, word3 } = address;
      const again = new Ipv6Address(word0, word1, word2, word3);
      return (
        address.value === value && again.equals(address) && Ipv6Address.fromBytes(address.toBytes()).equals(address)
      );
    }),
  );
});
