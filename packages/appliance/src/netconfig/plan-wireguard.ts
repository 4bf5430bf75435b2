import type { WireguardConfig, WireguardPeerConfig } from '../state/wireguard.ts';
import type { WireguardChange, WireguardDevice, WireguardPeer, WireguardPeerChange } from '../system/wireguard.ts';
import type { Plan } from './kernel-state.ts';
import { type KernelState, type Operation, OWN_GROUP } from './kernel-state.ts';
import { endpointKey, endpointOf, endpointText, networkOf, parsePrefix, type Wanted } from './wanted.ts';

/** A session ends so many seconds after its handshake (REJECT_AFTER_TIME, section 6.1 of the WireGuard paper). */
const SESSION_SECONDS = 180;

/**
 * Plans WireGuard interfaces: made when they are not there, their keys, port and mark, and their peers. Peers that are
 * configured no more are removed, those that have not changed keep their sessions.
 */
export function planWireguard(wanted: Wanted, state: KernelState): Plan {
  const operations: Operation[] = [];
  const remarks: string[] = [];
  const names = new Set<string>();
  for (const config of wanted.wireguard.interfaces) {
    if (names.has(config.name)) {
      remarks.push(`WireGuard interface ${config.name} is configured twice, the first entry counts`);
      continue;
    }
    names.add(config.name);
    const link = state.links.find(({ name }) => name === config.name);
    if (link === undefined) {
      operations.push({ kind: 'add-link', link: { kind: 'wireguard', name: config.name, group: OWN_GROUP } });
      continue;
    }
    if (link.kind !== 'wireguard') {
      remarks.push(`interface ${config.name} is to be WireGuard, and is ${link.kind ?? 'a network card'}`);
      continue;
    }
    const device = state.wireguard.get(link.index);
    if (device === undefined) continue;
    const change = changeOf(config, device, wanted);
    if (change !== undefined) operations.push({ kind: 'set-wireguard', link: link.index, change });
    if (config.mtu !== undefined && config.mtu !== 0 && config.mtu !== link.mtu && !isNamed(wanted, config.name)) {
      operations.push({ kind: 'set-mtu', link: link.index, mtu: config.mtu });
    }
    if (!link.up && !isNamed(wanted, config.name)) operations.push({ kind: 'set-up', link: link.index, up: true });
  }
  return { operations, remarks };
}

/** Whether interfaces.json has an entry for it: then that says what becomes of the link. */
function isNamed({ interfaces }: Wanted, name: string): boolean {
  return interfaces.interfaces.some((entry) => entry.name === name);
}

/** What has to be changed; undefined when nothing has. */
function changeOf(config: WireguardConfig, device: WireguardDevice, wanted: Wanted): WireguardChange | undefined {
  const { port = 0, fwmark = 0 } = config;
  const peers = peerChanges(config, device, wanted);
  const change: WireguardChange = {
    ...(config.private_key !== device.privateKey && { privateKey: config.private_key }),
    ...(port !== 0 && port !== device.port && { port }),
    ...(fwmark !== device.fwmark && { fwmark }),
    ...(peers.length > 0 && { peers }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

function peerChanges(config: WireguardConfig, device: WireguardDevice, wanted: Wanted): readonly WireguardPeerChange[] {
  const present = new Map(device.peers.map((peer) => [peer.publicKey, peer]));
  const changes: WireguardPeerChange[] = [];
  const configured = new Map(config.peers.map((peer) => [peer.public_key, peer]));
  for (const publicKey of present.keys()) {
    // First, so that a network may go from one peer to another.
    if (!configured.has(publicKey)) changes.push({ publicKey, remove: true });
  }
  for (const peer of configured.values()) {
    const there = present.get(peer.public_key);
    const endpoint = wantedEndpoint(config.name, peer, there, wanted);
    const allowedIps = peer.allowed_ips.map((text) => networkOf(parsePrefix(text)));
    const { preshared_key: preshared = '', persistent_keepalive: keepalive = 0 } = peer;
    const change = {
      ...(preshared !== (there?.presharedKey ?? '') && { presharedKey: preshared }),
      ...(endpoint !== undefined && { endpoint }),
      ...(keepalive !== (there?.persistentKeepaliveSeconds ?? 0) && { persistentKeepaliveSeconds: keepalive }),
    };
    const sameNetworks = there !== undefined && textOf(there.allowedIps) === textOf(allowedIps);
    if (sameNetworks && Object.keys(change).length === 0) continue;
    changes.push({ publicKey: peer.public_key, ...change, allowedIps });
  }
  return changes;
}

/**
 * The endpoint to be set; undefined leaves it as it is. The kernel follows a peer that comes from elsewhere: that is not
 * undone as long as there is a session.
 */
function wantedEndpoint(
  device: string,
  peer: WireguardPeerConfig,
  there: WireguardPeer | undefined,
  wanted: Wanted,
): ReturnType<typeof endpointOf> {
  const endpoint = endpointOf(peer, wanted.resolved);
  if (endpoint === undefined) return undefined;
  if (there?.endpoint !== undefined) {
    if (endpointText(there.endpoint) === endpointText(endpoint)) return undefined;
    const given = wanted.given.get(endpointKey(device, peer)) === endpointText(endpoint);
    if (given && wanted.wallSeconds - there.lastHandshakeSeconds < SESSION_SECONDS) return undefined;
  }
  return endpoint;
}

/** The networks in one text; the kernel gives them back in an order of its own. */
function textOf(networks: WireguardPeer['allowedIps']): string {
  return [...new Set(networks.map(String))].sort().join(' ');
}
