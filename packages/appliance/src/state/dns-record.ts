import { nameOctets } from '@router7/dns';
import { ByteWriter, EncodeError, encodeUtf8, Ipv4Address, Ipv6Address } from '@router7/wire';

/** Types that a person may write records of, and what a value is to look like. */
export const DNS_RECORD_VALUES = {
  A: 'an IPv4 address',
  AAAA: 'an IPv6 address',
  CNAME: 'a domain name',
  PTR: 'a domain name',
  TXT: 'a text',
  MX: 'a preference and a domain name, such as "10 mail.lan"',
  SRV: 'priority, weight, port and a domain name, such as "10 5 443 nas.lan"',
} as const;

/** One of them. */
export type DnsRecordType = keyof typeof DNS_RECORD_VALUES;

const LONGEST_STRING = 255;

/**
 * The RDATA of a record, names in it not compressed. One text becomes as many strings as it takes (RFC 1035 section 3.3.14).
 *
 * @param value as in a zone file, but a text without quotes
 * @throws EncodeError
 */
export function dnsRecordData(type: DnsRecordType, value: string): Uint8Array {
  switch (type) {
    case 'A':
      return Ipv4Address.parse(value).toBytes();
    case 'AAAA':
      return Ipv6Address.parse(value).toBytes();
    case 'CNAME':
    case 'PTR':
      return nameOctets(value);
    case 'TXT':
      return strings(encodeUtf8(value));
    case 'MX':
      return numbersAndName(value, 1);
    case 'SRV':
      return numbersAndName(value, 3);
  }
}

function strings(text: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  for (let at = 0; at === 0 || at < text.length; at += LONGEST_STRING) {
    const part = text.subarray(at, at + LONGEST_STRING);
    writer.u8(part.length);
    writer.bytes(part);
  }
  return writer.finish();
}

/** @param count of numbers of 16 bits before the name */
function numbersAndName(value: string, count: number): Uint8Array {
  const words = value.trim().split(/\s+/);
  const name = words.pop() ?? '';
  if (words.length !== count) throw new EncodeError('bad-value', JSON.stringify(value));
  const writer = new ByteWriter();
  for (const word of words) {
    if (!/^\d{1,5}$/.test(word)) throw new EncodeError('bad-value', JSON.stringify(value));
    writer.u16(Number(word));
  }
  writer.bytes(nameOctets(name));
  return writer.finish();
}
