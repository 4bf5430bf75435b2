import {
  type ChainDefinition,
  dnat,
  type MapDefinition,
  type Match,
  map,
  masquerade,
  type RuleDefinition,
  rule,
  type SetDefinition,
  updateElement,
} from '@router7/nft';
import { forwarded } from './counters.ts';
import { decidedBy } from './provenance.ts';
import { type Situation, zonesOf } from './situation.ts';

/*
 * Who may answer to an address and port that a connection of the home was given outside (RFC 4787 section 5). The kernel
 * by itself lets in only whom the packet went to (address and port-dependent filtering), and gives a computer's port the
 * same port outside for all destinations as long as no other computer has it (endpoint-independent mapping, but for
 * collisions).
 *
 * Anything wider is made of three tables that outgoing packets fill: which port outside belongs to whom (`mappings`, with
 * the address that the packet goes to when that matters), which port outside an address and port at home has (`ports`),
 * and which ports outside are taken (`taken`). New connections of the same address and port at home then get the same
 * port outside whatever else happens, and unsolicited packets are led by the first table.
 */

const MAPPINGS = 'nat-mappings';
const PORTS = 'nat-ports';
const TAKEN = 'nat-taken';
/** As many as there are ports of both protocols. */
const SIZE = 131_072;
/** Behind the translation of sources (100). */
const BEHIND_SOURCE_NAT = 105;
const DHCP_CLIENT = 68;
const WHY = 'nat.filtering';

const PORT_TYPE = 'inet_proto . inet_service';
/** The port outside of a packet on its way out, and who it was before. */
const PORT_OUTSIDE = 'meta.l4proto . th.sport';
const INSIDE = 'ct.original.ip.saddr . ct.original.proto-src';

/** Whether anything is wider than what the kernel does by itself. */
export function isWide({ config }: Situation): boolean {
  return config.nat.filtering !== 'address-and-port-dependent';
}

/** What both kinds of tables have: what packets can write must have an end. */
function limits({ config }: Situation): { dynamic: true; size: number; timeout: number } {
  return { dynamic: true, size: SIZE, timeout: config.timers.udp ?? 300 };
}

/** The maps that outgoing packets fill. */
export function natMaps(situation: Situation): Readonly<Record<string, MapDefinition>> {
  if (!isWide(situation)) return {};
  const address = isDependent(situation) ? ' . ipv4_addr' : '';
  return {
    [MAPPINGS]: { type: `${PORT_TYPE}${address}`, data: 'ipv4_addr . inet_service', ...limits(situation) },
    [PORTS]: { type: 'inet_proto . ipv4_addr . inet_service', data: 'inet_service', ...limits(situation) },
  };
}

/** The set that outgoing packets fill. */
export function takenPorts(situation: Situation): Readonly<Record<string, SetDefinition>> {
  return isWide(situation) ? { [TAKEN]: { type: PORT_TYPE, ...limits(situation) } } : {};
}

/** What goes before the masquerading of all the rest. */
export function steadyPorts(situation: Situation): readonly RuleDefinition[] {
  if (!isWide(situation)) return [];
  const { outside } = zonesOf(situation);
  const match: Match = { 'meta.nfproto': 'ipv4', oifname: outside, 'meta.l4proto': ['tcp', 'udp'] };
  return [
    rule(
      match,
      masquerade({ port: map('meta.l4proto . ip.saddr . th.sport', PORTS) }),
      decidedBy(WHY, 'the port that it has for others'),
    ),
    rule(
      { ...match, [PORT_OUTSIDE]: { set: TAKEN } },
      masquerade({ random: true }),
      decidedBy(WHY, 'another computer has this port'),
    ),
    rule(
      { ...match, 'th.sport': ownPorts(situation) },
      masquerade({ random: true }),
      decidedBy(WHY, 'the router has it'),
    ),
  ];
}

/** Notes who has which port outside; each packet begins the time anew (RFC 4787 REQ-6). */
export function mappingNotes(situation: Situation): Readonly<Record<string, ChainDefinition>> {
  if (!isWide(situation)) return {};
  const { outside } = zonesOf(situation);
  const match: Match = {
    ...{ 'meta.nfproto': 'ipv4', oifname: outside, 'meta.l4proto': ['tcp', 'udp'] },
    ...{ 'ct.direction': 'original', 'ct.status': 'snat' },
  };
  const whom = isDependent(situation) ? ' . ip.daddr' : '';
  const rules = [
    rule(
      match,
      updateElement(MAPPINGS, `${PORT_OUTSIDE}${whom}`, { data: { field: INSIDE } }),
      decidedBy(WHY, 'who has which port'),
    ),
    rule(
      match,
      updateElement(PORTS, `meta.l4proto . ${INSIDE}`, { data: { field: 'th.sport' } }),
      decidedBy(WHY, 'which port an address and port has'),
    ),
    rule(match, updateElement(TAKEN, PORT_OUTSIDE), decidedBy(WHY, 'which ports are taken')),
  ];
  return {
    'note-mappings': { type: 'filter', hook: 'postrouting', priority: BEHIND_SOURCE_NAT, policy: 'accept', rules },
  };
}

/** Leads what nobody asked for to whom the port belongs. @param local conditions for packets to this host */
export function ledByMapping(situation: Situation, local: Match): readonly RuleDefinition[] {
  if (!isWide(situation)) return [];
  const { outside, home } = zonesOf(situation);
  const dependent = isDependent(situation);
  // From home as from outside, where it does not matter who it is: RFC 4787 REQ-9.
  const from = dependent ? outside : [...outside, ...home];
  const key = `meta.l4proto . th.dport${dependent ? ' . ip.saddr' : ''}`;
  return [
    rule(
      { iifname: from, ...local, 'meta.l4proto': ['tcp', 'udp'], 'th.dport': { not: ownPorts(situation) } },
      dnat(map(key, MAPPINGS)),
      decidedBy(WHY, situation.config.nat.filtering),
    ),
  ];
}

/** What was led by a mapping comes in. */
export function admittedByMapping(situation: Situation): readonly RuleDefinition[] {
  if (!isWide(situation)) return [];
  return [
    rule({ 'meta.nfproto': 'ipv4', 'ct.status': 'dnat' }, forwarded(), decidedBy(WHY, situation.config.nat.filtering)),
  ];
}

/** Ports at which the router itself is called from outside: they are nobody's at home. */
function ownPorts({ tunnels }: Situation): readonly number[] {
  return [DHCP_CLIENT, ...tunnels.flatMap(({ port }) => (port === undefined || port === 0 ? [] : [port]))];
}

function isDependent({ config }: Situation): boolean {
  return config.nat.filtering === 'address-dependent';
}
