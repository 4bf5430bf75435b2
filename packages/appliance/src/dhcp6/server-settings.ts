import {
  type DelegationConfig,
  defaultLinkConfig,
  defaultServerConfig,
  type LifetimePrefix,
  type LinkConfig,
  type NtpServer,
  type Option,
  type ServerConfig,
} from '@router7/dhcp6';
import { fromHex, Ipv6Address, type Ipv6Prefix, toHex } from '@router7/wire';
import type { LanPlan, LanPrefixes } from '../lans/lan-plan.ts';
import { networkOf, overlap, subtract } from '../lans/prefix-space.ts';
import type { Dhcp6Lease } from '../state/dhcp6-lease.ts';
import {
  DHCP6D_CONFIG_FILE,
  type Dhcp6dConfig,
  type Dhcp6dInterface,
  readReservedDuid,
} from '../state/dhcp6d-config.ts';
import type { Ipv6Config } from '../state/ipv6-config.ts';

/** What the engine's settings follow from. */
export interface SettingsInputs {
  /** The server's DUID. */
  readonly duid: Uint8Array;
  readonly plan: LanPlan;
  readonly ipv6: Ipv6Config;
  readonly config: Dhcp6dConfig;
  /** What the provider has told: servers of time are passed on (RFC 7084 L-12). */
  readonly lease: Dhcp6Lease | undefined;
  /** Makes wall-clock times of monotonic ones. */
  readonly offset: number;
  /** Gets a line for each part of the files that is passed over. */
  readonly warn: (line: string) => void;
}

/** The engine's settings: those of the files laid over those of a home. @throws EncodeError when they contradict themselves */
export function serverSettings(inputs: SettingsInputs): ServerConfig {
  const { duid, plan, ipv6, config, offset } = inputs;
  const defaults = defaultServerConfig(duid);
  return {
    ...defaults,
    preference: config.preference ?? defaults.preference,
    rapidCommit: config.rapid_commit ?? defaults.rapidCommit,
    reconfigure: config.reconfigure ?? defaults.reconfigure,
    shortestPrefixLength: config.shortest_prefix_length ?? defaults.shortestPrefixLength,
    leasesPerNeighbour: config.leases_per_neighbour ?? defaults.leasesPerNeighbour,
    preferredLifetimeSeconds: ipv6.lifetimes.preferred_seconds,
    validLifetimeSeconds: ipv6.lifetimes.valid_seconds,
    links: plan.lans.map((lan) => linkSettings(lan, config.interfaces[lan.lan] ?? {}, inputs)),
    delegations: delegations(plan, offset),
  };
}

function linkSettings(
  { lan, prefixes }: LanPrefixes,
  settings: Dhcp6dInterface,
  { lease, offset, warn }: SettingsInputs,
): LinkConfig {
  const defaults = defaultLinkConfig(lan);
  const host = (text: string | undefined, otherwise: number): number =>
    text === undefined ? otherwise : Number(Ipv6Address.parse(text).value);
  const kept = prefixes.flatMap(({ prefix, address }) => ownHost(prefix, address));
  return {
    ...defaults,
    prefixes: prefixes.map((each) => monotonic(each, offset)),
    addresses: settings.addresses ?? defaults.addresses,
    delegates: settings.prefixes ?? defaults.delegates,
    firstHost: host(settings.first, defaults.firstHost),
    lastHost: host(settings.last, defaults.lastHost),
    reservations: reservations(lan, settings, kept, warn),
    kept,
    options: options(settings, ownAddresses(prefixes), lease),
  };
}

/** What is reserved, without what cannot be: one line in the file must not take all others away. */
function reservations(
  lan: string,
  { reservations = [] }: Dhcp6dInterface,
  kept: readonly number[],
  warn: (line: string) => void,
): LinkConfig['reservations'] {
  const hosts = new Set<number>();
  const clients = new Set<string>();
  return reservations.flatMap(({ duid, addr }) => {
    const { iaid, ...reservation } = readReservedDuid(duid);
    const host = Number(Ipv6Address.parse(addr).value);
    const client = `${toHex(reservation.duid)}%${iaid ?? ''}`;
    const isTwice = hosts.has(host) || clients.has(client);
    if (kept.includes(host) || isTwice) {
      const why = isTwice ? 'the client or the address is there twice' : "that is the router's own address";
      warn(`${DHCP6D_CONFIG_FILE}: ${lan}: reservation of ${addr} for ${duid} not used: ${why}`);
      return [];
    }
    hosts.add(host);
    clients.add(client);
    return { ...reservation, ...(iaid === undefined ? {} : { iaid }), host };
  });
}

/** The host part of the router's own address; none when it is too long for a client to get it. */
function ownHost(prefix: Ipv6Prefix, address: Ipv6Address): number[] {
  const host = address.value ^ prefix.network.value;
  return host < 2n ** 24n ? [Number(host)] : [];
}

/** The router's addresses on a link. One that does not change with the provider's prefix comes first. */
function ownAddresses(prefixes: LanPrefixes['prefixes']): Ipv6Address[] {
  const lasting = prefixes.filter(({ origin }) => origin !== 'delegated');
  return (lasting.length > 0 ? lasting : prefixes).map(({ address }) => address).slice(0, 2);
}

function options(settings: Dhcp6dInterface, own: readonly Ipv6Address[], lease: Dhcp6Lease | undefined): Option[] {
  const list = (texts: readonly string[]): Ipv6Address[] => texts.map((text) => Ipv6Address.parse(text));
  const dns = settings.dns === undefined ? own : list(settings.dns);
  const search = settings.search ?? ['lan'];
  const ntp = (settings.ntp ?? lease?.ntp ?? []).map(timeServer);
  const addresses = ntp.flatMap((server) => (server.kind === 'address' ? server.address : []));
  const all: Option[] = [];
  if (dns.length > 0) all.push({ kind: 'dnsServers', value: dns });
  if (search.length > 0) all.push({ kind: 'domainSearchList', value: search });
  if (addresses.length > 0) all.push({ kind: 'sntpServers', value: addresses });
  // RFC 5908 section 4: an option has one source of time.
  if (ntp.length > 0) all.push({ kind: 'ntpServer', value: ntp.slice(0, 1) });
  // RFC 9096 section 3.5: what is told changes with the provider's prefix, so it is not to be kept for a day.
  all.push({ kind: 'informationRefreshTime', value: settings.information_refresh_seconds ?? 2700 });
  for (const [code, octets] of Object.entries(settings.options ?? {})) {
    all.push({ kind: 'raw', code: Number(code), data: fromHex(octets) });
  }
  return all;
}

function timeServer(text: string): NtpServer {
  if (!text.includes(':')) return { kind: 'name', name: text };
  const address = Ipv6Address.parse(text);
  return address.isMulticast ? { kind: 'multicastAddress', address } : { kind: 'address', address };
}

/** What was delegated to this router, and what is its own, global prefixes first (RFC 9818 LPD-8). */
function delegations({ delegations, ula, rest }: LanPlan, offset: number): DelegationConfig[] {
  const forEver = { preferredUntil: Infinity, validUntil: Infinity };
  const wholes = [...delegations, ...(ula === undefined ? [] : [{ prefix: ula, ...forEver }])];
  return wholes.map((whole) => {
    const prefix = networkOf(whole.prefix);
    const left = rest.map((part) => part.prefix).filter((part) => overlap(prefix, part));
    return { ...monotonic({ ...whole, prefix }, offset), taken: subtract(prefix, left) };
  });
}

/** What never ends as far as the provider's lease tells, is told with the longest lifetimes that there are. */
function monotonic(
  each: {
    readonly prefix: Ipv6Prefix;
    readonly preferredUntil: number;
    readonly validUntil: number;
    readonly isOpenEnded?: boolean;
  },
  offset: number,
): LifetimePrefix {
  const { prefix, isOpenEnded = false } = each;
  const at = (until: number): number => (isOpenEnded ? Infinity : until - offset);
  return { prefix, preferredUntil: at(each.preferredUntil), validUntil: at(each.validUntil) };
}
