import type { Link, LinkAddress, NewLink, Route } from '../system/rtnetlink.ts';
import type { WireguardChange, WireguardDevice } from '../system/wireguard.ts';
import { freshLink } from './fresh-link.ts';
import type { KernelState, Operation } from './kernel-state.ts';
import { keyOf } from './plan-addresses.ts';

/**
 * What the kernel will have after an operation, as far as plans look at it: for planning what comes next without doing
 * anything. A link that is made gets an index that no real one has.
 */
export function after(state: KernelState, operation: Operation): KernelState {
  switch (operation.kind) {
    case 'add-link':
      return { ...state, ...withLink(state, operation.link) };
    case 'delete-link':
      return withoutLink(state, operation.link);
    case 'set-up':
      return change(state, operation.link, { up: operation.up });
    case 'rename':
      return change(state, operation.link, { name: operation.name });
    case 'set-mtu':
      return change(state, operation.link, { mtu: operation.mtu });
    case 'set-hardware-address':
      return change(state, operation.link, { hardwareAddress: operation.hardwareAddress });
    case 'set-fec':
      return { ...state, fec: new Map(state.fec).set(operation.link, new Set([operation.mode])) };
    case 'set-master': {
      const { master, group } = operation;
      return change(state, operation.link, { master: master === 0 ? undefined : master, group });
    }
    case 'set-wireguard': {
      const device = state.wireguard.get(operation.link);
      if (device === undefined) return state;
      const changed = changeWireguard(device, operation.change);
      return { ...state, wireguard: new Map(state.wireguard).set(operation.link, changed) };
    }
    case 'add-address':
      return { ...state, addresses: [...otherAddresses(state, operation.address), operation.address] };
    case 'delete-address':
      return { ...state, addresses: otherAddresses(state, operation.address) };
    case 'replace-route':
      return {
        ...state,
        routes: [...state.routes.filter((there) => !replaces(operation.route, there)), operation.route],
      };
    case 'delete-route':
      return { ...state, routes: state.routes.filter((there) => there !== operation.route) };
  }
}

function change(state: KernelState, index: number, changes: Partial<Link>): KernelState {
  return { ...state, links: state.links.map((link) => (link.index === index ? { ...link, ...changes } : link)) };
}

function withLink(state: KernelState, { kind, name, hardwareAddress, group = 0 }: NewLink): Partial<KernelState> {
  const index = Math.min(0, ...state.links.map((link) => link.index)) - 1;
  const link = freshLink(index, name, { kind, hardwareAddress, group });
  const wireguard = new Map(state.wireguard);
  if (kind === 'wireguard') wireguard.set(index, { privateKey: undefined, port: 0, fwmark: 0, peers: [] });
  return { links: [...state.links, link], wireguard };
}

function withoutLink(state: KernelState, index: number): KernelState {
  return {
    ...state,
    links: state.links
      .filter((link) => link.index !== index)
      .map((link) => (link.master === index ? { ...link, master: undefined } : link)),
    addresses: state.addresses.filter(({ link }) => link !== index),
    routes: state.routes.filter(({ link }) => link !== index),
  };
}

function otherAddresses(state: KernelState, address: LinkAddress): readonly LinkAddress[] {
  return state.addresses.filter((there) => keyOf(there) !== keyOf(address));
}

/** The kernel puts a route in the place of another one to the same destination with the same metric. */
function replaces(route: Route, there: Route): boolean {
  const metric = ({ metric, destination }: Route): number => metric ?? (String(destination).includes(':') ? 1024 : 0);
  return there.destination.toString() === route.destination.toString() && metric(there) === metric(route);
}

function changeWireguard(device: WireguardDevice, wanted: WireguardChange): WireguardDevice {
  const { peers: changes = [], ...settings } = wanted;
  const peers = new Map(device.peers.map((peer) => [peer.publicKey, peer]));
  for (const peer of changes) {
    if ('remove' in peer) {
      peers.delete(peer.publicKey);
      continue;
    }
    const there = peers.get(peer.publicKey);
    peers.set(peer.publicKey, {
      publicKey: peer.publicKey,
      presharedKey: peer.presharedKey === undefined ? there?.presharedKey : peer.presharedKey || undefined,
      endpoint: peer.endpoint ?? there?.endpoint,
      persistentKeepaliveSeconds: peer.persistentKeepaliveSeconds ?? there?.persistentKeepaliveSeconds ?? 0,
      allowedIps: peer.allowedIps,
      lastHandshakeSeconds: there?.lastHandshakeSeconds ?? 0,
    });
  }
  return {
    privateKey: settings.privateKey ?? device.privateKey,
    port: settings.port ?? device.port,
    fwmark: settings.fwmark ?? device.fwmark,
    peers: [...peers.values()],
  };
}
