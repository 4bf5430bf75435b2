import { ByteWriter, decodeDnsName, EncodeError, encodeDnsName } from '@router7/wire';

/** Octets of a whole name, length octets and root included, at most (RFC 1035 section 2.3.4). */
const MAX_LENGTH = 255;

/**
 * Octets as they are compared: A to Z become a to z, all others stay (RFC 4343 section 3).
 *
 * Length octets are at most 63 and so stay what they are: a whole name may go through the table.
 */
export const LOWER_CASE: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet,
);

/**
 * Octets of an uncompressed name, root included; -1 when it is cut off, too long or has a label of another type
 * (a compression pointer is one).
 *
 * @param at offset of the first length octet
 * @param end offset behind the last octet that may be read
 */
export function nameLengthAt(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + MAX_LENGTH);
  for (let position = at; position < last; ) {
    const length = bytes[position] as number;
    if (length === 0) return position + 1 - at;
    if (length > 63) return -1;
    position += length + 1;
  }
  return -1;
}

/** Whether `length` octets here and there are the same but for the case of letters. */
export function sameOctetsIgnoringCase(
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) {
    const [x, y] = [a[aAt + i] as number, b[bAt + i] as number];
    if (x !== y && LOWER_CASE[x] !== LOWER_CASE[y]) return false;
  }
  return true;
}

/** Writes the lower-cased octets of a name to `target`. */
export function copyLowerCase(
  target: Uint8Array,
  targetAt: number,
  source: Uint8Array,
  at: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) target[targetAt + i] = LOWER_CASE[source[at + i] as number] as number;
}

/**
 * Whether an uncompressed, valid name is `suffix` or ends with it, label by label and whatever the case.
 *
 * @param at offset of the name
 * @param length its octets, root included
 * @param suffix an uncompressed name with its root: `\x07example\x00`; the root alone is the suffix of all names
 */
export function isSubdomain(bytes: Uint8Array, at: number, length: number, suffix: Uint8Array): boolean {
  const end = at + length;
  let position = at;
  while (end - position > suffix.length) position += (bytes[position] as number) + 1;
  return end - position === suffix.length && sameOctetsIgnoringCase(bytes, position, suffix, 0, suffix.length);
}

/**
 * The octets of a name in presentation form, with or without the final dot, uncompressed and lower-cased:
 * what names are compared and looked up by.
 *
 * @throws EncodeError `bad-value` (empty label, bad escape, not ASCII), `too-long`
 */
export function nameKey(text: string): Uint8Array {
  const octets = nameOctets(text);
  copyLowerCase(octets, 0, octets, 0, octets.length);
  return octets;
}

/** The octets of a name in presentation form, uncompressed, spelt as given. @throws EncodeError as {@link nameKey} */
export function nameOctets(text: string): Uint8Array {
  if (text === '') throw new EncodeError('bad-value', 'a name has a label at least; the root is "."');
  const writer = new ByteWriter(MAX_LENGTH);
  encodeDnsName(writer, text);
  return writer.finish();
}

/**
 * The presentation form of an uncompressed name, without the final dot (the root is `.`); dots and unprintable octets
 * in labels are escaped.
 *
 * @throws DecodeError `truncated` or `bad-name`
 */
export function nameText(bytes: Uint8Array, at: number = 0): string {
  return decodeDnsName(bytes, at, false).name;
}
