import type { MacAddress } from '@router7/wire';
import type { Link, LinkAddress, Route } from '../system/rtnetlink.ts';

/** Values of `rtm_protocol` that matter here (rtnetlink(7), /etc/iproute2/rt_protos). */
export const RouteProtocol = { kernel: 2, boot: 3, static: 4, dhcp: 16 } as const;

/** What the kernel has now. */
export interface KernelState {
  readonly links: readonly Link[];
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly Route[];
}

/** One change to the kernel. Links are named by index, which outlives a change of name. */
export type Operation =
  | { readonly kind: 'add-bridge'; readonly name: string; readonly hardwareAddress: MacAddress | undefined }
  | { readonly kind: 'set-up'; readonly link: number; readonly up: boolean }
  | { readonly kind: 'rename'; readonly link: number; readonly name: string }
  | { readonly kind: 'set-mtu'; readonly link: number; readonly mtu: number }
  | { readonly kind: 'set-hardware-address'; readonly link: number; readonly hardwareAddress: MacAddress }
  | { readonly kind: 'set-master'; readonly link: number; readonly master: number }
  | { readonly kind: 'add-address' | 'delete-address'; readonly address: LinkAddress }
  | { readonly kind: 'replace-route' | 'delete-route'; readonly route: Route };
