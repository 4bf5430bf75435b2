import t from 'tap';
import {
  decodePcapHeader,
  encodePcapHeader,
  encodePcapRecord,
  type PcapHeader,
  type PcapRecord,
} from '../src/index.ts';
import { type Golden, hex, sameBytes, testGolden, testHostileBytes, testMalformed } from './golden.ts';

const header: PcapHeader = {
  kind: 'pcap-header',
  byteOrder: 'little',
  resolution: 'microseconds',
  snapLength: 262_144,
  linkType: 1,
  linkTypeFlags: 0,
};

const rows: Golden<PcapHeader>[] = [
  {
    name: 'little-endian, microseconds, as tcpdump writes it',
    value: header,
    bytes: hex(`
      d4 c3 b2 a1              // magic number
      02 00 04 00              // version 2.4
      00 00 00 00 00 00 00 00  // reserved
      00 00 04 00              // snap length
      01 00 00 00              // link type: Ethernet
    `),
  },
  {
    name: 'big-endian, microseconds',
    value: { ...header, byteOrder: 'big', snapLength: 1600, linkType: 101 },
    bytes: hex(`
      a1 b2 c3 d4              // magic number
      00 02 00 04              // version 2.4
      00 00 00 00 00 00 00 00  // reserved
      00 00 06 40              // snap length
      00 00 00 65              // link type: raw IP
    `),
  },
  {
    name: 'little-endian, nanoseconds, frames with a check sequence of 4 octets',
    value: { ...header, resolution: 'nanoseconds', linkTypeFlags: 0x2400, snapLength: 0xffff_ffff },
    bytes: hex(`
      4d 3c b2 a1              // magic number
      02 00 04 00              // version 2.4
      00 00 00 00 00 00 00 00  // reserved
      ff ff ff ff              // snap length
      01 00 00 24              // link type: Ethernet, FCS of 2 words
    `),
  },
  {
    name: 'big-endian, nanoseconds',
    value: { ...header, byteOrder: 'big', resolution: 'nanoseconds', linkTypeFlags: 0xf000, linkType: 0xffff },
    bytes: hex(`
      a1 b2 3c 4d              // magic number
      00 02 00 04              // version 2.4
      00 00 00 00 00 00 00 00  // reserved
      00 04 00 00              // snap length
      f0 00 ff ff              // link type
    `),
  },
];

testGolden(rows, decodePcapHeader, encodePcapHeader);

const rest = '0000000000000000 00000400 01000000';
testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'a header cut off', bytes: hex(`d4c3b2a1 02000400 ${rest}`).slice(0, 23), code: 'truncated' },
    { name: 'an unknown magic number', bytes: hex(`d4c3b2a2 02000400 ${rest}`), code: 'bad-magic' },
    { name: 'a modified format of old', bytes: hex(`34cdb2a1 02000400 ${rest}`), code: 'bad-magic' },
    { name: 'version 2.3', bytes: hex(`d4c3b2a1 02000300 ${rest}`), code: 'bad-magic' },
    { name: 'version 3.4', bytes: hex(`d4c3b2a1 03000400 ${rest}`), code: 'bad-magic' },
    { name: 'a version of the other byte order', bytes: hex(`d4c3b2a1 00020004 ${rest}`), code: 'bad-magic' },
  ],
  decodePcapHeader,
);

const packet: PcapRecord = {
  timestamp: 1_526_672_231_151_824_999n,
  originalLength: 351,
  bytes: Uint8Array.of(1, 2, 3),
};

t.test('encodes packets in the unit and the order of the header', async (t) => {
  sameBytes(
    t,
    encodePcapRecord(packet, header),
    hex(`
      67 2b ff 5a  // seconds
      10 51 02 00  // microseconds, the rest dropped
      03 00 00 00  // captured length
      5f 01 00 00  // original length
      01 02 03     // packet
    `),
    'little-endian, microseconds',
  );
  sameBytes(
    t,
    encodePcapRecord(packet, { ...header, byteOrder: 'big', resolution: 'nanoseconds' }),
    hex(`
      5a ff 2b 67  // seconds
      09 0c aa 67  // nanoseconds
      00 00 00 03  // captured length
      00 00 01 5f  // original length
      01 02 03     // packet
    `),
    'big-endian, nanoseconds',
  );
});

t.test('refuses values that do not fit', async (t) => {
  const refused = { name: 'EncodeError', code: 'out-of-range' };
  for (const timestamp of [-1n, -1_000_000_000n, 4_294_967_296_000_000_000n]) {
    t.throws(() => encodePcapRecord({ ...packet, timestamp }, header), refused, String(timestamp));
  }
  t.doesNotThrow(() => encodePcapRecord({ ...packet, timestamp: 4_294_967_295_999_999_999n }, header));
  t.throws(() => encodePcapRecord({ ...packet, originalLength: -1 }, header), refused);
  t.throws(() => encodePcapHeader({ ...header, linkType: 0x1_0000 }), refused);
  t.throws(() => encodePcapHeader({ ...header, linkTypeFlags: 0x1_0000 }), refused);
  t.throws(() => encodePcapHeader({ ...header, snapLength: 2 ** 32 }), refused);
});

testHostileBytes(
  'a pcap header',
  rows.map(({ bytes }) => bytes),
  decodePcapHeader,
  encodePcapHeader,
);
