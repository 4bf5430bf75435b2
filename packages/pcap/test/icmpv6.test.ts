import { Ipv6Address } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { decodeIcmpv6, encodeIcmpv6, type Icmpv6Message, type Ipv6AddressPair } from '../src/index.ts';
import { payload, u8 } from './arbitrary.ts';
import { type Golden, hex, testGolden, testHostileBytes, testMalformed, testRoundTrip } from './golden.ts';

const link: Ipv6AddressPair = { source: Ipv6Address.parse('fe80::1'), destination: Ipv6Address.parse('ff02::1:2') };
const site: Ipv6AddressPair = {
  source: Ipv6Address.parse('2001:db8::1'),
  destination: Ipv6Address.parse('2001:db8::2'),
};

type Row = Golden<Icmpv6Message> & { readonly addresses: Ipv6AddressPair };

const rows: Row[] = [
  {
    name: 'a router solicitation',
    addresses: link,
    value: { type: 133, code: 0, body: new Uint8Array(4) },
    bytes: hex(`
      85           // type: router solicitation
      00           // code
      7d 35        // checksum
      00 00 00 00  // body
    `),
  },
  {
    name: 'an echo request of an odd length',
    addresses: site,
    value: { type: 128, code: 0, body: hex('1234 0001 68656c6c6f') },
    bytes: hex(`
      80              // type: echo request
      00              // code
      ce 3b           // checksum
      12 34 00 01     // identifier, sequence number
      68 65 6c 6c 6f  // data
    `),
  },
];

testGolden(
  rows,
  (bytes, row) => decodeIcmpv6(bytes, { verifyChecksum: (row as Row).addresses }),
  (value, row) => encodeIcmpv6(value, (row as Row).addresses),
);

testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'a header of three octets', bytes: hex('850000'), code: 'truncated' },
  ],
  (bytes) => decodeIcmpv6(bytes),
);

t.test('verifies the checksum only on request', async (t) => {
  for (const { bytes, addresses } of rows) {
    const broken = bytes.slice();
    broken[1] = 1;
    t.throws(() => decodeIcmpv6(broken, { verifyChecksum: addresses, base: 54 }), { code: 'bad-checksum', offset: 56 });
    t.equal(decodeIcmpv6(broken).code, 1);
  }
  const [{ bytes }] = rows as [Row];
  t.throws(() => decodeIcmpv6(bytes, { verifyChecksum: site }), { code: 'bad-checksum' }, 'other addresses');
});

t.test('refuses values that do not fit', async (t) => {
  const body = new Uint8Array(0);
  t.throws(() => encodeIcmpv6({ type: 256, code: 0, body }, link), { name: 'EncodeError', code: 'out-of-range' });
  t.throws(() => encodeIcmpv6({ type: 0, code: -1, body }, link), { name: 'EncodeError', code: 'out-of-range' });
});

testRoundTrip(
  'ICMPv6',
  fc.record({ type: u8, code: u8, body: payload }, { noNullPrototype: true }),
  (bytes) => decodeIcmpv6(bytes, { verifyChecksum: link }),
  (value) => encodeIcmpv6(value, link),
);

testHostileBytes(
  'ICMPv6',
  rows.map(({ bytes }) => bytes),
  (bytes) => decodeIcmpv6(bytes),
  (value) => encodeIcmpv6(value, link),
);
