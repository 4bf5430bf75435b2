import t from 'tap';
import { PcapngWriter, readCapture } from '../../src/index.ts';
import { hex, sameBytes } from '../golden.ts';

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

t.test('what is not said gets its default', async (t) => {
  const writer = new PcapngWriter();
  sameBytes(
    t,
    writer.start(),
    hex('0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1c000000'),
    'section header without options',
  );
  const { id, chunk } = writer.interface();
  t.equal(id, 0);
  sameBytes(
    t,
    chunk,
    hex('01000000 20000000 01000000 00000000 0900010009000000 00000000 20000000'),
    'interface: Ethernet, nanoseconds',
  );
  sameBytes(
    t,
    writer.packet({ timestamp: 0x0102_0304_0506_0708n, bytes: Uint8Array.of(1) }),
    hex('06000000 24000000 00000000 04030201 08070605 01000000 01000000 01000000 24000000'),
    'packet',
  );
});

t.test('several interfaces with their own units and limits, comments, directions', async (t) => {
  for (const byteOrder of ['little', 'big'] as const) {
    const writer = new PcapngWriter({ byteOrder, application: 'test', comments: ['one', 'two'] });
    const parts = [writer.start()];
    const lan = writer.interface({ name: 'lan0', comments: ['home'] });
    const wan = writer.interface({
      snapLength: 4,
      linkType: 101,
      scale: { base: 2, exponent: 10, offsetSeconds: 100n },
    });
    parts.push(lan.chunk, wan.chunk);
    parts.push(
      writer.packet({
        interfaceId: wan.id,
        timestamp: 101_500_000_000n,
        bytes: new Uint8Array(9),
        direction: 'inbound',
      }),
      writer.packet({
        timestamp: 7n,
        bytes: new Uint8Array(9),
        originalLength: 90,
        comments: ['a', 'b'],
        direction: 'outbound',
      }),
    );
    const [section, first, second, one, two] = readCapture(concat(...parts));
    t.match(section, { kind: 'section-header', byteOrder, options: { length: 3 } });
    t.match(first, { kind: 'interface-description', snapLength: 0, linkType: 1 });
    t.match(second, { kind: 'interface-description', snapLength: 4, linkType: 101 });
    t.match(one, {
      timestamp: 101_500_000_000n,
      interfaceId: 1,
      linkType: 101,
      originalLength: 9,
      bytes: new Uint8Array(4),
    });
    t.match(two, { timestamp: 7n, interfaceId: 0, linkType: 1, originalLength: 90, comments: ['a', 'b'] });
    const flags = (bits: number): Uint8Array =>
      byteOrder === 'little' ? Uint8Array.of(bits, 0, 0, 0) : Uint8Array.of(0, 0, 0, bits);
    t.match(one, { block: { options: [{ code: 2, data: flags(1) }] } });
    t.match(two, { block: { options: [{ code: 1 }, { code: 1 }, { code: 2, data: flags(2) }] } });
  }
});

t.test('several sections are several writers', async (t) => {
  const section = (byteOrder: 'little' | 'big', timestamp: bigint): Uint8Array => {
    const writer = new PcapngWriter({ byteOrder });
    return concat(writer.start(), writer.interface().chunk, writer.packet({ timestamp, bytes: new Uint8Array(1) }));
  };
  const times = [...readCapture(concat(section('little', 5n), section('big', 6n), section('little', 7n)))]
    .filter((record) => record.kind === 'packet')
    .map(({ timestamp }) => timestamp);
  t.strictSame(times, [5n, 6n, 7n]);
});

t.test('refuses what has no encoding', async (t) => {
  const writer = new PcapngWriter();
  const packet = { timestamp: 0n, bytes: new Uint8Array(0) };
  t.throws(() => writer.packet(packet), { name: 'EncodeError', code: 'bad-value' }, 'no interface yet');
  t.throws(() => writer.interface({ linkType: -1 }), { name: 'EncodeError', code: 'out-of-range' });
  t.throws(() => writer.packet(packet), { code: 'bad-value' }, 'an interface that was refused does not count');
  writer.interface();
  t.throws(() => writer.packet({ ...packet, interfaceId: 1 }), { code: 'bad-value' });
  t.throws(() => writer.packet({ ...packet, timestamp: -1n }), { code: 'out-of-range' });
  t.throws(() => writer.block({ kind: 'raw', type: 5, body: new Uint8Array(1) }), { code: 'bad-value' });
});
