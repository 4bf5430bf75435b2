import { type ChainDefinition, dnat, jump, map, type RuleDefinition, rule } from '@router7/nft';
import { type Ipv4Address, Ipv4Prefix } from '@router7/wire';
import type { PortForwarding } from '../state/portforwardings.ts';
import { forwarded } from './counters.ts';
import { ledByMapping } from './nat-filtering.ts';
import { byDefault, madeBy } from './provenance.ts';
import { configuredPrefixes, networksBehind, type Situation, zonesOf } from './situation.ts';

const FILE = 'portforwardings.json';

/** What can be forwarded, and a line for each entry that cannot, or only in part. */
export interface CheckedForwardings {
  readonly forwardings: readonly PortForwarding[];
  readonly warnings: readonly string[];
}

/**
 * Passes over the entries that lead elsewhere than into the home; where two entries name the same port, the first one
 * counts.
 *
 * @param file for the lines
 */
export function checkForwardings(situation: Situation, file: string): CheckedForwardings {
  const { home } = zonesOf(situation);
  const networks = networksBehind(situation.interfaces, home);
  const links = configuredPrefixes(situation.interfaces, home).filter((prefix) => prefix instanceof Ipv4Prefix);
  const own = links.map(({ address }) => String(address));
  const forwardings: PortForwarding[] = [];
  const warnings: string[] = [];
  for (const forwarding of situation.portForwardings) {
    const { place, destination } = forwarding;
    const tell = (key: string, found: string, expected: string): void => {
      warnings.push(`${file}: ${place}.${key}: found ${found}, expected ${expected}`);
    };
    if (own.includes(String(destination))) {
      tell('dest_addr', `"${destination}", the router itself`, `a computer of the home; ${place} passed over`);
      continue;
    }
    if (!networks.some((network) => network.contains(destination))) {
      const where = networks.length === 0 ? 'no network is configured' : networks.map((n) => netOf(n)).join(', ');
      tell('dest_addr', `"${destination}"`, `an address of the home (${where}); ${place} passed over`);
      continue;
    }
    if (links.some((network) => isNobody(network, destination))) {
      tell('dest_addr', `"${destination}", the address of nobody`, `a computer of the home; ${place} passed over`);
      continue;
    }
    const earlier = forwardings.find((other) => overlap(other, forwarding));
    if (earlier !== undefined) {
      tell('port', `"${ports(forwarding)}"`, `none of ${earlier.place} ("${ports(earlier)}"), which counts`);
    }
    forwardings.push(forwarding);
  }
  return { forwardings, warnings };
}

/** The rules that lead packets for the router's address elsewhere, in chains of their own. */
export function destinationNat(situation: Situation): {
  readonly rules: readonly RuleDefinition[];
  readonly chains: Readonly<Record<string, ChainDefinition>>;
} {
  const { portForwardings } = situation;
  const { home } = zonesOf(situation);
  const inside = networksBehind(situation.interfaces, home).map((network) => netOf(network));
  const local = { 'ip.daddr': { not: ['127.0.0.0/8', ...inside] }, 'fib.daddr.type': 'local' } as const;
  const byMapping = ledByMapping(situation, local);
  if (portForwardings.length === 0) return { rules: byMapping, chains: {} };
  return {
    rules: [
      rule(local, jump('port-forwards'), byDefault('for an address of this host outside of the home')),
      ...byMapping,
    ],
    chains: { 'port-forwards': { rules: portForwardings.flatMap(translate) } },
  };
}

/** One rule for each protocol. */
function translate(forwarding: PortForwarding): readonly RuleDefinition[] {
  const { place, protocols, destination } = forwarding;
  const { firstPort, lastPort, firstDestinationPort, lastDestinationPort } = forwarding;
  const address = String(destination);
  const why = madeBy(FILE, place);
  return protocols.flatMap((protocol) => {
    const field = `${protocol}.dport` as const;
    // Without a port in it, the translation leaves the port as it is.
    if (firstPort === firstDestinationPort && lastPort === lastDestinationPort) {
      return [rule({ [field]: ports(forwarding) }, dnat(address), why)];
    }
    if (firstDestinationPort === lastDestinationPort) {
      return [rule({ [field]: ports(forwarding) }, dnat(address, { port: firstDestinationPort }), why)];
    }
    // The kernel would choose any port of a range that does not hold the present one: each has to be said. In a map, for
    // a packet would have to go through as many rules as there are ports.
    const shifted: { [port: number]: number } = {};
    for (let port = firstPort; port <= lastPort; port++) shifted[port] = port - firstPort + firstDestinationPort;
    return [rule({ [field]: ports(forwarding) }, dnat(address, { port: map(field, shifted) }), why)];
  });
}

/** The forwarded ports are open, for packets that have been translated on their way. */
export function forwardedPorts({ portForwardings }: Situation): readonly RuleDefinition[] {
  return portForwardings.flatMap(({ place, protocols, destination, firstDestinationPort, lastDestinationPort }) =>
    protocols.map((protocol) =>
      rule(
        {
          'ct.status': 'dnat',
          'ip.daddr': String(destination),
          [`${protocol}.dport`]: range(firstDestinationPort, lastDestinationPort),
        },
        forwarded(),
        madeBy(FILE, place),
      ),
    ),
  );
}

/** Whether it is the first or last address of a network: the network itself, or all of its computers (RFC 1122 3.2.1.3). */
function isNobody({ network, length }: Ipv4Prefix, { value }: Ipv4Address): boolean {
  const last = network.value + 2 ** (32 - length) - 1;
  return length < 31 && (value === network.value || value === last);
}

function overlap(a: PortForwarding, b: PortForwarding): boolean {
  const shared = a.protocols.some((protocol) => b.protocols.includes(protocol));
  return shared && a.firstPort <= b.lastPort && b.firstPort <= a.lastPort;
}

function ports({ firstPort, lastPort }: PortForwarding): string {
  return range(firstPort, lastPort);
}

function range(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function netOf({ network, length }: { readonly network: object; readonly length: number }): string {
  return `${network}/${length}`;
}
