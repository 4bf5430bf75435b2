import t from 'tap';
import { PcapWriter } from '../src/index.ts';
import { hex, sameBytes } from './golden.ts';

t.test('what is not said gets its default', async (t) => {
  const writer = new PcapWriter();
  sameBytes(t, writer.start(), hex('d4c3b2a1 02000400 0000000000000000 00000400 01000000'), 'header');
  const packet = writer.packet({ timestamp: 1_000_002_999n, bytes: Uint8Array.of(1, 2) });
  sameBytes(t, packet, hex('01000000 02000000 02000000 02000000 0102'), 'packet');
});

t.test('cuts packets to the snap length, and tells their own', async (t) => {
  const writer = new PcapWriter({ snapLength: 2, byteOrder: 'big', resolution: 'nanoseconds', linkType: 101 });
  sameBytes(t, writer.start(), hex('a1b23c4d 00020004 0000000000000000 00000002 00000065'), 'header');
  const cut = writer.packet({ timestamp: 1_000_002_999n, bytes: Uint8Array.of(1, 2, 3) });
  sameBytes(t, cut, hex('00000001 00000bb7 00000002 00000003 0102'), 'cut');
  const before = writer.packet({ timestamp: 0n, bytes: Uint8Array.of(1), originalLength: 60 });
  sameBytes(t, before, hex('00000000 00000000 00000001 0000003c 01'), 'cut before');
});
