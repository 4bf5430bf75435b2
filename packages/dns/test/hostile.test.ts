/** Whatever the octets are, nothing but a DecodeError comes out, and what the forwarder says is well-formed. */
// Covers: DNS-30
import fc from 'fast-check';
import t from 'tap';
import { decodeMessage, ResponseScan, ResponseView, scanResponse } from '../src/index.ts';
import { checkCodec } from './fuzz/codec-subject.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { hex } from './golden.ts';
import { hostileMessages } from './hostile-corpus.ts';

t.test(
  'DNS-30 mutated captures and messages of hostile structure, through decoder, scanners and forwarder',
  async (t) => {
    // `./run fuzz dns` does the same with ten million.
    for (const seed of [1, 2]) {
      const { done, fault } = fuzz({ messages: 5000, seed, limitMs: 50 });
      t.equal(fault, undefined, `seed ${seed}: ${done} messages`);
    }
  },
);

t.test('any octets at all', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      checkCodec(bytes);
    }),
    { numRuns: 3000 },
  );
});

t.test('each message of the corpus, and each of its beginnings', async (t) => {
  for (const message of hostileMessages) {
    for (let length = 0; length <= message.length; length++) checkCodec(message.subarray(0, length));
  }
  t.pass('no fault');
});

/** A message of the largest size, all of it the same record with a name of 253 octets as its owner. */
function filled(record: string): Uint8Array {
  const name = `${`3f${'61'.repeat(63)}`.repeat(3)}3b${'61'.repeat(59)}00`;
  const head = hex(`00 00 80 00 00 01 00 00 00 00 00 00 ${name} 00 01 00 01`);
  const octets = hex(record);
  const count = Math.floor((65535 - head.length) / octets.length);
  const bytes = new Uint8Array(head.length + count * octets.length);
  bytes.set(head);
  for (let i = 0; i < count; i++) bytes.set(octets, head.length + i * octets.length);
  bytes[6] = count >>> 8;
  bytes[7] = count;
  return bytes;
}

for (const { name, record } of [
  { name: 'pointers', record: 'c0 0c ff 00 00 01 00 00 00 00 00 00' },
  { name: 'names in data', record: `c0 0c 00 06 00 01 00 00 00 00 00 18 c0 0c c0 0c${'00'.repeat(20)}` },
  { name: 'records that dns-packet reads', record: 'c0 0c 00 11 00 01 00 00 00 00 00 04 c0 0c c0 0c' },
  { name: 'CNAME records in a circle', record: 'c0 0c 00 05 00 01 00 00 00 00 00 02 c0 0c' },
]) {
  t.test(`a message full of ${name} takes no longer than another`, async (t) => {
    const bytes = filled(record);
    const view = new ResponseView();
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5; turn++) {
      const began = process.cpuUsage();
      t.equal(scanResponse(view, bytes, 0, bytes.length), ResponseScan.tooMany);
      t.ok(decodeMessage(bytes).answers.length > 1000);
      const { user, system } = process.cpuUsage(began);
      least = Math.min(least, (user + system) / 1000);
    }
    // Each pointer written out, it would take 60 ms and more.
    t.ok(least < 40, `${least} ms`);
  });
}
