import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { type LanPlan, NO_LANS } from '../lans/lan-plan.ts';
import type { AssignedAddress } from '../state/dhcp6-lease.ts';
import type { InterfaceConfig, InterfacesConfig } from '../state/interfaces.ts';
import { parseEndpoint, type WireguardFile, type WireguardPeerConfig } from '../state/wireguard.ts';
import type { WireguardEndpoint } from '../system/wireguard.ts';
import type { UplinkLease } from './uplink-lease.ts';

/** Name of the interface towards the provider. */
export const UPLINK = 'uplink0';
/** Name of the interface towards the home. */
export const LAN = 'lan0';

/** All that the kernel's state is to follow from. */
export interface Wanted {
  readonly interfaces: InterfacesConfig;
  /**
   * Whether `interfaces` and `wireguard` say all there is. When not (a file is missing, or something in it had to be
   * passed over), what is not in them may be wanted all the same: nothing that was configured before is removed.
   */
  readonly complete: boolean;
  readonly wireguard: WireguardFile;
  /** Of DHCPv4, for {@link UPLINK}; undefined when there is none, `unknown` when that cannot be told. */
  readonly lease: UplinkLease | 'unknown' | undefined;
  /** The prefixes of the home's links. */
  readonly lans: LanPlan;
  /** Addresses that DHCPv6 has brought for {@link UPLINK}. */
  readonly assigned: readonly AssignedAddress[];
  /** Whether it can be told what DHCPv6 has brought; when not, what it brought before stays. */
  readonly delegationsKnown: boolean;
  /** The names of WireGuard's endpoints that have been resolved. */
  readonly resolved: ReadonlyMap<string, Ipv4Address | Ipv6Address>;
  /** Endpoints that this process has given to the kernel, by {@link endpointKey}. */
  readonly given: ReadonlyMap<string, string>;
  /** Wall clock in seconds since 1970: how long ago a handshake was. */
  readonly wallSeconds: number;
}

/** Nothing is wanted, nothing is known. */
export const NOTHING_WANTED: Wanted = {
  interfaces: { interfaces: [], bridges: [] },
  complete: false,
  wireguard: { interfaces: [] },
  lease: 'unknown',
  lans: NO_LANS,
  assigned: [],
  delegationsKnown: false,
  resolved: new Map(),
  given: new Map(),
  wallSeconds: 0,
};

/** Addresses of an interface, with the length of their subnets. */
export function configuredAddresses(entry: InterfaceConfig): readonly (Ipv4Prefix | Ipv6Prefix)[] {
  const texts = [entry.addr, ...(entry.extra_addrs ?? [])].filter((text) => text !== undefined && text !== '');
  return texts.map((text) => parsePrefix(text as string));
}

/** Where a peer is reached; undefined when it has no endpoint, or its name is not resolved yet. */
export function endpointOf(
  peer: WireguardPeerConfig,
  resolved: ReadonlyMap<string, Ipv4Address | Ipv6Address>,
): WireguardEndpoint | undefined {
  if (peer.endpoint === undefined || peer.endpoint === '') return undefined;
  const { host, port, address = resolved.get(host) } = parseEndpoint(peer.endpoint);
  return address && { address, port };
}

/** What stands for a peer in {@link Wanted.given}. */
export function endpointKey(device: string, peer: WireguardPeerConfig): string {
  return `${device} ${peer.public_key}`;
}

/** An endpoint as a text, for comparing. */
export function endpointText({ address, port }: WireguardEndpoint): string {
  return address instanceof Ipv4Address ? `${address}:${port}` : `[${address}]:${port}`;
}

/** Reads `address/length`. @throws EncodeError */
export function parsePrefix(text: string): Ipv4Prefix | Ipv6Prefix {
  return text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text);
}

/** Reads an address. @throws EncodeError */
export function parseAddress(text: string): Ipv4Address | Ipv6Address {
  return text.includes(':') ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
}

/** The prefix with host bits 0: a route's destination. */
export function networkOf(prefix: Ipv4Prefix | Ipv6Prefix): Ipv4Prefix | Ipv6Prefix {
  return prefix instanceof Ipv4Prefix
    ? new Ipv4Prefix(prefix.network, prefix.length)
    : new Ipv6Prefix(prefix.network, prefix.length);
}
