import { DecodeError, MacAddress } from '@router7/wire';
import {
  decodeAttributes,
  encodeAttributes,
  textAttribute,
  textPayload,
  uint32Attribute,
  uint32Payload,
  viewOf,
} from './rtnetlink-attributes.ts';

const IFINFOMSG = 16;
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_OPERSTATE = 16;
const IFLA_LINKINFO = 18;
const IFLA_AF_SPEC = 26;
const IFLA_GROUP = 27;
const IFLA_CARRIER = 33;
const IFLA_PERM_ADDRESS = 54;
const IFLA_INFO_KIND = 1;
const AF_INET6 = 10;
const IFLA_INET6_FLAGS = 1;
const IFLA_INET6_ADDR_GEN_MODE = 8;
/** Flags of an IPv6 interface (net/if_inet6.h). */
const IF_RA_OTHERCONF = 0x80;
const IF_RA_MANAGED = 0x40;
const IF_RA_RCVD = 0x20;
const IFF_UP = 1;
const IFF_LOOPBACK = 8;
const IFF_LOWER_UP = 0x1_0000;

const OPER_STATES = ['unknown', 'not-present', 'down', 'lower-layer-down', 'testing', 'dormant', 'up'] as const;

/** RFC 2863's ifOperStatus as Linux reports it. Virtual interfaces may say `unknown` while they work. */
export type OperState = (typeof OPER_STATES)[number];

/** A network interface. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Undefined for those without one of 48 bits, such as WireGuard's. */
  readonly hardwareAddress: MacAddress | undefined;
  /** The one that the card was made with, whatever it uses now; undefined for those without, such as virtual ones. */
  readonly permanentAddress: MacAddress | undefined;
  /** Octets. */
  readonly mtu: number;
  /** Administratively up. */
  readonly up: boolean;
  /** The cable is in and the other side is there; false while the interface is down. */
  readonly carrier: boolean;
  readonly operState: OperState;
  readonly loopback: boolean;
  /** Index of the bridge (or bond) that it is a port of. */
  readonly master: number | undefined;
  /** `bridge`, `veth`, `wireguard`, ...; undefined for a network card. */
  readonly kind: string | undefined;
  /** A number that user space gives to links that belong together (ip-link(8)); 0 unless somebody did. */
  readonly group: number;
  /** Flags M and O of the router advertisement that the kernel has heard last (RFC 4861 section 4.2); absent: none. */
  readonly routerFlags?: { readonly managed: boolean; readonly otherConfig: boolean };
}

/** How the kernel makes an interface's link-local IPv6 address (if_link.h): from the hardware address, or not at all. */
export const AddressGeneration = { eui64: 0, none: 1 } as const;

/** What {@link encodeLinkChange} changes; what is absent stays. */
export interface LinkChange {
  /** Until Linux 6.2 only while the interface is down. */
  readonly name?: string;
  readonly mtu?: number;
  /** With many drivers only while the interface is down. */
  readonly hardwareAddress?: MacAddress;
  readonly up?: boolean;
  /** Index of the bridge to become a port of; 0 leaves it. */
  readonly master?: number;
  readonly group?: number;
  /** One of {@link AddressGeneration}. Those there are stay. Fails where there is no IPv6, as with an MTU below 1280. */
  readonly addressGeneration?: number;
}

/** Reads a RTM_NEWLINK or RTM_DELLINK payload. @throws DecodeError */
export function decodeLink(bytes: Uint8Array): Link {
  if (bytes.length < IFINFOMSG) throw new DecodeError('truncated', 'a link message', bytes.length);
  const view = viewOf(bytes);
  const flags = view.getUint32(8, true);
  const attributes = decodeAttributes(bytes.subarray(IFINFOMSG));
  const address = attributes.get(IFLA_ADDRESS);
  const permanent = attributes.get(IFLA_PERM_ADDRESS);
  const info = attributes.get(IFLA_LINKINFO);
  const master = uint32Attribute(attributes, IFLA_MASTER);
  const up = (flags & IFF_UP) !== 0;
  const carrier = attributes.get(IFLA_CARRIER)?.[0];
  return {
    index: view.getInt32(4, true),
    name: textAttribute(attributes, IFLA_IFNAME) ?? '',
    hardwareAddress: address?.length === 6 ? MacAddress.fromBytes(address) : undefined,
    permanentAddress: permanent?.length === 6 ? MacAddress.fromBytes(permanent) : undefined,
    mtu: uint32Attribute(attributes, IFLA_MTU) ?? 0,
    up,
    carrier: up && (carrier === undefined ? (flags & IFF_LOWER_UP) !== 0 : carrier !== 0),
    operState: OPER_STATES[attributes.get(IFLA_OPERSTATE)?.[0] ?? 0] ?? 'unknown',
    loopback: (flags & IFF_LOOPBACK) !== 0,
    master: master === 0 ? undefined : master,
    kind: info === undefined ? undefined : textAttribute(decodeAttributes(info), IFLA_INFO_KIND),
    group: uint32Attribute(attributes, IFLA_GROUP) ?? 0,
    ...routerFlags(attributes.get(IFLA_AF_SPEC)),
  };
}

function routerFlags(families: Uint8Array | undefined): Pick<Link, 'routerFlags'> {
  const inet6 = families === undefined ? undefined : decodeAttributes(families).get(AF_INET6);
  const flags = inet6 === undefined ? undefined : uint32Attribute(decodeAttributes(inet6), IFLA_INET6_FLAGS);
  // The kernel says "received" only of an advertisement that it has asked for.
  if (flags === undefined || (flags & (IF_RA_RCVD | IF_RA_MANAGED | IF_RA_OTHERCONF)) === 0) return {};
  return { routerFlags: { managed: (flags & IF_RA_MANAGED) !== 0, otherConfig: (flags & IF_RA_OTHERCONF) !== 0 } };
}

/** Writes a RTM_NEWLINK (or RTM_DELLINK, without change) payload for an interface that is there. */
export function encodeLinkChange(index: number, change: LinkChange): Uint8Array {
  const header = new Uint8Array(IFINFOMSG);
  const view = viewOf(header);
  view.setInt32(4, index, true);
  if (change.up !== undefined) {
    view.setUint32(8, change.up ? IFF_UP : 0, true);
    view.setUint32(12, IFF_UP, true); // which flags are meant
  }
  const attributes = encodeAttributes([
    [IFLA_IFNAME, textPayload(change.name)],
    [IFLA_MTU, uint32Payload(change.mtu)],
    [IFLA_ADDRESS, change.hardwareAddress?.toBytes()],
    [IFLA_MASTER, uint32Payload(change.master)],
    [IFLA_GROUP, uint32Payload(change.group)],
    [IFLA_AF_SPEC, change.addressGeneration === undefined ? undefined : generationPayload(change.addressGeneration)],
  ]);
  return Buffer.concat([header, attributes]);
}

function generationPayload(mode: number): Uint8Array {
  return encodeAttributes([[AF_INET6, encodeAttributes([[IFLA_INET6_ADDR_GEN_MODE, Uint8Array.of(mode)]])]]);
}

/** A virtual interface to be made, without settings of its own. */
export interface NewLink {
  /** `bridge`, `wireguard`, ... */
  readonly kind: string;
  readonly name: string;
  readonly hardwareAddress?: MacAddress | undefined;
  readonly group?: number | undefined;
}

/** Writes a RTM_NEWLINK payload that makes a virtual interface. */
export function encodeNewLink(link: NewLink): Uint8Array {
  const attributes = encodeAttributes([
    [IFLA_IFNAME, textPayload(link.name)],
    [IFLA_ADDRESS, link.hardwareAddress?.toBytes()],
    [IFLA_GROUP, uint32Payload(link.group)],
    [IFLA_LINKINFO, encodeAttributes([[IFLA_INFO_KIND, textPayload(link.kind)]])],
  ]);
  return Buffer.concat([new Uint8Array(IFINFOMSG), attributes]);
}
