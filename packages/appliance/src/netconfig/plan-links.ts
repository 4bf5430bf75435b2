import { MacAddress } from '@router7/wire';
import type { InterfaceConfig, InterfacesConfig } from '../state/interfaces.ts';
import { parseFecMode } from '../system/ethtool.ts';
import type { Link } from '../system/rtnetlink.ts';
import type { KernelState, Operation, Plan } from './kernel-state.ts';
import { type Match, type Matches, portsOf } from './match-links.ts';

/**
 * Plans names, MTU, hardware addresses, forward error correction and the state of links. Names may be swapped: a link that
 * has a name which another one shall get steps aside under a temporary name first.
 */
export function planLinks(matches: Matches, config: InterfacesConfig, state: KernelState): Plan {
  const operations: Operation[] = [];
  const remarks: string[] = [];
  for (const link of inTheWay(matches, config, state.links)) {
    operations.push(...whileDown(link, { kind: 'rename', link: link.index, name: `r7-${link.index}` }));
  }
  for (const match of matches.matched) {
    operations.push(...planLink(match));
    const { config: entry, link } = match;
    if (entry.fec === undefined || entry.fec === '') continue;
    const mode = parseFecMode(entry.fec);
    const present = state.fec.get(link.index);
    if (mode === undefined) {
      remarks.push(`interface ${entry.name}: fec: found "${entry.fec}", expected rs, baser, llrs, off, none or auto`);
    } else if (present === undefined) {
      remarks.push(`interface ${entry.name} has no forward error correction to set to ${mode}`);
    } else if (!present.has(mode) || present.size > 1) {
      operations.push({ kind: 'set-fec', link: link.index, mode });
    }
  }
  return { operations, remarks };
}

/** Links that have the name that another one shall get: a configured one, or a bridge that is to be made. */
function inTheWay(matches: Matches, config: InterfacesConfig, links: readonly Link[]): readonly Link[] {
  const owners = new Map(matches.matched.map(({ config: entry, link }) => [entry.name, link.index]));
  const ports = config.bridges.flatMap((bridge) =>
    portsOf(bridge, links).filter((port) => port.name === bridge.name && !owners.has(bridge.name)),
  );
  return links.filter((link) => {
    const owner = owners.get(link.name);
    return ports.includes(link) || (owner !== undefined && owner !== link.index);
  });
}

function planLink({ config, link }: Match): readonly Operation[] {
  const operations: Operation[] = [];
  const changes: Operation[] = [];
  if (link.name !== config.name) changes.push({ kind: 'rename', link: link.index, name: config.name });
  if (config.mtu !== undefined && config.mtu !== 0 && config.mtu !== link.mtu) {
    operations.push({ kind: 'set-mtu', link: link.index, mtu: config.mtu });
  }
  const hardwareAddress = wantedHardwareAddress(config, link);
  if (hardwareAddress !== undefined && link.hardwareAddress?.equals(hardwareAddress) !== true) {
    changes.push({ kind: 'set-hardware-address', link: link.index, hardwareAddress });
  }
  // Before Linux 6.2 a link can be renamed, and with many drivers get another hardware address, only while it is down.
  if (changes.length > 0) {
    if (link.up) operations.push({ kind: 'set-up', link: link.index, up: false });
    operations.push(...changes);
  }
  if (!link.up || changes.length > 0) operations.push({ kind: 'set-up', link: link.index, up: true });
  return operations;
}

/** The spoofed one; without that, a card gets back the one that it was made with. Undefined: as it is. */
function wantedHardwareAddress(config: InterfaceConfig, link: Link): MacAddress | undefined {
  const { spoof_hardware_addr: spoof, hardware_addr: own } = config;
  if (spoof !== undefined && spoof !== '') return MacAddress.parse(spoof);
  if (own === undefined || own === '' || link.permanentAddress === undefined) return undefined;
  return link.permanentAddress.equals(MacAddress.parse(own)) ? link.permanentAddress : undefined;
}

function whileDown(link: Link, change: Operation): readonly Operation[] {
  if (!link.up) return [change];
  return [{ kind: 'set-up', link: link.index, up: false }, change, { kind: 'set-up', link: link.index, up: true }];
}
