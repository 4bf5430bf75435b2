import { bytesEqual, type DecodeErrorCode, fromHex, Ipv4Address, toHex } from '@router7/wire';
import type { Test } from 'tap';
import type { Message, Option } from '../src/index.ts';

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

/** An IPv4 address from its text. */
export function ip(text: string): Ipv4Address {
  return Ipv4Address.parse(text);
}

/** An octet for each character. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A message of a server for an Ethernet client, to be given options. */
export const reply: Message = {
  op: 2,
  htype: 1,
  hops: 0,
  xid: 0x7708d724,
  secs: 0,
  flags: 0,
  ciaddr: Ipv4Address.unspecified,
  yiaddr: ip('192.0.2.100'),
  siaddr: ip('192.0.2.1'),
  giaddr: Ipv4Address.unspecified,
  chaddr: hex('02 00 5e 10 00 0a'),
  sname: new Uint8Array(0),
  file: new Uint8Array(0),
  options: [],
};

/** The fixed fields and the magic cookie of {@link reply}. */
export const replyHeader: Uint8Array = hex(`
  02 01 06 00  // op, htype, hlen, hops
  77 08 d7 24  // xid
  00 00 00 00  // secs, flags
  00 00 00 00  // ciaddr
  c0 00 02 64  // yiaddr
  c0 00 02 01  // siaddr
  00 00 00 00  // giaddr
  02 00 5e 10 00 0a 00 00 00 00 00 00 00 00 00 00  // chaddr
  ${'00'.repeat(64)}   // sname
  ${'00'.repeat(128)}  // file
  63 82 53 63  // magic cookie
`);

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
    if (is === should && is === '00000000') continue;
    rows.push(`${String(at).padStart(5)}  ${is.padEnd(8)}  ${should.padEnd(8)}${is === should ? '' : '  <'}`);
  }
  return test.fail(`${name}: octets differ (position, is, should)\n${rows.join('\n')}`);
}
