import fc from 'fast-check';
import t from 'tap';
import { OrderedReader, OrderedWriter } from '../src/byte-order.ts';
import { hex, sameBytes } from './golden.ts';

function write(order: 'little' | 'big'): Uint8Array {
  const writer = new OrderedWriter(order, 1);
  writer.u16(0x0102);
  writer.u32(0xfeedbeef);
  writer.u64(0x0102_0304_0506_0708n);
  writer.bytes(Uint8Array.of(9));
  writer.padded(Uint8Array.of(1, 2, 3, 4, 5));
  writer.padded(new Uint8Array(0));
  writer.patchU32(2, 0xfedc_ba98);
  return writer.finish();
}

const little = hex(`
  02 01                    // u16
  98 ba dc fe              // u32, patched
  08 07 06 05 04 03 02 01  // u64
  09                       // octet
  01 02 03 04 05 00 00 00  // padded
`);
const big = hex(`
  01 02                    // u16
  fe dc ba 98              // u32, patched
  01 02 03 04 05 06 07 08  // u64
  09                       // octet
  01 02 03 04 05 00 00 00  // padded
`);

t.test('numbers of both orders', async (t) => {
  for (const [order, bytes] of [
    ['little', little],
    ['big', big],
  ] as const) {
    sameBytes(t, write(order), bytes, `${order}, written`);
    const reader = new OrderedReader(bytes, order, 100);
    t.equal(reader.u16(), 0x0102);
    t.equal(reader.u32(), 0xfedc_ba98);
    t.equal(reader.u64(), 0x0102_0304_0506_0708n);
    t.strictSame(reader.bytes(1), Uint8Array.of(9));
    t.equal(reader.offset, 115);
    t.strictSame(reader.padded(5), Uint8Array.of(1, 2, 3, 4, 5));
    t.equal(reader.remaining, 0);
  }
});

t.test('reads a view into larger memory', async (t) => {
  const memory = Uint8Array.of(0xff, 1, 2, 0xff);
  t.equal(new OrderedReader(memory.subarray(1, 3), 'big').u16(), 0x0102);
  t.throws(() => new OrderedReader(memory.subarray(1, 3), 'big').u32(), { code: 'truncated' });
});

t.test('reads nothing past the end', async (t) => {
  const reader = new OrderedReader(Uint8Array.of(1, 2, 3), 'little', 7);
  reader.bytes(2);
  for (const read of [() => reader.u16(), () => reader.u32(), () => reader.u64(), () => reader.bytes(2)]) {
    t.throws(read, { name: 'DecodeError', code: 'truncated', offset: 9 });
  }
  t.throws(() => reader.padded(1), { code: 'truncated' }, 'the padding is missing');
});

t.test('writes nothing that does not fit', async (t) => {
  for (const order of ['little', 'big'] as const) {
    const writer = new OrderedWriter(order, 16);
    for (const value of [-1, 0x1_0000, 1.5, Number.NaN]) {
      t.throws(() => writer.u16(value), { name: 'EncodeError', code: 'out-of-range' });
    }
    t.throws(() => writer.u32(2 ** 32), { name: 'EncodeError', code: 'out-of-range' });
    t.throws(() => writer.u32(-1), { name: 'EncodeError', code: 'out-of-range' });
    t.throws(() => writer.u64(2n ** 64n), { name: 'EncodeError', code: 'out-of-range' });
    t.throws(() => writer.u64(-1n), { name: 'EncodeError', code: 'out-of-range' });
    t.throws(() => writer.patchU32(0, 1), { name: 'EncodeError', code: 'out-of-range' }, 'nothing there to patch');
    t.equal(writer.length, 0);
  }
});

t.test('any number comes back as it was', async () => {
  const order = fc.constantFrom('little' as const, 'big' as const);
  fc.assert(
    fc.property(order, fc.nat(0xffff), fc.nat(0xffff_ffff), fc.bigInt(0n, 2n ** 64n - 1n), (order, a, b, c) => {
      const writer = new OrderedWriter(order, 14);
      writer.u16(a);
      writer.u32(b);
      writer.u64(c);
      const reader = new OrderedReader(writer.finish(), order);
      return reader.u16() === a && reader.u32() === b && reader.u64() === c;
    }),
    { numRuns: 200 },
  );
});
