import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Delegation } from '../state/dhcp6-lease.ts';
import { bridgePorts, type InterfaceConfig, type InterfacesConfig } from '../state/interfaces.ts';
import type { Ipv6Config } from '../state/ipv6-config.ts';
import type { Subnets } from '../state/subnets.ts';
import { networkOf, subnetOf, subnetsIn, subtract } from './prefix-space.ts';
import { type Assigned, allocate, type Hole, type NumberedLan } from './subnet-allocation.ts';
import { assignSubnetIds, type SubnetIds } from './subnet-ids.ts';

/*
 * Which IPv6 prefixes the links of the home have: one pure function, so that netconfigd (which gives the router its
 * addresses), radvd (which advertises) and dhcp6d (which gives out the rest) always agree.
 */

/** Why a link has a prefix. */
export type PrefixOrigin = 'delegated' | 'ula' | 'static';

/** A prefix of a link, 64 bits long. Times are milliseconds since 1970; Infinity: never. */
export interface LanPrefix {
  readonly prefix: Ipv6Prefix;
  readonly origin: PrefixOrigin;
  /** The router's own address in it: `::1`, or the one of interfaces.json. */
  readonly address: Ipv6Address;
  readonly preferredUntil: number;
  readonly validUntil: number;
  /** As of {@link Delegation}. */
  readonly isOpenEnded: boolean;
}

/** A link of the home and its prefixes: those that are delegated, the unique local one, those of interfaces.json. */
export interface LanPrefixes {
  readonly lan: string;
  readonly prefixes: readonly LanPrefix[];
}

/** A part of a prefix that no link has: dhcp6d may delegate it on. */
export interface RestPrefix {
  readonly prefix: Ipv6Prefix;
  readonly origin: 'delegated' | 'ula';
  readonly preferredUntil: number;
  readonly validUntil: number;
  readonly isOpenEnded: boolean;
}

/** What {@link planLans} finds. */
export interface LanPlan {
  /** In the order of interfaces.json. */
  readonly lans: readonly LanPrefixes[];
  /** Whole, as the provider delegated them: what has no better route here is unreachable (RFC 7084 WPD-5). */
  readonly delegations: readonly Delegation[];
  /** Of 48 bits; undefined when there is none. */
  readonly ula: Ipv6Prefix | undefined;
  /** Aligned blocks as large as possible, none of them of a link, excluded by the provider, or routed by interfaces.json. */
  readonly rest: readonly RestPrefix[];
  /** Numbers of the links' subnets, and those that are kept for links that are gone. */
  readonly ids: SubnetIds;
  /** One line each: a link that gets no prefix, a delegation that is of no use. */
  readonly remarks: readonly string[];
}

/** What {@link planLans} goes by. */
export interface LanInputs {
  readonly interfaces: InterfacesConfig;
  readonly config: Ipv6Config;
  /** As kept; without it the numbers follow from the order of interfaces.json. */
  readonly subnets: Subnets;
  readonly delegations: readonly Delegation[];
  /** Name of the interface to the provider. */
  readonly uplink?: string;
}

/** Gives each link of the home its prefixes. Pure: the same arguments give the same plan. */
export function planLans({ interfaces, config, subnets, delegations, uplink = 'uplink0' }: LanInputs): LanPlan {
  const lans = lanNames(interfaces, config, uplink);
  const remarks: string[] = [];
  const ids = assignSubnetIds({
    lans,
    wanted: new Map(
      Object.entries(config.interfaces).flatMap(([lan, { subnet }]) => (subnet === undefined ? [] : [[lan, subnet]])),
    ),
    kept: new Map(Object.entries(subnets.subnets)),
    capacity: delegations.length === 0 ? 2 ** 16 : Math.max(...delegations.map(({ prefix }) => subnetsIn(prefix))),
  });
  remarks.push(...ids.remarks);
  const numbered: NumberedLan[] = lans
    .map((lan) => ({ lan, id: ids.ids.get(lan) as number }))
    .sort((a, b) => a.id - b.id);
  const holes = interfaces.interfaces.flatMap(holesOf);
  const allocation = allocate(numbered, delegations, holes);
  remarks.push(...allocation.remarks);
  const assigned = withoutDoubles(allocation.assigned);
  const ula = ulaOf(config, subnets);
  const plan = lans.map((lan): LanPrefixes => {
    const delegated = assigned
      .filter((each) => each.lan === lan)
      .map(({ prefix, delegation }) => lanPrefix(prefix, 'delegated', delegation));
    const local = ula === undefined ? [] : [lanPrefix(subnetOf(ula, ids.ids.get(lan) as number), 'ula')];
    const known = [...delegated, ...local];
    const fixed = staticPrefixes(interfaces, lan).filter(
      ({ prefix }) => !known.some((other) => other.prefix.equals(prefix)),
    );
    return { lan, prefixes: [...known, ...fixed] };
  });
  const taken = [
    ...plan.flatMap(({ prefixes }) => prefixes.map(({ prefix }) => prefix)),
    ...holes.map((hole) => hole.prefix),
  ];
  const rest = (whole: Ipv6Prefix, excluded: readonly Ipv6Prefix[]): readonly Ipv6Prefix[] =>
    subtract(whole, [...taken, ...excluded]);
  return {
    lans: plan,
    delegations,
    ula,
    rest: [
      ...delegations.flatMap(({ prefix, excluded, preferredUntil, validUntil, isOpenEnded }) =>
        rest(prefix, excluded === undefined ? [] : [excluded]).map(
          (part): RestPrefix => ({ prefix: part, origin: 'delegated', preferredUntil, validUntil, isOpenEnded }),
        ),
      ),
      ...(ula === undefined ? [] : rest(ula, [])).map(
        (part): RestPrefix => ({ prefix: part, origin: 'ula', ...FOREVER }),
      ),
    ],
    ids,
    remarks,
  };
}

/** No links, and nothing for them. */
export const NO_LANS: LanPlan = {
  lans: [],
  delegations: [],
  ula: undefined,
  rest: [],
  ids: { ids: new Map(), kept: new Map(), remarks: [] },
  remarks: [],
};

const FOREVER = {
  preferredUntil: Number.POSITIVE_INFINITY,
  validUntil: Number.POSITIVE_INFINITY,
  isOpenEnded: false,
} as const;

/**
 * The links of the home that get prefixes, in the order of interfaces.json: all interfaces but the uplink, the ports of
 * bridges, WireGuard (whose peers have their addresses by configuration), those that lead to everywhere, and those that
 * ipv6.json says.
 */
function lanNames(interfaces: InterfacesConfig, config: Ipv6Config, uplink: string = 'uplink0'): readonly string[] {
  const ports = new Set(bridgePorts(interfaces));
  const names = interfaces.interfaces
    .filter(({ extra_routes = [] }) => !extra_routes.some(({ destination }) => destination.endsWith('/0')))
    .map(({ name }) => name)
    .filter((name) => name !== uplink && !ports.has(name) && !name.startsWith('wg'))
    .filter((name) => config.interfaces[name]?.prefixes !== false);
  return [...new Set(names)];
}

/**
 * A provider that makes a prefix larger or smaller may delegate the one in the other for a while: what they have in common is
 * of one link, and has the lifetimes of the one that lasts.
 */
function withoutDoubles(all: readonly Assigned[]): readonly Assigned[] {
  const lasting = new Map<string, Assigned>();
  for (const each of all) {
    const other = lasting.get(String(each.prefix))?.delegation;
    const { preferredUntil, validUntil } = each.delegation;
    const lasts =
      other === undefined ||
      preferredUntil > other.preferredUntil ||
      (preferredUntil === other.preferredUntil && validUntil > other.validUntil);
    if (lasts) lasting.set(String(each.prefix), each);
  }
  return all.filter((each) => lasting.get(String(each.prefix)) === each);
}

/** The unique local prefix in use; with `auto`, none as long as netconfigd has not made one. */
function ulaOf({ ula }: Ipv6Config, { ula: made }: Subnets): Ipv6Prefix | undefined {
  if (ula === 'off') return undefined;
  const text = ula === 'auto' ? made : ula;
  return text === undefined ? undefined : Ipv6Prefix.parse(text);
}

function lanPrefix(
  prefix: Ipv6Prefix,
  origin: 'delegated' | 'ula',
  lifetimes: Pick<LanPrefix, 'preferredUntil' | 'validUntil' | 'isOpenEnded'> = FOREVER,
): LanPrefix {
  const { preferredUntil, validUntil, isOpenEnded } = lifetimes;
  const address = new Ipv6Address(prefix.network.value | 1n);
  return { prefix, origin, address, preferredUntil: Math.min(preferredUntil, validUntil), validUntil, isOpenEnded };
}

/** The addresses of an interface that mean the same everywhere. */
function ownAddresses({ addr, extra_addrs = [] }: InterfaceConfig): readonly Ipv6Prefix[] {
  return [addr, ...extra_addrs]
    .filter((text) => text?.includes(':') === true)
    .map((text) => Ipv6Prefix.parse(text as string))
    .filter(({ address }) => !address.isLinkLocal);
}

function staticPrefixes({ interfaces }: InterfacesConfig, lan: string): readonly LanPrefix[] {
  return interfaces
    .filter(({ name }) => name === lan)
    .flatMap(ownAddresses)
    .filter(({ length }) => length === 64)
    .map((own) => ({ prefix: networkOf(own), origin: 'static', address: own.address, ...FOREVER }));
}

/** What interfaces.json has given away already: its addresses' networks, and what its routes lead to. */
function holesOf(entry: InterfaceConfig): readonly Hole[] {
  const routed = (entry.extra_routes ?? [])
    .filter(({ destination }) => destination.includes(':') && !destination.endsWith('/0'))
    .map(({ destination }) => ({ prefix: networkOf(Ipv6Prefix.parse(destination)), lan: undefined }));
  return [...ownAddresses(entry).map((own) => ({ prefix: networkOf(own), lan: entry.name })), ...routed];
}
