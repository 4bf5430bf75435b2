import { MacAddress } from '@router7/wire';
import type { InterfaceConfig, InterfacesConfig } from '../state/interfaces.ts';
import type { Link } from '../system/rtnetlink.ts';
import type { KernelState, Operation } from './kernel-state.ts';

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
 * Finds the link of each configured interface: a link with a hardware address by `hardware_addr` or
 * `spoof_hardware_addr`, else by name; a link without one by name. An interface that names a hardware address is not
 * satisfied by a stranger's card that happens to have its name.
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
    const byAddress = candidates.filter(
      (link) => link.hardwareAddress !== undefined && addresses.includes(link.hardwareAddress.value),
    );
    const isBridge = config.bridges.some((bridge) => bridge.name === entry.name);
    const byName = candidates.find((link) => link.name === entry.name);
    const link =
      (isBridge ? byName : undefined) ??
      byAddress.find((candidate) => candidate.kind !== 'bridge') ??
      (addresses.length === 0 || byName?.hardwareAddress === undefined ? byName : undefined);
    if (link === undefined) {
      missing.push(entry);
      continue;
    }
    taken.add(link.index);
    matched.push({ config: entry, link });
  }
  return { matched, missing, repeated, unknown: links.filter((link) => !taken.has(link.index)) };
}

/**
 * Plans names, MTU, hardware addresses and the state of links. Names may be swapped: a link that has a name which
 * another one shall get steps aside under a temporary name first.
 */
export function planLinks(matches: Matches, state: KernelState): readonly Operation[] {
  const operations: Operation[] = [];
  const wanted = new Map(matches.matched.map(({ config, link }) => [config.name, link.index]));
  for (const link of state.links) {
    const owner = wanted.get(link.name);
    if (owner === undefined || owner === link.index) continue;
    operations.push(...whileDown(link, { kind: 'rename', link: link.index, name: `r7-${link.index}` }));
  }
  for (const { config, link } of matches.matched) {
    const changes: Operation[] = [];
    if (link.name !== config.name) changes.push({ kind: 'rename', link: link.index, name: config.name });
    if (config.mtu !== undefined && config.mtu !== 0 && config.mtu !== link.mtu) {
      operations.push({ kind: 'set-mtu', link: link.index, mtu: config.mtu });
    }
    const spoof = config.spoof_hardware_addr;
    if (spoof !== undefined && spoof !== '') {
      const hardwareAddress = MacAddress.parse(spoof);
      if (link.hardwareAddress?.equals(hardwareAddress) !== true) {
        changes.push({ kind: 'set-hardware-address', link: link.index, hardwareAddress });
      }
    }
    // Before Linux 6.2 a link can be renamed, and with many drivers get another hardware address, only while it is down.
    if (changes.length > 0) {
      if (link.up) operations.push({ kind: 'set-up', link: link.index, up: false });
      operations.push(...changes);
    }
    if (!link.up || changes.length > 0) operations.push({ kind: 'set-up', link: link.index, up: true });
  }
  return operations;
}

function whileDown(link: Link, change: Operation): readonly Operation[] {
  if (!link.up) return [change];
  return [{ kind: 'set-up', link: link.index, up: false }, change, { kind: 'set-up', link: link.index, up: true }];
}
