/** Whatever the octets are, only a DecodeError comes out, and what decodes is the same octets when encoded again. */
// Covers: D6C-27
import { readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, readCapture } from '@router7/pcap';
import { bytesEqual, DecodeError } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import {
  decodeDuid,
  decodeMessage,
  decodeRawOption,
  encodeDuid,
  encodeMessage,
  type Option,
  statusOf,
} from '../src/index.ts';
import { joined, replyHeader, sameBytes } from './golden.ts';
import { hostileCorpus } from './hostile-corpus.ts';
import { optionTables } from './options/tables.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);

for (const { name, bytes, expected } of hostileCorpus) {
  t.test(`D6C-27 ${name}`, async (t) => {
    if (expected === 'truncated') {
      t.throws(() => decodeMessage(bytes), { name: 'DecodeError', code: expected });
      return;
    }
    const message = decodeMessage(bytes);
    t.strictSame(
      message.options.map(({ kind }) => kind),
      expected,
    );
    sameBytes(t, encodeMessage(message), bytes, 'encodes as it came');
  });
}

/** Messages to be broken: those of the captures, and all golden, malformed and hostile ones. */
const seeds: Uint8Array[] = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.pcap'))
  .flatMap((file) =>
    [...readCapture(readFileSync(new URL(file, FIXTURES)))].flatMap((record) => {
      const payload = record.kind === 'packet' ? decodeFrame(record.bytes).udp?.payload : undefined;
      return payload === undefined ? [] : [payload];
    }),
  );
for (const { golden, malformed } of optionTables) {
  for (const { bytes } of [...golden, ...malformed]) seeds.push(joined(replyHeader, bytes));
}
for (const { bytes } of hostileCorpus) seeds.push(bytes);

const change = fc.tuple(
  fc.nat(200),
  fc.oneof(fc.constantFrom(0, 1, 3, 5, 9, 12, 13, 25, 26, 0x7f, 0xc0, 0xff), fc.nat(255)),
);
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }), fc.option(fc.nat(400)))
  .map(([seed, changes, cut]) => {
    const bytes = seed.slice(0, cut === null ? seed.length : cut % (seed.length + 1));
    for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
    return bytes;
  });
/** Options whose lengths are right: what is wrong lies deeper. */
const option = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 150 }), fc.constantFrom(3, 4, 5, 9, 25, 26, 66, 89, 92, 94)),
    fc.uint8Array({ maxLength: 60 }),
  )
  .map(([code, data]) => joined(Uint8Array.of(0, code, 0, data.length), data));
const options = fc.array(option, { maxLength: 6 }).map((parts) => joined(replyHeader, ...parts));
const hostile = fc.oneof(fc.uint8Array({ maxLength: 300 }), options, { arbitrary: mutated, weight: 5 });

/** The value, or undefined for a DecodeError; anything else that is thrown fails the test. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function look(option: Option): void {
  if (option.kind === 'raw') attempt(() => decodeRawOption(option));
  if (option.kind === 'clientIdentifier' || option.kind === 'serverIdentifier') {
    const duid = attempt(() => decodeDuid(option.value));
    if (duid !== undefined && !bytesEqual(encodeDuid(duid), option.value)) throw new Error('another DUID');
  }
}

t.test('D6C-27 random and mutated messages', async () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (bytes, strict) => {
      const message = attempt(() => decodeMessage(bytes, { strict }));
      if (message === undefined) return true;
      message.options.forEach(look);
      return Number.isInteger(statusOf(message)) && bytesEqual(encodeMessage(message), bytes);
    }),
    { numRuns: 8000 },
  );
});

t.test('what is malformed inside of a message does not cost it: only a header that is cut off does', async () => {
  fc.assert(
    fc.property(options, (bytes) => bytesEqual(encodeMessage(decodeMessage(bytes)), bytes)),
    { numRuns: 2000 },
  );
});
