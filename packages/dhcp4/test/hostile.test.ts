/** Whatever the octets are, only a DecodeError comes out, and what decodes means the same when encoded again (D4C-18). */
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { decodeFrame, readCapture } from '@router7/pcap';
import { DecodeError } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import {
  decodeMessage,
  decodeRawOption,
  encodeMessage,
  encodeOption,
  type Message,
  type Option,
} from '../src/index.ts';
import { joined, reply, replyHeader } from './golden.ts';
import { optionTables } from './options/tables.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);

/** Messages to be broken: one capture of each story, and all golden and malformed options in single messages. */
const seeds: Uint8Array[] = readdirSync(FIXTURES)
  .filter((file) => /^kea-udhcpc.*\.pcap$|-(long|split|overload|relay-server|pxe|options)\.pcap$/.test(file))
  .flatMap((file) =>
    [...readCapture(readFileSync(new URL(file, FIXTURES)))].flatMap((record) => {
      const payload = record.kind === 'packet' ? decodeFrame(record.bytes).udp?.payload : undefined;
      return payload === undefined ? [] : [payload];
    }),
  );
for (const { golden, malformed } of optionTables) {
  for (const { bytes } of [...golden, ...malformed]) seeds.push(joined(replyHeader, bytes, Uint8Array.of(255)));
}

const change = fc.tuple(
  fc.oneof({ arbitrary: fc.integer({ min: 236, max: 600 }), weight: 4 }, fc.nat(239)),
  fc.oneof(fc.constantFrom(0, 1, 2, 4, 52, 82, 0x7f, 0xc0, 0xff), fc.nat(255)),
);
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }), fc.option(fc.nat(600)))
  .map(([seed, changes, cut]) => {
    const bytes = seed.slice(0, cut === null ? seed.length : cut % (seed.length + 1));
    for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
    return bytes;
  });
const random = fc.uint8Array({ maxLength: 400 });
const randomOptions = fc.uint8Array({ maxLength: 300 }).map((octets) => joined(replyHeader, octets));
const overloaded = fc
  .tuple(fc.uint8Array({ minLength: 192, maxLength: 192 }), fc.constantFrom(1, 2, 3))
  .map(([octets, value]) => {
    const bytes = joined(replyHeader, Uint8Array.of(52, 1, value, 255));
    bytes.set(octets, 44);
    return bytes;
  });
const hostile = fc.oneof(random, randomOptions, overloaded, { arbitrary: mutated, weight: 5 });

/** The value, or undefined for a DecodeError; anything else that is thrown fails the test. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** A message with its options by code: encoding moves options 53 and 82. */
function inOrder(message: Message): Message {
  const code = (option: Option): number => encodeOption(option).code;
  return { ...message, options: message.options.toSorted((a, b) => code(a) - code(b)) };
}

t.test('random and mutated messages', async () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (bytes, strict) => {
      const message = attempt(() => decodeMessage(bytes, { strict }));
      if (message === undefined) return true;
      for (const option of message.options) if (option.kind === 'raw') attempt(() => decodeRawOption(option));
      const encoded = encodeMessage(message);
      const again = decodeMessage(encoded, { strict });
      return isDeepStrictEqual(inOrder(again), inOrder(message)) && isDeepStrictEqual(encodeMessage(again), encoded);
    }),
    { numRuns: 4000 },
  );
});

t.test('what does not fit is an EncodeError, what fits comes back', async () => {
  const option = fc
    .tuple(fc.integer({ min: 224, max: 254 }), fc.uint8Array({ maxLength: 400 }))
    .map(([code, data]): Option => ({ kind: 'raw', code, data }));
  const options = fc.uniqueArray(option, { maxLength: 6, selector: (option) => (option as { code: number }).code });
  fc.assert(
    fc.property(options, fc.integer({ min: 300, max: 1500 }), fc.boolean(), (options, maximumSize, overload) => {
      const message: Message = { ...reply, options: [{ kind: 'dhcpMessageType', value: 5 }, ...options] };
      let bytes: Uint8Array;
      try {
        bytes = encodeMessage(message, { maximumSize, overload });
      } catch (error) {
        const size = encodeMessage(message).length;
        return (error as { code?: string }).code === 'too-long' && size > maximumSize;
      }
      return bytes.length <= maximumSize && isDeepStrictEqual(inOrder(decodeMessage(bytes)), inOrder(message));
    }),
    { numRuns: 500 },
  );
});
