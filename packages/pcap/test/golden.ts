import { isDeepStrictEqual } from 'node:util';
import { bytesEqual, DecodeError, type DecodeErrorCode, fromHex, toHex } from '@router7/wire';
import fc from 'fast-check';
import t, { type Test } from 'tap';

/** A value and its only encoding. */
export interface Golden<T> {
  readonly name: string;
  readonly value: T;
  readonly bytes: Uint8Array;
}

/** Bytes that must not decode, and why. */
export interface Malformed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly code: DecodeErrorCode;
}

/** Octets of a row of hexadecimal lines; what follows `//` on a line says which field it is. */
export function hex(text: string): Uint8Array {
  return fromHex(text.replace(/\/\/.*$/gm, ''));
}

/** Compares octets, and shows both sides four by four when they differ. */
export function sameBytes(test: Test, actual: Uint8Array, expected: Uint8Array, name: string): boolean {
  if (bytesEqual(actual, expected)) return test.pass(name);
  const rows: string[] = [];
  for (let at = 0; at < Math.max(actual.length, expected.length); at += 4) {
    const [is, should] = [toHex(actual.subarray(at, at + 4)), toHex(expected.subarray(at, at + 4))];
    rows.push(`${String(at).padStart(5)}  ${is.padEnd(8)}  ${should.padEnd(8)}${is === should ? '' : '  <'}`);
  }
  return test.fail(`${name}: octets differ (position, is, should)\n${rows.join('\n')}`);
}

/** Runs a golden table both ways. */
export function testGolden<T>(
  rows: readonly Golden<T>[],
  decode: (bytes: Uint8Array, row: Golden<T>) => T,
  encode: (value: T, row: Golden<T>) => Uint8Array,
): void {
  for (const row of rows) {
    t.test(row.name, async (t) => {
      t.strictSame(decode(row.bytes, row), row.value, 'decodes');
      sameBytes(t, encode(row.value, row), row.bytes, 'encodes');
    });
  }
}

/** Runs a table of malformed inputs. */
export function testMalformed(rows: readonly Malformed[], decode: (bytes: Uint8Array) => unknown): void {
  for (const { name, bytes, code } of rows) {
    t.test(`refuses ${name}`, async (t) => {
      t.throws(() => decode(bytes), { name: 'DecodeError', code });
    });
  }
}

/** Whatever the bytes are, only a DecodeError comes out; what decodes and encodes again decodes to the same. */
export function testHostileBytes<T>(
  name: string,
  seeds: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => T,
  encode?: (value: T) => Uint8Array,
): void {
  t.test(`${name}: random and mutated bytes give a value or a DecodeError`, async () => {
    fc.assert(
      fc.property(hostileBytes(seeds), (bytes) => {
        let value: T;
        try {
          value = decode(bytes);
        } catch (error) {
          if (error instanceof DecodeError) return true;
          throw error;
        }
        if (encode === undefined) return true;
        const again = encode(value);
        return bytesEqual(encode(decode(again)), again);
      }),
      { numRuns: 500 },
    );
  });
}

/** Any value comes back as it was. */
export function testRoundTrip<T>(
  name: string,
  values: fc.Arbitrary<T>,
  decode: (bytes: Uint8Array, value: T) => T,
  encode: (value: T) => Uint8Array,
): void {
  t.test(`${name}: any value comes back as it was`, async () => {
    fc.assert(
      fc.property(values, (value) => isDeepStrictEqual(decode(encode(value), value), value)),
      { numRuns: 300 },
    );
  });
}

/** Random octets, or one of the seeds with some octets changed, cut short or made longer. */
export function hostileBytes(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(2000), fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)));
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }), fc.option(fc.nat(2000)))
    .map(([seed, changes, cut]) => {
      const bytes = seed.slice(0, cut === null ? seed.length : cut % (seed.length + 1));
      for (const [at, octet] of changes) if (bytes.length > 0) bytes[at % bytes.length] = octet;
      return bytes;
    });
  return fc.oneof(fc.uint8Array({ maxLength: 200 }), { arbitrary: mutated, weight: 4 });
}
