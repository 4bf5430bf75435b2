import {
  accept,
  type ChainDefinition,
  CtKey,
  DynsetOperation,
  type Expression,
  expressions,
  type Match,
  MetaKey,
  masquerade,
  NatFlag,
  type NftSet,
  PayloadBase,
  Register,
  type RuleDefinition,
  rule,
} from '@router7/nft';
import { dynamicSet } from './dynamic-set.ts';
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

const { r1, r2 } = Register;
/** Registers of 4 octets: those over the first one of 16. */
const [first, second, third] = [8, 9, 10];
/** Those over the second one. */
const [data, moreData] = [12, 13];

/** Whether anything is wider than what the kernel does by itself. */
export function isWide({ config }: Situation): boolean {
  return config.nat.filtering !== 'address-and-port-dependent';
}

/** The tables that outgoing packets fill. */
export function natSets(situation: Situation): readonly NftSet[] {
  if (!isWide(situation)) return [];
  const { nat, timers } = situation.config;
  const limits = { size: SIZE, timeoutSeconds: timers.udp ?? 300 };
  const port = ['inet_proto', 'inet_service'] as const;
  const key = nat.filtering === 'address-dependent' ? ([...port, 'ipv4_addr'] as const) : port;
  return [
    dynamicSet({ name: MAPPINGS, key, data: ['ipv4_addr', 'inet_service'], ...limits }),
    dynamicSet({ name: PORTS, key: ['inet_proto', 'ipv4_addr', 'inet_service'], data: ['inet_service'], ...limits }),
    dynamicSet({ name: TAKEN, key: port, ...limits }),
  ];
}

/** What goes before the masquerading of all the rest. */
export function steadyPorts(situation: Situation): readonly RuleDefinition[] {
  if (!isWide(situation)) return [];
  const { outside } = zonesOf(situation);
  const match: Match = { 'meta.nfproto': 'ipv4', oifname: outside, 'meta.l4proto': ['tcp', 'udp'] };
  return [
    rule(
      match,
      expressions(protocol(first), sourceAddress(second), sourcePort(third), find(PORTS, r1), {
        ...{ kind: 'masquerade', flags: NatFlag.protoSpecified, portMin: r1 },
      }),
      decidedBy(WHY, 'the port that it has for others'),
    ),
    rule(
      match,
      expressions(protocol(first), sourcePort(second), find(TAKEN)),
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
  const isDependent = situation.config.nat.filtering === 'address-dependent';
  const match: Match = {
    ...{ 'meta.nfproto': 'ipv4', oifname: outside, 'meta.l4proto': ['tcp', 'udp'] },
    ...{ 'ct.direction': 'original', 'ct.status': 'snat' },
  };
  const inside = [original(CtKey.srcIp, data), original(CtKey.protoSrc, moreData)];
  const rules = [
    rule(
      match,
      expressions(protocol(first), sourcePort(second), ...(isDependent ? [destinationAddress(third)] : [])),
      expressions(...inside, note(MAPPINGS, r2)),
      decidedBy(WHY, 'who has which port'),
    ),
    rule(
      match,
      expressions(protocol(first), original(CtKey.srcIp, second), original(CtKey.protoSrc, third), sourcePort(data)),
      expressions(note(PORTS, r2)),
      decidedBy(WHY, 'which port an address and port has'),
    ),
    rule(match, expressions(protocol(first), sourcePort(second), note(TAKEN)), decidedBy(WHY, 'which ports are taken')),
  ];
  return {
    'note-mappings': { type: 'filter', hook: 'postrouting', priority: BEHIND_SOURCE_NAT, policy: 'accept', rules },
  };
}

/** Leads what nobody asked for to whom the port belongs. @param local conditions for packets to this host */
export function ledByMapping(situation: Situation, local: Match): readonly RuleDefinition[] {
  if (!isWide(situation)) return [];
  const isDependent = situation.config.nat.filtering === 'address-dependent';
  const { outside, home } = zonesOf(situation);
  // From home as from outside, where it does not matter who it is: RFC 4787 REQ-9.
  const from = isDependent ? outside : [...outside, ...home];
  return [
    rule(
      { iifname: from, ...local, 'meta.l4proto': ['tcp', 'udp'], 'th.dport': { not: ownPorts(situation) } },
      expressions(
        ...[protocol(first), destinationPort(second), ...(isDependent ? [sourceAddress(third)] : [])],
        find(MAPPINGS, r1),
        { kind: 'nat', type: 'dnat', family: 'ip', addressMin: r1, portMin: second, flags: NatFlag.protoSpecified },
      ),
      decidedBy(WHY, situation.config.nat.filtering),
    ),
  ];
}

/** What was led by a mapping comes in. */
export function admittedByMapping(situation: Situation): readonly RuleDefinition[] {
  if (!isWide(situation)) return [];
  return [
    rule({ 'meta.nfproto': 'ipv4', 'ct.status': 'dnat' }, accept(), decidedBy(WHY, situation.config.nat.filtering)),
  ];
}

/** Ports at which the router itself is called from outside: they are nobody's at home. */
function ownPorts({ tunnels }: Situation): readonly number[] {
  return [DHCP_CLIENT, ...tunnels.flatMap(({ port }) => (port === undefined || port === 0 ? [] : [port]))];
}

function protocol(register: number): Expression {
  return { kind: 'meta', operation: 'load', key: MetaKey.l4proto, register };
}

const load =
  (base: number, offset: number, length: number) =>
  (register: number): Expression => ({
    ...{ kind: 'payload', operation: 'load', base, offset, length },
    register,
  });
const sourceAddress = load(PayloadBase.network, 12, 4);
const destinationAddress = load(PayloadBase.network, 16, 4);
const sourcePort = load(PayloadBase.transport, 0, 2);
const destinationPort = load(PayloadBase.transport, 2, 2);

/** As it was before any translation. */
function original(key: number, register: number): Expression {
  return { kind: 'ct', operation: 'load', key, register, direction: 0 };
}

function find(set: string, destination?: number): Expression {
  return { kind: 'lookup', set, source: r1, inverted: false, ...(destination !== undefined && { destination }) };
}

function note(set: string, dataRegister?: number): Expression {
  return {
    ...{ kind: 'dynset', operation: DynsetOperation.update, set, keyRegister: r1, expressions: [], inverted: false },
    ...(dataRegister !== undefined && { dataRegister }),
  };
}
