import { EncodeError } from './errors.ts';

// TextEncoder and TextDecoder are in Node, Bun, Deno and every browser, but not in the ECMAScript library's types.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** Two hexadecimal digits of every octet. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, octet) => (octet + 0x100).toString(16).slice(1));

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The UTF-8 octets of a text. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of UTF-8 octets. What is not UTF-8 becomes U+FFFD: keep the octets where they have to survive. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Lower-case hexadecimal digits, two an octet. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i] as number];
  return text;
}

/**
 * Octets from hexadecimal digits; blanks, line breaks and colons between octets are passed over.
 *
 * @throws EncodeError `bad-value`
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) {
    throw new EncodeError('bad-value', `${JSON.stringify(text)} is not a row of hexadecimal octets`);
  }
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Whether two arrays hold the same octets. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
