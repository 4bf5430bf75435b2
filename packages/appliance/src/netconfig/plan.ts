import type { InterfacesConfig } from '../state/interfaces.ts';
import type { Link } from '../system/rtnetlink.ts';
import type { KernelState, Plan } from './kernel-state.ts';
import { type Matches, matchLinks, portsOf } from './match-links.ts';
import { planAddresses } from './plan-addresses.ts';
import { planBridges, planRemovedLinks } from './plan-bridges.ts';
import { planLinks } from './plan-links.ts';
import { planPrefixRoutes } from './plan-prefixes.ts';
import { planRoutes } from './plan-routes.ts';
import { planWireguard } from './plan-wireguard.ts';
import type { Wanted } from './wanted.ts';

/**
 * Compares what is wanted with what the kernel has. Pure: the same arguments give the same plan.
 *
 * What can only be planned when something else is done, as an address of a bridge that has to be made first, is missing: a
 * plan of the state after it has that.
 */
export function plan(wanted: Wanted, present: KernelState): Plan {
  const interfaces = withWireguardMtu(wanted);
  const removed = wanted.complete ? planRemovedLinks(wanted, present) : [];
  const gone = new Set(removed.flatMap((operation) => (operation.kind === 'delete-link' ? [operation.link] : [])));
  const state = without(gone, present);
  const matches = matchLinks(interfaces, state.links);
  const wireguard = planWireguard(wanted, state);
  const links = planLinks(matches, interfaces, state);
  return {
    operations: [
      ...removed,
      // A bridge's name may be held by the card that is to become its port, which steps aside.
      ...links.operations,
      ...planBridges(wanted, matches, state),
      ...wireguard.operations,
      ...planAddresses(wanted, matches, state),
      ...planRoutes(wanted, matches, state),
      ...planPrefixRoutes(wanted, state),
    ],
    remarks: [
      ...unknownLinks(matches, interfaces).map(remarkOn),
      ...matches.missing.map(({ name }) => `interface ${name} is configured and not there`),
      ...matches.repeated.map(({ name }) => `interface ${name} is configured twice, the first entry counts`),
      ...links.remarks,
      ...wireguard.remarks,
    ],
  };
}

/** Links that nothing in the configuration speaks of: neither an interface, nor a port of a bridge. */
function unknownLinks({ unknown }: Matches, { bridges }: InterfacesConfig): readonly Link[] {
  const ports = new Set(bridges.flatMap((bridge) => portsOf(bridge, unknown)));
  return unknown.filter((link) => link.name !== 'lo' && !ports.has(link));
}

/** A card that was put in later does nothing by itself: what to write where, for whoever wonders. */
function remarkOn({ name, kind, hardwareAddress }: Link): string {
  const remark = `no config for interface ${name}`;
  if (kind !== undefined || hardwareAddress === undefined) return remark;
  return `${remark}: to have it in the home, add "${hardwareAddress}" to interface_hardware_addrs of lan0 in interfaces.json`;
}

/** interfaces.json, with the MTU that wireguard.json says where it does. */
function withWireguardMtu({ interfaces, wireguard }: Wanted): InterfacesConfig {
  const mtus = new Map(wireguard.interfaces.map(({ name, mtu }) => [name, mtu]));
  return {
    ...interfaces,
    interfaces: interfaces.interfaces.map((entry) => {
      const mtu = mtus.get(entry.name);
      return mtu === undefined || mtu === 0 ? entry : { ...entry, mtu };
    }),
  };
}

/** The state without some links, and what goes with them. */
function without(gone: ReadonlySet<number>, state: KernelState): KernelState {
  if (gone.size === 0) return state;
  return {
    ...state,
    links: state.links.filter(({ index }) => !gone.has(index)),
    addresses: state.addresses.filter(({ link }) => !gone.has(link)),
    routes: state.routes.filter(({ link }) => !gone.has(link)),
  };
}
