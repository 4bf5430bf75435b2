import type { LinkAddress, Route } from '../system/rtnetlink.ts';
import { AddressProtocol, type KernelState, type Operation, RouteProtocol } from './kernel-state.ts';
import { endpointText } from './wanted.ts';

const ADDRESS_PROTOCOLS = new Map<number | undefined, string>(
  Object.entries(AddressProtocol).map(([name, number]) => [number, name]),
);
const ROUTE_PROTOCOLS = new Map<number, string>(Object.entries(RouteProtocol).map(([name, number]) => [number, name]));

/** Names of links by index, as they are when an operation is carried out. */
export function linkNames({ links }: KernelState): ReadonlyMap<number, string> {
  return new Map(links.map(({ index, name }) => [index, name]));
}

/**
 * An operation in one or more lines of a diff, in the words of ip(8) and wg(8): `+` is made, `-` is removed, `~` is changed.
 * Keys that are secret are not told.
 */
export function describeOperation(operation: Operation, names: ReadonlyMap<number, string>): readonly string[] {
  const name = (link: number): string => names.get(link) ?? `#${link}`;
  switch (operation.kind) {
    case 'add-link': {
      const { kind, name, hardwareAddress } = operation.link;
      return [`+ link ${name} type ${kind}${hardwareAddress === undefined ? '' : ` address ${hardwareAddress}`}`];
    }
    case 'delete-link':
      return [`- link ${name(operation.link)}`];
    case 'set-up':
      return [`~ link ${name(operation.link)} ${operation.up ? 'up' : 'down'}`];
    case 'rename':
      return [`~ link ${name(operation.link)} name ${operation.name}`];
    case 'set-mtu':
      return [`~ link ${name(operation.link)} mtu ${operation.mtu}`];
    case 'set-hardware-address':
      return [`~ link ${name(operation.link)} address ${operation.hardwareAddress}`];
    case 'set-fec':
      return [`~ link ${name(operation.link)} fec ${operation.mode}`];
    case 'set-master':
      return [
        `~ link ${name(operation.link)} ${operation.master === 0 ? 'nomaster' : `master ${name(operation.master)}`}`,
      ];
    case 'set-wireguard':
      return describeWireguard(name(operation.link), operation.change);
    case 'add-address':
      return [`+ ${describeAddress(operation.address, name)}`];
    case 'delete-address':
      return [`- ${describeAddress(operation.address, name)}`];
    case 'replace-route':
      return [`+ ${describeRoute(operation.route, name)}`];
    case 'delete-route':
      return [`- ${describeRoute(operation.route, name)}`];
  }
}

function describeAddress(
  { prefix, link, protocol, preferredLifetimeSeconds, validLifetimeSeconds }: LinkAddress,
  name: (link: number) => string,
): string {
  const from = ADDRESS_PROTOCOLS.get(protocol);
  const words = ['address', String(prefix), 'dev', name(link)];
  if (from !== undefined) words.push(`(${from})`);
  if (validLifetimeSeconds !== undefined && validLifetimeSeconds !== Number.POSITIVE_INFINITY) {
    words.push(`valid ${validLifetimeSeconds} s, preferred ${preferredLifetimeSeconds ?? validLifetimeSeconds} s`);
  }
  return words.join(' ');
}

function describeRoute(route: Route, name: (link: number) => string): string {
  const { destination, gateway, link, protocol, onLink, preferredSource, metric = 0, unreachable = false } = route;
  const words = ['route', destination.length === 0 ? `default` : String(destination)];
  // Both families have a default route.
  if (destination.length === 0 && String(destination).includes(':')) words.unshift('-6');
  if (unreachable) words.unshift('unreachable');
  if (gateway !== undefined) words.push('via', String(gateway));
  words.push('dev', name(link), 'proto', ROUTE_PROTOCOLS.get(protocol) ?? String(protocol));
  if (onLink) words.push('scope link');
  if (preferredSource !== undefined) words.push('src', String(preferredSource));
  if (metric !== 0) words.push('metric', String(metric));
  return words.join(' ');
}

function describeWireguard(
  name: string,
  { privateKey, port, fwmark, peers = [] }: Extract<Operation, { kind: 'set-wireguard' }>['change'],
): readonly string[] {
  const words: string[] = [];
  if (privateKey !== undefined) words.push('private-key (hidden)');
  if (port !== undefined) words.push(`listen-port ${port}`);
  if (fwmark !== undefined) words.push(`fwmark ${fwmark}`);
  const lines = words.length === 0 ? [] : [`~ wireguard ${name} ${words.join(' ')}`];
  for (const peer of peers) {
    if ('remove' in peer) {
      lines.push(`- wireguard ${name} peer ${peer.publicKey}`);
      continue;
    }
    const { publicKey, presharedKey, endpoint, persistentKeepaliveSeconds, allowedIps } = peer;
    let line = `+ wireguard ${name} peer ${publicKey}`;
    if (presharedKey !== undefined) line += presharedKey === '' ? ' without preshared-key' : ' preshared-key (hidden)';
    if (endpoint !== undefined) line += ` endpoint ${endpointText(endpoint)}`;
    if (persistentKeepaliveSeconds !== undefined) line += ` persistent-keepalive ${persistentKeepaliveSeconds}`;
    lines.push(`${line} allowed-ips ${allowedIps.join(',') || '(none)'}`);
  }
  return lines;
}
