import type { MacAddress } from '@router7/wire';
import { createNetlink, type NetlinkMessage, type NetlinkSocket, Protocol } from 'netlink';
import { errorCode, SystemError } from './libc.ts';
import { decodeAddress, encodeAddress, Family, type LinkAddress } from './rtnetlink-address.ts';
import { viewOf } from './rtnetlink-attributes.ts';
import { decodeLink, encodeLinkChange, encodeNewLink, type Link, type LinkChange } from './rtnetlink-link.ts';
import { RtMessage } from './rtnetlink-message.ts';
import { RtMonitor } from './rtnetlink-monitor.ts';
import { decodeRoute, encodeRoute, type Route, RouteTable } from './rtnetlink-route.ts';

export type { LinkAddress } from './rtnetlink-address.ts';
export type { Link, LinkChange, OperState } from './rtnetlink-link.ts';
export { type Route, RouteProtocol, RouteTable } from './rtnetlink-route.ts';

const NLMSG_ERROR = 2;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_DUMP = 0x300;
const NLM_F_REPLACE = 0x100;
const NLM_F_EXCL = 0x200;
const NLM_F_CREATE = 0x400;

const TIMEOUT = 5000;
const ETIMEDOUT = 110;
const EBUSY = 16;
/** Dumps that changed while they were taken are taken again, at most this often. */
const DUMP_ATTEMPTS = 5;

/**
 * Links, addresses and routes of this network namespace, by rtnetlink(7).
 *
 * Every method rejects with a {@link SystemError} whose `code` is the kernel's answer: `EEXIST`, `ENODEV`, `ENETUNREACH`
 * (the gateway is not on a link), `ESRCH` (no such route), `EADDRNOTAVAIL` (no such address), `EBUSY`, `EPERM`.
 */
export class RtNetlink {
  #socket: NetlinkSocket | undefined;
  // On sockets of their own: a notice in the middle of a dump would tear it apart.
  readonly #monitors: RtMonitor[] = [];
  /** The kernel answers one dump of a socket at a time. */
  #last: Promise<unknown> = Promise.resolve();

  /** All interfaces. */
  async links(): Promise<Link[]> {
    const payload = new Uint8Array(16);
    return (await this.#dump(RtMessage.getLink, payload)).map((message) => decodeLink(message.data));
  }

  /** The interface of this name now; undefined when there is none. */
  async linkByName(name: string): Promise<Link | undefined> {
    return (await this.links()).find((link) => link.name === name);
  }

  /** Changes an interface, all at once: in the kernel's order, name and flags come last. */
  async setLink(index: number, change: LinkChange): Promise<void> {
    await this.#request('set link', RtMessage.newLink, 0, encodeLinkChange(index, change));
  }

  /** {@link RtNetlink.setLink} of the hardware address only. */
  setHardwareAddress(index: number, hardwareAddress: MacAddress): Promise<void> {
    return this.setLink(index, { hardwareAddress });
  }

  /** Makes a bridge, down and without ports. `EEXIST` when the name is taken. */
  async addBridge(name: string, hardwareAddress?: MacAddress | undefined): Promise<void> {
    const payload = encodeNewLink('bridge', name, hardwareAddress);
    await this.#request(`add bridge ${name}`, RtMessage.newLink, NLM_F_CREATE | NLM_F_EXCL, payload);
  }

  /** Removes a virtual interface. */
  async deleteLink(index: number): Promise<void> {
    await this.#request('delete link', RtMessage.deleteLink, 0, encodeLinkChange(index, {}));
  }

  /** All addresses of all interfaces, IPv4 and IPv6. */
  async addresses(): Promise<Required<LinkAddress>[]> {
    const messages = await this.#dump(RtMessage.getAddress, new Uint8Array(8));
    return messages.flatMap((message) => decodeAddress(message.data) ?? []);
  }

  /** Adds an address, or changes the lifetimes of one that is there. */
  async addAddress(address: LinkAddress): Promise<void> {
    const flags = NLM_F_CREATE | NLM_F_REPLACE;
    await this.#request(`add ${address.prefix}`, RtMessage.newAddress, flags, encodeAddress(address));
  }

  /** Removes an address. */
  async deleteAddress(address: LinkAddress): Promise<void> {
    await this.#request(`delete ${address.prefix}`, RtMessage.deleteAddress, 0, encodeAddress(address));
  }

  /** The unicast routes of a table, IPv4 and IPv6. */
  async routes(table: number = RouteTable.main): Promise<Required<Route>[]> {
    // Dumped by family: a dump of any family would include those of multicast routing.
    const all: Required<Route>[] = [];
    for (const family of [Family.ipv4, Family.ipv6]) {
      const payload = new Uint8Array(12);
      payload[0] = family;
      const messages = await this.#dump(RtMessage.getRoute, payload);
      all.push(...messages.flatMap((message) => decodeRoute(message.data) ?? []));
    }
    return all.filter((route) => route.table === table);
  }

  /** Adds a route, or puts it in the place of the one with the same destination, metric and table. */
  async replaceRoute(route: Route): Promise<void> {
    const what = `replace route ${route.destination}`;
    await this.#request(what, RtMessage.newRoute, NLM_F_CREATE | NLM_F_REPLACE, encodeRoute(route));
  }

  /** Removes a route: every field that is given has to match. */
  async deleteRoute(route: Route): Promise<void> {
    await this.#request(`delete route ${route.destination}`, RtMessage.deleteRoute, 0, encodeRoute(route));
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
    this.#abandon();
    for (const monitor of this.#monitors.splice(0)) monitor.close();
  }

  #abandon(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    // Never from within one of its callbacks, where an awaited answer still is: the library does not survive it.
    setImmediate(() => socket?.close());
  }

  async #dump(type: number, payload: Uint8Array): Promise<NetlinkMessage[]> {
    for (let attempt = 1; ; attempt++) {
      const messages = await this.#request('dump', type, NLM_F_DUMP, payload);
      if (!messages.some((message) => (message.flags & NLM_F_DUMP_INTR) !== 0)) return messages;
      // "The dump is inconsistent": something was changed between two pieces of it.
      if (attempt === DUMP_ATTEMPTS) throw new SystemError('netlink', EBUSY, 'dump');
    }
  }

  #request(what: string, type: number, flags: number, payload: Uint8Array): Promise<NetlinkMessage[]> {
    const request = this.#last.then(() => this.#exchange(what, type, flags, payload));
    this.#last = request.catch(() => {});
    return request;
  }

  async #exchange(what: string, type: number, flags: number, payload: Uint8Array): Promise<NetlinkMessage[]> {
    this.#socket ??= this.#open();
    let messages: NetlinkMessage[];
    try {
      [messages] = await this.#socket.request(type, Buffer.from(payload), {
        flags,
        checkError: false,
        timeout: TIMEOUT,
      });
    } catch (error) {
      // The answer is lost (the socket's buffer ran over, or worse): the next request gets a socket of its own.
      this.#abandon();
      if (errorCode(error) !== undefined) throw error;
      throw new SystemError('netlink', ETIMEDOUT, what);
    }
    const [first] = messages;
    if (first?.type !== NLMSG_ERROR) return messages;
    const errno = -viewOf(first.data).getInt32(0, true);
    if (errno !== 0) throw new SystemError('netlink', errno, what);
    return [];
  }

  #open(): NetlinkSocket {
    const socket = createNetlink(Protocol.ROUTE, { ref: false, recvBufferSize: 1 << 20, sendBufferSize: 1 << 18 });
    // The request under way times out.
    socket.on('error', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    return socket;
  }
}
