import { MacAddress } from '@router7/wire';
import type { BridgeConfig, InterfaceConfig, InterfacesConfig } from '../state/interfaces.ts';
import type { Link } from '../system/rtnetlink.ts';

/** A configured interface and the link that it is. */
export interface Match {
  readonly config: InterfaceConfig;
  readonly link: Link;
}

/** What {@link matchLinks} found. */
export interface Matches {
  readonly matched: readonly Match[];
  /** Configured interfaces that the machine does not have (yet). */
  readonly missing: readonly InterfaceConfig[];
  /** Entries with the name of an earlier one; they are passed over. */
  readonly repeated: readonly InterfaceConfig[];
  /** Links that no configuration speaks of; they are left alone. */
  readonly unknown: readonly Link[];
}

/**
 * Finds the link of each configured interface: a link with a hardware address by `hardware_addr` (the one it uses, or the
 * one it was made with) or `spoof_hardware_addr`, else by name; a link without one by name. An interface that names a
 * hardware address is not satisfied by a stranger's card that happens to have its name.
 */
export function matchLinks(config: InterfacesConfig, links: readonly Link[]): Matches {
  const matched: Match[] = [];
  const missing: InterfaceConfig[] = [];
  const repeated: InterfaceConfig[] = [];
  const names = new Set<string>();
  const taken = new Set<number>();
  for (const entry of config.interfaces) {
    // Two links would take the name from each other at each run, and be down meanwhile.
    if (names.has(entry.name)) {
      repeated.push(entry);
      continue;
    }
    names.add(entry.name);
    const wanted = [entry.hardware_addr, entry.spoof_hardware_addr].filter((text) => text !== undefined && text !== '');
    const addresses = wanted.map((text) => MacAddress.parse(text as string).value);
    // A bridge takes the hardware address of its first port: a port, not the bridge, is what such an entry means.
    const candidates = links.filter((link) => !taken.has(link.index));
    const link = config.bridges.some((bridge) => bridge.name === entry.name)
      ? candidates.find((candidate) => candidate.name === entry.name && candidate.kind === 'bridge')
      : findLink(entry.name, addresses, candidates);
    if (link === undefined) {
      missing.push(entry);
      continue;
    }
    taken.add(link.index);
    matched.push({ config: entry, link });
  }
  return { matched, missing, repeated, unknown: links.filter((link) => !taken.has(link.index)) };
}

function findLink(name: string, addresses: readonly number[], candidates: readonly Link[]): Link | undefined {
  const cards = candidates.filter(({ kind }) => kind !== 'bridge');
  const having = (of: (link: Link) => MacAddress | undefined): Link | undefined =>
    cards.find((link) => addresses.includes(of(link)?.value ?? -1));
  const byName = candidates.find((link) => link.name === name);
  return (
    having((link) => link.hardwareAddress) ??
    having((link) => link.permanentAddress) ??
    (addresses.length === 0 || byName?.hardwareAddress === undefined ? byName : undefined)
  );
}

/** The links that are to be ports: never the bridge itself, which has the hardware address of its first port. */
export function portsOf(bridge: BridgeConfig, links: readonly Link[]): readonly Link[] {
  const members = bridge.interface_hardware_addrs.map((text) => text.toLowerCase());
  return links.filter(
    (link) =>
      link.kind !== 'bridge' &&
      (members.includes(String(link.hardwareAddress)) || members.includes(String(link.permanentAddress))),
  );
}
