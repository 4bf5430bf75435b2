import { type ClientGroup, DEFAULT_SETTINGS, type LocalPrefix, nameKey, type UpstreamSettings } from '@router7/dns';
import type { UpstreamServer } from '@router7/dns/node';
import { Ipv6Address } from '@router7/wire';
import type { DnsConfig, DnsUpstream } from '../state/dns-config.ts';
import type { NameServerSettings } from './name-server.ts';
import type { UpstreamEndpoint } from './upstream-endpoint.ts';

/** The port of servers that are asked by UDP and TCP. */
const DNS_PORT = 53;
/** As how many queries one counts that has to be forwarded, in limits of rate. */
const FORWARDED_COST = 10;
/** Queries of one client at once: what a browser asks for when it starts, many times over. */
const BURST_SECONDS = 2;

/** What settings follow from, besides the configuration. */
export interface ServerSituation {
  /** Addresses of servers to ask where the configuration names none. */
  readonly upstreams: readonly string[];
  /** Addresses of this machine: asking itself would never end. */
  readonly own: readonly string[];
  /** Whose hosts are answered. */
  readonly clients: readonly LocalPrefix[];
  readonly groups: readonly ClientGroup[];
}

/** The settings of a name server with a configuration and a situation. */
export function serverSettings(config: DnsConfig, situation: ServerSituation): NameServerSettings {
  const servers: UpstreamServer[] = [];
  const upstreams: UpstreamSettings[] = [];
  /** The number of an upstream, which is one and the same wherever it is named. */
  const numberOf = (upstream: DnsUpstream, domainsOnly: boolean): number[] => {
    if (isOurselves(upstream, situation.own)) return [];
    const label = labelOf(upstream);
    const known = upstreams.findIndex((other) => other.label === label);
    if (known >= 0) {
      servers[known] = together(servers[known] as UpstreamServer, serverOf(upstream));
      return [known];
    }
    servers.push(serverOf(upstream));
    upstreams.push({ label, ...(domainsOnly ? { domainsOnly } : {}), encrypted: upstream.protocol !== 'udp' });
    return [servers.length - 1];
  };
  const general = config.upstreams.length > 0 ? config.upstreams : situation.upstreams.map(plainUpstream);
  for (const upstream of general) numberOf(upstream, false);
  // A domain that nobody is asked for is answered here.
  const asked = config.domains.filter(({ upstreams: own }) => own.length > 0);
  const domains = asked.map(({ name, upstreams: own }) => ({
    suffix: nameKey(name),
    upstreams: own.flatMap((upstream) => numberOf(upstream, true)),
  }));
  const { cache, rate_limit: perSecond } = config;
  return {
    servers,
    own: situation.own,
    answerer: {
      forwarder: {
        ...DEFAULT_SETTINGS,
        upstreams,
        domains,
        rebindProtection: config.rebind_protection,
        rebindAllow: config.rebind_allow.map((name) => nameKey(name)),
        mixedCase: config.case_randomization,
        cookies: config.cookies,
        clientSubnet: config.ecs === 'pass',
        blockAnswer: config.block.answer,
        identity: new TextEncoder().encode(config.nsid),
        rateLimit:
          perSecond === 0
            ? undefined
            : { perSecond, burst: perSecond * BURST_SECONDS, forwardedCost: Math.min(FORWARDED_COST, perSecond) },
      },
      endpoints: servers.map(endpointOf),
      clients: { prefixes: situation.clients, groups: situation.groups },
      cacheBytes: cache.bytes,
      cacheLimits: {
        minimumTtlSeconds: cache.minimum_ttl_seconds,
        maximumTtlSeconds: cache.maximum_ttl_seconds,
        maximumNegativeTtlSeconds: cache.maximum_negative_ttl_seconds,
        staleSeconds: cache.stale_seconds,
      },
    },
  };
}

/** Another server on this machine has another port; what is opportunistic is asked at port 53 as well. */
function isOurselves({ address, port = DNS_PORT, protocol, tls }: DnsUpstream, own: readonly string[]): boolean {
  if (address === undefined) return false;
  const isClear = protocol === 'udp' ? port === DNS_PORT : tls === 'opportunistic';
  // Linux takes 0.0.0.0 and :: for this machine.
  const plain = canonical(address);
  return isClear && (plain === '0.0.0.0' || plain === '::' || own.includes(plain));
}

/** Without its zone. */
function canonical(address: string): string {
  return address.includes(':') ? Ipv6Address.parse(address.replace(/%.*$/, '')).toString() : address;
}

function plainUpstream(address: string): DnsUpstream {
  return { address, protocol: 'udp', path: '/dns-query', tls: 'strict' };
}

function serverOf({ address, port, protocol, name, path, tls }: DnsUpstream): UpstreamServer {
  return {
    protocol,
    ...(address === undefined ? {} : { addresses: [address] }),
    ...(port === undefined ? {} : { port }),
    ...(name === undefined ? {} : { name }),
    path,
    privacy: tls,
  };
}

/** One server that is named with several addresses. */
function together(server: UpstreamServer, other: UpstreamServer): UpstreamServer {
  const addresses = [...new Set([...(server.addresses ?? []), ...(other.addresses ?? [])])];
  return { ...server, ...(addresses.length === 0 ? {} : { addresses }) };
}

/** As it is called in the log and in metrics: `9.9.9.9`, `tls://dns.quad9.net`. */
function labelOf({ address, port, protocol, name, path }: DnsUpstream): string {
  const host = (protocol === 'udp' ? address : name) ?? name ?? address ?? '';
  const place = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (protocol === 'udp') return place;
  return protocol === 'tls' ? `tls://${place}` : `https://${place}${path}`;
}

/** Where the answering thread asks by itself; undefined where that takes a connection, or a name to be found first. */
function endpointOf({ protocol, addresses, port }: UpstreamServer): UpstreamEndpoint | undefined {
  const address = addresses?.[0];
  return protocol === 'udp' && address !== undefined ? { address, port: port ?? DNS_PORT } : undefined;
}
