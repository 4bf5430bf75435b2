import { DecodeError, EncodeError } from './errors.ts';
import type { ByteWriter } from './writer.ts';

/** Octets of a whole name on the wire, length octets and root included (RFC 1035 section 2.3.4). */
export const MAX_NAME_LENGTH = 255;
/** Octets of one label (RFC 1035 section 2.3.4). */
export const MAX_LABEL_LENGTH = 63;

const POINTER = 0xc0;
const MAX_JUMPS = 126; // a name of 255 octets has at most 127 labels: more jumps than that lead nowhere new

/** What {@link decodeDnsName} found. */
export interface DecodedDnsName {
  /** Presentation form without the final dot; the root is `.`. Dots and unprintable octets in labels are escaped. */
  readonly name: string;
  /** Offset of the octet behind the name where it was met (not where a pointer led). */
  readonly end: number;
}

/**
 * Decodes a domain name (RFC 1035 section 3.1), following compression pointers (section 4.1.4).
 *
 * ```
 * +-+-+-+-+-+-+-+-+--- - -        +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|  length   |  octets       |1 1|          OFFSET           |
 * +-+-+-+-+-+-+-+-+--- - -        +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @param message what pointers count from: a DNS message, or the data of option 119 (RFC 3397 section 2)
 * @param offset where the name starts
 * @param compression false to refuse pointers, for the formats that forbid them
 * @throws DecodeError `truncated` or `bad-name`
 */
export function decodeDnsName(message: Uint8Array, offset: number, compression: boolean = true): DecodedDnsName {
  const labels: string[] = [];
  let position = offset;
  let end = -1;
  let length = 1;
  let lowest = offset;
  for (let jumps = 0; ; ) {
    const octet = octetAt(message, position);
    if (octet === 0) {
      return { name: labels.length === 0 ? '.' : labels.join('.'), end: end < 0 ? position + 1 : end };
    }
    if ((octet & POINTER) === POINTER) {
      if (!compression) throw new DecodeError('bad-name', 'a compression pointer where none is allowed', position);
      const target = ((octet & 0x3f) << 8) | octetAt(message, position + 1);
      // RFC 1035 4.1.4: a pointer goes to "a prior occurance"; each one pointing further back rules loops out.
      if (target >= lowest || ++jumps > MAX_JUMPS) {
        throw new DecodeError('bad-name', `pointer to octet ${target} does not point back`, position);
      }
      if (end < 0) end = position + 2;
      lowest = target;
      position = target;
      continue;
    }
    if ((octet & POINTER) !== 0) throw new DecodeError('bad-name', `label type ${octet >> 6} is not defined`, position);
    length += octet + 1;
    if (length > MAX_NAME_LENGTH) throw new DecodeError('bad-name', 'the name is longer than 255 octets', position);
    if (position + 1 + octet > message.length) throw new DecodeError('truncated', 'the label is cut off', position);
    labels.push(escapeLabel(message.subarray(position + 1, position + 1 + octet)));
    position += octet + 1;
  }
}

/** Remembers where names were written in one message, so that later ones can point at them. */
export type DnsNameOffsets = Map<string, number>;

/**
 * Encodes a domain name given in presentation form, with or without the final dot.
 *
 * @param offsets when given, suffixes already written are pointed at, and new ones remembered
 * @param origin position in the writer that pointers count from
 * @throws EncodeError `bad-value` (empty label, bad escape) or `too-long`
 */
export function encodeDnsName(writer: ByteWriter, name: string, offsets?: DnsNameOffsets, origin: number = 0): void {
  const labels = parseLabels(name);
  if (labels.reduce((sum, label) => sum + label.length + 1, 1) > MAX_NAME_LENGTH) {
    throw new EncodeError('too-long', `${JSON.stringify(name)} is longer than 255 octets`);
  }
  for (let i = 0; i < labels.length; i++) {
    if (offsets !== undefined) {
      // Compared as spelt, although DNS ignores case: what is decoded again is then what was given.
      const suffix = labels.slice(i).map(escapeLabel).join('.');
      const known = offsets.get(suffix);
      if (known !== undefined) {
        writer.u16((POINTER << 8) | known);
        return;
      }
      if (writer.length - origin <= 0x3fff) offsets.set(suffix, writer.length - origin);
    }
    const label = labels[i] as Uint8Array;
    writer.u8(label.length);
    writer.bytes(label);
  }
  writer.u8(0);
}

function octetAt(message: Uint8Array, position: number): number {
  const octet = message[position];
  if (octet === undefined) throw new DecodeError('truncated', 'the name is cut off', position);
  return octet;
}

function escapeLabel(label: Uint8Array): string {
  let text = '';
  for (const octet of label) {
    if (octet === 0x2e || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else if (octet > 0x20 && octet < 0x7f) text += String.fromCharCode(octet);
    else text += `\\${octet.toString().padStart(3, '0')}`;
  }
  return text;
}

/** Splits presentation form into labels, undoing the escapes of RFC 1035 section 5.1 (`\X` and `\DDD`). */
function parseLabels(name: string): Uint8Array[] {
  if (name === '.') return [];
  const labels: Uint8Array[] = [];
  let label: number[] = [];
  const finish = (): void => {
    if (label.length === 0) throw new EncodeError('bad-value', `${JSON.stringify(name)} has an empty label`);
    if (label.length > MAX_LABEL_LENGTH) {
      throw new EncodeError('too-long', `a label of ${JSON.stringify(name)} is over 63 octets`);
    }
    labels.push(Uint8Array.from(label));
    label = [];
  };
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code === 0x2e) {
      finish();
      if (i === name.length - 1) return labels;
    } else if (code === 0x5c) {
      // RFC 1035 5.1: "\DDD", or "\X where X is any character other than a digit".
      const [escaped, digits] = /^(?:(\d{3})|[^\d\u{80}-\u{10ffff}])/u.exec(name.slice(i + 1, i + 4)) ?? [''];
      const octet = digits === undefined ? escaped.charCodeAt(0) : Number(digits);
      if (!(octet <= 0xff)) throw new EncodeError('bad-value', `${JSON.stringify(name)} has a bad escape`);
      label.push(octet);
      i += escaped.length;
    } else if (code > 0x7f) {
      throw new EncodeError('bad-value', `${JSON.stringify(name)} is not ASCII: encode it by IDNA first (RFC 5890)`);
    } else {
      label.push(code);
    }
  }
  finish();
  return labels;
}
