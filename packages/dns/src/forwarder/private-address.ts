import { RecordClass, RecordType } from '../record-type.ts';
import type { ResponseView } from '../scan/response-view.ts';

/** Parameters of SVCB and HTTPS records with addresses (RFC 9460 section 14.3.2). */
const IPV4_HINT = 4;
const IPV6_HINT = 6;

/**
 * Whether a response has an address that only means something in the home, or on the asker itself: what a public name
 * with such an address is good for is to let a web page reach into the home ("DNS rebinding").
 *
 * Looked at are A and AAAA records wherever they stand, and the address hints of SVCB and HTTPS records.
 */
export function hasPrivateAddress(view: ResponseView): boolean {
  const { bytes } = view;
  for (let i = 0; i < view.records; i++) {
    if (view.recordClass[i] !== RecordClass.internet) continue;
    const at = view.dataAt[i] as number;
    const type = view.recordType[i];
    if (type === RecordType.a) {
      if (isPrivateIpv4(bytes, at)) return true;
    } else if (type === RecordType.aaaa) {
      if (isPrivateIpv6(bytes, at)) return true;
    } else if (type === RecordType.https || type === RecordType.svcb) {
      if (hasPrivateHint(view, at, at + (view.dataLength[i] as number))) return true;
    }
  }
  return false;
}

/**
 * Whether four octets are an address that is not of the public Internet: 0/8, 10/8, 100.64/10, 127/8, 169.254/16,
 * 172.16/12, 192.168/16 (RFC 1918, RFC 6598, RFC 3927, RFC 1122 section 3.2.1.3).
 */
export function isPrivateIpv4(bytes: Uint8Array, at: number): boolean {
  const second = bytes[at + 1] as number;
  switch (bytes[at]) {
    case 0:
    case 10:
    case 127:
      return true;
    case 100:
      return (second & 0xc0) === 64;
    case 169:
      return second === 254;
    case 172:
      return (second & 0xf0) === 16;
    case 192:
      return second === 168;
    default:
      return false;
  }
}

/**
 * Whether sixteen octets are ::, ::1, of fc00::/7, fe80::/10 or fec0::/10, or hold a private IPv4 address:
 * mapped (::ffff:0:0/96), compatible (::/96), by NAT64 (64:ff9b::/96, RFC 6052) or by 6to4 (2002::/16).
 */
export function isPrivateIpv6(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  if ((first & 0xfe) === 0xfc) return true;
  if (first === 0xfe && (second & 0x80) !== 0) return true;
  if (first === 0x20 && second === 0x02) return isPrivateIpv4(bytes, at + 2);
  if (first === 0 && second === 0x64) {
    return (
      bytes[at + 2] === 0xff && bytes[at + 3] === 0x9b && isZero(bytes, at + 4, 8) && isPrivateIpv4(bytes, at + 12)
    );
  }
  if (!isZero(bytes, at, 10)) return false;
  const mapped = bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
  // ::/96 has :: and ::1 in it, which look like addresses of 0/8.
  return (mapped || isZero(bytes, at + 10, 2)) && isPrivateIpv4(bytes, at + 12);
}

function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** RFC 9460 section 2.2: priority, target, then pairs of a key and a value with its length. */
function hasPrivateHint(view: ResponseView, at: number, end: number): boolean {
  const { bytes } = view;
  let position = at + 2;
  while (position < end && bytes[position] !== 0 && (bytes[position] as number) < 0xc0) {
    position += (bytes[position] as number) + 1;
  }
  position += (bytes[position] as number) >= 0xc0 ? 2 : 1;
  while (position + 4 <= end) {
    const key = u16(bytes, position);
    const valueAt = position + 4;
    position = valueAt + u16(bytes, position + 2);
    if (position > end) return false;
    if (key === IPV4_HINT) {
      for (let i = valueAt; i + 4 <= position; i += 4) if (isPrivateIpv4(bytes, i)) return true;
    } else if (key === IPV6_HINT) {
      for (let i = valueAt; i + 16 <= position; i += 16) if (isPrivateIpv6(bytes, i)) return true;
    }
  }
  return false;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
