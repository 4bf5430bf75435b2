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
  let key = '';
  for (let i = 0; i < identifier.length; i++) key += HEX[identifier[i] as number];
  return key;
}

/** The key of a client without option 61. Empty without a hardware address. */
export function hardwareKey(htype: number, hardwareAddress: Uint8Array): string {
  if (hardwareAddress.length === 0) return '';
  let key = HEX[htype & 0xff] as string;
  for (let i = 0; i < hardwareAddress.length; i++) key += HEX[hardwareAddress[i] as number];
  return key;
}

/**
 * Whether a hardware address was made up by the device instead of by its maker: the locally administered bit of
 * IEEE 802-2014 8.2 in a station address of six octets. Phones and laptops do so for privacy, often one per network.
 */
export function isRandomizedMac(hardwareAddress: Uint8Array): boolean {
  return hardwareAddress.length === 6 && ((hardwareAddress[0] as number) & 0x03) === 0x02;
}
