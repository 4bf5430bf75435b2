import type { Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import type { LinkAddress } from '../system/rtnetlink.ts';
import { AddressProtocol, type KernelState, type Operation } from './kernel-state.ts';
import type { Matches } from './match-links.ts';
import { addPrefixAddresses, prefixAddresses, removePrefixAddresses } from './plan-prefixes.ts';
import { configuredAddresses, type Wanted } from './wanted.ts';

/**
 * Plans the addresses that files say: those of interfaces.json, and those in the prefixes of the home's links. Addresses of
 * ours that are wanted no more are removed, after the new ones are there; addresses of others stay. (Those of the DHCPv4
 * lease are planned with its routes.)
 */
export function planAddresses(wanted: Wanted, matches: Matches, state: KernelState): readonly Operation[] {
  const configured = matches.matched.flatMap(({ config, link }) =>
    configuredAddresses(config).map((prefix) => mark(link.index, prefix, AddressProtocol.configured)),
  );
  const kept = new Set(configured.map(keyOf));
  // In a delegated prefix and configured: then it is the configuration's.
  const prefixes = prefixAddresses(wanted, matches).filter((address) => !kept.has(keyOf(address)));
  const all = new Set([...configured, ...prefixes].map(keyOf));
  const removed = wanted.complete
    ? state.addresses.filter((address) => address.protocol === AddressProtocol.configured && !all.has(keyOf(address)))
    : [];
  return [
    ...missingAddresses(configured, state),
    ...addPrefixAddresses(prefixes, state),
    ...removed.map((address) => ({ kind: 'delete-address', address }) as const),
    ...removePrefixAddresses(wanted, prefixes, configured, state),
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

function mark(link: number, prefix: Ipv4Prefix | Ipv6Prefix, protocol: number): LinkAddress {
  return { link, prefix, protocol };
}

/** Two addresses of one interface differ in address or length. */
export function keyOf({ link, prefix }: LinkAddress): string {
  return `${link} ${prefix}`;
}
