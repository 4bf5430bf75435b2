import type { Ipv6Address } from '@router7/wire';
import { Ipv6Prefix } from '@router7/wire';
import type { Link, LinkAddress, Route, RtNetlink } from '../system/rtnetlink.ts';
import type { AdvertisingLink } from './router-settings.ts';

/** What of the kernel's state advertisements follow from. */
export interface KernelView {
  readonly links: readonly Link[];
  readonly addresses: readonly Required<LinkAddress>[];
  readonly routes: readonly Required<Route>[];
}

/** Asks the kernel. */
export async function kernelView(netlink: RtNetlink): Promise<KernelView> {
  return { links: await netlink.links(), addresses: await netlink.addresses(), routes: await netlink.routes() };
}

/** Whether there is a way to everywhere by an interface (RFC 7084 G-4, G-5). */
export function hasDefaultRoute({ links, routes }: KernelView, uplink: string): boolean {
  const index = links.find(({ name, up }) => name === uplink && up)?.index;
  return routes.some(
    ({ destination, link }) => link === index && destination instanceof Ipv6Prefix && destination.length === 0,
  );
}

/**
 * A link that can be advertised on: "any functioning and enabled interface that has at least one unicast IP address assigned
 * to it" (RFC 4861 section 6.2.2), here a link-local one that has been found to be nobody else's.
 *
 * @param before the link-local address in use: it stays as long as it is there
 */
export function advertisingLink(
  { links, addresses }: KernelView,
  name: string,
  before: Ipv6Address | undefined,
): { readonly link: AdvertisingLink; readonly carrier: boolean } | undefined {
  const link = links.find((each) => each.name === name && each.up);
  if (link === undefined) return undefined;
  const own = addresses.flatMap(({ link: index, prefix, tentative }) =>
    index === link.index && prefix instanceof Ipv6Prefix && prefix.address.isLinkLocal && !tentative
      ? [prefix.address]
      : [],
  );
  const linkLocalAddress = own.find((address) => before?.equals(address)) ?? own[0];
  if (linkLocalAddress === undefined) return undefined;
  const { index, mtu, carrier, hardwareAddress } = link;
  return { link: { name, index, mtu, linkLocalAddress, linkLayerAddress: hardwareAddress?.toBytes() }, carrier };
}
