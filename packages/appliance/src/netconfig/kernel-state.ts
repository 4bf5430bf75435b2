import type { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';

/** A network interface as the kernel has it. */
export interface LinkState {
  readonly index: number;
  readonly name: string;
  /** Undefined for links without one, such as WireGuard's. */
  readonly hardwareAddress: MacAddress | undefined;
  readonly mtu: number;
  /** Administratively up. */
  readonly up: boolean;
  /** Index of the bridge that it is a port of. */
  readonly master: number | undefined;
  /** `bridge`, `veth`, ...; undefined for a network card. */
  readonly kind: string | undefined;
}

/** An address on an interface. */
export interface AddressState {
  readonly link: number;
  readonly prefix: Ipv4Prefix | Ipv6Prefix;
}

/** A route of the main table. */
export interface RouteState {
  readonly link: number;
  readonly destination: Ipv4Prefix | Ipv6Prefix;
  readonly gateway: Ipv4Address | Ipv6Address | undefined;
  /** Who made it: {@link RouteProtocol}. */
  readonly protocol: number;
  /** The destination is on the link itself (`scope link`). */
  readonly onLink: boolean;
  readonly preferredSource: Ipv4Address | Ipv6Address | undefined;
}

/** Values of `rtm_protocol` that matter here (rtnetlink(7), /etc/iproute2/rt_protos). */
export const RouteProtocol = { kernel: 2, boot: 3, static: 4, dhcp: 16 } as const;

/** What the kernel has now. */
export interface KernelState {
  readonly links: readonly LinkState[];
  readonly addresses: readonly AddressState[];
  readonly routes: readonly RouteState[];
}

/** One change to the kernel. Links are named by index, which outlives a change of name. */
export type Operation =
  | { readonly kind: 'add-bridge'; readonly name: string; readonly hardwareAddress: MacAddress | undefined }
  | { readonly kind: 'set-up'; readonly link: number; readonly up: boolean }
  | { readonly kind: 'rename'; readonly link: number; readonly name: string }
  | { readonly kind: 'set-mtu'; readonly link: number; readonly mtu: number }
  | { readonly kind: 'set-hardware-address'; readonly link: number; readonly hardwareAddress: MacAddress }
  | { readonly kind: 'set-master'; readonly link: number; readonly master: number }
  | { readonly kind: 'add-address' | 'delete-address'; readonly address: AddressState }
  | { readonly kind: 'replace-route' | 'delete-route'; readonly route: RouteState };
