import { Ipv4Address, Ipv6Address } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { type AddressPair, decodeUdp, encodeUdp, type UdpDatagram } from '../src/index.ts';
import { ipv4, ipv6, udpDatagram } from './arbitrary.ts';
import { type Golden, hex, testGolden, testHostileBytes, testMalformed, testRoundTrip } from './golden.ts';

const v4: AddressPair = { source: Ipv4Address.parse('192.168.42.1'), destination: Ipv4Address.broadcast };
const v6: AddressPair = { source: Ipv6Address.parse('fe80::1'), destination: Ipv6Address.parse('ff02::1:2') };

type Row = Golden<UdpDatagram> & { readonly addresses: AddressPair };

const rows: Row[] = [
  {
    name: 'over IPv4, an odd number of octets',
    addresses: v4,
    value: { sourcePort: 67, destinationPort: 68, hasChecksum: true, payload: Uint8Array.of(1, 2, 3) },
    bytes: hex(`
      00 43     // source port
      00 44     // destination port
      00 0b     // length
      10 a6     // checksum
      01 02 03  // payload
    `),
  },
  {
    name: 'over IPv4 without payload',
    addresses: v4,
    value: { sourcePort: 67, destinationPort: 68, hasChecksum: true, payload: new Uint8Array(0) },
    bytes: hex(`
      00 43  // source port
      00 44  // destination port
      00 08  // length
      14 ae  // checksum
    `),
  },
  {
    name: 'over IPv4 without checksum',
    addresses: v4,
    value: { sourcePort: 65_535, destinationPort: 0, hasChecksum: false, payload: Uint8Array.of(1) },
    bytes: hex(`
      ff ff  // source port
      00 00  // destination port
      00 09  // length
      00 00  // checksum: none
      01     // payload
    `),
  },
  {
    name: 'a checksum that comes out as zero is sent as all ones',
    addresses: v4,
    value: { sourcePort: 67, destinationPort: 68, hasChecksum: true, payload: hex('14 aa') },
    bytes: hex(`
      00 43  // source port
      00 44  // destination port
      00 0a  // length
      ff ff  // checksum
      14 aa  // payload
    `),
  },
  {
    name: 'over IPv6',
    addresses: v6,
    value: { sourcePort: 546, destinationPort: 547, hasChecksum: true, payload: Uint8Array.of(1, 2, 3) },
    bytes: hex(`
      02 22     // source port
      02 23     // destination port
      00 0b     // length
      fa 09     // checksum
      01 02 03  // payload
    `),
  },
  {
    name: 'a surplus behind the length (RFC 9868), outside of the checksum',
    addresses: v4,
    value: {
      sourcePort: 67,
      destinationPort: 68,
      hasChecksum: true,
      payload: Uint8Array.of(1, 2, 3),
      surplus: Uint8Array.of(0xff, 0xee),
    },
    bytes: hex(`
      00 43     // source port
      00 44     // destination port
      00 0b     // length
      10 a6     // checksum
      01 02 03  // payload
      ff ee     // surplus
    `),
  },
];

testGolden(
  rows,
  (bytes, row) => decodeUdp(bytes, { verifyChecksum: (row as Row).addresses }),
  (value, row) => encodeUdp(value, (row as Row).addresses),
);

testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'a header cut off', bytes: hex('0043 0044 0008 00'), code: 'truncated' },
    { name: 'a length in the header', bytes: hex('0043 0044 0007 0000'), code: 'bad-length' },
    { name: 'a length of 0', bytes: hex('0043 0044 0000 0000'), code: 'bad-length' },
    { name: 'a length past the end', bytes: hex('0043 0044 000a 0000 01'), code: 'truncated' },
  ],
  (bytes) => decodeUdp(bytes),
);

t.test('verifies the checksum only on request', async (t) => {
  for (const { addresses, bytes, value, name } of rows.filter(({ value }) => value.hasChecksum)) {
    const broken = bytes.slice();
    broken[0] = (broken[0] as number) ^ 0x10;
    t.throws(() => decodeUdp(broken, { verifyChecksum: addresses }), { code: 'bad-checksum' }, name);
    t.strictSame(decodeUdp(broken), { ...value, sourcePort: value.sourcePort ^ 0x1000 }, `${name}, not verified`);
  }
  const [row] = rows as [Row];
  t.throws(() => decodeUdp(row.bytes, { verifyChecksum: v6 }), { code: 'bad-checksum' }, 'other addresses');
});

t.test('RFC 8200 section 8.1: over IPv6 there must be a checksum', async (t) => {
  const bytes = hex('0222 0223 0008 0000');
  t.throws(() => decodeUdp(bytes, { verifyChecksum: v6, base: 54 }), { code: 'bad-checksum', offset: 60 });
  t.notOk(decodeUdp(bytes).hasChecksum, 'not asked to verify');
  const value = { sourcePort: 1, destinationPort: 2, hasChecksum: false, payload: new Uint8Array(0) };
  t.throws(() => encodeUdp(value, v6), { name: 'EncodeError', code: 'bad-value' });
});

t.test('refuses values that have no encoding', async (t) => {
  const value = { sourcePort: 1, destinationPort: 2, hasChecksum: true, payload: new Uint8Array(0) };
  t.throws(() => encodeUdp({ ...value, sourcePort: 65_536 }, v4), { code: 'out-of-range' });
  t.throws(() => encodeUdp({ ...value, destinationPort: -1 }, v4), { code: 'out-of-range' });
  t.throws(() => encodeUdp({ ...value, payload: new Uint8Array(65_528) }, v4), { code: 'too-long' });
  const largest = encodeUdp({ ...value, payload: new Uint8Array(65_527).fill(0xff) }, v4);
  t.doesNotThrow(() => decodeUdp(largest, { verifyChecksum: v4 }), 'the largest there is');
});

const pair = fc.oneof(
  fc.record({ source: ipv4, destination: ipv4 }),
  fc.record({ source: ipv6, destination: ipv6 }),
) as fc.Arbitrary<AddressPair>;

t.test('any datagram comes back as it was, between any addresses', async (t) => {
  fc.assert(
    fc.property(udpDatagram, pair, (datagram, addresses) => {
      const value = { ...datagram, hasChecksum: true };
      const bytes = encodeUdp(value, addresses);
      const decoded = decodeUdp(bytes, { verifyChecksum: addresses });
      return decoded.hasChecksum && t.strictSame(decoded, value);
    }),
    { numRuns: 100 },
  );
});

testRoundTrip(
  'UDP without verification',
  udpDatagram,
  (bytes) => decodeUdp(bytes),
  (value) => encodeUdp(value, v4),
);

testHostileBytes(
  'UDP',
  rows.map(({ bytes }) => bytes),
  (bytes) => decodeUdp(bytes),
  (value) => encodeUdp(value, v4),
);
