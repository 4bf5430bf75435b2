import { Ipv4Address, Ipv4Prefix } from '@router7/wire';
import type { Surroundings } from '../firewall/firewall.ts';
import type { InterfacesConfig } from '../state/interfaces.ts';
import { parseEndpoint } from '../state/wireguard.ts';
import type { Link, Route } from '../system/rtnetlink.ts';
import type { FilesWant } from './configuration.ts';
import { AddressProtocol, type KernelState } from './kernel-state.ts';
import { stalePrefixes } from './plan-prefixes.ts';
import { configuredAddresses, LAN, NOTHING_WANTED, UPLINK } from './wanted.ts';

/** What the rule set follows from, besides the firewall's own files. */
export function surroundingsOf(want: FilesWant, links: readonly Link[], routes: readonly Route[]): Surroundings {
  return {
    interfaces: want.interfaces,
    tunnels: want.wireguard.interfaces.map(({ name, port = 0 }, index) => ({
      name,
      place: `interfaces[${index}]`,
      ...(port !== 0 && { port }),
    })),
    uplink: UPLINK,
    leased: typeof want.lease === 'object' ? want.lease.address.address : undefined,
    links: new Set(links.map(({ name }) => name)),
    delegated: want.lans.delegations.map(({ prefix }) => prefix),
    stale: stalePrefixes(routes),
  };
}

/** The links of the home that have prefixes. */
export function homeNames({ lans }: FilesWant): readonly string[] {
  return lans.lans.map(({ lan }) => lan);
}

/** A text that is another one when the home's links, or their prefixes that are not delegated, are others. */
export function lanKey({ lans, interfaces }: FilesWant): string {
  const own = lans.lans.map(({ lan, prefixes }) => [
    lan,
    prefixes.filter(({ origin }) => origin !== 'delegated').map(({ prefix }) => String(prefix)),
  ]);
  return JSON.stringify([own, [...lans.ids.ids], lans.ula, interfaces]);
}

/** When the first delegated prefix or assigned address ends. */
export function nextEnd({ lans, assigned }: FilesWant): number {
  return Math.min(
    ...assigned.map(({ validUntil }) => validUntil),
    ...lans.delegations.filter(({ isOpenEnded }) => !isOpenEnded).map(({ validUntil }) => validUntil),
    Number.POSITIVE_INFINITY,
  );
}

/** The names of WireGuard's endpoints, which have to be resolved. */
export function endpointHosts({ wireguard }: FilesWant): ReadonlySet<string> {
  const hosts = wireguard.interfaces.flatMap(({ peers }) =>
    peers.flatMap(({ endpoint = '' }) => {
      if (endpoint === '') return [];
      const { host, address } = parseEndpoint(endpoint);
      return address === undefined ? [host] : [];
    }),
  );
  return new Set(hosts);
}

/** The router's own IPv4 address in the home, where it answers for names. */
export function lanAddress({ interfaces }: InterfacesConfig): Ipv4Address | undefined {
  const lan = interfaces.find(({ name }) => name === LAN)?.addr;
  return lan === undefined || lan === '' || lan.includes(':') ? undefined : Ipv4Prefix.parse(lan).address;
}

/** Addresses that this router had before: of the kernel, marked as ours, and of the configuration that was kept. */
export function earlierAddresses(
  before: KernelState | undefined,
  kept: InterfacesConfig = NOTHING_WANTED.interfaces,
): readonly Ipv4Address[] {
  const own = (before?.addresses ?? []).filter(({ protocol }) => protocol === AddressProtocol.configured);
  return [...own.map(({ prefix }) => prefix), ...kept.interfaces.flatMap(configuredAddresses)]
    .map((prefix) => prefix.address)
    .filter((address) => address instanceof Ipv4Address);
}
