import fc from 'fast-check';
import t from 'tap';
import { ByteReader } from '../src/index.ts';
import { hex } from './golden.ts';

const truncated = (offset: number): { name: string; code: string; offset: number } => ({
  name: 'DecodeError',
  code: 'truncated',
  offset,
});

t.test('reads numbers in network order, each at its edges', async (t) => {
  const reader = new ByteReader(
    hex(`
      00 ff              // u8
      0001 fffe          // u16
      000001 fffffe      // u24
      00000001 fffffffe  // u32
      7fffffff ffffffff  // i32
      000000000001 fffffffffffe          // u48
      0000000000000001 fffffffffffffffe  // u64
    `),
  );
  t.strictSame([reader.u8(), reader.u8()], [0, 0xff]);
  t.strictSame([reader.u16(), reader.u16()], [1, 0xfffe]);
  t.strictSame([reader.u24(), reader.u24()], [1, 0xff_fffe]);
  t.strictSame([reader.u32(), reader.u32()], [1, 0xffff_fffe]);
  t.strictSame([reader.i32(), reader.i32()], [0x7fff_ffff, -1]);
  t.strictSame([reader.u48(), reader.u48()], [1, 0xffff_ffff_fffe]);
  t.strictSame([reader.u64(), reader.u64()], [1n, 0xffff_ffff_ffff_fffen]);
  t.equal(reader.remaining, 0);
  t.doesNotThrow(() => reader.end());
});

t.test('reads addresses and octets', async (t) => {
  const bytes = hex('c0a82a01 20010db8000000000000000000000001 02735300cafe 0102 03 04');
  const reader = new ByteReader(bytes);
  t.equal(`${reader.ipv4()}`, '192.168.42.1');
  t.equal(`${reader.ipv6()}`, '2001:db8::1');
  t.equal(`${reader.mac()}`, '02:73:53:00:ca:fe');
  const view = reader.bytes(2);
  t.strictSame(view, Uint8Array.of(1, 2));
  t.equal(view.buffer, bytes.buffer, 'borrowed');
  reader.skip(1);
  t.equal(reader.offset, 29);
  t.equal(reader.peek(), 4);
  t.equal(reader.offset, 29, 'looking does not consume');
  t.strictSame(reader.rest(), Uint8Array.of(4));
  t.equal(reader.peek(), undefined);
  t.strictSame(reader.rest(), new Uint8Array(0));
});

t.test('reads nothing past the end', async (t) => {
  const sizes: [string, number, (reader: ByteReader) => unknown][] = [
    ['u8', 1, (reader) => reader.u8()],
    ['u16', 2, (reader) => reader.u16()],
    ['u24', 3, (reader) => reader.u24()],
    ['u32', 4, (reader) => reader.u32()],
    ['i32', 4, (reader) => reader.i32()],
    ['u48', 6, (reader) => reader.u48()],
    ['u64', 8, (reader) => reader.u64()],
    ['ipv4', 4, (reader) => reader.ipv4()],
    ['mac', 6, (reader) => reader.mac()],
    ['ipv6', 16, (reader) => reader.ipv6()],
    ['bytes', 3, (reader) => reader.bytes(3)],
    ['skip', 3, (reader) => reader.skip(3)],
    ['sub', 3, (reader) => reader.sub(3)],
  ];
  for (const [name, size, read] of sizes) {
    for (let length = 0; length < size; length++) {
      t.throws(
        () => read(new ByteReader(new Uint8Array(length))),
        { code: 'truncated' },
        `${name} of ${length} octets`,
      );
    }
    const reader = new ByteReader(new Uint8Array(size));
    read(reader);
    t.equal(reader.remaining, 0, name);
  }
  t.throws(() => new ByteReader(new Uint8Array(3)).bytes(-1), { code: 'truncated' });
  t.throws(() => new ByteReader(new Uint8Array(3)).skip(Number.NaN), { code: 'truncated' });
});

t.test('what is behind a view is not there', async (t) => {
  const memory = Uint8Array.of(1, 2, 3, 4);
  const reader = new ByteReader(memory.subarray(1, 3));
  t.equal(reader.u16(), 0x0203);
  t.throws(() => reader.u8(), truncated(2));
});

t.test('errors carry offsets of the whole message', async (t) => {
  const reader = new ByteReader(new Uint8Array(6), 100);
  reader.skip(1);
  t.equal(reader.offset, 101);
  const nested = reader.sub(3);
  t.equal(reader.offset, 104);
  nested.u16();
  t.equal(nested.offset, 103);
  t.throws(() => nested.u16(), truncated(103));
  t.throws(() => nested.end(), { name: 'DecodeError', code: 'leftover', offset: 103 });
  nested.u8();
  t.doesNotThrow(() => nested.end());
  const deeper = new ByteReader(new Uint8Array(8)).sub(6).sub(4).sub(2);
  t.throws(() => deeper.u32(), truncated(0));
});

t.test('starts and ends anywhere in its bytes', async (t) => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5);
  const reader = new ByteReader(bytes, 10, 1, 4);
  t.equal(reader.offset, 11);
  t.equal(reader.remaining, 3);
  t.equal(reader.u16(), 0x0203);
  t.throws(() => reader.u16(), truncated(13));
  t.strictSame(reader.rest(), Uint8Array.of(4));
  t.equal(new ByteReader(bytes, 0, 5).remaining, 0);
  for (const [start, end] of [
    [-1, 2],
    [3, 2],
    [0, 6],
    [Number.NaN, 2],
  ] as const) {
    t.throws(() => new ByteReader(bytes, 0, start, end), RangeError);
  }
});

t.test('any row of reads goes on or is truncated, and never reads past the end', async () => {
  const steps = fc.array(fc.nat(9), { maxLength: 30 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), steps, (bytes, steps) => {
      const reader = new ByteReader(bytes);
      for (const length of steps) {
        const at = reader.offset;
        const fits = length <= bytes.length - at;
        try {
          const got = reader.bytes(length);
          if (!fits || got.join() !== bytes.slice(at, at + length).join()) return false;
        } catch {
          if (fits || reader.offset !== at) return false;
        }
        if (reader.offset + reader.remaining !== bytes.length) return false;
      }
      return true;
    }),
  );
});
