/** Names as octets. */
// Covers: RFC 4343 3
import fc from 'fast-check';
import t from 'tap';
import {
  copyLowerCase,
  hashName,
  isSubdomain,
  LOWER_CASE,
  nameKey,
  nameLengthAt,
  nameOctets,
  nameText,
  sameOctetsIgnoringCase,
} from '../../src/index.ts';
import { encodeError, hex, sameBytes } from '../golden.ts';

t.test('only A to Z have another case', async (t) => {
  for (let octet = 0; octet < 256; octet++) {
    const letter = octet >= 0x41 && octet <= 0x5a;
    t.equal(LOWER_CASE[octet], letter ? octet + 32 : octet);
  }
});

t.test('names from text and back', async (t) => {
  sameBytes(t, nameKey('Www.Example.'), hex('03 77 77 77 07 65 78 61 6d 70 6c 65 00'), 'a key is lower-cased');
  sameBytes(t, nameOctets('Ab\\.c\\255'), hex('05 41 62 2e 63 ff 00'), 'octets are not');
  sameBytes(t, nameKey('.'), hex('00'), 'the root');
  t.equal(nameText(nameOctets('Ab\\.c\\255.x')), 'Ab\\.c\\255.x');
  t.equal(nameText(hex('ff 00'), 1), '.');
  for (const [text, code] of [
    ['', 'bad-value'],
    ['a..b', 'bad-value'],
    ['ä', 'bad-value'],
    ['a'.repeat(64), 'too-long'],
    [`${'a'.repeat(63)}.`.repeat(4), 'too-long'],
  ] as const) {
    t.throws(() => nameKey(text), encodeError(code), JSON.stringify(text));
  }
  t.throws(() => nameText(hex('01 61 c0 00')), { name: 'DecodeError', code: 'bad-name' });
});

t.test('how long a name is', async (t) => {
  for (const [name, text, length] of [
    ['the root', '00', 1],
    ['a name', '01 61 01 62 00 ff', 5],
    ['255 octets', `${'01 61 '.repeat(127)} 00`, 255],
    ['256 octets', `${'01 61 '.repeat(126)} 02 61 61 00`, -1],
    ['a pointer', '01 61 c0 00', -1],
    ['no root', '01 61', -1],
    ['a label that is cut off', '05 61 00', -1],
    ['nothing', '', -1],
  ] as const) {
    const bytes = hex(text);
    t.equal(nameLengthAt(bytes, 0, bytes.length), length, name);
  }
  t.equal(nameLengthAt(hex('01 61 00'), 0, 2), -1, 'not past the end that is given');
});

t.test('a name below another one, label by label', async (t) => {
  for (const [name, suffix, expected] of [
    ['www.example.COM', 'Example.com', true],
    ['example.com', 'example.com', true],
    ['notexample.com', 'example.com', false],
    ['com', 'example.com', false],
    ['a.b', '.', true],
    ['.', '.', true],
    ['.', 'a', false],
    ['a\\003com', 'com', false],
  ] as const) {
    const octets = nameOctets(name);
    const bytes = Uint8Array.from([0xff, ...octets]);
    t.equal(isSubdomain(bytes, 1, octets.length, nameKey(suffix)), expected, `${name} below ${suffix}`);
  }
});

const name = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 6 })
  .map((labels) => Uint8Array.from([...labels.flatMap((label) => [label.length, ...label]), 0]));

t.test('text, comparison and hash agree about case', async () => {
  fc.assert(
    fc.property(name, name, fc.nat(), (a, b, seed) => {
      const [x, y] = [Uint8Array.from(a), Uint8Array.from(b)];
      copyLowerCase(x, 0, a, 0, a.length);
      copyLowerCase(y, 0, b, 0, b.length);
      const same = Buffer.compare(x, y) === 0;
      const hashes = [hashName(a, 0, a.length, 1, 1, seed), hashName(x, 0, x.length, 1, 1, seed)];
      return (
        Buffer.compare(nameOctets(nameText(a)), a) === 0 &&
        sameOctetsIgnoringCase(a, 0, x, 0, a.length) &&
        same === (a.length === b.length && sameOctetsIgnoringCase(a, 0, b, 0, a.length)) &&
        hashes[0] === hashes[1] &&
        same === (hashes[0] === hashName(b, 0, b.length, 1, 1, seed))
      );
    }),
  );
});

t.test('the hash of a suffix is that of the name alone, and every part counts', async (t) => {
  const bytes = nameOctets('www.example.com');
  const hash = hashName(bytes, 4, bytes.length, 28, 1, 7);
  t.equal(hash, hashName(nameKey('Example.com'), 0, 13, 28, 1, 7));
  t.not(hash, hashName(bytes, 4, bytes.length, 1, 1, 7), 'type');
  t.not(hash, hashName(bytes, 4, bytes.length, 28, 3, 7), 'class');
  t.not(hash, hashName(bytes, 4, bytes.length, 28, 1, 8), 'seed');
  t.not(hashName(hex('00'), 0, 1, 1, 1, 7), hashName(hex('00 00'), 0, 2, 1, 1, 7), 'length');
});

t.test('hashes of like names fall into all places alike, and none of an attacker under another seed', async (t) => {
  const size = 4096;
  const names = Array.from({ length: 8 * size }, (_, i) => nameKey(`host-${i}.example.com`));
  for (const seed of [0, 1, 0xffff_ffff]) {
    const filled = new Uint16Array(size);
    for (const octets of names) {
      const at = hashName(octets, 0, octets.length, 1, 1, seed) % size;
      filled[at] = (filled[at] as number) + 1;
    }
    // Eight a place on average; the fullest of 4096 Poisson places has hardly ever more than 24.
    t.ok(Math.max(...filled) <= 26, `seed ${seed}: ${Math.max(...filled)}`);
  }
  const chosen = names.filter((octets) => hashName(octets, 0, octets.length, 1, 1, 1) % size === 0);
  const places = new Set(chosen.map((octets) => hashName(octets, 0, octets.length, 1, 1, 2) % size));
  t.ok(places.size >= chosen.length - 1, 'names that collide under one seed do not under another');
});
