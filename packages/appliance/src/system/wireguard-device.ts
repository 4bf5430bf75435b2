import { DecodeError, Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import {
  attributeList,
  decodeAttributes,
  encodeAttributes,
  type NetlinkAttributes,
  NLA_F_NESTED,
  uint16Attribute,
  uint16Payload,
  uint32Attribute,
  uint32Payload,
  viewOf,
} from './rtnetlink-attributes.ts';

// linux/wireguard.h
const WGDEVICE_A_IFINDEX = 1;
const WGDEVICE_A_PRIVATE_KEY = 3;
const WGDEVICE_A_LISTEN_PORT = 6;
const WGDEVICE_A_FWMARK = 7;
const WGDEVICE_A_PEERS = 8;
const WGPEER_A_PUBLIC_KEY = 1;
const WGPEER_A_PRESHARED_KEY = 2;
const WGPEER_A_FLAGS = 3;
const WGPEER_A_ENDPOINT = 4;
const WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL = 5;
const WGPEER_A_LAST_HANDSHAKE_TIME = 6;
const WGPEER_A_ALLOWEDIPS = 9;
const WGPEER_F_REMOVE_ME = 1;
const WGPEER_F_REPLACE_ALLOWEDIPS = 2;
const WGALLOWEDIP_A_FAMILY = 1;
const WGALLOWEDIP_A_IPADDR = 2;
const WGALLOWEDIP_A_CIDR_MASK = 3;

const AF_INET = 2;
const AF_INET6 = 10;
/** Octets of struct sockaddr_in and sockaddr_in6. */
const SOCKADDR_IN = 16;
const SOCKADDR_IN6 = 28;
const KEY = 32;
/** Octets of peers in one message. The kernel takes 64 KiB in one attribute; its own dumps have pages of 4 KiB. */
const MESSAGE_PEERS = 16_384;
/** Networks of a peer in one message: 28 octets each. */
const MESSAGE_NETWORKS = 256;

/** Where a peer is reached. */
export interface WireguardEndpoint {
  readonly address: Ipv4Address | Ipv6Address;
  readonly port: number;
}

/** A peer as the kernel has it. Keys are in base64, as in every WireGuard configuration. */
export interface WireguardPeer {
  readonly publicKey: string;
  /** Undefined when there is none. */
  readonly presharedKey: string | undefined;
  readonly endpoint: WireguardEndpoint | undefined;
  /** 0: none is sent. */
  readonly persistentKeepaliveSeconds: number;
  /** Networks behind the peer, with host bits 0. */
  readonly allowedIps: readonly (Ipv4Prefix | Ipv6Prefix)[];
  /** When the last handshake was, in seconds since 1970; 0: never. */
  readonly lastHandshakeSeconds: number;
}

/** A WireGuard interface as the kernel has it. */
export interface WireguardDevice {
  /** Undefined until it is set. */
  readonly privateKey: string | undefined;
  /** UDP port; chosen by the kernel when nobody did. */
  readonly port: number;
  /** Mark of the packets that it sends; 0: none. */
  readonly fwmark: number;
  readonly peers: readonly WireguardPeer[];
}

/** What is to become of a peer; what is absent stays, but for the networks, which are always given whole. */
export type WireguardPeerChange =
  | { readonly publicKey: string; readonly remove: true }
  | {
      readonly publicKey: string;
      /** '' takes it away. */
      readonly presharedKey?: string | undefined;
      readonly endpoint?: WireguardEndpoint | undefined;
      readonly persistentKeepaliveSeconds?: number | undefined;
      readonly allowedIps: readonly (Ipv4Prefix | Ipv6Prefix)[];
    };

/** What is to be changed of an interface; what is absent stays. */
export interface WireguardChange {
  readonly privateKey?: string | undefined;
  readonly port?: number | undefined;
  readonly fwmark?: number | undefined;
  readonly peers?: readonly WireguardPeerChange[] | undefined;
}

/** Writes the attributes of WG_CMD_GET_DEVICE. */
export function encodeWireguardQuery(link: number): Uint8Array {
  return encodeAttributes([[WGDEVICE_A_IFINDEX, uint32Payload(link)]]);
}

/**
 * Writes the attributes of WG_CMD_SET_DEVICE: of several messages, when there is more than fits into one.
 *
 * "Each successive one filling in information not contained in the prior": the networks of a peer that has many are
 * replaced by the first message and added to by the others (linux/wireguard.h).
 */
export function encodeWireguardChange(link: number, change: WireguardChange): readonly Uint8Array[] {
  const peers = (change.peers ?? []).flatMap(encodePeer);
  const messages: Uint8Array[] = [];
  let at = 0;
  do {
    const list: [number, Uint8Array][] = [];
    for (let size = 0; at < peers.length && size < MESSAGE_PEERS; at++) {
      const peer = peers[at] as Uint8Array;
      list.push([NLA_F_NESTED, peer]);
      size += peer.length;
    }
    const first = messages.length === 0;
    messages.push(
      encodeAttributes([
        [WGDEVICE_A_IFINDEX, uint32Payload(link)],
        [WGDEVICE_A_PRIVATE_KEY, first ? keyPayload(change.privateKey) : undefined],
        [WGDEVICE_A_LISTEN_PORT, first ? uint16Payload(change.port) : undefined],
        [WGDEVICE_A_FWMARK, first ? uint32Payload(change.fwmark) : undefined],
        [WGDEVICE_A_PEERS | NLA_F_NESTED, list.length > 0 ? encodeAttributes(list) : undefined],
      ]),
    );
  } while (at < peers.length);
  return messages;
}

/** A peer's attributes, cut into pieces of {@link MESSAGE_NETWORKS} networks. */
function encodePeer(peer: WireguardPeerChange): readonly Uint8Array[] {
  const publicKey = [WGPEER_A_PUBLIC_KEY, keyPayload(peer.publicKey)] as const;
  if ('remove' in peer) {
    return [encodeAttributes([publicKey, [WGPEER_A_FLAGS, uint32Payload(WGPEER_F_REMOVE_ME)]])];
  }
  const pieces: Uint8Array[] = [];
  let at = 0;
  do {
    const networks = peer.allowedIps
      .slice(at, at + MESSAGE_NETWORKS)
      .map((network) => [NLA_F_NESTED, encodeNetwork(network)] as const);
    const first = at === 0;
    pieces.push(
      encodeAttributes([
        publicKey,
        [WGPEER_A_PRESHARED_KEY, first ? keyPayload(peer.presharedKey) : undefined],
        [WGPEER_A_FLAGS, first ? uint32Payload(WGPEER_F_REPLACE_ALLOWEDIPS) : undefined],
        [WGPEER_A_ENDPOINT, first && peer.endpoint !== undefined ? encodeEndpoint(peer.endpoint) : undefined],
        [WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, first ? uint16Payload(peer.persistentKeepaliveSeconds) : undefined],
        [WGPEER_A_ALLOWEDIPS | NLA_F_NESTED, networks.length > 0 ? encodeAttributes(networks) : undefined],
      ]),
    );
    at += MESSAGE_NETWORKS;
  } while (at < peer.allowedIps.length);
  return pieces;
}

function encodeNetwork(prefix: Ipv4Prefix | Ipv6Prefix): Uint8Array {
  return encodeAttributes([
    [WGALLOWEDIP_A_FAMILY, uint16Payload(prefix instanceof Ipv4Prefix ? AF_INET : AF_INET6)],
    [WGALLOWEDIP_A_IPADDR, prefix.network.toBytes()],
    [WGALLOWEDIP_A_CIDR_MASK, Uint8Array.of(prefix.length)],
  ]);
}

/** struct sockaddr_in or sockaddr_in6 (ip(7), ipv6(7)): the family in host order, the port in network order. */
function encodeEndpoint({ address, port }: WireguardEndpoint): Uint8Array {
  const v4 = address instanceof Ipv4Address;
  const bytes = new Uint8Array(v4 ? SOCKADDR_IN : SOCKADDR_IN6);
  viewOf(bytes).setUint16(0, v4 ? AF_INET : AF_INET6, true);
  viewOf(bytes).setUint16(2, port);
  bytes.set(address.toBytes(), v4 ? 4 : 8);
  return bytes;
}

/**
 * Reads the answer to WG_CMD_GET_DEVICE. Peers that do not fit into one message go on in the next: "it is then up to the
 * receiver to coalesce adjacent peers" (linux/wireguard.h).
 *
 * @throws DecodeError
 */
export function decodeWireguardDevice(messages: readonly NetlinkAttributes[]): WireguardDevice {
  const [first] = messages;
  if (first === undefined) throw new DecodeError('missing', 'no message about the interface', 0);
  const peers: WireguardPeer[] = [];
  for (const message of messages) {
    for (const [, bytes] of attributeList(message.get(WGDEVICE_A_PEERS) ?? new Uint8Array())) {
      const peer = decodePeer(decodeAttributes(bytes));
      const last = peers.at(-1);
      if (last?.publicKey === peer.publicKey) {
        peers[peers.length - 1] = { ...last, allowedIps: [...last.allowedIps, ...peer.allowedIps] };
      } else {
        peers.push(peer);
      }
    }
  }
  return {
    privateKey: keyText(first.get(WGDEVICE_A_PRIVATE_KEY)),
    port: uint16Attribute(first, WGDEVICE_A_LISTEN_PORT) ?? 0,
    fwmark: uint32Attribute(first, WGDEVICE_A_FWMARK) ?? 0,
    peers,
  };
}

function decodePeer(attributes: NetlinkAttributes): WireguardPeer {
  const publicKey = attributes.get(WGPEER_A_PUBLIC_KEY);
  if (publicKey?.length !== KEY) throw new DecodeError('missing', 'a peer without public key', 0);
  const handshake = attributes.get(WGPEER_A_LAST_HANDSHAKE_TIME);
  const networks = attributeList(attributes.get(WGPEER_A_ALLOWEDIPS) ?? new Uint8Array());
  return {
    publicKey: toBase64(publicKey),
    presharedKey: keyText(attributes.get(WGPEER_A_PRESHARED_KEY)),
    endpoint: decodeEndpoint(attributes.get(WGPEER_A_ENDPOINT)),
    persistentKeepaliveSeconds: uint16Attribute(attributes, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL) ?? 0,
    allowedIps: networks.map(([, bytes]) => decodeNetwork(decodeAttributes(bytes))),
    // struct __kernel_timespec: seconds and nanoseconds, 64 bits each.
    lastHandshakeSeconds: handshake?.length === 16 ? Number(viewOf(handshake).getBigInt64(0, true)) : 0,
  };
}

function decodeEndpoint(bytes: Uint8Array | undefined): WireguardEndpoint | undefined {
  if (bytes === undefined || bytes.length < SOCKADDR_IN) return undefined;
  const family = viewOf(bytes).getUint16(0, true);
  const port = viewOf(bytes).getUint16(2);
  if (family === AF_INET) return { address: Ipv4Address.fromBytes(bytes.subarray(4, 8)), port };
  if (family !== AF_INET6 || bytes.length < SOCKADDR_IN6) return undefined;
  return { address: Ipv6Address.fromBytes(bytes.subarray(8, 24)), port };
}

function decodeNetwork(attributes: NetlinkAttributes): Ipv4Prefix | Ipv6Prefix {
  const octets = attributes.get(WGALLOWEDIP_A_IPADDR);
  const [length] = attributes.get(WGALLOWEDIP_A_CIDR_MASK) ?? [];
  if (octets === undefined || length === undefined) throw new DecodeError('missing', 'a network of a peer', 0);
  return uint16Attribute(attributes, WGALLOWEDIP_A_FAMILY) === AF_INET
    ? new Ipv4Prefix(Ipv4Address.fromBytes(octets), length)
    : new Ipv6Prefix(Ipv6Address.fromBytes(octets), length);
}

/** '' is the key of zeros, with which the kernel takes a key away. */
function keyPayload(key: string | undefined): Uint8Array | undefined {
  if (key === undefined) return undefined;
  return key === '' ? new Uint8Array(KEY) : Uint8Array.from(Buffer.from(key, 'base64'));
}

function keyText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined || bytes.every((octet) => octet === 0) ? undefined : toBase64(bytes);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
