import { Ipv6Address } from '@router7/wire';
import type { Link, LinkAddress } from '../system/rtnetlink.ts';
import { type KernelState, type Operation, OWN_GROUP } from './kernel-state.ts';
import { type Matches, portsOf } from './match-links.ts';
import type { Wanted } from './wanted.ts';

/**
 * Plans bridges and their ports. A bridge that is not there yet is made; its ports join it when it has an index. A port
 * that we once put there and that is configured no more leaves; those of others stay. A port has no link-local address: on
 * it, everything would listen beside the bridge's own.
 */
export function planBridges(wanted: Wanted, matches: Matches, state: KernelState): readonly Operation[] {
  const operations: Operation[] = [];
  const configured = new Set(matches.matched.map(({ link }) => link.index));
  for (const bridge of wanted.interfaces.bridges) {
    const ports = portsOf(bridge, state.links);
    const present = state.links.find((link) => link.name === bridge.name && link.kind === 'bridge');
    if (present === undefined) {
      const [first] = bridge.interface_hardware_addrs;
      const hardwareAddress = ports.find(
        (link) => String(link.hardwareAddress) === first?.toLowerCase(),
      )?.hardwareAddress;
      operations.push({
        kind: 'add-link',
        link: { kind: 'bridge', name: bridge.name, hardwareAddress, group: OWN_GROUP },
      });
      continue;
    }
    if (wanted.complete) {
      for (const port of state.links) {
        if (port.master === present.index && port.group === OWN_GROUP && !ports.includes(port))
          operations.push(leave(port));
      }
    }
    for (const port of ports) {
      if (port.master !== present.index) {
        operations.push({ kind: 'set-master', link: port.index, master: present.index, group: OWN_GROUP });
      }
      for (const address of state.addresses) {
        if (address.link === port.index && isLinkLocal(address)) operations.push({ kind: 'delete-address', address });
      }
      if (!port.up && !configured.has(port.index)) operations.push({ kind: 'set-up', link: port.index, up: true });
    }
    if (!present.up && !configured.has(present.index)) {
      operations.push({ kind: 'set-up', link: present.index, up: true });
    }
  }
  return operations;
}

/** Plans the end of the bridges and WireGuard interfaces that we made and that are configured no more. */
export function planRemovedLinks({ interfaces, wireguard }: Wanted, { links }: KernelState): readonly Operation[] {
  const wanted = {
    bridge: new Set(interfaces.bridges.map(({ name }) => name)),
    wireguard: new Set(wireguard.interfaces.map(({ name }) => name)),
  };
  const operations: Operation[] = [];
  for (const link of links) {
    if (link.group !== OWN_GROUP || (link.kind !== 'bridge' && link.kind !== 'wireguard')) continue;
    if (wanted[link.kind].has(link.name)) continue;
    for (const port of links) if (port.master === link.index && port.group === OWN_GROUP) operations.push(leave(port));
    operations.push({ kind: 'delete-link', link: link.index });
  }
  return operations;
}

function isLinkLocal({ prefix: { address } }: LinkAddress): boolean {
  return address instanceof Ipv6Address && address.isLinkLocal;
}

function leave(port: Link): Operation {
  return { kind: 'set-master', link: port.index, master: 0, group: 0 };
}
