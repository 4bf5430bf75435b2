import t from 'tap';
import { type Block, BlockType, type ByteOrder, decodeBlock, encodeBlock } from '../../src/index.ts';
import { type Golden, hex, testGolden, testHostileBytes, testMalformed } from '../golden.ts';

type Row = Golden<Block> & { readonly byteOrder: ByteOrder; readonly snapLength?: number };

const rows: Row[] = [
  {
    name: 'section header, little-endian, without options',
    byteOrder: 'little',
    value: { kind: 'section-header', byteOrder: 'little', sectionLength: undefined, options: [] },
    bytes: hex(`
      0a 0d 0d 0a              // block type
      1c 00 00 00              // block length
      4d 3c 2b 1a              // byte-order magic
      01 00 00 00              // version 1.0
      ff ff ff ff ff ff ff ff  // section length: unknown
      1c 00 00 00              // block length
    `),
  },
  {
    name: "section header, big-endian, a comment and the writer's name",
    byteOrder: 'big',
    value: {
      kind: 'section-header',
      byteOrder: 'big',
      sectionLength: 40n,
      options: [
        { code: 1, data: Uint8Array.of(0x68, 0x69) },
        { code: 4, data: Uint8Array.of(0x72, 0x37, 0x2e, 0x31) },
      ],
    },
    bytes: hex(`
      0a 0d 0d 0a              // block type
      00 00 00 30              // block length
      1a 2b 3c 4d              // byte-order magic
      00 01 00 00              // version 1.0
      00 00 00 00 00 00 00 28  // section length
      00 01 00 02 68 69 00 00  // comment "hi"
      00 04 00 04 72 37 2e 31  // application "r7.1"
      00 00 00 00              // end of options
      00 00 00 30              // block length
    `),
  },
  {
    name: 'interface description, big-endian, without options',
    byteOrder: 'big',
    value: { kind: 'interface-description', linkType: 101, snapLength: 0, options: [] },
    bytes: hex(`
      00 00 00 01  // block type
      00 00 00 14  // block length
      00 65 00 00  // link type: raw IP, reserved
      00 00 00 00  // snap length: no limit
      00 00 00 14  // block length
    `),
  },
  {
    name: 'interface description, little-endian, with name and resolution',
    byteOrder: 'little',
    value: {
      kind: 'interface-description',
      linkType: 1,
      snapLength: 262_144,
      options: [
        { code: 2, data: Uint8Array.of(0x6c, 0x61, 0x6e, 0x30) },
        { code: 9, data: Uint8Array.of(9) },
      ],
    },
    bytes: hex(`
      01 00 00 00              // block type
      28 00 00 00              // block length
      01 00 00 00              // link type: Ethernet, reserved
      00 00 04 00              // snap length
      02 00 04 00 6c 61 6e 30  // name "lan0"
      09 00 01 00 09 00 00 00  // resolution: nanoseconds
      00 00 00 00              // end of options
      28 00 00 00              // block length
    `),
  },
  {
    name: 'enhanced packet, little-endian, cut, with a comment and flags',
    byteOrder: 'little',
    value: {
      kind: 'enhanced-packet',
      interfaceId: 1,
      ticks: 0x0005_6c80_1122_3344n,
      originalLength: 351,
      bytes: Uint8Array.of(1, 2, 3, 4, 5),
      options: [
        { code: 1, data: Uint8Array.of(0x68) },
        { code: 2, data: Uint8Array.of(1, 0, 0, 0) },
      ],
    },
    bytes: hex(`
      06 00 00 00              // block type
      3c 00 00 00              // block length
      01 00 00 00              // interface
      80 6c 05 00              // timestamp, upper half
      44 33 22 11              // timestamp, lower half
      05 00 00 00              // captured length
      5f 01 00 00              // original length
      01 02 03 04 05 00 00 00  // packet, padding
      01 00 01 00 68 00 00 00  // comment "h"
      02 00 04 00 01 00 00 00  // flags: inbound
      00 00 00 00              // end of options
      3c 00 00 00              // block length
    `),
  },
  {
    name: 'enhanced packet, big-endian, empty',
    byteOrder: 'big',
    value: {
      kind: 'enhanced-packet',
      interfaceId: 0,
      ticks: 0xffff_ffff_ffff_ffffn,
      originalLength: 0,
      bytes: new Uint8Array(0),
      options: [],
    },
    bytes: hex(`
      00 00 00 06  // block type
      00 00 00 20  // block length
      00 00 00 00  // interface
      ff ff ff ff  // timestamp, upper half
      ff ff ff ff  // timestamp, lower half
      00 00 00 00  // captured length
      00 00 00 00  // original length
      00 00 00 20  // block length
    `),
  },
  {
    name: 'simple packet, whole, no snap length',
    byteOrder: 'little',
    value: { kind: 'simple-packet', originalLength: 3, bytes: Uint8Array.of(1, 2, 3) },
    bytes: hex(`
      03 00 00 00  // block type
      14 00 00 00  // block length
      03 00 00 00  // original length
      01 02 03 00  // packet, padding
      14 00 00 00  // block length
    `),
  },
  {
    name: 'simple packet, cut to the snap length',
    byteOrder: 'big',
    snapLength: 4,
    value: { kind: 'simple-packet', originalLength: 60, bytes: Uint8Array.of(1, 2, 3, 4) },
    bytes: hex(`
      00 00 00 03  // block type
      00 00 00 14  // block length
      00 00 00 3c  // original length
      01 02 03 04  // packet
      00 00 00 14  // block length
    `),
  },
  {
    name: 'interface statistics stay raw',
    byteOrder: 'little',
    value: { kind: 'raw', type: BlockType.interfaceStatistics, body: hex('00000000 11223344 55667788') },
    bytes: hex(`
      05 00 00 00              // block type
      18 00 00 00              // block length
      00 00 00 00              // interface
      11 22 33 44 55 66 77 88  // timestamp
      18 00 00 00              // block length
    `),
  },
  {
    name: 'a block of no known type, without body',
    byteOrder: 'big',
    value: { kind: 'raw', type: 0x8000_0bad, body: new Uint8Array(0) },
    bytes: hex(`
      80 00 0b ad  // block type
      00 00 00 0c  // block length
      00 00 00 0c  // block length
    `),
  },
];

testGolden(
  rows,
  (bytes, row) => decodeBlock(bytes, { byteOrder: (row as Row).byteOrder, snapLength: (row as Row).snapLength ?? 0 }),
  (value, row) => encodeBlock(value, (row as Row).byteOrder),
);

t.test('every type that is known has its rows in both byte orders', async (t) => {
  for (const kind of ['section-header', 'interface-description', 'enhanced-packet', 'simple-packet', 'raw']) {
    const orders = new Set(rows.filter(({ value }) => value.kind === kind).map(({ byteOrder }) => byteOrder));
    t.equal(orders.size, 2, kind);
  }
});

t.test('options without the mark at their end are read as well', async (t) => {
  const bytes = hex('00000001 0000001c 0001 0000 00000000 0002 0004 6c616e30 0000001c');
  t.match(decodeBlock(bytes, { byteOrder: 'big', snapLength: 0 }), {
    options: [{ code: 2, data: Uint8Array.of(0x6c, 0x61, 0x6e, 0x30) }],
  });
});

t.test('minor version 2 is read as 0', async (t) => {
  const bytes = hex('0a0d0d0a 0000001c 1a2b3c4d 0001 0002 ffffffffffffffff 0000001c');
  t.equal(decodeBlock(bytes, { byteOrder: 'big', snapLength: 0 }).kind, 'section-header');
});

const big = { byteOrder: 'big', snapLength: 0 } as const;
testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'a block of 8 octets', bytes: hex('00000005 00000008'), code: 'bad-length' },
    { name: 'a length that is not its own', bytes: hex('00000005 00000010 0000000c'), code: 'bad-length' },
    { name: 'two lengths that differ', bytes: hex('00000005 0000000c 00000010'), code: 'bad-length' },
    { name: 'a length that is no multiple of 4', bytes: hex('00000005 0000000d 00 0000000d'), code: 'bad-length' },
    { name: 'a section header without version', bytes: hex('0a0d0d0a 00000010 1a2b3c4d 00000010'), code: 'truncated' },
    {
      name: 'a section of the other byte order',
      bytes: hex('0a0d0d0a 0000001c 4d3c2b1a 00010000 ffffffffffffffff 0000001c'),
      code: 'bad-magic',
    },
    {
      name: 'major version 2',
      bytes: hex('0a0d0d0a 0000001c 1a2b3c4d 00020000 ffffffffffffffff 0000001c'),
      code: 'bad-magic',
    },
    {
      name: 'minor version 1',
      bytes: hex('0a0d0d0a 0000001c 1a2b3c4d 00010001 ffffffffffffffff 0000001c'),
      code: 'bad-magic',
    },
    { name: 'an interface without snap length', bytes: hex('00000001 00000010 00010000 00000010'), code: 'truncated' },
    {
      name: 'an option past the block',
      bytes: hex('00000001 0000001c 00010000 00000000 0002 0005 6c616e30 0000001c'),
      code: 'truncated',
    },
    {
      name: 'an option cut off in its padding',
      bytes: hex('00000001 0000001c 00010000 00000000 0002 0007 6c616e30 0000001c'),
      code: 'truncated',
    },
    {
      name: 'an end of options with a length',
      bytes: hex('00000001 0000001c 00010000 00000000 0000 0004 00000000 0000001c'),
      code: 'bad-length',
    },
    {
      name: 'octets behind the end of options',
      bytes: hex('00000001 0000001c 00010000 00000000 0000 0000 00000000 0000001c'),
      code: 'leftover',
    },
    {
      name: 'an enhanced packet without lengths',
      bytes: hex('00000006 00000018 00000000 00000000 00000000 00000018'),
      code: 'truncated',
    },
    {
      name: 'an enhanced packet past its block',
      bytes: hex('00000006 00000024 00000000 00000000 00000000 00000005 00000005 01020304 00000024'),
      code: 'bad-length',
    },
    {
      name: 'an enhanced packet of 4 GiB',
      bytes: hex('00000006 00000024 00000000 00000000 00000000 ffffffff 00000005 01020304 00000024'),
      code: 'bad-length',
    },
    { name: 'a simple packet without length', bytes: hex('00000003 0000000c 0000000c'), code: 'truncated' },
    {
      name: 'a simple packet past its block',
      bytes: hex('00000003 00000014 00000005 01020304 00000014'),
      code: 'bad-length',
    },
    {
      name: 'octets behind a simple packet',
      bytes: hex('00000003 00000018 00000004 01020304 05060708 00000018'),
      code: 'leftover',
    },
  ],
  (bytes) => decodeBlock(bytes, big),
);

t.test('an error names the octet of the file', async (t) => {
  const bytes = hex('00000006 00000024 00000000 00000000 00000000 00000005 00000005 01020304 00000024');
  t.throws(() => decodeBlock(bytes, big, 1000), { code: 'bad-length', offset: 1020 });
});

t.test('refuses values that have no encoding', async (t) => {
  const value = (kind: string): Block => (rows.find((row) => row.value.kind === kind) as Row).value;
  const refused: [string, Block, string][] = [
    ['a section of the other order', value('section-header'), 'bad-value'],
    ['a body that is not padded', { kind: 'raw', type: 5, body: new Uint8Array(5) }, 'bad-value'],
    [
      'a simple packet longer than its original',
      { kind: 'simple-packet', originalLength: 1, bytes: new Uint8Array(2) },
      'bad-value',
    ],
    [
      'option 0',
      { ...value('interface-description'), options: [{ code: 0, data: new Uint8Array(0) }] } as Block,
      'bad-value',
    ],
    [
      'an option of 65536 octets',
      { ...value('interface-description'), options: [{ code: 1, data: new Uint8Array(65_536) }] } as Block,
      'too-long',
    ],
    ['a link type of 17 bits', { ...value('interface-description'), linkType: 0x1_0000 } as Block, 'out-of-range'],
    ['ticks of 65 bits', { ...value('enhanced-packet'), ticks: 2n ** 64n } as Block, 'out-of-range'],
    ['negative ticks', { ...value('enhanced-packet'), ticks: -1n } as Block, 'out-of-range'],
  ];
  for (const [name, block, code] of refused) {
    t.throws(() => encodeBlock(block, 'big'), { name: 'EncodeError', code }, name);
  }
});

for (const byteOrder of ['little', 'big'] as const) {
  testHostileBytes(
    `pcapng, ${byteOrder}`,
    rows.filter((row) => row.byteOrder === byteOrder).map(({ bytes }) => bytes),
    (bytes) => decodeBlock(bytes, { byteOrder, snapLength: 0 }),
    (value) => encodeBlock(value, byteOrder),
  );
}
