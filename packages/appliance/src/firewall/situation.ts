import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { FirewallConfig } from '../state/firewall.ts';
import { bridgePorts, type InterfacesConfig } from '../state/interfaces.ts';
import type { PortForwarding } from '../state/portforwardings.ts';

/** A WireGuard tunnel, as far as the firewall cares. */
export interface Tunnel {
  readonly name: string;
  /** UDP port that it is reached at from outside; undefined when it only calls others. */
  readonly port?: number | undefined;
  /** Place in wireguard.json, for comments: `interfaces[0]`. */
  readonly place: string;
}

/** Where the firewall stands: all that a rule set follows from. */
export interface Situation {
  readonly config: FirewallConfig;
  readonly portForwardings: readonly PortForwarding[];
  readonly interfaces: InterfacesConfig;
  readonly tunnels: readonly Tunnel[];
  /** Name of the interface towards the provider. */
  readonly uplink: string;
  /** The uplink's IPv4 address by DHCP; undefined without a lease. */
  readonly leased?: Ipv4Address | undefined;
  /** IPv6 prefixes that the provider has delegated. */
  readonly delegated: readonly Ipv6Prefix[];
  /** Prefixes that it has delegated before, and that hosts of the home may still have addresses of. */
  readonly stale: readonly Ipv6Prefix[];
  /** Interfaces that exist. */
  readonly links: ReadonlySet<string>;
  /** Whether the kernel has flowtables. */
  readonly canOffload: boolean;
}

/** Who is where. An interface in neither list is a stranger: nothing comes in by it and nothing goes out. */
export interface Zones {
  /** The uplink, and tunnels that the Internet is reached by. */
  readonly outside: readonly string[];
  readonly home: readonly string[];
}

/**
 * The roles of the interfaces. Home are those of interfaces.json and the bridges there, and the tunnels of
 * wireguard.json, unless they lead to everywhere; outside is the uplink. firewall.json may say otherwise.
 */
export function zonesOf({ config, interfaces, tunnels, uplink }: Situation): Zones {
  const ports = new Set(bridgePorts(interfaces));
  const names = [...interfaces.interfaces, ...interfaces.bridges, ...tunnels].map(({ name }) => name);
  const roles = new Map<string, 'home' | 'outside' | 'none'>([[uplink, 'outside']]);
  for (const name of names) {
    if (name === uplink || ports.has(name)) continue;
    roles.set(name, leadsEverywhere(name, interfaces) ? 'outside' : 'home');
  }
  for (const [name, role] of Object.entries(config.interfaces)) roles.set(name, role);
  const having = (wanted: string): readonly string[] =>
    [...roles].filter(([, role]) => role === wanted).map(([n]) => n);
  return { outside: having('outside'), home: having('home') };
}

function leadsEverywhere(name: string, { interfaces }: InterfacesConfig): boolean {
  const routes = interfaces.find((entry) => entry.name === name)?.extra_routes ?? [];
  return routes.some(({ destination }) => destination.endsWith('/0'));
}

/** The addresses that interfaces.json gives to some interfaces, with the lengths of their prefixes. */
export function configuredPrefixes(
  { interfaces }: InterfacesConfig,
  names: readonly string[],
): readonly (Ipv4Prefix | Ipv6Prefix)[] {
  return interfaces
    .filter(({ name }) => names.includes(name))
    .flatMap(({ addr, extra_addrs = [] }) => [addr, ...extra_addrs])
    .filter((text) => text !== undefined && text !== '')
    .map((text) => parsePrefix(text as string));
}

/** The networks behind some interfaces: their own, and those that extra_routes lead to. Not the default route. */
export function networksBehind(config: InterfacesConfig, names: readonly string[]): readonly Ipv4Prefix[] {
  return prefixesBehind(config, names)
    .filter((prefix) => prefix instanceof Ipv4Prefix)
    .filter(({ length }) => length > 0);
}

/**
 * The IPv6 networks of the home that are not unique local ones, as many as may be in use: those that were delegated are among
 * them for as long as hosts may still have addresses of them.
 */
export function globalPrefixes(situation: Situation): readonly Ipv6Prefix[] {
  const { home } = zonesOf(situation);
  const configured = prefixesBehind(situation.interfaces, home).filter((prefix) => prefix instanceof Ipv6Prefix);
  return [...configured, ...situation.delegated, ...situation.stale].filter(
    ({ length, address }) => length > 0 && !address.isLinkLocal && !address.isUniqueLocal,
  );
}

function prefixesBehind(config: InterfacesConfig, names: readonly string[]): readonly (Ipv4Prefix | Ipv6Prefix)[] {
  const routed = config.interfaces
    .filter(({ name }) => names.includes(name))
    .flatMap(({ extra_routes = [] }) => extra_routes.map(({ destination }) => parsePrefix(destination)));
  return [...configuredPrefixes(config, names), ...routed];
}

/** Whether the home has IPv6 addresses that mean something outside: by delegation, or by configuration. */
export function hasGlobalPrefix(situation: Situation): boolean {
  if (situation.delegated.length > 0) return true;
  const { home } = zonesOf(situation);
  return prefixesBehind(situation.interfaces, home).some(
    (prefix) =>
      prefix instanceof Ipv6Prefix && prefix.length > 0 && !prefix.address.isLinkLocal && !prefix.address.isUniqueLocal,
  );
}

/** The uplink's IPv4 address, by configuration or by lease. */
export function outsideAddress({ interfaces, uplink, leased }: Situation): Ipv4Address | undefined {
  const own = configuredPrefixes(interfaces, [uplink]).find((prefix) => prefix instanceof Ipv4Prefix);
  return own?.address ?? leased;
}

/** Reads `10.0.0.0/8`, or an address as the prefix that holds it alone. @throws EncodeError */
export function parsePrefix(text: string): Ipv4Prefix | Ipv6Prefix {
  if (text.includes(':')) {
    return text.includes('/') ? Ipv6Prefix.parse(text) : new Ipv6Prefix(Ipv6Address.parse(text), 128);
  }
  return text.includes('/') ? Ipv4Prefix.parse(text) : new Ipv4Prefix(Ipv4Address.parse(text), 32);
}
