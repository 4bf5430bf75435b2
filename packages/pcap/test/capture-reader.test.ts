import { DecodeError } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import {
  CaptureReader,
  type CaptureReaderOptions,
  type CaptureRecord,
  PcapngWriter,
  PcapWriter,
  readCapture,
} from '../src/index.ts';
import { hex, hostileBytes, type Malformed } from './golden.ts';

interface Outcome {
  readonly records: CaptureRecord[];
  readonly error: DecodeError | undefined;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Reads a file in chunks of a size, from one array that is overwritten after each chunk. */
function readInChunks(bytes: Uint8Array, size: number, options?: CaptureReaderOptions): Outcome {
  const reader = new CaptureReader(options);
  const records: CaptureRecord[] = [];
  const chunk = new Uint8Array(size);
  const drain = (): void => {
    for (let record = reader.poll(); record !== undefined; record = reader.poll()) records.push(record);
  };
  try {
    for (let at = 0; at < bytes.length; at += size) {
      const part = bytes.subarray(at, at + size);
      chunk.set(part);
      reader.push(chunk.subarray(0, part.length));
      drain();
      chunk.fill(0xee);
    }
    reader.end();
    drain();
    return { records, error: undefined };
  } catch (error) {
    if (error instanceof DecodeError) return { records, error };
    throw error;
  }
}

const packets = [
  { timestamp: 1_000_000_001_000n, bytes: Uint8Array.of(1, 2, 3) },
  { timestamp: 1_000_000_002_000n, bytes: new Uint8Array(0), originalLength: 60 },
  { timestamp: 1_000_000_003_000n, bytes: new Uint8Array(300).fill(7) },
];

function classic(byteOrder: 'little' | 'big' = 'little'): { bytes: Uint8Array; ends: number[] } {
  const writer = new PcapWriter({ byteOrder });
  const parts = [writer.start(), ...packets.map((packet) => writer.packet(packet))];
  return { bytes: concat(...parts), ends: lengths(parts) };
}

function pcapng(byteOrder: 'little' | 'big' = 'little'): { bytes: Uint8Array; ends: number[] } {
  const writer = new PcapngWriter({ byteOrder, application: 'test' });
  const parts = [writer.start(), writer.interface({ name: 'lan0' }).chunk];
  parts.push(...packets.map((packet) => writer.packet({ ...packet, comments: ['here'] })));
  parts.push(writer.block({ kind: 'raw', type: 5, body: new Uint8Array(12) }));
  return { bytes: concat(...parts), ends: lengths(parts) };
}

/** Where each part ends, counted from the first. */
function lengths(parts: Uint8Array[]): number[] {
  let end = 0;
  return parts.map((part) => (end += part.length));
}

t.test('reads both formats in both byte orders', async (t) => {
  for (const order of ['little', 'big'] as const) {
    const records = [...readCapture(classic(order).bytes)];
    t.match(records[0], { kind: 'pcap-header', byteOrder: order, linkType: 1 });
    t.strictSame(records.slice(1), [
      { kind: 'packet', linkType: 1, interfaceId: 0, comments: [], originalLength: 3, ...packets[0] },
      { kind: 'packet', linkType: 1, interfaceId: 0, comments: [], ...packets[1] },
      { kind: 'packet', linkType: 1, interfaceId: 0, comments: [], originalLength: 300, ...packets[2] },
    ]);
    const blocks = [...readCapture(pcapng(order).bytes)];
    const kinds = ['section-header', 'interface-description', 'packet', 'packet', 'packet', 'raw'];
    t.strictSame(
      blocks.map(({ kind }) => kind),
      kinds,
    );
    t.match(blocks[0], { byteOrder: order });
    for (const [i, block] of blocks.slice(2, 5).entries()) {
      t.match(block, { ...packets[i], interfaceId: 0, comments: ['here'], interface: blocks[1] as object });
    }
  }
});

t.test('chunks of any size give the same, and may be used again', async (t) => {
  for (const [name, { bytes }] of [
    ['classic', classic()],
    ['pcapng', pcapng('big')],
  ] as const) {
    const whole = readInChunks(bytes, bytes.length);
    t.equal(whole.error, undefined);
    for (const size of [1, 2, 7, 64, 301]) t.strictSame(readInChunks(bytes, size), whole, `${name}, ${size} octets`);
  }
});

t.test('a file cut at any octet gives the records before the cut, then `truncated`', async (t) => {
  for (const [name, { bytes, ends }] of [
    ['classic', classic()],
    ['pcapng', pcapng()],
  ] as const) {
    const whole = readInChunks(bytes, bytes.length).records;
    const wrong: number[] = [];
    for (let length = 0; length <= bytes.length; length++) {
      const { records, error } = readInChunks(bytes.subarray(0, length), Math.max(1, length));
      const expected = ends.filter((end) => end <= length).length;
      const clean = ends.includes(length);
      const right =
        records.length === expected &&
        (clean ? error === undefined : error?.code === 'truncated' && error.offset === length);
      if (!right) wrong.push(length);
      if (length === bytes.length) t.strictSame(records, whole);
    }
    t.strictSame(wrong, [], `${name}: lengths of which the outcome is wrong`);
  }
});

t.test('poll gives undefined until there is more, and the same error again and again', async (t) => {
  const reader = new CaptureReader();
  t.equal(reader.poll(), undefined);
  reader.push(classic().bytes.subarray(0, 30));
  t.equal(reader.poll()?.kind, 'pcap-header');
  t.equal(reader.poll(), undefined);
  reader.end();
  t.throws(() => reader.poll(), { code: 'truncated', offset: 30 });
  t.throws(() => reader.poll(), { code: 'truncated', offset: 30 });
  t.throws(() => reader.push(Uint8Array.of(1)), { name: 'EncodeError', code: 'bad-value' });
});

const section = '0a0d0d0a 0000001c 1a2b3c4d 00010000 ffffffffffffffff 0000001c';
const description = '00000001 00000014 00010000 00000004 00000014';
const header = 'a1b2c3d4 00020004 0000000000000000 00040000 00000001';
const malformed: (Malformed & { readonly records: number; readonly offset: number })[] = [
  { name: 'another format', bytes: hex('7f454c46'), code: 'truncated', records: 0, offset: 4 },
  { name: 'another format, longer', bytes: new Uint8Array(24), code: 'bad-magic', records: 0, offset: 0 },
  {
    name: 'a packet over the limit',
    bytes: hex(`${header} 00000000 00000000 00040001 00000001`),
    code: 'limit',
    records: 1,
    offset: 32,
  },
  {
    name: 'a packet of 4 GiB',
    bytes: hex(`${header} 00000000 00000000 ffffffff 00000001`),
    code: 'limit',
    records: 1,
    offset: 32,
  },
  {
    name: 'a block over the limit',
    bytes: hex(`${section} 00000005 01000004 00000000`),
    code: 'limit',
    records: 1,
    offset: 32,
  },
  {
    name: 'a block of 4 GiB',
    bytes: hex(`${section} 00000005 fffffffc 00000000`),
    code: 'limit',
    records: 1,
    offset: 32,
  },
  {
    name: 'a block of 8 octets',
    bytes: hex(`${section} 00000005 00000008 00000000`),
    code: 'bad-length',
    records: 1,
    offset: 32,
  },
  {
    name: 'a block of 13 octets',
    bytes: hex(`${section} 00000005 0000000d 00000000`),
    code: 'bad-length',
    records: 1,
    offset: 32,
  },
  {
    name: 'a block of no octets',
    bytes: hex(`${section} 00000005 00000000 00000000`),
    code: 'bad-length',
    records: 1,
    offset: 32,
  },
  {
    name: 'two lengths that differ',
    bytes: hex(`${section} ${description.slice(0, -1)}8`),
    code: 'bad-length',
    records: 1,
    offset: 44,
  },
  {
    name: 'a section without byte order',
    bytes: hex(section.replace('1a2b3c4d', '00000000')),
    code: 'bad-magic',
    records: 0,
    offset: 8,
  },
  {
    name: 'a second section without byte order',
    bytes: hex(`${section} ${section.replace('1a2b3c4d', '00000000')}`),
    code: 'bad-magic',
    records: 1,
    offset: 36,
  },
  {
    name: 'a packet of an interface that is not there',
    bytes: hex(`${section} ${description} 00000006 00000020 00000001 00000000 00000000 00000000 00000000 00000020`),
    code: 'bad-value',
    records: 2,
    offset: 56,
  },
  {
    name: 'a packet of an interface of the section before',
    bytes: hex(
      `${section} ${description} ${section} 00000006 00000020 00000000 00000000 00000000 00000000 00000000 00000020`,
    ),
    code: 'bad-value',
    records: 3,
    offset: 84,
  },
  {
    name: 'a simple packet without interface',
    bytes: hex(`${section} 00000003 00000010 00000000 00000010`),
    code: 'missing',
    records: 1,
    offset: 28,
  },
  {
    name: 'a resolution of two octets',
    bytes: hex(`${section} 00000001 0000001c 00010000 00000000 0009 0002 09090000 0000001c`),
    code: 'bad-length',
    records: 1,
    offset: 28,
  },
];

for (const { name, bytes, code, records, offset } of malformed) {
  t.test(`refuses ${name}, and keeps what was before`, async (t) => {
    for (const size of [1, bytes.length]) {
      const outcome = readInChunks(bytes, size);
      t.equal(outcome.records.length, records);
      t.match(outcome.error, { name: 'DecodeError', code, offset });
    }
  });
}

t.test('the limits can be set', async (t) => {
  const { bytes } = classic();
  t.match(readInChunks(bytes, 50, { maximumPacketLength: 299 }), { error: { code: 'limit' }, records: { length: 3 } });
  t.equal(readInChunks(bytes, 50, { maximumPacketLength: 300 }).error, undefined);
  const blocks = pcapng().bytes;
  t.match(readInChunks(blocks, 50, { maximumBlockLength: 300 }), { error: { code: 'limit' }, records: { length: 4 } });
});

t.test('a long packet of the largest size passes', async (t) => {
  const writer = new PcapWriter();
  const bytes = concat(writer.start(), writer.packet({ timestamp: 0n, bytes: new Uint8Array(262_144) }));
  t.equal([...readCapture(bytes)].length, 2);
});

t.test('a simple packet takes its length from the first interface of its section', async (t) => {
  const simple = '00000003 00000014 0000003c 01020304 00000014';
  const records = [...readCapture(hex(`${section} ${description} ${simple}`))];
  t.match(records[2], {
    kind: 'packet',
    originalLength: 60,
    bytes: Uint8Array.of(1, 2, 3, 4),
    linkType: 1,
    interfaceId: 0,
  });
  t.equal((records[2] as { timestamp?: bigint }).timestamp, undefined);
});

t.test('hostile bytes in hostile chunks: only DecodeErrors, and every chunking agrees', async () => {
  const seeds = [classic().bytes, classic('big').bytes, pcapng().bytes, pcapng('big').bytes];
  fc.assert(
    fc.property(hostileBytes(seeds), fc.integer({ min: 1, max: 100 }), (bytes, size) => {
      const whole = readInChunks(bytes, Math.max(1, bytes.length));
      const parts = readInChunks(bytes, size);
      return (
        parts.records.length === whole.records.length &&
        parts.error?.code === whole.error?.code &&
        parts.error?.offset === whole.error?.offset
      );
    }),
    { numRuns: 500 },
  );
});
