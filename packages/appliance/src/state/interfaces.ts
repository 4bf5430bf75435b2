import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';
import { z } from 'zod';
import { listOf, type Parsed, parseState, textOf, textOrEmpty } from './state-file.ts';

/** Where it is kept. */
export const INTERFACES_FILE = '/perm/interfaces.json';

/** A route of an interface besides those of its addresses. */
export interface ExtraRoute {
  /** A prefix, IPv4 or IPv6. */
  readonly destination: string;
  /** An address, IPv4 or IPv6; '' or absent when the destination is on the link. */
  readonly gateway?: string | undefined;
}

/** One interface of /perm/interfaces.json. Every text is checked; '' is the same as absent. */
export interface InterfaceConfig {
  /** The name that it is to have: `uplink0`, `lan0`, `wg0`. */
  readonly name: string;
  /** MAC address of the card. */
  readonly hardware_addr?: string | undefined;
  /** MAC address that it is to have instead. */
  readonly spoof_hardware_addr?: string | undefined;
  /** Address with prefix length. */
  readonly addr?: string | undefined;
  /** More addresses with prefix length. */
  readonly extra_addrs?: readonly string[] | undefined;
  readonly extra_routes?: readonly ExtraRoute[] | undefined;
  /** Octets; 0 leaves it as it is. */
  readonly mtu?: number | undefined;
  /** Forward error correction: rs, baser, off, none, llrs or auto in any case. Not checked here: an error is only told. */
  readonly fec?: string | undefined;
}

/** A bridge and the MAC addresses of the interfaces that are its ports. */
export interface BridgeConfig {
  readonly name: string;
  readonly interface_hardware_addrs: readonly string[];
}

/** /perm/interfaces.json: read by netconfigd, dhcp4 (spoofed MAC) and dhcp4d (the address of the LAN). */
export interface InterfacesConfig {
  readonly interfaces: readonly InterfaceConfig[];
  readonly bridges: readonly BridgeConfig[];
  /**
   * Milliseconds between two ICMP errors to one host (icmp_ratelimit of ip-sysctl); 0, as router7 has it, or absent: no
   * limit. Not one of router7's keys.
   */
  readonly icmp_ratelimit?: number | undefined;
}

const parsePrefix = (text: string): unknown => (text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text));
const parseAddress = (text: string): unknown =>
  text.includes(':') ? Ipv6Address.parse(text) : Ipv4Address.parse(text);

const PREFIX = 'an address with prefix length such as 192.168.0.1/24';
const MAC = 'a MAC address such as 02:73:53:00:ca:fe';
const mac = textOrEmpty(MAC, MacAddress.parse);
/**
 * IFNAMSIZ is 16 octets with the final NUL; the kernel refuses blanks, slashes and colons (dev_valid_name). An asterisk
 * would be a name to it, but in a rule stands for whatever follows.
 */
export const interfaceName: z.ZodType<string> = z
  .string()
  .regex(/^(?!\.{1,2}$)[^\s/:*]{1,15}$/, { error: 'a name of 1 to 15 characters' })
  .refine((name) => Buffer.byteLength(name) <= 15, { error: 'a name of 1 to 15 octets' });

const schema: z.ZodType<InterfacesConfig> = z.strictObject({
  interfaces: listOf(
    z.strictObject({
      name: interfaceName,
      hardware_addr: mac.optional(),
      spoof_hardware_addr: mac.optional(),
      addr: textOrEmpty(PREFIX, parsePrefix).optional(),
      extra_addrs: listOf(textOf(PREFIX, parsePrefix)).optional(),
      extra_routes: listOf(
        z.strictObject({
          destination: textOf(PREFIX, parsePrefix),
          gateway: textOrEmpty('an IP address', parseAddress).optional(),
        }),
      ).optional(),
      mtu: z.number().int().min(0).max(65_536).optional(),
      fec: z.string().optional(),
    }),
  ),
  bridges: listOf(
    z.strictObject({ name: interfaceName, interface_hardware_addrs: listOf(textOf(MAC, MacAddress.parse)) }),
  ),
  icmp_ratelimit: z.number().int().min(0).max(3_600_000).optional(),
});

/** Reads the text of /perm/interfaces.json. @throws StateError */
export function parseInterfaces(text: string, file: string = INTERFACES_FILE): Parsed<InterfacesConfig> {
  return parseState(schema, text, file);
}

/** Names of the interfaces that are ports of a bridge: what is on their links is on the bridge's. */
export function bridgePorts({ interfaces, bridges }: InterfacesConfig): readonly string[] {
  const members = bridges.flatMap((bridge) => bridge.interface_hardware_addrs.map((text) => text.toLowerCase()));
  const isBridge = (name: string): boolean => bridges.some((bridge) => bridge.name === name);
  return interfaces
    .filter(({ name, hardware_addr = '' }) => !isBridge(name) && members.includes(hardware_addr.toLowerCase()))
    .map(({ name }) => name);
}
