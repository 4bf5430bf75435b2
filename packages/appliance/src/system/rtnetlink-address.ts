import { DecodeError, Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { decodeAttributes, encodeAttributes, uint32Attribute, viewOf } from './rtnetlink-attributes.ts';

const IFADDRMSG = 8;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
const IFA_CACHEINFO = 6;
const IFA_FLAGS = 8;
const IFA_PROTO = 11;
const IFA_F_DADFAILED = 0x08;
const IFA_F_TENTATIVE = 0x40;
const FOREVER = 0xffff_ffff;

/** Values of `family` (socket(2)). */
export const Family = { any: 0, ipv4: 2, ipv6: 10 } as const;

/** An address of an interface. */
export interface LinkAddress {
  /** Index of the interface. */
  readonly link: number;
  /** The address with the length of its subnet. */
  readonly prefix: Ipv4Prefix | Ipv6Prefix;
  /** 0 global, 253 link, 254 host. Absent: 0. */
  readonly scope?: number;
  /** Seconds until it must not be used any more; absent: for ever. */
  readonly validLifetimeSeconds?: number;
  /** Seconds until it should not be used for new connections; absent: as long as it is valid. */
  readonly preferredLifetimeSeconds?: number;
  /** IPv6: duplicate address detection has not finished, so it cannot be bound to yet. */
  readonly tentative?: boolean;
  /** IPv6: duplicate address detection has found another host that has it; it cannot be used. Absent: false. */
  readonly duplicate?: boolean;
  /**
   * Who made it, a number as of routes (Linux 5.18; before, the kernel forgets it): 0 nobody said, 1 the kernel for
   * loopback, 2 for a router advertisement, 3 for a link-local address; the others are free. Absent: 0.
   */
  readonly protocol?: number;
}

/** Reads a RTM_NEWADDR or RTM_DELADDR payload; undefined for other families than IP. @throws DecodeError */
export function decodeAddress(bytes: Uint8Array): Required<LinkAddress> | undefined {
  if (bytes.length < IFADDRMSG) throw new DecodeError('truncated', 'an address message', bytes.length);
  const view = viewOf(bytes);
  const family = view.getUint8(0);
  const attributes = decodeAttributes(bytes.subarray(IFADDRMSG));
  // On a point-to-point interface IFA_ADDRESS is the peer's.
  const octets = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
  if (octets === undefined) return undefined;
  const length = view.getUint8(1);
  let prefix: Ipv4Prefix | Ipv6Prefix;
  if (family === Family.ipv4) prefix = new Ipv4Prefix(Ipv4Address.fromBytes(octets), length);
  else if (family === Family.ipv6) prefix = new Ipv6Prefix(Ipv6Address.fromBytes(octets), length);
  else return undefined;
  const cache = attributes.get(IFA_CACHEINFO);
  const lifetime = (at: number): number => {
    const seconds = cache === undefined || cache.length < 8 ? FOREVER : viewOf(cache).getUint32(at, true);
    return seconds === FOREVER ? Number.POSITIVE_INFINITY : seconds;
  };
  const flags = uint32Attribute(attributes, IFA_FLAGS) ?? view.getUint8(2);
  return {
    link: view.getUint32(4, true),
    prefix,
    scope: view.getUint8(3),
    preferredLifetimeSeconds: lifetime(0),
    validLifetimeSeconds: lifetime(4),
    tentative: (flags & IFA_F_TENTATIVE) !== 0 && (flags & IFA_F_DADFAILED) === 0,
    duplicate: (flags & IFA_F_DADFAILED) !== 0,
    protocol: attributes.get(IFA_PROTO)?.[0] ?? 0,
  };
}

/** Writes a RTM_NEWADDR or RTM_DELADDR payload. */
export function encodeAddress(address: LinkAddress): Uint8Array {
  const { prefix, protocol = 0 } = address;
  const v4 = prefix instanceof Ipv4Prefix;
  const header = new Uint8Array(IFADDRMSG);
  const view = viewOf(header);
  view.setUint8(0, v4 ? Family.ipv4 : Family.ipv6);
  view.setUint8(1, prefix.length);
  view.setUint8(3, address.scope ?? 0);
  view.setUint32(4, address.link, true);
  const octets = prefix.address.toBytes();
  let cache: Uint8Array | undefined;
  if (address.validLifetimeSeconds !== undefined || address.preferredLifetimeSeconds !== undefined) {
    cache = new Uint8Array(16); // struct ifa_cacheinfo: preferred, valid, two time stamps
    // Preferred longer than valid is refused.
    const preferred = address.preferredLifetimeSeconds ?? address.validLifetimeSeconds;
    viewOf(cache).setUint32(0, clampLifetime(preferred), true);
    viewOf(cache).setUint32(4, clampLifetime(address.validLifetimeSeconds), true);
  }
  const attributes = encodeAttributes([
    [IFA_LOCAL, v4 ? octets : undefined],
    [IFA_ADDRESS, octets],
    // A subnet of one or two addresses has none (RFC 3021).
    [IFA_BROADCAST, v4 && prefix.length < 31 ? prefix.broadcast.toBytes() : undefined],
    [IFA_CACHEINFO, cache],
    [IFA_PROTO, protocol === 0 ? undefined : Uint8Array.of(protocol)],
  ]);
  return Buffer.concat([header, attributes]);
}

function clampLifetime(seconds: number | undefined): number {
  return Math.min(Math.max(Math.floor(seconds ?? FOREVER), 0), FOREVER);
}
