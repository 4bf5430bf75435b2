import {
  type ClientConfiguration,
  type ClientLease,
  optionValue,
  optionValues,
  type RememberedLeases,
} from '@router7/dhcp6';
import { fromHex, Ipv6Address, Ipv6Prefix, toHex } from '@router7/wire';
import { type Dhcp6Lease, delegationsOf, goPrefix } from '../state/dhcp6-lease.ts';
import { formatGoTime, parseGoTime } from '../state/go-time.ts';
import type { Clock } from '../system/clock.ts';

/** Half of 2^32 - 1 seconds: what `valid_until` says of a lease that is never renewed, for whoever compares it with now. */
const ENDLESS_RENEWAL_MS = 0x7fff_ffff * 1000;

/** What dhcp6 writes: monotonic times become wall-clock ones, and never becomes null (D6C-04). */
export function leaseRecord(configuration: ClientConfiguration, clock: Clock): Dhcp6Lease {
  const offset = clock.wall() - clock.now();
  const time = (monotonic: number): string => formatGoTime(monotonic + offset);
  const end = (monotonic: number): string | null =>
    monotonic === Number.POSITIVE_INFINITY ? null : time(Math.max(monotonic, -offset));
  const { delegations, addresses, serverIdentifier } = configuration;
  const receivedAt = Number.isFinite(configuration.receivedAt) ? configuration.receivedAt : clock.now();
  const times = ({ iaid, renewAt, rebindAt, preferredUntil, validUntil }: ClientLease) => ({
    iaid,
    t1: end(renewAt),
    t2: end(rebindAt),
    preferred_until: end(preferredUntil),
    valid_until: end(validUntil),
  });
  const renewals = [...delegations, ...addresses].map(({ renewAt }) => renewAt);
  return {
    valid_until: time(Math.min(receivedAt + ENDLESS_RENEWAL_MS, ...renewals)),
    prefixes: delegations.map(({ prefix }) => goPrefix(prefix)),
    dns: configuration.dnsServers.map(String),
    received_at: time(receivedAt),
    ...(serverIdentifier === undefined || serverIdentifier.length === 0
      ? {}
      : { server_duid: toHex(serverIdentifier) }),
    domain_search: configuration.domainSearchList,
    ntp: ntpServers(configuration),
    delegations: delegations.map((lease) => ({
      prefix: lease.prefix.toString(),
      ...times(lease),
      ...(lease.excluded === undefined ? {} : { excluded: lease.excluded.toString() }),
    })),
    addresses: addresses.map((lease) => ({ address: lease.address.toString(), ...times(lease) })),
  };
}

/** Options 56 and 31 (RFC 5908, RFC 4075). */
function ntpServers(configuration: ClientConfiguration): readonly string[] {
  const servers = optionValues(configuration, 'ntpServer')
    .flat()
    .flatMap((server) =>
      server.kind === 'raw' ? [] : [server.kind === 'name' ? server.name : String(server.address)],
    );
  return servers.length > 0 ? servers : (optionValue(configuration, 'sntpServers') ?? []).map(String);
}

/**
 * What an earlier run has written, as times from now. A clock that was set back since tells nothing of how long ago that was:
 * then it counts as just now, for the server will say what is true.
 */
export function rememberedLeases(lease: Dhcp6Lease, clock: Clock): RememberedLeases {
  const wall = clock.wall();
  const receivedAt = lease.received_at === undefined ? wall : parseGoTime(lease.received_at);
  const origin = Math.max(wall, receivedAt);
  const from = (text: string | null): number => (text === null ? Number.POSITIVE_INFINITY : parseGoTime(text) - origin);
  const times = (of: Omit<NonNullable<Dhcp6Lease['addresses']>[number], 'address'>) => ({
    iaid: of.iaid,
    renewInMs: from(of.t1),
    rebindInMs: from(of.t2),
    preferredForMs: from(of.preferred_until),
    validForMs: from(of.valid_until),
  });
  const delegations =
    lease.delegations?.map(({ prefix, excluded, ...others }) => ({
      prefix: Ipv6Prefix.parse(prefix),
      excluded: excluded === undefined ? undefined : Ipv6Prefix.parse(excluded),
      ...times(others),
    })) ?? compatDelegations(lease, wall);
  return {
    serverIdentifier: lease.server_duid === undefined ? undefined : fromHex(lease.server_duid),
    ageMs: origin - receivedAt,
    delegations,
    addresses: (lease.addresses ?? []).map(({ address, ...others }) => ({
      address: Ipv6Address.parse(address),
      ...times(others),
    })),
    dnsServers: lease.dns.map((server) => Ipv6Address.parse(server)),
    domainSearchList: lease.domain_search ?? [],
  };
}

/** Prefixes of a file of router7's, which tells nothing but T1. */
function compatDelegations(lease: Dhcp6Lease, wall: number): RememberedLeases['delegations'] {
  const renewInMs = parseGoTime(lease.valid_until) - wall;
  return delegationsOf(lease, wall).map(({ prefix, iaid, preferredUntil, validUntil }, index) => ({
    prefix,
    iaid: iaid + index,
    renewInMs,
    rebindInMs: renewInMs,
    preferredForMs: preferredUntil - wall,
    validForMs: validUntil - wall,
  }));
}
