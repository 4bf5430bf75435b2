import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { InterfaceConfig, InterfacesConfig } from '../state/interfaces.ts';
import type { Route } from '../system/rtnetlink.ts';
import { type KernelState, type Operation, RouteProtocol } from './kernel-state.ts';
import { planLease, sameRoute, type UplinkLease } from './plan-lease.ts';
import { type Matches, planLinks } from './plan-links.ts';

/** Name of the interface towards the provider. */
export const UPLINK = 'uplink0';

/**
 * What has to be changed for the kernel to be as configured; nothing when it is.
 *
 * @param lease of DHCPv4 for {@link UPLINK}; undefined when there is none, `unknown` when that cannot be told: then what
 *   an earlier one left stays
 */
export function plan(
  config: InterfacesConfig,
  matches: Matches,
  lease: UplinkLease | 'unknown' | undefined,
  state: KernelState,
): readonly Operation[] {
  const operations: Operation[] = [...planBridges(config, matches, state), ...planLinks(matches, state)];
  for (const { config: entry, link } of matches.matched) {
    const configured = wantedAddresses(entry);
    for (const prefix of configured) {
      const there = state.addresses.some((a) => a.link === link.index && a.prefix.toString() === prefix.toString());
      if (!there) operations.push({ kind: 'add-address', address: { link: link.index, prefix } });
    }
    for (const route of wantedRoutes(entry, link.index)) {
      if (!state.routes.some((present) => sameRoute(present, route))) operations.push({ kind: 'replace-route', route });
    }
    if (entry.name === UPLINK && (entry.addr === undefined || entry.addr === '') && lease !== 'unknown') {
      operations.push(...planLease(link.index, lease, state, configured, homesBeside(entry, matches)));
    }
  }
  return operations;
}

/** The IPv4 networks that are configured on other interfaces. */
function homesBeside(uplink: InterfaceConfig, matches: Matches): readonly Ipv4Prefix[] {
  return matches.matched
    .filter(({ config }) => config !== uplink)
    .flatMap(({ config }) => wantedAddresses(config))
    .filter((prefix) => prefix instanceof Ipv4Prefix);
}

/** A bridge that is not there yet is made; its ports join it in a later pass, when it has an index. */
function planBridges(config: InterfacesConfig, matches: Matches, state: KernelState): readonly Operation[] {
  const operations: Operation[] = [];
  for (const bridge of config.bridges) {
    const members = bridge.interface_hardware_addrs.map((text) => text.toLowerCase());
    // Never the bridge itself, which has the hardware address of its first port.
    const ports = state.links.filter(
      (link) => link.kind !== 'bridge' && members.includes(String(link.hardwareAddress)) && link.name !== bridge.name,
    );
    const present = state.links.find((link) => link.name === bridge.name && link.kind === 'bridge');
    if (present === undefined) {
      const hardwareAddress = ports.find((link) => String(link.hardwareAddress) === members[0])?.hardwareAddress;
      operations.push({ kind: 'add-bridge', name: bridge.name, hardwareAddress });
      continue;
    }
    for (const port of ports) {
      if (port.master !== present.index)
        operations.push({ kind: 'set-master', link: port.index, master: present.index });
      const configured = matches.matched.some(({ link }) => link.index === port.index);
      if (!port.up && !configured) operations.push({ kind: 'set-up', link: port.index, up: true });
    }
  }
  return operations;
}

function wantedAddresses(entry: InterfaceConfig): readonly (Ipv4Prefix | Ipv6Prefix)[] {
  const texts = [entry.addr, ...(entry.extra_addrs ?? [])].filter((text) => text !== undefined && text !== '');
  return texts.map((text) => parsePrefix(text as string));
}

function wantedRoutes(entry: InterfaceConfig, link: number): readonly Route[] {
  return (entry.extra_routes ?? []).map(({ destination, gateway }) => {
    const prefix = parsePrefix(destination);
    const network =
      prefix instanceof Ipv4Prefix
        ? new Ipv4Prefix(prefix.network, prefix.length)
        : new Ipv6Prefix(prefix.network, prefix.length);
    const hop = gateway === undefined || gateway === '' ? undefined : parseAddress(gateway);
    return {
      link,
      destination: network,
      gateway: hop,
      protocol: RouteProtocol.static,
      // The kernel gives IPv6 routes no scope.
      onLink: hop === undefined && network instanceof Ipv4Prefix,
      preferredSource: undefined,
    };
  });
}

function parsePrefix(text: string): Ipv4Prefix | Ipv6Prefix {
  return text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text);
}

function parseAddress(text: string): Ipv4Address | Ipv6Address {
  return text.includes(':') ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
}
