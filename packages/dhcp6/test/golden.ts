import {
  bytesEqual,
  type DecodeErrorCode,
  fromHex,
  Ipv4Address,
  Ipv4Prefix,
  Ipv6Address,
  Ipv6Prefix,
  toHex,
} from '@router7/wire';
import type { Test } from 'tap';
import type { ClientServerMessage, Option } from '../src/index.ts';

/** An option and its only encoding, code and length included. */
export interface GoldenOption {
  readonly name: string;
  readonly option: Option;
  readonly bytes: Uint8Array;
}

/** An option whose octets break its definition, and how. */
export interface MalformedOptionRow {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly code: DecodeErrorCode;
}

/** What the tests of one file of options are made of. */
export interface OptionTable {
  readonly golden: readonly GoldenOption[];
  readonly malformed: readonly MalformedOptionRow[];
}

/** Octets of a row of hexadecimal lines; what follows `//` on a line says which field it is. */
export function hex(text: string): Uint8Array {
  return fromHex(text.replace(/\/\/.*$/gm, ''));
}

/** An IPv6 address from its text. */
export function ip(text: string): Ipv6Address {
  return Ipv6Address.parse(text);
}

/** An IPv6 prefix from its text. */
export function net(text: string): Ipv6Prefix {
  return Ipv6Prefix.parse(text);
}

/** An IPv4 address from its text. */
export function ip4(text: string): Ipv4Address {
  return Ipv4Address.parse(text);
}

/** An IPv4 prefix from its text. */
export function net4(text: string): Ipv4Prefix {
  return Ipv4Prefix.parse(text);
}

/** An octet for each character. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** 2001:db8::1 on the wire. */
export const DB8_1 = '20 01 0d b8 00 00 00 00  00 00 00 00 00 00 00 01';
/** 2001:db8::2 on the wire. */
export const DB8_2 = '20 01 0d b8 00 00 00 00  00 00 00 00 00 00 00 02';

/** A message of a server, to be given options. */
export const reply: ClientServerMessage = { messageType: 7, transactionId: 0x738c3b, options: [] };

/** The fixed fields of {@link reply}. */
export const replyHeader: Uint8Array = hex('07 73 8c 3b');

/** Octets one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
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
