import fc from 'fast-check';
import t from 'tap';
import { ByteReader, ByteWriter, encodeUtf8, Ipv4Address, Ipv6Address, MacAddress } from '../src/index.ts';
import { encodeError, hex, sameBytes } from './golden.ts';

t.test('writes every kind of field in network order, however small it starts', async (t) => {
  for (const capacity of [0, 1, 7, 576]) {
    const writer = new ByteWriter(capacity);
    writer.u8(0xff);
    writer.u16(0x0102);
    writer.u24(0x01_0203);
    writer.u32(0xfffe_fdfc);
    writer.i32(-2);
    writer.i32(0x7fff_ffff);
    writer.u48(0x0102_0304_0506);
    writer.u64(0xfffe_fdfc_fbfa_f9f8n);
    writer.ipv4(Ipv4Address.parse('192.168.42.1'));
    writer.ipv6(Ipv6Address.parse('2001:db8::1'));
    writer.mac(MacAddress.parse('02:73:53:00:ca:fe'));
    writer.bytes(Uint8Array.of(1, 2, 3));
    writer.fill(2);
    writer.fill(2, 0xaa);
    sameBytes(
      t,
      writer.finish(),
      hex(`
        ff                                // u8
        01 02                             // u16
        01 02 03                          // u24
        ff fe fd fc                       // u32
        ff ff ff fe  7f ff ff ff          // i32
        01 02 03 04 05 06                 // u48
        ff fe fd fc fb fa f9 f8           // u64
        c0 a8 2a 01                       // IPv4
        20010db8000000000000000000000001  // IPv6
        02 73 53 00 ca fe                 // MAC
        01 02 03                          // octets
        00 00 aa aa                       // fills
      `),
      `capacity ${capacity}`,
    );
  }
});

t.test('cuts nothing off in silence', async (t) => {
  const writer = new ByteWriter(4);
  const refused = encodeError('out-of-range');
  for (const bits of [8, 16, 24, 32, 48] as const) {
    for (const value of [-1, 2 ** bits, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      t.throws(() => writer[`u${bits}`](value), refused, `${value} in ${bits} bits`);
    }
  }
  for (const value of [-(2 ** 31) - 1, 2 ** 31, 0.5]) t.throws(() => writer.i32(value), refused);
  for (const value of [-1n, 2n ** 64n]) t.throws(() => writer.u64(value), refused);
  for (const count of [-1, 0.5]) t.throws(() => writer.fill(count), refused);
  // Who writes JavaScript hears it, instead of sending zeros.
  const text = 'fe80::1' as unknown;
  t.throws(() => writer.ipv4(text as Ipv4Address), encodeError('bad-value'));
  t.throws(() => writer.ipv6(text as Ipv6Address), encodeError('bad-value'));
  t.throws(() => writer.ipv6(Ipv4Address.broadcast as unknown as Ipv6Address), encodeError('bad-value'));
  t.throws(() => writer.bytes(text as Uint8Array), encodeError('bad-value'));
  t.equal(writer.length, 0, 'what was refused was not written');
});

t.test('writes texts as UTF-8, ASCII or not', async (t) => {
  for (const text of ['', 'uplink0', 'küche', 'ab\u0000c', '日本', 'x\ud800y']) {
    const writer = new ByteWriter(0);
    writer.u8(0xff);
    writer.utf8(text);
    writer.u8(0xff);
    t.same(writer.finish(), Uint8Array.of(0xff, ...encodeUtf8(text), 0xff), JSON.stringify(text));
  }
});

t.test('patches what was written, and nothing else', async (t) => {
  const writer = new ByteWriter(8);
  writer.fill(7);
  writer.patchU8(0, 0xff);
  writer.patchU16(1, 0x0102);
  writer.patchU32(3, 0xfffe_fdfc);
  sameBytes(t, writer.finish(), hex('ff 0102 fffefdfc'), 'patched');
  const refused = encodeError('out-of-range');
  t.throws(() => writer.patchU8(7, 0), refused, 'behind the end');
  t.throws(() => writer.patchU16(6, 0), refused, 'half behind the end');
  t.throws(() => writer.patchU32(4, 0), refused, 'partly behind the end');
  t.throws(() => writer.patchU8(-1, 0), refused, 'before the start');
  t.throws(() => writer.patchU8(0, 256), refused);
  t.throws(() => writer.patchU16(0, 65_536), refused);
  t.throws(() => writer.patchU32(0, 2 ** 32), refused);
  sameBytes(t, writer.finish(), hex('ff 0102 fffefdfc'), 'refused patches change nothing');
  writer.patchU16(5, 0xa1a2);
  writer.patchU8(6, 0xa3);
  sameBytes(t, writer.finish(), hex('ff 0102 fffe a1a3'), 'the last octets are there to be patched');
});

t.test('view is borrowed, finish is a copy', async (t) => {
  const writer = new ByteWriter(8);
  writer.u16(0x0102);
  const [view, copy] = [writer.view(), writer.finish()];
  writer.patchU8(0, 9);
  t.strictSame(view, Uint8Array.of(9, 2));
  t.strictSame(copy, Uint8Array.of(1, 2));
});

t.test('is used again after a reset', async (t) => {
  const writer = new ByteWriter(2);
  writer.u32(0xffff_ffff);
  writer.reset();
  t.equal(writer.length, 0);
  writer.u8(1);
  writer.fill(1);
  t.strictSame(writer.finish(), Uint8Array.of(1, 0), 'nothing of before shows through');
  t.throws(() => writer.patchU8(2, 0), encodeError('out-of-range'));
});

t.test('drops what was written last', async (t) => {
  const writer = new ByteWriter(8);
  writer.bytes(Uint8Array.of(1, 2, 3));
  writer.truncate(3);
  writer.truncate(1);
  t.strictSame(writer.finish(), Uint8Array.of(1));
  t.throws(() => writer.truncate(2), encodeError('out-of-range'));
  t.throws(() => writer.truncate(-1), encodeError('out-of-range'));
  writer.u8(7);
  t.strictSame(writer.finish(), Uint8Array.of(1, 7));
  writer.truncate(0);
  t.equal(writer.length, 0);
});

t.test('positions and octets that are none are refused, and nothing is lost', async (t) => {
  const writer = new ByteWriter(8);
  writer.bytes(Uint8Array.of(1, 2, 3));
  const refused = encodeError('out-of-range');
  for (const odd of [Number.NaN, 0.5]) {
    t.throws(() => writer.truncate(odd), refused);
    t.throws(() => writer.patchU8(odd, 0), refused);
    t.throws(() => writer.patchU16(odd, 0), refused);
    t.throws(() => writer.fill(odd), refused);
    t.throws(() => writer.fill(1, odd), refused);
  }
  t.throws(() => writer.fill(1, 256), refused);
  t.throws(() => writer.fill(1, -1), refused);
  t.strictSame(writer.finish(), Uint8Array.of(1, 2, 3));
});

t.test('what is written reads back', async () => {
  const step = fc.oneof(
    fc.record({ bits: fc.constant(8 as const), value: fc.nat(0xff) }),
    fc.record({ bits: fc.constant(16 as const), value: fc.nat(0xffff) }),
    fc.record({ bits: fc.constant(24 as const), value: fc.nat(0xff_ffff) }),
    fc.record({ bits: fc.constant(32 as const), value: fc.nat(0xffff_ffff) }),
    fc.record({ bits: fc.constant(48 as const), value: fc.nat(0xffff_ffff_ffff) }),
  );
  fc.assert(
    fc.property(fc.array(step), fc.nat(20), (steps, capacity) => {
      const writer = new ByteWriter(capacity);
      for (const { bits, value } of steps) writer[`u${bits}`](value);
      const reader = new ByteReader(writer.finish());
      return steps.every(({ bits, value }) => reader[`u${bits}`]() === value) && reader.remaining === 0;
    }),
  );
});
