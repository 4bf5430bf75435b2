import fc from 'fast-check';
import t from 'tap';
import {
  ByteWriter,
  bytesEqual,
  DecodeError,
  type DnsNameOffsets,
  decodeDnsName,
  encodeDnsName,
  encodeUtf8,
  MAX_LABEL_LENGTH,
  MAX_NAME_LENGTH,
} from '../src/index.ts';
import { encodeError, hex, sameBytes, testMalformed } from './golden.ts';

function encode(name: string): Uint8Array {
  const writer = new ByteWriter(8);
  encodeDnsName(writer, name);
  return writer.finish();
}

const label63 = 'x'.repeat(63);
const longest = [label63, label63, label63, 'y'.repeat(61)].join('.'); // 3 * 64 + 62 + 1 octets

const rows: { name: string; value: string; bytes: Uint8Array }[] = [
  { name: 'the root', value: '.', bytes: hex('00 // root') },
  {
    name: 'a host',
    value: 'router7.lan',
    bytes: hex(`
      07 72 6f 75 74 65 72 37  // router7
      03 6c 61 6e              // lan
      00                       // root
    `),
  },
  {
    name: 'case is kept',
    value: 'LaN',
    bytes: hex(`
      03 4c 61 4e  // LaN
      00           // root
    `),
  },
  {
    name: 'dots, backslashes and octets that are no printable ASCII, escaped',
    value: 'a\\.b\\\\c.\\032\\000\\127\\255',
    bytes: hex(`
      05 61 2e 62 5c 63  // a.b\\c
      04 20 00 7f ff     // space, NUL, DEL, 255
      00                 // root
    `),
  },
  {
    name: 'a label of 63 octets',
    value: label63,
    bytes: hex(`
      3f ${'78'.repeat(63)}
      00  // root
    `),
  },
  {
    name: 'a name of 255 octets',
    value: longest,
    bytes: hex(`
      3f ${'78'.repeat(63)}
      3f ${'78'.repeat(63)}
      3f ${'78'.repeat(63)}
      3d ${'79'.repeat(61)}
      00  // root
    `),
  },
];

for (const { name, value, bytes } of rows) {
  t.test(name, async (t) => {
    t.strictSame(decodeDnsName(bytes, 0), { name: value, end: bytes.length }, 'decodes');
    t.strictSame(decodeDnsName(bytes, 0, false), { name: value, end: bytes.length }, 'decodes without compression');
    sameBytes(t, encode(value), bytes, 'encodes');
  });
}

t.test('the limits are those of RFC 1035', async (t) => {
  t.equal(MAX_NAME_LENGTH, 255);
  t.equal(MAX_LABEL_LENGTH, 63);
  t.equal(encode(longest).length, MAX_NAME_LENGTH);
});

t.test('the final dot may be there or not', async (t) => {
  sameBytes(t, encode('router7.lan.'), encode('router7.lan'), 'with a dot');
});

t.test('other ways to escape', async (t) => {
  sameBytes(t, encode('\\097\\b.\\046'), hex('02 61 62 01 2e 00'), 'as octets');
});

t.test('RFC 1035 section 4.1.4: its own example', async (t) => {
  const message = new Uint8Array(93);
  message.set(hex('01 46 03 495349 04 41525041 00'), 20); // F.ISI.ARPA
  message.set(hex('03 464f4f c014'), 40); // FOO.F.ISI.ARPA
  message.set(hex('c01a'), 64); // ARPA
  t.strictSame(decodeDnsName(message, 20), { name: 'F.ISI.ARPA', end: 32 });
  t.strictSame(decodeDnsName(message, 40), { name: 'FOO.F.ISI.ARPA', end: 46 });
  t.strictSame(decodeDnsName(message, 64), { name: 'ARPA', end: 66 });
  t.strictSame(decodeDnsName(message, 92), { name: '.', end: 93 });
  t.throws(() => decodeDnsName(message, 40, false), { name: 'DecodeError', code: 'bad-name', offset: 44 });
});

t.test('a pointer to a pointer, and to the root', async (t) => {
  const message = hex('01 61 00  c000  c003  c002');
  t.strictSame(decodeDnsName(message, 5), { name: 'a', end: 7 });
  t.strictSame(decodeDnsName(message, 7), { name: '.', end: 9 });
});

t.test('writes pointers to what was written before, counted from the origin', async (t) => {
  const writer = new ByteWriter(4);
  writer.u16(0xffff);
  const offsets: DnsNameOffsets = new Map();
  const names = ['f.isi.arpa', 'foo.f.isi.arpa.', 'arpa', 'isi.arpa', '.', 'ISI.arpa', 'f.isi.arpa'];
  for (const name of names) encodeDnsName(writer, name, offsets, 2);
  const message = writer.finish().subarray(2);
  sameBytes(
    t,
    message,
    hex(`
      01 66 03 697369 04 61727061 00  // at 0: f.isi.arpa
      03 666f6f c000                  // at 12: foo, f.isi.arpa
      c006                            // at 18: arpa
      c002                            // at 20: isi.arpa
      00                              // at 22: the root
      03 495349 c006                  // at 23: ISI, as it is spelt, arpa
      c000                            // at 29: f.isi.arpa
    `),
    'compressed',
  );
  let at = 0;
  for (const name of names) {
    const decoded = decodeDnsName(message, at);
    t.equal(decoded.name, name === '.' ? name : name.replace(/\.$/, ''));
    at = decoded.end;
  }
  t.equal(at, message.length);
});

t.test('points at nothing beyond 14 bits', async (t) => {
  const writer = new ByteWriter(0x5000);
  const offsets: DnsNameOffsets = new Map();
  writer.fill(0x3ffe);
  encodeDnsName(writer, 'a.b', offsets); // a at 3ffe, b at 4000
  const start = writer.length;
  encodeDnsName(writer, 'b', offsets);
  encodeDnsName(writer, 'a.b', offsets);
  sameBytes(t, writer.view().subarray(start), hex('01 62 00  ff fe'), 'b in full, a.b by a pointer');
});

const chain = (jumps: number): Uint8Array => {
  const message = new Uint8Array(1 + 2 * jumps); // the root, then pointers, each to the one before
  for (let i = 0; i < jumps; i++) {
    const target = i === 0 ? 0 : 2 * i - 1;
    message.set([0xc0 | (target >> 8), target & 0xff], 2 * i + 1);
  }
  return message;
};

t.test('follows 126 pointers, and no more', async (t) => {
  t.equal(decodeDnsName(chain(126), 2 * 126 - 1).name, '.');
  t.throws(() => decodeDnsName(chain(127), 2 * 127 - 1), { name: 'DecodeError', code: 'bad-name' });
  t.throws(() => decodeDnsName(chain(8000), 2 * 8000 - 1), { name: 'DecodeError', code: 'bad-name' });
});

testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'a label cut off', bytes: hex('03 6c 61'), code: 'truncated' },
    { name: 'a name without end', bytes: hex('03 6c 61 6e'), code: 'truncated' },
    { name: 'a pointer cut off', bytes: hex('c0'), code: 'truncated' },
    { name: 'a pointer to itself', bytes: hex('c000'), code: 'bad-name' },
    { name: 'a pointer ahead', bytes: hex('c002 00'), code: 'bad-name' },
    { name: 'a pointer past the end', bytes: hex('ffff'), code: 'bad-name' },
    { name: 'a pointer back into its own name', bytes: hex('01 61 c000'), code: 'bad-name' },
    { name: 'a pointer into a label of its own name', bytes: hex('02 01 61 c001'), code: 'bad-name' },
    { name: 'two pointers in a circle', bytes: hex('c002 c000'), code: 'bad-name' },
    { name: 'a label of type 01', bytes: hex('40'), code: 'bad-name' },
    { name: 'a label of type 10', bytes: hex('80'), code: 'bad-name' },
    { name: 'a label of 64 octets', bytes: hex(`40 ${'78'.repeat(64)} 00`), code: 'bad-name' },
    {
      name: 'a name of 256 octets',
      bytes: hex(`${`3f${'78'.repeat(63)}`.repeat(3)} 3e ${'79'.repeat(62)} 00`),
      code: 'bad-name',
    },
    { name: '128 labels', bytes: hex('0161'.repeat(128)), code: 'bad-name' },
  ],
  (bytes) => decodeDnsName(bytes, 0),
);

t.test('refuses what comes only by pointers, too', async (t) => {
  const circle = hex('01 61 c004 01 62 c000');
  t.throws(() => decodeDnsName(circle, 4), { code: 'bad-name', offset: 2 }, 'back, then ahead');
  const message = hex(`${`3f${'78'.repeat(63)}`.repeat(3)} 00 ${`3f${'79'.repeat(63)}`} c000`);
  t.throws(() => decodeDnsName(message, 193), { code: 'bad-name' }, '4 labels of 63 octets, one of them here');
  t.throws(() => decodeDnsName(hex('00'), 1), { code: 'truncated', offset: 1 });
  t.throws(() => decodeDnsName(hex('00'), -1), { code: 'truncated' });
});

t.test('a name of 127 labels', async (t) => {
  const bytes = hex(`${'0161'.repeat(127)} 00`);
  t.equal(decodeDnsName(bytes, 0).name, Array(127).fill('a').join('.'));
});

t.test('refuses names that have no encoding', async (t) => {
  for (const name of [
    '',
    '..',
    '.a',
    'a..b',
    'a..',
    '\\',
    'a\\',
    '\\256',
    '\\1',
    '\\12',
    '\\12x',
    '\\1x2',
    'zwölf',
    '\\ö',
    '\\\u{1f600}',
  ]) {
    t.throws(() => encode(name), encodeError('bad-value'), JSON.stringify(name));
  }
  for (const name of ['x'.repeat(64), `${longest}y`, `a.${longest}`, Array(128).fill('a').join('.')]) {
    t.throws(() => encode(name), encodeError('too-long'), `${name.length} octets`);
  }
  const writer = new ByteWriter(8);
  t.throws(() => encodeDnsName(writer, `a.${'x'.repeat(64)}`), encodeError('too-long'));
  t.equal(writer.length, 0, 'nothing was written');
});

const labels = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 63 }), { maxLength: 6 })
  .filter((labels) => labels.reduce((sum, label) => sum + label.length + 1, 1) <= 255);

function wire(labels: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([...labels.flatMap((label) => [label.length, ...label]), 0]);
}

t.test('any labels come back octet by octet', async () => {
  fc.assert(
    fc.property(labels, (labels) => {
      const { name, end } = decodeDnsName(wire(labels), 0, false);
      return end === wire(labels).length && /^[!-~]+$/.test(name) && bytesEqual(encode(name), wire(labels));
    }),
    { numRuns: 500 },
  );
});

t.test('any names come back through compression, and take no more room', async () => {
  const few = fc.constantFrom('a', 'b', 'lan', 'example').map((text) => encodeUtf8(text));
  const names = fc.array(fc.array(few, { maxLength: 5 }), { maxLength: 12 });
  fc.assert(
    fc.property(names, (names) => {
      const writer = new ByteWriter(8);
      const offsets: DnsNameOffsets = new Map();
      const texts = names.map((labels) => decodeDnsName(wire(labels), 0).name);
      for (const text of texts) encodeDnsName(writer, text, offsets);
      const message = writer.finish();
      let at = 0;
      for (const text of texts) {
        const decoded = decodeDnsName(message, at);
        if (decoded.name !== text) return false;
        at = decoded.end;
      }
      return at === message.length && at <= names.reduce((sum, labels) => sum + wire(labels).length, 0);
    }),
    { numRuns: 300 },
  );
});

t.test('random and mutated octets give a name or a DecodeError', async () => {
  const octet = fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x3f, 0x40, 0xc0, 0xc1, 0xff), fc.nat(255));
  const bytes = fc.array(octet, { maxLength: 300 }).map((octets) => Uint8Array.from(octets));
  fc.assert(
    fc.property(bytes, fc.nat(310), fc.boolean(), (bytes, offset, compression) => {
      try {
        const { name, end } = decodeDnsName(bytes, offset, compression);
        return end > offset && end <= bytes.length && encode(name).length <= 255;
      } catch (error) {
        return error instanceof DecodeError;
      }
    }),
    { numRuns: 2000 },
  );
});
