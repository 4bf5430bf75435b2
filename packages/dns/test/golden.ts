import { bytesEqual, type DecodeErrorCode, type EncodeErrorCode, fromHex, toHex } from '@router7/wire';
import t, { type Test } from 'tap';

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

/** Runs a table of malformed inputs. */
export function testMalformed(rows: readonly Malformed[], decode: (bytes: Uint8Array) => unknown): void {
  for (const { name, bytes, code } of rows) {
    t.test(`refuses ${name}`, async (t) => {
      t.throws(() => decode(bytes), { name: 'DecodeError', code });
    });
  }
}

/** What an EncodeError of a code looks like. */
export function encodeError(code: EncodeErrorCode): { readonly name: string; readonly code: EncodeErrorCode } {
  return { name: 'EncodeError', code };
}

/** One array after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
