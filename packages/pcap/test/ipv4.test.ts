import { ByteWriter, Ipv4Address } from '@router7/wire';
import t from 'tap';
import {
  decodeIpv4,
  encodeIpv4,
  finishIpv4,
  IpProtocol,
  type Ipv4Packet,
  isIpv4Fragment,
  writeIpv4Header,
} from '../src/index.ts';
import { ipv4Packet } from './arbitrary.ts';
import { type Golden, hex, testGolden, testHostileBytes, testMalformed, testRoundTrip } from './golden.ts';

const plain: Ipv4Packet = {
  dscp: 0,
  ecn: 0,
  identification: 0,
  reservedFlag: false,
  dontFragment: false,
  moreFragments: false,
  fragmentOffset: 0,
  ttl: 64,
  protocol: IpProtocol.udp,
  source: Ipv4Address.parse('192.168.42.1'),
  destination: Ipv4Address.broadcast,
  options: [],
  payload: Uint8Array.of(1, 2, 3),
};

// The first two checksums were also computed by hand: the sum of the words, folded, inverted.
const rows: Golden<Ipv4Packet>[] = [
  {
    name: 'a plain packet',
    value: plain,
    bytes: hex(`
      45           // version 4, header of 5 words
      00           // DSCP 0, ECN 0
      00 17        // total length
      00 00        // identification
      00 00        // flags, fragment offset
      40           // TTL
      11           // protocol: UDP
      90 2d        // header checksum
      c0 a8 2a 01  // source
      ff ff ff ff  // destination
      01 02 03     // payload
    `),
  },
  {
    name: 'DSCP, ECN, identification and all flags',
    value: {
      ...plain,
      dscp: 46,
      ecn: 1,
      identification: 0xbeef,
      reservedFlag: true,
      dontFragment: true,
      moreFragments: true,
      fragmentOffset: 0xfff8,
      ttl: 1,
      protocol: 250,
      payload: new Uint8Array(0),
    },
    bytes: hex(`
      45           // version 4, header of 5 words
      b9           // DSCP 46 (expedited forwarding), ECN 1
      00 14        // total length
      be ef        // identification
      ff ff        // reserved, DF, MF, offset 8191 * 8
      01           // TTL
      fa           // protocol: not assigned
      0e 9f       // header checksum
      c0 a8 2a 01  // source
      ff ff ff ff  // destination
    `),
  },
  {
    name: 'the last fragment of three',
    value: { ...plain, identification: 7, fragmentOffset: 2960, payload: Uint8Array.of(9) },
    bytes: hex(`
      45 00        // version 4, header of 5 words, DSCP 0, ECN 0
      00 15        // total length
      00 07        // identification
      01 72        // no flags, offset 370 * 8
      40 11        // TTL, UDP
      8e b6        // header checksum
      c0 a8 2a 01  // source
      ff ff ff ff  // destination
      09           // payload
    `),
  },
  {
    name: 'options: router alert, a filler, the end with its padding',
    value: {
      ...plain,
      options: [
        { type: 148, data: Uint8Array.of(0, 0) },
        { type: 1, data: new Uint8Array(0) },
        { type: 0, data: Uint8Array.of(0, 0) },
      ],
    },
    bytes: hex(`
      47 00        // version 4, header of 7 words, DSCP 0, ECN 0
      00 1f        // total length
      00 00 00 00  // identification, flags
      40 11        // TTL, UDP
      f9 20       // header checksum
      c0 a8 2a 01  // source
      ff ff ff ff  // destination
      94 04 00 00  // router alert (RFC 2113)
      01           // no operation
      00 00 00     // end of options, padding
      01 02 03     // payload
    `),
  },
];

testGolden(rows, (bytes) => decodeIpv4(bytes, { verifyChecksum: true }), encodeIpv4);

t.test('drops the padding of a short Ethernet frame', async (t) => {
  const [{ bytes, value }] = rows as [Golden<Ipv4Packet>];
  const padded = new Uint8Array(46).fill(0xaa);
  padded.set(bytes);
  t.strictSame(decodeIpv4(padded, { verifyChecksum: true }), value);
});

t.test('options that do not fill a word are padded with zeros', async (t) => {
  const encoded = encodeIpv4({ ...plain, options: [{ type: 7, data: Uint8Array.of(4) }] });
  t.equal(encoded[0], 0x46);
  t.strictSame(encoded.subarray(20, 24), hex('07 03 04 00'));
  t.strictSame(decodeIpv4(encoded, { verifyChecksum: true }).options, [
    { type: 7, data: Uint8Array.of(4) },
    { type: 0, data: new Uint8Array(0) },
  ]);
});

t.test('tells fragments', async (t) => {
  t.notOk(isIpv4Fragment(plain));
  t.ok(isIpv4Fragment({ ...plain, moreFragments: true }), 'the first');
  t.ok(isIpv4Fragment({ ...plain, fragmentOffset: 8 }), 'the last');
});

t.test('verifies the checksum only on request', async (t) => {
  const bytes = encodeIpv4(plain);
  for (let bit = 0; bit < 160; bit++) {
    const broken = bytes.slice();
    broken[bit >> 3] = (broken[bit >> 3] as number) ^ (0x80 >> (bit & 7));
    if (bit < 8 || (bit >= 16 && bit < 32)) continue; // version and lengths fail for themselves
    t.throws(() => decodeIpv4(broken, { verifyChecksum: true }), { code: 'bad-checksum' }, `bit ${bit}`);
    t.doesNotThrow(() => decodeIpv4(broken), `bit ${bit}, not verified`);
  }
});

const header = '4500 0014 0000 0000 4011 0000 c0a82a01 ffffffff';
testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'version 6', bytes: hex(header.replace('45', '65')), code: 'bad-magic' },
    { name: 'a header of four words', bytes: hex(header.replace('45', '44')), code: 'bad-length' },
    { name: 'a header longer than the packet', bytes: hex(header.replace('45', '46')), code: 'bad-length' },
    { name: 'a total length in the header', bytes: hex(header.replace('0014', '0013')), code: 'bad-length' },
    { name: 'a total length of 0', bytes: hex(header.replace('0014', '0000')), code: 'bad-length' },
    { name: 'a total length past the end', bytes: hex(header.replace('0014', '0015')), code: 'truncated' },
    { name: 'a header cut off', bytes: hex(header).slice(0, 19), code: 'truncated' },
    {
      name: 'an option without length',
      bytes: hex('46 00 0018 00000000 4011 0000 00000000 00000000 01010107'),
      code: 'truncated',
    },
    {
      name: 'an option of length 0',
      bytes: hex('46 00 0018 00000000 4011 0000 00000000 00000000 07000000'),
      code: 'bad-length',
    },
    {
      name: 'an option of length 1',
      bytes: hex('46 00 0018 00000000 4011 0000 00000000 00000000 07010000'),
      code: 'bad-length',
    },
    {
      name: 'an option past the header',
      bytes: hex('46 00 0018 00000000 4011 0000 00000000 00000000 07050000'),
      code: 'bad-length',
    },
  ],
  (bytes) => decodeIpv4(bytes),
);

t.test('an error names the octet of the whole frame', async (t) => {
  t.throws(() => decodeIpv4(hex(header.replace('45', '65')), { base: 14 }), { code: 'bad-magic', offset: 14 });
  t.throws(() => decodeIpv4(hex(header), { base: 14, verifyChecksum: true }), { code: 'bad-checksum', offset: 24 });
});

t.test('refuses values that have no encoding', async (t) => {
  const refused: [string, Partial<Ipv4Packet>, string][] = [
    ['DSCP of 7 bits', { dscp: 64 }, 'out-of-range'],
    ['negative DSCP', { dscp: -1 }, 'out-of-range'],
    ['ECN of 3 bits', { ecn: 4 }, 'out-of-range'],
    ['TTL 256', { ttl: 256 }, 'out-of-range'],
    ['identification of 17 bits', { identification: 0x1_0000 }, 'out-of-range'],
    ['fragment offset 65536', { fragmentOffset: 65_536 }, 'out-of-range'],
    ['fragment offset 4', { fragmentOffset: 4 }, 'bad-value'],
    ['41 octets of options', { options: [{ type: 7, data: new Uint8Array(39) }] }, 'too-long'],
    ['a filler with data', { options: [{ type: 1, data: new Uint8Array(1) }] }, 'bad-value'],
    [
      'an option behind the end',
      {
        options: [
          { type: 0, data: new Uint8Array(0) },
          { type: 1, data: new Uint8Array(0) },
        ],
      },
      'bad-value',
    ],
    ['65536 octets', { payload: new Uint8Array(65_516) }, 'too-long'],
  ];
  for (const [name, change, code] of refused) {
    t.throws(() => encodeIpv4({ ...plain, ...change }), { name: 'EncodeError', code }, name);
  }
  t.equal(encodeIpv4({ ...plain, payload: new Uint8Array(65_515) }).length, 65_535, 'the largest there is');
  t.equal(encodeIpv4({ ...plain, options: [{ type: 7, data: new Uint8Array(38) }] })[0], 0x4f, 'the most options');
});

t.test('a header with options behind what is in the writer already', async (t) => {
  const packet: Ipv4Packet = {
    ...plain,
    options: [
      { type: 148, data: Uint8Array.of(0, 0) },
      { type: 7, data: new Uint8Array(3) },
    ],
  };
  for (const before of [1, 14, 18]) {
    const writer = new ByteWriter();
    writer.fill(before, 0xa5);
    const start = writeIpv4Header(writer, packet);
    writer.bytes(packet.payload);
    finishIpv4(writer, start);
    t.equal(start, before);
    t.strictSame(writer.finish().subarray(before), encodeIpv4(packet));
  }
});

testRoundTrip('IPv4', ipv4Packet, (bytes) => decodeIpv4(bytes, { verifyChecksum: true }), encodeIpv4);

testHostileBytes(
  'IPv4',
  rows.map(({ bytes }) => bytes),
  (bytes) => decodeIpv4(bytes),
  encodeIpv4,
);
