import {
  type AdvertisedLifetime,
  type AdvertisedPrefix,
  type AdvertisedResolver,
  defaultRouterConfig,
  Preference,
  type RouterConfig,
} from '@router7/ndp';
import { fromHex, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { LanPlan, LanPrefix } from '../lans/lan-plan.ts';
import { COMPAT_LIFETIMES } from '../state/dhcp6-lease.ts';
import type { Ipv6Config } from '../state/ipv6-config.ts';
import type { RadvdConfig, RadvdLinkConfig, RadvdResolver } from '../state/radvd-config.ts';
import type { MonotonicEnds, WallEnds } from './steady-ends.ts';

/** router7's constants (RA-01), and what it does not say. */
const COMPAT: RadvdLinkConfig = {
  max_interval_seconds: 60,
  min_interval_seconds: 45,
  router_lifetime_seconds: 1800,
  other: false,
  dns: 'link-local',
  dns_seconds: 1800,
  domains_seconds: 1200,
  routes: false,
};

const SMALLEST_MTU = 1280;
const ETHERNET_MTU = 1500;
const IPV6_HEADER = 40;
const LONGEST_INTERVAL = 600;
const LONGEST_ROUTER_LIFETIME = 0xffff;

/** A link of the home, as the kernel has it. */
export interface AdvertisingLink {
  readonly name: string;
  readonly index: number;
  readonly mtu: number;
  readonly linkLocalAddress: Ipv6Address;
  /** For the Source Link-Layer Address option; undefined for a link without such addresses. */
  readonly linkLayerAddress: Uint8Array | undefined;
}

/** What is advertised on all links follows from this. */
export interface RouterFacts {
  readonly plan: LanPlan;
  readonly ipv6: Ipv6Config;
  readonly radvd: RadvdConfig;
  /** prefixes.json: more prefixes for lan0, of which the first 64 bits count. */
  readonly extra: readonly Ipv6Prefix[];
  /** The router's own name server does not answer any more: hosts are not to ask it (RFC 8106 section 5.1). */
  readonly dnsIsDead: boolean;
  /** The provider's router is there. */
  readonly hasDefaultRoute: boolean;
  /** Monotonic milliseconds. */
  readonly now: number;
  /** When something ends, in monotonic milliseconds. */
  readonly ends: (key: string, ends: WallEnds) => MonotonicEnds;
}

/** What holds for a link by name. */
export function linkConfig(radvd: RadvdConfig, name: string): RadvdLinkConfig {
  const { compat, interfaces, ...all } = radvd;
  return { ...(compat === 'router7' ? COMPAT : {}), ...all, ...interfaces?.[name] };
}

/** What a router says on one link. The engine checks it. */
export function routerSettings(link: AdvertisingLink, facts: RouterFacts): RouterConfig {
  const settings = linkConfig(facts.radvd, link.name);
  const { ipv6, now } = facts;
  const max =
    settings.max_interval_seconds ??
    Math.min(LONGEST_INTERVAL, Math.max(Math.floor(ipv6.lifetimes.preferred_seconds / 3), 4));
  const prefixes = prefixesOf(link.name, facts).map(({ prefix, valid, preferred }) => ({
    prefix,
    onLink: settings.on_link ?? true,
    autonomous: settings.autonomous ?? true,
    dhcpv6PdPreferred: settings.prefer_delegation ?? false,
    valid,
    preferred,
  }));
  // RFC 7084 G-4, L-4, ULA-5: no default router without a way out, or for unique local addresses alone.
  const leadsOut = prefixes.some(
    ({ prefix, valid }) => !prefix.address.isUniqueLocal && (valid.until ?? now + 1) > now,
  );
  const wanted = settings.router_lifetime_seconds ?? ipv6.lifetimes.preferred_seconds;
  // RFC 4861 section 6.2.1: "MUST be either zero or between MaxRtrAdvInterval and 9000 seconds", here 65535 (RFC 8319).
  const lifetime = wanted === 0 ? 0 : Math.min(Math.max(wanted, Math.ceil(max)), LONGEST_ROUTER_LIFETIME);
  const dnsLifetime = { mostSeconds: settings.dns_seconds ?? Math.ceil(3 * max) };
  const domainLifetime = { mostSeconds: settings.domains_seconds ?? Math.ceil(3 * max) };
  return {
    ...defaultRouterConfig(link.linkLocalAddress, link.linkLayerAddress),
    maxRtrAdvIntervalSeconds: max,
    minRtrAdvIntervalSeconds: settings.min_interval_seconds ?? Math.max(0.75 * max, 3),
    managedAddressConfiguration: settings.managed ?? false,
    otherConfiguration: settings.other ?? true,
    linkMtu: settings.mtu ?? (link.mtu < SMALLEST_MTU ? 0 : link.mtu),
    reachableTimeMilliseconds: settings.reachable_milliseconds ?? 0,
    retransTimerMilliseconds: settings.retransmit_milliseconds ?? 0,
    curHopLimit: settings.hop_limit ?? 64,
    routerLifetimeSeconds: facts.hasDefaultRoute && leadsOut ? lifetime : 0,
    preference: Preference[settings.preference ?? 'medium'],
    prefixes,
    routes: settings.routes === false ? [] : routesOf(facts),
    dnsServers: dnsServers(link, facts, settings.dns ?? 'auto').map((address) => ({ address, lifetime: dnsLifetime })),
    searchDomains: searchDomains(settings, facts).map((name) => ({ name, lifetime: domainLifetime })),
    pref64: (settings.pref64 ?? []).map((text) => ({ prefix: Ipv6Prefix.parse(text), lifetime: dnsLifetime })),
    encryptedDns: (settings.encrypted_dns ?? []).map((resolver) => resolverOf(resolver, dnsLifetime)),
    captivePortal: settings.captive_portal,
    unicastAnswers: settings.unicast ?? true,
    maximumMessageSize: Math.min(Math.max(link.mtu, SMALLEST_MTU), ETHERNET_MTU) - IPV6_HEADER,
  };
}

type PrefixWithLifetimes = Pick<AdvertisedPrefix, 'prefix' | 'valid' | 'preferred'>;

/** The link's prefixes, each once. What is no prefix of hosts' addresses must not keep the others from being told. */
function prefixesOf(name: string, facts: RouterFacts): PrefixWithLifetimes[] {
  const { plan, extra, ipv6, radvd } = facts;
  const planned = plan.lans.find(({ lan }) => lan === name)?.prefixes ?? [];
  const { valid_seconds, preferred_seconds } =
    radvd.compat === 'router7'
      ? { valid_seconds: COMPAT_LIFETIMES.validSeconds, preferred_seconds: COMPAT_LIFETIMES.preferredSeconds }
      : ipv6.lifetimes;
  const fixed = { valid: { mostSeconds: valid_seconds }, preferred: { mostSeconds: preferred_seconds } };
  // RFC 9096 L-15: no lifetime is told that exceeds what remains of the prefix on the WAN side.
  const counting = (own: LanPrefix): PrefixWithLifetimes => {
    const { preferredUntil, validUntil } = facts.ends(own.prefix.toString(), own);
    return {
      prefix: own.prefix,
      valid: { mostSeconds: valid_seconds, until: validUntil },
      preferred: { mostSeconds: preferred_seconds, until: Math.min(preferredUntil, validUntil) },
    };
  };
  const all = [
    ...planned.map((own): PrefixWithLifetimes => {
      if (radvd.compat === 'router7') return { prefix: own.prefix, ...fixed };
      return own.isOpenEnded ? { prefix: own.prefix, ...shorter(fixed) } : counting(own);
    }),
    // What router7 advertises on its one LAN.
    ...(name === 'lan0' ? extra : []).map((prefix): PrefixWithLifetimes => ({ prefix: subnet(prefix), ...fixed })),
  ];
  return usable(all);
}

/** Each once, and without those that a provider, or prefixes.json, may say although nobody can use them. */
function usable<T extends { readonly prefix: Ipv6Prefix }>(all: readonly T[]): T[] {
  const seen = new Set<string>();
  return all.filter(({ prefix }) => {
    const key = prefix.toString();
    if (seen.has(key) || prefix.address.isMulticast || prefix.address.isLinkLocal) return false;
    return seen.add(key);
  });
}

/** A lease of router7's tells no lifetimes: its constants, where they are the lesser ones. */
function shorter({ valid, preferred }: Pick<AdvertisedPrefix, 'valid' | 'preferred'>): typeof lifetimes {
  const lifetimes = {
    valid: { mostSeconds: Math.min(valid.mostSeconds, COMPAT_LIFETIMES.validSeconds) },
    preferred: { mostSeconds: Math.min(preferred.mostSeconds, COMPAT_LIFETIMES.preferredSeconds) },
  };
  return lifetimes;
}

/** RFC 7084 L-3: "a router for the delegated prefix(es) (and ULA prefix if configured to provide ULA addressing)". */
function routesOf({ plan, ipv6, ends }: RouterFacts): RouterConfig['routes'] {
  const mostSeconds = ipv6.lifetimes.valid_seconds;
  const preference = Preference.medium;
  const delegated = plan.delegations.map((delegation) => {
    const { validUntil } = ends(delegation.prefix.toString(), delegation);
    const lifetime = delegation.isOpenEnded ? { mostSeconds } : { mostSeconds, until: validUntil };
    return { prefix: delegation.prefix, preference, lifetime };
  });
  const local = plan.ula === undefined ? [] : [{ prefix: plan.ula, preference, lifetime: { mostSeconds } }];
  return usable([...delegated, ...local]);
}

/** Where hosts find a name server: the router by an address that outlives the provider's prefixes, unless told otherwise. */
function dnsServers(
  { name, linkLocalAddress }: AdvertisingLink,
  { plan, dnsIsDead }: RouterFacts,
  dns: NonNullable<RadvdLinkConfig['dns']>,
): readonly Ipv6Address[] {
  switch (dns) {
    case 'off':
      return [];
    case 'link-local':
      return dnsIsDead ? [] : [linkLocalAddress];
    case 'auto': {
      const own = plan.lans.find(({ lan }) => lan === name)?.prefixes.find(({ origin }) => origin === 'ula');
      return dnsIsDead ? [] : [own?.address ?? linkLocalAddress];
    }
    default:
      return dns.map(Ipv6Address.parse);
  }
}

/** Names below which hosts look: there is no point in those when the name server that knows them is dead. */
function searchDomains({ domains = ['lan'], dns }: RadvdLinkConfig, { dnsIsDead }: RouterFacts): readonly string[] {
  return dnsIsDead && (dns === undefined || typeof dns === 'string') ? [] : domains;
}

function resolverOf(resolver: RadvdResolver, lifetime: AdvertisedLifetime): AdvertisedResolver {
  return {
    servicePriority: resolver.priority ?? 1,
    authenticationDomainName: resolver.name,
    service: {
      addresses: resolver.addresses.map(Ipv6Address.parse),
      parameters: fromHex(resolver.parameters ?? ''),
    },
    lifetime,
  };
}

function subnet(prefix: Ipv6Prefix): Ipv6Prefix {
  const length = Math.max(prefix.length, 64);
  return new Ipv6Prefix(prefix.network, length);
}
