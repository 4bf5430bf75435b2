import { EncodeError } from '@router7/wire';
import type { Scalar, ValueType } from './value.ts';

/** What there is to say of a type of numbers beside its name and its length. */
export interface NumberOptions {
  readonly words?: { readonly [word: string]: number };
  readonly hostOrder?: true;
  readonly bits?: true;
  /** What nft notes of the byte order beside a set, where it is not what `hostOrder` says. */
  readonly byteOrder?: number;
  /** Bits, when they are fewer than those of its octets. */
  readonly width?: number;
  /** Reads a notation of the type's own; undefined when it is none. */
  readonly parse?: (value: Scalar) => number | undefined;
  readonly format?: (value: number) => number | string;
}

/** A type of numbers of `length` octets. */
export function integer(name: string, code: number, length: number, options: NumberOptions = {}): ValueType {
  const { words = {}, hostOrder = false, bits = false, width = 8 * length, parse, format } = options;
  const wordOf = new Map(
    Object.entries(words)
      .map(([word, value]) => [value, word] as const)
      .toReversed(),
  );
  const limit = 1n << BigInt(width);
  const orderedBytes = (number: number | bigint): Uint8Array => {
    const bytes = toBytes(number, length);
    return hostOrder ? bytes.reverse() : bytes;
  };
  return {
    ...{ name, code, length, hostOrder, bits },
    byteOrder: options.byteOrder ?? (hostOrder ? 1 : 2),
    encode(value) {
      // Most are plain numbers.
      if (typeof value === 'number' && parse === undefined && length <= 4 && value >= 0 && value < Number(limit)) {
        if (Number.isInteger(value)) return orderedBytes(value);
      }
      const text = String(value);
      const one = (each: Scalar): bigint => {
        const word = typeof each === 'string' && Object.hasOwn(words, each) ? words[each] : parse?.(each);
        return word === undefined ? parseInteger(String(each), name) : BigInt(word);
      };
      // Several bits of one value: `syn | ack`.
      const number =
        bits && text.includes('|') ? text.split('|').reduce((sum, each) => sum | one(each.trim()), 0n) : one(value);
      if (number < 0n || number >= limit) throw new EncodeError('out-of-range', `${text} is no ${name}`);
      return orderedBytes(number);
    },
    decode(bytes) {
      if (bytes.length !== length) return undefined;
      const number = fromBytes(hostOrder ? bytes.toReversed() : bytes);
      if (number >= limit) return undefined;
      if (number > Number.MAX_SAFE_INTEGER) return String(number);
      const small = Number(number);
      return (
        wordOf.get(small) ??
        (bits ? joined(small, wordOf) : undefined) ??
        (format === undefined ? small : format(small))
      );
    },
  };
}

/** `syn | ack`; undefined when there is a bit without a word, or none at all. */
function joined(value: number, wordOf: ReadonlyMap<number, string>): string | undefined {
  const words: string[] = [];
  for (let rest = BigInt(value), bit = 1n; bit <= rest; bit <<= 1n) {
    if ((rest & bit) === 0n) continue;
    const word = wordOf.get(Number(bit));
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words.length === 0 ? undefined : words.join(' | ');
}

function parseInteger(text: string, name: string): bigint {
  if (/^-?\d+\.\d+$/.test(text)) throw new EncodeError('out-of-range', `${text} is no ${name}`);
  if (!/^(?:-?\d+|0x[\da-f]+)$/i.test(text)) {
    throw new EncodeError('bad-value', `${JSON.stringify(text)} is no ${name}`);
  }
  return BigInt(text);
}

function toBytes(value: number | bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (length <= 4) {
    for (let i = length - 1, rest = Number(value); i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest & 0xff;
    return bytes;
  }
  for (let i = length - 1, rest = BigInt(value); i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

function fromBytes(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const octet of bytes) value = (value << 8n) | BigInt(octet);
  return value;
}
