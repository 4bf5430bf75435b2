import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { z } from 'zod';
import { interfaceName } from './interfaces.ts';
import { listOf, type Parsed, parseState, textOf, textOrEmpty } from './state-file.ts';

/** Where it is kept. */
export const WIREGUARD_FILE = '/perm/wireguard.json';

/** A peer of /perm/wireguard.json. Every text is checked; '' is the same as absent. */
export interface WireguardPeerConfig {
  /** 32 octets in base64, as `wg genkey` prints keys. */
  readonly public_key: string;
  /** A further key that both sides share; base64. Not one of router7's keys. */
  readonly preshared_key?: string | undefined;
  /** `address:port`, `[address]:port` or `name:port`; absent when the peer is the one that calls. */
  readonly endpoint?: string | undefined;
  /** Networks behind the peer. */
  readonly allowed_ips: readonly string[];
  /** Seconds; 0 or absent: none is sent. Not one of router7's keys. */
  readonly persistent_keepalive?: number | undefined;
}

/** An interface of /perm/wireguard.json. Its addresses and routes are those of interfaces.json. */
export interface WireguardConfig {
  readonly name: string;
  readonly private_key: string;
  /** UDP; 0 or absent: the kernel chooses one. */
  readonly port?: number | undefined;
  /** Mark of the packets that leave by UDP, for policy routing; 0 or absent: none. Not one of router7's keys. */
  readonly fwmark?: number | undefined;
  /** Octets; 0 or absent leaves it to interfaces.json. Not one of router7's keys. */
  readonly mtu?: number | undefined;
  readonly peers: readonly WireguardPeerConfig[];
}

/** /perm/wireguard.json, which netconfigd reads. */
export interface WireguardFile {
  readonly interfaces: readonly WireguardConfig[];
}

/** Where a peer is reached: an address, or a name to be resolved. */
export interface ConfiguredEndpoint {
  readonly host: string;
  readonly port: number;
  /** The host as an address; undefined when it is a name. */
  readonly address: Ipv4Address | Ipv6Address | undefined;
}

/** Reads `host:port`. @throws Error when it is no such thing */
export function parseEndpoint(text: string): ConfiguredEndpoint {
  const [, v6, host = v6, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || !(port >= 1 && port <= 0xffff)) throw new Error('no host and port');
  if (v6 !== undefined) return { host, port, address: Ipv6Address.parse(v6) };
  // What ends in a number is an address: no top-level domain is one (RFC 3696 section 2).
  if (/(?:^|\.)\d+$/.test(host)) return { host, port, address: Ipv4Address.parse(host) };
  if (!/^(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?$/.test(host) || host.length > 253) throw new Error('no name of a host');
  return { host, port, address: undefined };
}

// 32 octets: 42 characters of 6 bits, one of 4, and the padding (RFC 4648 section 4).
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const key = z.string().regex(KEY, { error: 'a key of 32 octets in base64' });

const schema: z.ZodType<WireguardFile> = z.strictObject({
  interfaces: listOf(
    z.strictObject({
      name: interfaceName,
      private_key: key,
      port: z.number().int().min(0).max(0xffff).optional(),
      fwmark: z.number().int().min(0).max(0xffff_ffff).optional(),
      mtu: z.number().int().min(0).max(65_536).optional(),
      peers: listOf(
        z.strictObject({
          public_key: key,
          preshared_key: z.union([z.literal(''), key], { error: 'a key of 32 octets in base64, or ""' }).optional(),
          endpoint: textOrEmpty(
            'an address or a name with a port such as [2001:db8::1]:51820',
            parseEndpoint,
          ).optional(),
          allowed_ips: listOf(
            textOf('a network such as 10.0.137.0/24', (text) =>
              text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text),
            ),
          ),
          persistent_keepalive: z.number().int().min(0).max(0xffff).optional(),
        }),
      ),
    }),
  ),
});

/** Reads the text of /perm/wireguard.json. @throws StateError */
export function parseWireguard(text: string, file: string = WIREGUARD_FILE): Parsed<WireguardFile> {
  return parseState(schema, text, file);
}
