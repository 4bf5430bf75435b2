import type { MacAddress } from '@router7/wire';
import type { FecMode, FecState } from '../system/ethtool.ts';
import type { Link, LinkAddress, NewLink, Route } from '../system/rtnetlink.ts';
import type { WireguardChange, WireguardDevice } from '../system/wireguard.ts';

/*
 * What we make carries a mark that the kernel keeps, so that it can be told from what others made, also by a process that
 * starts anew: a protocol number on routes and addresses, a group on links. No file could be as true as the kernel itself.
 */

/**
 * Values of `rtm_protocol` that matter here (rtnetlink(7), /etc/iproute2/rt_protos). From 114 on they are nobody else's: ours.
 * 116: the rest of a delegated prefix, 117: what dhcp6d has delegated to routers of the home, which netconfigd leaves
 * alone, 118: the way to hosts whose prefix is gone, 119: the rest of the unique local prefix.
 */
export const RouteProtocol = {
  kernel: 2,
  boot: 3,
  static: 4,
  ra: 9,
  dhcp: 16,
  configured: 114,
  delegated: 116,
  dhcp6d: 117,
  stale: 118,
  local: 119,
} as const;

/** Values of IFA_PROTO: 0 to 3 are the kernel's, the others free. What an address is from, when it is ours. */
export const AddressProtocol = { configured: 114, leased: 115, delegated: 116, local: 119, assigned: 120 } as const;

/** The group of bridges and WireGuard interfaces that we made, and of the ports that we put into bridges. */
export const OWN_GROUP = 114;

/** What the kernel has now. */
export interface KernelState {
  readonly links: readonly Link[];
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly Route[];
  /** By index of the link, of those that are configured: its forward error correction; undefined when it has none. */
  readonly fec: ReadonlyMap<number, FecState | undefined>;
  /** By index of the link. */
  readonly wireguard: ReadonlyMap<number, WireguardDevice>;
  /** What could not be read; the rest was. */
  readonly unread: readonly Error[];
}

/** One change to the kernel. Links are named by index, which outlives a change of name. */
export type Operation =
  | { readonly kind: 'add-link'; readonly link: NewLink }
  | { readonly kind: 'delete-link'; readonly link: number }
  | { readonly kind: 'set-up'; readonly link: number; readonly up: boolean }
  | { readonly kind: 'rename'; readonly link: number; readonly name: string }
  | { readonly kind: 'set-mtu'; readonly link: number; readonly mtu: number }
  | { readonly kind: 'set-hardware-address'; readonly link: number; readonly hardwareAddress: MacAddress }
  | { readonly kind: 'set-fec'; readonly link: number; readonly mode: FecMode }
  /** Master 0: it leaves its bridge. */
  | { readonly kind: 'set-master'; readonly link: number; readonly master: number; readonly group: number }
  | { readonly kind: 'set-wireguard'; readonly link: number; readonly change: WireguardChange }
  | { readonly kind: 'add-address' | 'delete-address'; readonly address: LinkAddress }
  | { readonly kind: 'replace-route' | 'delete-route'; readonly route: Route };

/** What a plan is. */
export interface Plan {
  /** What has to be changed for the kernel to be as configured, in an order that works; nothing when it is. */
  readonly operations: readonly Operation[];
  /** One line each: what cannot be done, for something is not there. Nothing to be tried again. */
  readonly remarks: readonly string[];
}
