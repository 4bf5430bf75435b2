import type { MacAddress } from '@router7/wire';
import { Protocol } from 'netlink';
import { NetlinkRequests } from './netlink-requests.ts';
import { decodeAddress, encodeAddress, Family, type LinkAddress } from './rtnetlink-address.ts';
import {
  decodeLink,
  encodeLinkChange,
  encodeNewLink,
  type Link,
  type LinkChange,
  type NewLink,
} from './rtnetlink-link.ts';
import { RtMessage } from './rtnetlink-message.ts';
import { RtMonitor } from './rtnetlink-monitor.ts';
import { decodeRoute, encodeRoute, type Route, RouteTable } from './rtnetlink-route.ts';

export type { LinkAddress } from './rtnetlink-address.ts';
export type { Link, LinkChange, NewLink, OperState } from './rtnetlink-link.ts';
export { type Route, RouteProtocol, RouteTable } from './rtnetlink-route.ts';

const NLM_F_REPLACE = 0x100;
const NLM_F_EXCL = 0x200;
const NLM_F_CREATE = 0x400;

/**
 * Links, addresses and routes of this network namespace, by rtnetlink(7).
 *
 * Every method rejects with a {@link SystemError} whose `code` is the kernel's answer: `EEXIST`, `ENODEV`, `ENETUNREACH`
 * (the gateway is not on a link), `ESRCH` (no such route), `EADDRNOTAVAIL` (no such address), `EBUSY`, `EPERM`.
 */
export class RtNetlink {
  readonly #requests = new NetlinkRequests(Protocol.ROUTE);
  // On sockets of their own: a notice in the middle of a dump would tear it apart.
  readonly #monitors: RtMonitor[] = [];

  /** All interfaces. */
  async links(): Promise<Link[]> {
    const payload = new Uint8Array(16);
    return (await this.#requests.dump('links', RtMessage.getLink, payload)).map(decodeLink);
  }

  /** The interface of this name now; undefined when there is none. */
  async linkByName(name: string): Promise<Link | undefined> {
    return (await this.links()).find((link) => link.name === name);
  }

  /** Changes an interface, all at once: in the kernel's order, name and flags come last. */
  async setLink(index: number, change: LinkChange): Promise<void> {
    await this.#requests.request('set link', RtMessage.newLink, 0, encodeLinkChange(index, change));
  }

  /** {@link RtNetlink.setLink} of the hardware address only. */
  setHardwareAddress(index: number, hardwareAddress: MacAddress): Promise<void> {
    return this.setLink(index, { hardwareAddress });
  }

  /** Makes a virtual interface, down. `EEXIST` when the name is taken, `ENOTSUP` when the kernel has no such kind. */
  async addLink(link: NewLink): Promise<void> {
    const flags = NLM_F_CREATE | NLM_F_EXCL;
    await this.#requests.request(`add ${link.kind} ${link.name}`, RtMessage.newLink, flags, encodeNewLink(link));
  }

  /** Removes a virtual interface. */
  async deleteLink(index: number): Promise<void> {
    await this.#requests.request('delete link', RtMessage.deleteLink, 0, encodeLinkChange(index, {}));
  }

  /** All addresses of all interfaces, IPv4 and IPv6. */
  async addresses(): Promise<Required<LinkAddress>[]> {
    const messages = await this.#requests.dump('addresses', RtMessage.getAddress, new Uint8Array(8));
    return messages.flatMap((message) => decodeAddress(message) ?? []);
  }

  /** Adds an address, or changes the lifetimes of one that is there. */
  async addAddress(address: LinkAddress): Promise<void> {
    const flags = NLM_F_CREATE | NLM_F_REPLACE;
    await this.#requests.request(`add ${address.prefix}`, RtMessage.newAddress, flags, encodeAddress(address));
  }

  /** Removes an address. */
  async deleteAddress(address: LinkAddress): Promise<void> {
    await this.#requests.request(`delete ${address.prefix}`, RtMessage.deleteAddress, 0, encodeAddress(address));
  }

  /** The unicast routes of a table, IPv4 and IPv6. */
  async routes(table: number = RouteTable.main): Promise<Required<Route>[]> {
    // Dumped by family: a dump of any family would include those of multicast routing.
    const all: Required<Route>[] = [];
    for (const family of [Family.ipv4, Family.ipv6]) {
      const payload = new Uint8Array(12);
      payload[0] = family;
      const messages = await this.#requests.dump('routes', RtMessage.getRoute, payload);
      all.push(...messages.flatMap((message) => decodeRoute(message) ?? []));
    }
    return all.filter((route) => route.table === table);
  }

  /** Adds a route, or puts it in the place of the one with the same destination, metric and table. */
  async replaceRoute(route: Route): Promise<void> {
    const what = `replace route ${route.destination}`;
    await this.#requests.request(what, RtMessage.newRoute, NLM_F_CREATE | NLM_F_REPLACE, encodeRoute(route));
  }

  /** Removes a route: every field that is given has to match. */
  async deleteRoute(route: Route): Promise<void> {
    await this.#requests.request(`delete route ${route.destination}`, RtMessage.deleteRoute, 0, encodeRoute(route));
  }

  /**
   * Calls back after each change of links, addresses or routes, also when the kernel had to drop notices because they
   * came too fast: whoever is called asks for the present state. Keeps the process alive until {@link RtNetlink.close}.
   */
  watch(changed: () => void): void {
    let first = true;
    this.#monitors.push(
      new RtMonitor(['link', 'address', 'route'], () => {
        // The first is not a change: it tells that the subscription stands.
        if (!first) changed();
        first = false;
      }),
    );
  }

  /** Closes the sockets. The one for requests would not keep the process alive. */
  close(): void {
    this.#requests.close();
    for (const monitor of this.#monitors.splice(0)) monitor.close();
  }
}
