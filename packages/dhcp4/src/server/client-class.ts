import type { MacAddress } from '@router7/wire';
import { type Message, optionValue } from '../message.ts';

/** Whether a message belongs to a class: `ClientClass.matches`. */
export type ClientMatcher = (message: Message) => boolean;

/**
 * Matches clients by the maker of their network interface: the first three octets of the hardware address (row D4S-04).
 * Devices that make their address up have no maker.
 *
 * @param makers addresses of which only the first three octets count
 */
export function madeBy(makers: readonly MacAddress[]): ClientMatcher {
  const prefixes: ReadonlySet<number> = new Set(makers.map(({ value }) => Math.floor(value / 2 ** 24)));
  return ({ chaddr }) => {
    if (chaddr.length !== 6) return false;
    const [a, b, c] = chaddr as unknown as [number, number, number];
    return prefixes.has((a << 16) | (b << 8) | c);
  };
}

/** Matches clients whose vendor class (option 60, RFC 2132 9.13) begins with a text: `PXEClient`, `MSFT`, `android-dhcp`. */
export function vendorClassBegins(text: string): ClientMatcher {
  return (message) => optionValue(message, 'vendorClassIdentifier')?.startsWith(text) === true;
}

/**
 * Matches clients that boot from the network on one of these architectures (option 93, RFC 4578 2.1).
 *
 * @param architectures of IANA's "Processor Architecture Types": 0 is a BIOS, 7 and 9 are EFI on x86-64, 11 on 64-bit Arm
 */
export function bootsOn(architectures: readonly number[]): ClientMatcher {
  return (message) => {
    const own = optionValue(message, 'clientSystemArchitecture');
    return own?.some((architecture) => architectures.includes(architecture)) === true;
  };
}
