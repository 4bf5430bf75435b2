import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import { EncodeError, Ipv4Address } from '../src/index.ts';
import { encodeError, hex } from './golden.ts';

t.test('text, number and octets', async (t) => {
  const rows: [string, number, string][] = [
    ['0.0.0.0', 0, '00000000'],
    ['192.168.42.1', 0xc0a8_2a01, 'c0a82a01'],
    ['1.20.200.255', 0x0114_c8ff, '0114c8ff'],
    ['255.255.255.255', 0xffff_ffff, 'ffffffff'],
  ];
  for (const [text, value, octets] of rows) {
    t.equal(Ipv4Address.parse(text).value, value);
    t.equal(new Ipv4Address(value).toString(), text);
    t.strictSame(new Ipv4Address(value).toBytes(), hex(octets));
    t.equal(Ipv4Address.fromBytes(hex(octets)).value, value);
    t.equal(JSON.stringify({ address: new Ipv4Address(value) }), `{"address":"${text}"}`);
  }
  t.ok(Ipv4Address.unspecified.equals(Ipv4Address.parse('0.0.0.0')));
  t.ok(Ipv4Address.broadcast.equals(Ipv4Address.parse('255.255.255.255')));
  t.notOk(Ipv4Address.broadcast.equals(Ipv4Address.unspecified));
});

t.test('text that is no address', async (t) => {
  const bad = [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4.',
    '.1.2.3.4',
    '1..3.4',
    '256.1.1.1',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.04',
  ];
  bad.push(
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '1.2.3.4/24',
    '0x1.2.3.4',
    '1.2.3.-4',
    '1e1.2.3.4',
    '١.2.3.4',
    '16909060',
    '::1',
  );
  for (const text of bad) t.throws(() => Ipv4Address.parse(text), encodeError('bad-value'), JSON.stringify(text));
});

t.test('numbers and octets that are no address', async (t) => {
  for (const value of [-1, 2 ** 32, 0.5, Number.NaN])
    t.throws(() => new Ipv4Address(value), encodeError('out-of-range'));
  for (const length of [0, 3, 5, 16]) {
    t.throws(() => Ipv4Address.fromBytes(new Uint8Array(length)), encodeError('bad-value'));
  }
});

t.test('what kind of address it is, up to the edges', async (t) => {
  const kinds = [
    'isUnspecified',
    'isBroadcast',
    'isLoopback',
    'isLinkLocal',
    'isMulticast',
    'isPrivate',
    'isShared',
  ] as const;
  const rows: [string, (typeof kinds)[number] | undefined][] = [
    ['0.0.0.0', 'isUnspecified'],
    ['0.0.0.1', undefined],
    ['9.255.255.255', undefined],
    ['10.0.0.0', 'isPrivate'],
    ['10.255.255.255', 'isPrivate'],
    ['11.0.0.0', undefined],
    ['100.63.255.255', undefined],
    ['100.64.0.0', 'isShared'],
    ['100.127.255.255', 'isShared'],
    ['100.128.0.0', undefined],
    ['126.255.255.255', undefined],
    ['127.0.0.1', 'isLoopback'],
    ['127.255.255.255', 'isLoopback'],
    ['128.0.0.0', undefined],
    ['169.253.255.255', undefined],
    ['169.254.0.0', 'isLinkLocal'],
    ['169.254.255.255', 'isLinkLocal'],
    ['169.255.0.0', undefined],
    ['172.15.255.255', undefined],
    ['172.16.0.0', 'isPrivate'],
    ['172.31.255.255', 'isPrivate'],
    ['172.32.0.0', undefined],
    ['192.167.255.255', undefined],
    ['192.168.0.0', 'isPrivate'],
    ['192.168.255.255', 'isPrivate'],
    ['192.169.0.0', undefined],
    ['223.255.255.255', undefined],
    ['224.0.0.0', 'isMulticast'],
    ['239.255.255.255', 'isMulticast'],
    ['240.0.0.0', undefined],
    ['255.255.255.255', 'isBroadcast'],
  ];
  for (const [text, kind] of rows) {
    const address = Ipv4Address.parse(text);
    t.strictSame(
      kinds.filter((name) => address[name]),
      kind === undefined ? [] : [kind],
      text,
    );
  }
});

t.test('counts up and down, not past the ends', async (t) => {
  t.equal(`${Ipv4Address.parse('192.168.0.255').plus(1)}`, '192.168.1.0');
  t.equal(`${Ipv4Address.parse('192.168.1.0').plus(-1)}`, '192.168.0.255');
  t.equal(`${Ipv4Address.unspecified.plus(2 ** 32 - 1)}`, '255.255.255.255');
  t.throws(() => Ipv4Address.broadcast.plus(1), encodeError('out-of-range'));
  t.throws(() => Ipv4Address.unspecified.plus(-1), encodeError('out-of-range'));
});

t.test('every number has its text, and comes back', async () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (value) => {
      const address = new Ipv4Address(value);
      return (
        isIPv4(address.toString()) &&
        Ipv4Address.parse(address.toString()).value === value &&
        Ipv4Address.fromBytes(address.toBytes()).value === value
      );
    }),
  );
});

t.test('takes exactly the texts that Node takes', async () => {
  const piece = fc.constantFrom('0', '1', '25', '255', '256', '.', '.', '.', '01', '-', '/', '\n', ' ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      const text = pieces.join('');
      try {
        Ipv4Address.parse(text);
        return isIPv4(text);
      } catch (error) {
        return error instanceof EncodeError && !isIPv4(text);
      }
    }),
    { numRuns: 2000 },
  );
});
