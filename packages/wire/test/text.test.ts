import fc from 'fast-check';
import t from 'tap';
import { bytesEqual, decodeUtf8, EncodeError, encodeUtf8, fromHex, toHex } from '../src/index.ts';
import { encodeError } from './golden.ts';

t.test('UTF-8', async (t) => {
  const rows: [string, string][] = [
    ['', ''],
    ['lan', '6c616e'],
    ['zwölf', '7a77c3b66c66'],
    ['€', 'e282ac'],
    ['\u{1f600}', 'f09f9880'],
    ['\ufeffa', 'efbbbf61'],
    ['\0', '00'],
  ];
  for (const [text, octets] of rows) {
    t.equal(toHex(encodeUtf8(text)), octets);
    t.equal(decodeUtf8(fromHex(octets)), text, 'a byte order mark is kept, too');
  }
  t.equal(decodeUtf8(fromHex('61ff62')), 'a\ufffdb', 'what is not UTF-8');
  t.equal(toHex(encodeUtf8('\ud800')), 'efbfbd', 'a lone surrogate');
  t.equal(decodeUtf8(fromHex('eda080')).includes('\ufffd'), true, 'an encoded surrogate');
});

t.test('hexadecimal digits', async (t) => {
  t.equal(toHex(Uint8Array.of(0, 1, 0x0a, 0xff)), '00010aff');
  t.equal(toHex(new Uint8Array(0)), '');
  t.strictSame(fromHex('00010AfF'), Uint8Array.of(0, 1, 0x0a, 0xff));
  t.strictSame(fromHex(' 00:01\n0a\tff '), Uint8Array.of(0, 1, 0x0a, 0xff));
  t.strictSame(fromHex(''), new Uint8Array(0));
  for (const text of ['0', '000', '0g', '0x00', '00-01', '+1', '1.']) {
    t.throws(() => fromHex(text), encodeError('bad-value'), JSON.stringify(text));
  }
});

t.test('equal octets', async (t) => {
  t.ok(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(0, 1, 2).subarray(1)));
  t.ok(bytesEqual(new Uint8Array(0), new Uint8Array(0)));
  t.notOk(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  t.notOk(bytesEqual(Uint8Array.of(1, 2), Uint8Array.of(1)));
  t.notOk(bytesEqual(Uint8Array.of(1), Uint8Array.of(1, 2)));
});

t.test('octets come back through their digits, texts through UTF-8', async () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => bytesEqual(fromHex(toHex(bytes)), bytes)));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeUtf8(encodeUtf8(text)) === text));
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        return fromHex(text) instanceof Uint8Array;
      } catch (error) {
        return error instanceof EncodeError;
      }
    }),
  );
});
