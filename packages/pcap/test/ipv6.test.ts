import { Ipv6Address } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import {
  decodeIpv6,
  encodeIpv6,
  IpProtocol,
  type Ipv6ExtensionHeader,
  type Ipv6Packet,
  ipv6Fragment,
  isIpv6Fragment,
} from '../src/index.ts';
import { ipv6, payload, u8 } from './arbitrary.ts';
import { type Golden, hex, testGolden, testHostileBytes, testMalformed, testRoundTrip } from './golden.ts';

const plain: Ipv6Packet = {
  trafficClass: 0,
  flowLabel: 0,
  hopLimit: 255,
  source: Ipv6Address.parse('fe80::1'),
  destination: Ipv6Address.parse('ff02::1:2'),
  extensionHeaders: [],
  nextHeader: IpProtocol.udp,
  payload: Uint8Array.of(1, 2, 3),
};

const addresses = `
  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01  // source
  ff 02 00 00 00 00 00 00 00 00 00 00 00 01 00 02  // destination
`;

const rows: Golden<Ipv6Packet>[] = [
  {
    name: 'a plain packet',
    value: plain,
    bytes: hex(`
      60 00 00 00  // version 6, traffic class 0, flow label 0
      00 03        // payload length
      11           // next header: UDP
      ff           // hop limit
      ${addresses}
      01 02 03     // payload
    `),
  },
  {
    name: 'traffic class and flow label with every bit set, nothing inside',
    value: {
      ...plain,
      trafficClass: 0xff,
      flowLabel: 0xf_ffff,
      hopLimit: 0,
      nextHeader: IpProtocol.noNextHeader,
      payload: new Uint8Array(0),
    },
    bytes: hex(`
      6f ff ff ff  // version 6, traffic class 255, flow label 1048575
      00 00        // payload length
      3b           // no next header
      00           // hop limit
      ${addresses}
    `),
  },
  {
    name: 'a multicast listener report: router alert in hop-by-hop options',
    value: {
      ...plain,
      hopLimit: 1,
      extensionHeaders: [{ type: IpProtocol.hopByHop, data: Uint8Array.of(5, 2, 0, 0, 1, 0) }],
      nextHeader: IpProtocol.icmpv6,
      payload: Uint8Array.of(143, 0, 0, 0),
    },
    bytes: hex(`
      60 00 00 00        // version 6, traffic class 0, flow label 0
      00 0c              // payload length
      00                 // next header: hop-by-hop options
      01                 // hop limit
      ${addresses}
      3a                 // next header: ICMPv6
      00                 // length: 8 octets
      05 02 00 00 01 00  // router alert, padding
      8f 00 00 00        // payload
    `),
  },
  {
    name: "all five extension headers in RFC 8200's order",
    value: {
      ...plain,
      extensionHeaders: [
        { type: IpProtocol.hopByHop, data: Uint8Array.of(1, 4, 0, 0, 0, 0) },
        { type: IpProtocol.routing, data: hex('04 00 0000 0000 2001 0db8 0000 0000 0000 0000 0000 0001').slice(0, 14) },
        { type: IpProtocol.fragment, data: Uint8Array.of(0, 1, 0xde, 0xad, 0xbe, 0xef) },
        { type: IpProtocol.authentication, data: hex('0000 00000100 00000001 aabbccdd 00112233') },
        { type: IpProtocol.destinationOptions, data: Uint8Array.of(1, 4, 0, 0, 0, 0) },
      ],
      payload: Uint8Array.of(9),
    },
    bytes: hex(`
      60 00 00 00        // version 6, traffic class 0, flow label 0
      00 3d              // payload length
      00                 // next header: hop-by-hop options
      ff                 // hop limit
      ${addresses}
      2b                 // next header: routing
      00                 // length: 8 octets
      01 04 00 00 00 00  // padding
      2c                 // next header: fragment
      01                 // length: 16 octets
      04 00              // routing type, segments left
      00 00 00 00        // last entry, flags
      20 01 0d b8        // data
      00 00 00 00        // data
      33                 // next header: authentication
      00                 // reserved
      00 01              // offset 0, more fragments
      de ad be ef        // identification
      3c                 // next header: destination options
      03                 // length: 5 words, minus 2
      00 00              // reserved
      00 00 01 00        // security parameters index
      00 00 00 01        // sequence number
      aa bb cc dd        // integrity check value
      00 11 22 33        // integrity check value
      11                 // next header: UDP
      00                 // length: 8 octets
      01 04 00 00 00 00  // padding
      09                 // payload
    `),
  },
  {
    name: 'a later fragment: what follows its header is no header',
    value: {
      ...plain,
      extensionHeaders: [{ type: IpProtocol.fragment, data: Uint8Array.of(0x05, 0xa8, 0, 0, 0, 7) }],
      nextHeader: IpProtocol.destinationOptions,
      payload: Uint8Array.of(0xff, 0xff),
    },
    bytes: hex(`
      60 00 00 00  // version 6, traffic class 0, flow label 0
      00 0a        // payload length
      2c           // next header: fragment
      ff           // hop limit
      ${addresses}
      3c           // next header: destination options, in the first fragment
      00           // reserved
      05 a8        // offset 1448, no more fragments
      00 00 00 07  // identification
      ff ff        // payload
    `),
  },
  {
    name: 'ESP ends the walk',
    value: { ...plain, nextHeader: IpProtocol.esp },
    bytes: hex(`
      60 00 00 00  // version 6, traffic class 0, flow label 0
      00 03        // payload length
      32           // next header: ESP
      ff           // hop limit
      ${addresses}
      01 02 03     // payload
    `),
  },
];

testGolden(rows, (bytes) => decodeIpv6(bytes), encodeIpv6);

t.test('drops what lies behind the payload length', async (t) => {
  const [{ bytes, value }] = rows as [Golden<Ipv6Packet>];
  const padded = new Uint8Array(60).fill(0xaa);
  padded.set(bytes);
  t.strictSame(decodeIpv6(padded), value);
});

t.test('tells fragments', async (t) => {
  const at = (field: number): Ipv6Packet => ({
    ...plain,
    extensionHeaders: [
      { type: IpProtocol.hopByHop, data: new Uint8Array(6) },
      { type: IpProtocol.fragment, data: Uint8Array.of(field >> 8, field & 0xff, 0, 0, 1, 0) },
    ],
  });
  t.equal(ipv6Fragment(plain), undefined);
  t.strictSame(ipv6Fragment(at(0x05a9)), { offset: 1448, moreFragments: true, identification: 256 });
  t.strictSame(ipv6Fragment(at(0x0006)), { offset: 0, moreFragments: false, identification: 256 }, 'reserved bits');
  t.notOk(isIpv6Fragment(plain));
  t.notOk(isIpv6Fragment(at(0)), 'an atomic fragment is whole (RFC 6946)');
  t.ok(isIpv6Fragment(at(1)), 'the first');
  t.ok(isIpv6Fragment(at(8)), 'the last');
});

const header = (length: string, next: string, rest: string): Uint8Array =>
  hex(`60000000 ${length} ${next} ff ${addresses}\n${rest}`);
testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'version 4', bytes: hex('45000014'), code: 'bad-magic' },
    { name: 'a header cut off', bytes: header('0000', '3b', '').slice(0, 39), code: 'truncated' },
    { name: 'a payload cut off', bytes: header('0004', '11', '010203'), code: 'truncated' },
    { name: 'a jumbogram', bytes: header('0000', '00', '3b00c20400010000'), code: 'truncated' },
    { name: 'an extension header that is not there', bytes: header('0000', '00', ''), code: 'truncated' },
    { name: 'an extension header of one octet', bytes: header('0001', '3c', '11'), code: 'truncated' },
    {
      name: 'an extension header past the payload',
      bytes: header('0008', '3c', '1101 010400000000'),
      code: 'truncated',
    },
    { name: 'a fragment header cut off', bytes: header('0007', '2c', '1100 0000 000000'), code: 'truncated' },
    {
      name: 'an authentication header too short',
      bytes: header('0008', '33', '1100 0000 00000000'),
      code: 'bad-length',
    },
    {
      name: 'hop-by-hop options behind another header',
      bytes: header('0010', '3c', '0000 010400000000 1100 010400000000'),
      code: 'bad-value',
    },
    {
      name: 'hop-by-hop options twice',
      bytes: header('0010', '00', '0000 010400000000 1100 010400000000'),
      code: 'bad-value',
    },
  ],
  (bytes) => decodeIpv6(bytes),
);

t.test('an error names the octet of the whole frame', async (t) => {
  t.throws(() => decodeIpv6(header('0008', '33', '1100 0000 00000000'), 14), { code: 'bad-length', offset: 55 });
});

t.test('refuses values that have no encoding', async (t) => {
  const extension = (type: number, length: number): Partial<Ipv6Packet> => ({
    extensionHeaders: [{ type, data: new Uint8Array(length) }],
  });
  const refused: [string, Partial<Ipv6Packet>, string][] = [
    ['traffic class 256', { trafficClass: 256 }, 'out-of-range'],
    ['flow label of 21 bits', { flowLabel: 0x10_0000 }, 'out-of-range'],
    ['hop limit 256', { hopLimit: 256 }, 'out-of-range'],
    ['65536 octets', { payload: new Uint8Array(65_536) }, 'too-long'],
    ['an extension header that is none', extension(IpProtocol.udp, 6), 'bad-value'],
    ['options of 9 octets', extension(IpProtocol.hopByHop, 7), 'bad-value'],
    ['options of 2 octets', extension(IpProtocol.hopByHop, 0), 'bad-value'],
    ['a fragment header of 16 octets', extension(IpProtocol.fragment, 14), 'bad-value'],
    ['an authentication header of 8 octets', extension(IpProtocol.authentication, 6), 'bad-value'],
    ['options of 2056 octets', extension(IpProtocol.destinationOptions, 2054), 'out-of-range'],
  ];
  for (const [name, change, code] of refused) {
    t.throws(() => encodeIpv6({ ...plain, ...change }), { name: 'EncodeError', code }, name);
  }
  t.doesNotThrow(() => decodeIpv6(encodeIpv6({ ...plain, ...extension(IpProtocol.destinationOptions, 2046) })));
});

const extension: fc.Arbitrary<Ipv6ExtensionHeader> = fc.oneof(
  fc.record(
    {
      type: fc.constantFrom(IpProtocol.routing, IpProtocol.destinationOptions),
      data: fc.nat(5).chain((n) => fc.uint8Array({ minLength: 8 * n + 6, maxLength: 8 * n + 6 })),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      type: fc.constant(IpProtocol.authentication),
      data: fc.nat(5).chain((n) => fc.uint8Array({ minLength: 4 * n + 10, maxLength: 4 * n + 10 })),
    },
    { noNullPrototype: true },
  ),
);

testRoundTrip(
  'IPv6',
  fc.record(
    {
      trafficClass: u8,
      flowLabel: fc.nat(0xf_ffff),
      hopLimit: u8,
      source: ipv6,
      destination: ipv6,
      extensionHeaders: fc.array(extension, { maxLength: 4 }),
      nextHeader: fc.constantFrom(IpProtocol.udp, IpProtocol.icmpv6, IpProtocol.esp, 253),
      payload,
    },
    { noNullPrototype: true },
  ),
  (bytes) => decodeIpv6(bytes),
  encodeIpv6,
);

testHostileBytes(
  'IPv6',
  rows.map(({ bytes }) => bytes),
  (bytes) => decodeIpv6(bytes),
  encodeIpv6,
);
