import { NetlinkNotices } from './netlink-notices.ts';
import { decodeAddress, type LinkAddress } from './rtnetlink-address.ts';
import { decodeLink, type Link } from './rtnetlink-link.ts';
import { RtMessage } from './rtnetlink-message.ts';
import { decodeRoute, type Route } from './rtnetlink-route.ts';

/** Something has changed in the kernel. */
export type KernelChange =
  | { readonly kind: 'link'; readonly deleted: boolean; readonly link: Link }
  | { readonly kind: 'address'; readonly deleted: boolean; readonly address: Required<LinkAddress> }
  | { readonly kind: 'route'; readonly deleted: boolean; readonly route: Required<Route> }
  /** Messages were lost: whatever is known may be out of date, so dump again. Also told once at the start. */
  | { readonly kind: 'resync' };

const NETLINK_ROUTE = 0;
/** rtnetlink multicast groups (linux/rtnetlink.h). */
const GROUPS = { link: [1], address: [5, 9], route: [7, 11] } as const;

/** What {@link RtMonitor} can be asked to tell of. */
export type KernelChangeKind = keyof typeof GROUPS;

/**
 * Tells what changes in the kernel's links, addresses and routes.
 *
 * The first thing told is a `resync`, when the subscription stands: whoever dumps then misses nothing. When the kernel
 * had to drop messages, for the reader was too slow, another `resync` comes.
 */
export class RtMonitor {
  readonly #notices: NetlinkNotices;

  /**
   * Subscribes at once. It keeps the process alive.
   *
   * @param kinds what to be told of
   * @throws SystemError
   */
  constructor(kinds: readonly KernelChangeKind[], onChange: (change: KernelChange) => void) {
    const groups = kinds.flatMap((kind) => GROUPS[kind]);
    this.#notices = new NetlinkNotices(NETLINK_ROUTE, groups, {
      notice: ({ type, payload }) => {
        const change = decodeChange(type, payload);
        if (change !== undefined) onChange(change);
      },
      resync: () => onChange({ kind: 'resync' }),
    });
  }

  close(): void {
    this.#notices.close();
  }
}

function decodeChange(type: number, payload: Uint8Array): KernelChange | undefined {
  switch (type) {
    case RtMessage.newLink:
    case RtMessage.deleteLink:
      return { kind: 'link', deleted: type === RtMessage.deleteLink, link: decodeLink(payload) };
    case RtMessage.newAddress:
    case RtMessage.deleteAddress: {
      const address = decodeAddress(payload);
      return address && { kind: 'address', deleted: type === RtMessage.deleteAddress, address };
    }
    case RtMessage.newRoute:
    case RtMessage.deleteRoute: {
      const route = decodeRoute(payload);
      return route && { kind: 'route', deleted: type === RtMessage.deleteRoute, route };
    }
    default:
      return undefined;
  }
}
