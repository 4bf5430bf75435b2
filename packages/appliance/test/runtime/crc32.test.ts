import { crc32 as crc32OfZlib } from 'node:zlib';
import t from 'tap';
import { crc32 } from '../../src/runtime/crc32.ts';

t.test('the check sum is that of zlib, whatever the length', (t) => {
  t.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf4_3926);
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + (i >>> 3)) & 0xff);
  const wrong = Array.from({ length: 300 }, (_, length) => bytes.subarray(length >>> 1, length)).filter(
    (piece) => crc32(piece) !== crc32OfZlib(piece),
  );
  t.same(wrong, []);
  t.end();
});
