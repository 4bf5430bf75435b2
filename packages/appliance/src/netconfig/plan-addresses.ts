import { type Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { LinkAddress } from '../system/rtnetlink.ts';
import { AddressProtocol, type KernelState, type Operation } from './kernel-state.ts';
import type { Matches } from './match-links.ts';
import { configuredAddresses, LAN, type Wanted } from './wanted.ts';

/**
 * Plans the addresses that files say: those of interfaces.json, and `<prefix>::1` on {@link LAN} for each prefix that is
 * delegated. Addresses of ours that are wanted no more are removed, after the new ones are there; addresses of others
 * stay. (Those of the DHCPv4 lease are planned with its routes.)
 */
export function planAddresses(wanted: Wanted, matches: Matches, state: KernelState): readonly Operation[] {
  const configured = matches.matched.flatMap(({ config, link }) =>
    configuredAddresses(config).map((prefix) => mark(link.index, prefix, AddressProtocol.configured)),
  );
  const lan = matches.matched.find(({ config }) => config.name === LAN);
  const delegated =
    wanted.delegated === 'unknown' || lan === undefined
      ? []
      : wanted.delegated.map((prefix) => mark(lan.link.index, routerAddress(prefix), AddressProtocol.delegated));
  const all = new Set([...configured, ...delegated].map(keyOf));
  const removable = new Set<number | undefined>([
    ...(wanted.complete ? [AddressProtocol.configured] : []),
    ...(wanted.delegated === 'unknown' ? [] : [AddressProtocol.delegated]),
  ]);
  return [
    ...missingAddresses([...configured, ...delegated], state),
    ...state.addresses
      .filter((address) => removable.has(address.protocol) && !all.has(keyOf(address)))
      .map((address) => ({ kind: 'delete-address', address }) as const),
  ];
}

/** Adds what is not there, and marks as ours what somebody else has made: from then on it goes with its configuration. */
export function missingAddresses(wanted: readonly LinkAddress[], state: KernelState): readonly Operation[] {
  const present = new Map(state.addresses.map((address) => [keyOf(address), address]));
  return wanted
    .filter((address) => {
      const there = present.get(keyOf(address));
      // A kernel that keeps no marks does not show any.
      return there === undefined || (there.protocol !== undefined && there.protocol !== address.protocol);
    })
    .map((address) => ({ kind: 'add-address', address }) as const);
}

/** `<prefix>::1/64`: the first address of the first network of 64 bits, or of what is narrower than that. */
function routerAddress(prefix: Ipv6Prefix): Ipv6Prefix {
  const octets = prefix.network.toBytes();
  octets[15] = (octets[15] as number) | 1;
  return new Ipv6Prefix(Ipv6Address.fromBytes(octets), Math.max(prefix.length, 64));
}

function mark(link: number, prefix: Ipv4Prefix | Ipv6Prefix, protocol: number): LinkAddress {
  return { link, prefix, protocol };
}

/** Two addresses of one interface differ in address or length. */
export function keyOf({ link, prefix }: LinkAddress): string {
  return `${link} ${prefix}`;
}
