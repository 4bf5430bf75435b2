import { mix, RecentTexts } from '@router7/wire';
import type { Message } from '../message.ts';
import { optionValue } from '../message.ts';

/** Two hexadecimal digits of every octet: keys are made for every datagram. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, octet) => (octet + 0x100).toString(16).slice(1));

/** Option 61 may be split (RFC 3396) and thus be of any length; no real identifier is longer than one option. */
export const MAXIMUM_CLIENT_IDENTIFIER_LENGTH = 255;

/**
 * Who sent a message: a text that is equal for two messages exactly when their client is the same one.
 *
 * RFC 2131 4.2: "If the client supplies a 'client identifier', the client MUST use the same 'client identifier' in all
 * subsequent messages, and the server MUST use that identifier to identify the client. If the client does not provide a
 * 'client identifier' option, the server MUST use the contents of the 'chaddr' field". RFC 4361 6.3 has servers take the
 * identifier as opaque octets.
 *
 * Both forms have the shape that RFC 2132 9.14 gives an identifier made of a hardware address, type and then address, so
 * that a boot ROM without option 61 and a system that sends 01 and the same address are one client.
 *
 * @returns hexadecimal digits; empty when the message has neither identifier nor hardware address
 */
export function clientKey(message: Message): string {
  const identifier = optionValue(message, 'clientIdentifier');
  return identifier !== undefined && identifier.length > 0
    ? identifierKey(identifier)
    : hardwareKey(message.htype, message.chaddr);
}

/** The key of a client that sent this option 61. */
export function identifierKey(identifier: Uint8Array): string {
  return identifier.length === 7 ? ethernetKey(identifier[0] as number, identifier, 1) : hexadecimal(identifier);
}

/** The key of a client without option 61. Empty without a hardware address. */
export function hardwareKey(htype: number, hardwareAddress: Uint8Array): string {
  if (hardwareAddress.length === 6) return ethernetKey(htype & 0xff, hardwareAddress, 0);
  return hardwareAddress.length === 0 ? '' : (HEX[htype & 0xff] as string) + hexadecimal(hardwareAddress);
}

/** Whether an option 61 is just the hardware address with its type, as most are: then both have the same key. */
export function isHardwareIdentifier(identifier: Uint8Array, htype: number, hardwareAddress: Uint8Array): boolean {
  const { length } = hardwareAddress;
  if (length === 0 || identifier.length !== length + 1 || identifier[0] !== htype) return false;
  for (let i = 0; i < length; i++) if (identifier[i + 1] !== hardwareAddress[i]) return false;
  return true;
}

function hexadecimal(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i++) text += HEX[octets[i] as number];
  return text;
}

const recent = new RecentTexts();

/**
 * A type and the six octets from `at` on, which is what nearly all keys are made of: the same text each time, as long as
 * there are not too many clients.
 */
function ethernetKey(type: number, bytes: Uint8Array, at: number): string {
  let hash = mix(0, type);
  for (let i = at; i < at + 6; i++) hash = mix(hash, bytes[i] as number);
  const known = recent.get(hash);
  if (known !== undefined && isEthernetKey(known, type, bytes, at)) return known;
  const key = makeEthernetKey(type, bytes, at);
  recent.set(hash, key);
  return key;
}

function isEthernetKey(key: string, type: number, bytes: Uint8Array, at: number): boolean {
  if (!isOctet(key, 0, type)) return false;
  for (let i = 0; i < 6; i++) if (!isOctet(key, 2 * i + 2, bytes[at + i] as number)) return false;
  return true;
}

function isOctet(key: string, at: number, octet: number): boolean {
  return key.charCodeAt(at) === digit(octet >>> 4) && key.charCodeAt(at + 1) === digit(octet & 15);
}

/** All digits at once: text that is joined from pieces has to be put together again before it can be looked up. */
function makeEthernetKey(type: number, bytes: Uint8Array, at: number): string {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  const e = bytes[at + 4] as number;
  const f = bytes[at + 5] as number;
  // biome-ignore format: an octet a line
  return String.fromCharCode(
    digit(type >>> 4), digit(type & 15),
    digit(a >>> 4), digit(a & 15),
    digit(b >>> 4), digit(b & 15),
    digit(c >>> 4), digit(c & 15),
    digit(d >>> 4), digit(d & 15),
    digit(e >>> 4), digit(e & 15),
    digit(f >>> 4), digit(f & 15),
  );
}

/** The character code of a hexadecimal digit. */
function digit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/**
 * Whether a hardware address was made up by the device instead of by its maker: the locally administered bit of
 * IEEE 802-2014 8.2 in a station address of six octets. Phones and laptops do so for privacy, often one per network.
 */
export function isRandomizedMac(hardwareAddress: Uint8Array): boolean {
  return hardwareAddress.length === 6 && ((hardwareAddress[0] as number) & 0x03) === 0x02;
}
