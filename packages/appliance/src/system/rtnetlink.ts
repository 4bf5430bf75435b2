import { constants } from 'node:os';
import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';
import { createRtNetlink, FlagsNew, rt } from 'netlink';
import { SystemError } from './libc.ts';

const AF_UNSPEC = 0;
const AF_INET = 2;
const AF_INET6 = 10;
const ARPHRD_ETHER = 1;
const MAIN_TABLE = 254;
const REQUEST_TIMEOUT_MS = 5000;
const IFLA_INFO_KIND = 1;
const OPTIONS = { timeout: REQUEST_TIMEOUT_MS } as const;

/** A network interface (RTM_NEWLINK). */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Undefined for interfaces that are not Ethernet-like, such as WireGuard's. */
  readonly hardwareAddress: MacAddress | undefined;
  readonly mtu: number;
  /** Administratively up. */
  readonly up: boolean;
  /** A cable is plugged in and the other end is up; false while administratively down. */
  readonly carrier: boolean;
  /** Index of the bridge that it is a port of. */
  readonly master: number | undefined;
  /** `bridge`, `veth`, `wireguard`, ...; undefined for a network card. */
  readonly kind: string | undefined;
}

/** An address on an interface (RTM_NEWADDR). */
export interface LinkAddress {
  readonly link: number;
  readonly prefix: Ipv4Prefix | Ipv6Prefix;
}

/** A unicast route of the main table (RTM_NEWROUTE). */
export interface Route {
  readonly link: number;
  readonly destination: Ipv4Prefix | Ipv6Prefix;
  readonly gateway: Ipv4Address | Ipv6Address | undefined;
  /** `rtm_protocol`: who made it. */
  readonly protocol: number;
  /** IPv4 only: `scope link`. */
  readonly onLink: boolean;
  readonly preferredSource: Ipv4Address | Ipv6Address | undefined;
}

/**
 * The kernel's links, addresses and routes, by rtnetlink(7). A request that the kernel refuses rejects with a
 * {@link SystemError} that names the errno and what was asked.
 */
export class RtNetlink {
  readonly #socket = createRtNetlink({ recvBufferSize: 4 << 20, sendBufferSize: 1 << 18 });

  constructor() {
    // A process ends when nothing else keeps it, watches included.
    this.#socket.socket.unref();
    this.#socket.socket.on('error', () => undefined);
  }

  async links(): Promise<readonly Link[]> {
    const messages = await this.#ask('list links', () => this.#socket.getLinks({}, {}, OPTIONS));
    return messages.map(({ data, attrs }) => {
      const address = attrs.address;
      const up = data.flags?.up === true;
      return {
        index: data.index ?? 0,
        name: attrs.ifname ?? '',
        hardwareAddress:
          isEthernet(data.type) && address?.length === 6 ? MacAddress.fromBytes(new Uint8Array(address)) : undefined,
        mtu: attrs.mtu ?? 0,
        up,
        carrier: up && (attrs.carrier ?? 0) !== 0,
        master: attrs.master,
        kind: linkKind(attrs.linkinfo),
      };
    });
  }

  async addresses(): Promise<readonly LinkAddress[]> {
    const messages = await this.#ask('list addresses', () =>
      this.#socket.getAddresses({ family: AF_UNSPEC }, {}, OPTIONS),
    );
    return messages.flatMap(({ data, attrs }) => {
      // On a point-to-point link IFA_ADDRESS is the other end's.
      const own = ipAddress(attrs.local ?? attrs.address);
      return own === undefined ? [] : [{ link: data.index ?? 0, prefix: prefixOf(own, data.prefixlen ?? 0) }];
    });
  }

  async routes(): Promise<readonly Route[]> {
    const messages = [
      ...(await this.#ask('list routes', () => this.#socket.getRoutes({ family: AF_INET }, {}, OPTIONS))),
      ...(await this.#ask('list routes', () => this.#socket.getRoutes({ family: AF_INET6 }, {}, OPTIONS))),
    ];
    return messages.flatMap(({ data, attrs }) => {
      const table = attrs.table ?? data.table;
      const unicast = codeOf(rt.RouteType, data.type) === rt.RouteType.UNICAST;
      if (table !== MAIN_TABLE || !unicast || attrs.oif === undefined) return [];
      const destination =
        ipAddress(attrs.dst) ?? (data.family === AF_INET ? Ipv4Address.unspecified : Ipv6Address.unspecified);
      return [
        {
          link: attrs.oif,
          destination: prefixOf(destination, data.dstLen ?? 0),
          gateway: ipAddress(attrs.gateway),
          protocol: codeOf(rt.RouteProtocol, data.protocol),
          onLink: data.family === AF_INET && codeOf(rt.RouteScope, data.scope) === rt.RouteScope.LINK,
          preferredSource: ipAddress(attrs.prefsrc),
        },
      ];
    });
  }

  /** Sets what is given of a link. */
  async setLink(
    index: number,
    changes: { readonly up?: boolean; readonly name?: string; readonly mtu?: number; readonly master?: number },
  ): Promise<void> {
    const { up, name, mtu, master } = changes;
    const flags = up === undefined ? {} : { flags: up ? { up } : {}, change: { up: true as const } };
    const attrs = {
      ...(name === undefined ? {} : { ifname: name }),
      ...(mtu === undefined ? {} : { mtu }),
      ...(master === undefined ? {} : { master }),
    };
    const what = `set link ${index} ${JSON.stringify(changes)}`;
    await this.#ask(what, () => this.#socket.setLink({ index, ...flags }, attrs, OPTIONS));
  }

  async setHardwareAddress(index: number, hardwareAddress: MacAddress): Promise<void> {
    const address = Buffer.from(hardwareAddress.toBytes());
    const what = `set link ${index} address ${hardwareAddress}`;
    await this.#ask(what, () => this.#socket.setLink({ index }, { address }, OPTIONS));
  }

  /** Makes a bridge, with the given hardware address or one of the kernel's choice. */
  async addBridge(name: string, hardwareAddress: MacAddress | undefined): Promise<void> {
    const kind = Buffer.from('bridge\0');
    const linkinfo = Buffer.alloc(4 + kind.length + (-kind.length & 3));
    linkinfo.writeUInt16LE(4 + kind.length, 0);
    linkinfo.writeUInt16LE(IFLA_INFO_KIND, 2);
    kind.copy(linkinfo, 4);
    const address = hardwareAddress === undefined ? {} : { address: Buffer.from(hardwareAddress.toBytes()) };
    const options = { ...OPTIONS, flags: FlagsNew.CREATE | FlagsNew.EXCL };
    await this.#ask(`add bridge ${name}`, () =>
      this.#socket.newLink({}, { ifname: name, ...address, linkinfo }, options),
    );
  }

  /** Adds an address, or does nothing when it is there. */
  async addAddress({ link, prefix }: LinkAddress): Promise<void> {
    const local = Buffer.from(prefix.address.toBytes());
    const broadcast =
      prefix instanceof Ipv4Prefix && prefix.length < 31 ? { broadcast: Buffer.from(prefix.broadcast.toBytes()) } : {};
    const options = { ...OPTIONS, flags: FlagsNew.CREATE | FlagsNew.REPLACE };
    await this.#ask(`add address ${prefix} to link ${link}`, () =>
      this.#socket.newAddress(
        { family: familyOf(prefix.address), prefixlen: prefix.length, index: link },
        { local, address: local, ...broadcast },
        options,
      ),
    );
  }

  async deleteAddress({ link, prefix }: LinkAddress): Promise<void> {
    const local = Buffer.from(prefix.address.toBytes());
    await this.#ask(`delete address ${prefix} from link ${link}`, () =>
      this.#socket.delAddress(
        { family: familyOf(prefix.address), prefixlen: prefix.length, index: link },
        { local, address: local },
        OPTIONS,
      ),
    );
  }

  /** Adds a route in place of the one to the same destination. */
  async replaceRoute(route: Route): Promise<void> {
    const [data, attrs] = routeMessage(route);
    const options = { ...OPTIONS, flags: FlagsNew.CREATE | FlagsNew.REPLACE };
    await this.#ask(`set route ${tellRoute(route)}`, () => this.#socket.newRoute(data, attrs, options));
  }

  async deleteRoute(route: Route): Promise<void> {
    const [data, attrs] = routeMessage(route);
    await this.#ask(`delete route ${tellRoute(route)}`, () => this.#socket.delRoute(data, attrs, OPTIONS));
  }

  /**
   * Calls back after each change of links, addresses or routes, also when the kernel had to drop notices because they
   * came too fast: whoever is called asks for the present state.
   */
  watch(changed: () => void): void {
    this.#socket.on('message', () => changed());
    this.#socket.on('invalid', () => changed());
    this.#socket.socket.on('error', () => changed());
    for (const group of ['LINK', 'IPV4_IFADDR', 'IPV6_IFADDR', 'IPV4_ROUTE', 'IPV6_ROUTE'] as const) {
      this.#socket.addMembership(group);
    }
    this.#socket.socket.ref();
  }

  close(): void {
    this.#socket.socket.close();
  }

  async #ask<T>(what: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      // The library gives the kernel's refusal as text only.
      const [, name] = /^Request rejected: (E[A-Z0-9]+)$/.exec((error as Error).message) ?? [];
      const errno = Object.entries(constants.errno).find(([known]) => known === name)?.[1];
      if (errno !== undefined) throw new SystemError('rtnetlink', errno, what);
      throw new Error(`rtnetlink: ${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** The library gives an enumeration's name where it knows one, else the number. */
function codeOf(names: Readonly<Record<string, string | number>>, value: string | number | undefined): number {
  return typeof value === 'number' ? value : Number(names[value ?? ''] ?? 0);
}

function isEthernet(type: string | number | undefined): boolean {
  return codeOf(rt.LinkType as unknown as Record<string, string | number>, type) === ARPHRD_ETHER;
}

/** IFLA_LINKINFO is a list of attributes (2 octets length, 2 octets type, padded to 4); the library leaves it whole. */
function linkKind(linkinfo: Uint8Array | undefined): string | undefined {
  if (linkinfo === undefined) return undefined;
  const view = new DataView(linkinfo.buffer, linkinfo.byteOffset, linkinfo.byteLength);
  for (let at = 0; at + 4 <= view.byteLength; ) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > view.byteLength) return undefined;
    if (view.getUint16(at + 2, true) === IFLA_INFO_KIND) {
      return Buffer.from(linkinfo.subarray(at + 4, at + length))
        .toString('latin1')
        .replace(/\0+$/, '');
    }
    at += (length + 3) & ~3;
  }
  return undefined;
}

function ipAddress(bytes: Uint8Array | undefined): Ipv4Address | Ipv6Address | undefined {
  if (bytes?.length === 4) return Ipv4Address.fromBytes(bytes);
  return bytes?.length === 16 ? Ipv6Address.fromBytes(bytes) : undefined;
}

function prefixOf(address: Ipv4Address | Ipv6Address, length: number): Ipv4Prefix | Ipv6Prefix {
  return address instanceof Ipv4Address ? new Ipv4Prefix(address, length) : new Ipv6Prefix(address, length);
}

function familyOf(address: Ipv4Address | Ipv6Address): number {
  return address instanceof Ipv4Address ? AF_INET : AF_INET6;
}

function routeMessage(route: Route): [rt.Route, rt.RouteAttrs] {
  const { destination, gateway, preferredSource, link, protocol, onLink } = route;
  const data = {
    family: familyOf(destination.address),
    dstLen: destination.length,
    table: MAIN_TABLE,
    protocol,
    scope: onLink ? rt.RouteScope.LINK : rt.RouteScope.UNIVERSE,
    type: rt.RouteType.UNICAST,
  };
  const attrs = {
    ...(destination.length === 0 ? {} : { dst: Buffer.from(destination.network.toBytes()) }),
    ...(gateway === undefined ? {} : { gateway: Buffer.from(gateway.toBytes()) }),
    ...(preferredSource === undefined ? {} : { prefsrc: Buffer.from(preferredSource.toBytes()) }),
    oif: link,
  };
  return [data, attrs];
}

function tellRoute({ destination, gateway, link }: Route): string {
  return `${destination}${gateway === undefined ? '' : ` via ${gateway}`} on link ${link}`;
}
