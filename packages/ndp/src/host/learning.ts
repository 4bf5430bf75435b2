import { type Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { optionValue, optionValues, type RouterAdvertisement } from '../message.ts';
import type { PrefixInformation } from '../options/prefix-information.ts';
import { endOf } from '../router/lifetime.ts';
import { addressValidUntil } from './address-lifetime.ts';
import type { Heard, HeardAddressPrefix, HeardRouter } from './heard.ts';
import type { Knowledge } from './knowledge.ts';

/** RFC 8200 section 5: no link may have less. */
const LEAST_MTU = 1280;
/** How long a router that is no default router is remembered for its flags: three of the longest intervals of RFC 4861. */
const BYSTANDER_MS = 5_400_000;

/**
 * What an advertisement says, each with its end; an end that is not later than now takes it back.
 *
 * @param knowledge what was known before
 */
export function* heardFrom(
  advertisement: RouterAdvertisement,
  router: Ipv6Address,
  knowledge: Knowledge,
  now: number,
): Generator<Heard> {
  yield heardRouter(advertisement, router, knowledge, now);
  for (const information of optionValues(advertisement, 'prefixInformation')) {
    yield* heardPrefixes(information, knowledge, now);
  }
  for (const { prefix, preference, routeLifetimeSeconds } of optionValues(advertisement, 'routeInformation')) {
    yield { kind: 'route', router, prefix, preference, until: endOf(routeLifetimeSeconds, now) };
  }
  for (const { addresses, lifetimeSeconds } of optionValues(advertisement, 'rdnss')) {
    for (const address of addresses) {
      if (address.isMulticast || address.isUnspecified || address.isLoopback) continue;
      yield { kind: 'dnsServer', router, address, until: endOf(lifetimeSeconds, now) };
    }
  }
  for (const { domainNames, lifetimeSeconds } of optionValues(advertisement, 'dnssl')) {
    for (const domainName of domainNames) {
      yield { kind: 'searchDomain', router, domainName, until: endOf(lifetimeSeconds, now) };
    }
  }
  for (const { prefix, lifetimeSeconds } of optionValues(advertisement, 'pref64')) {
    yield { kind: 'pref64', router, prefix: withoutHostBits(prefix), until: endOf(lifetimeSeconds, now) };
  }
  for (const { lifetimeSeconds, ...resolver } of optionValues(advertisement, 'encryptedDns')) {
    yield { kind: 'encryptedResolver', router, resolver, until: endOf(lifetimeSeconds, now) };
  }
}

function heardRouter(
  advertisement: RouterAdvertisement,
  address: Ipv6Address,
  knowledge: Knowledge,
  now: number,
): HeardRouter {
  const { routerLifetimeSeconds } = advertisement;
  const isDefault = routerLifetimeSeconds > 0;
  const mtu = optionValue(advertisement, 'mtu');
  const heard: HeardRouter = {
    kind: 'router',
    address,
    linkLayerAddress: optionValue(advertisement, 'sourceLinkLayerAddress'),
    isDefault,
    // RFC 4191 2.2: "If the Router Lifetime is zero, the preference value ... MUST be ignored by the receiver."
    preference: isDefault ? advertisement.preference : 0,
    managedAddressConfiguration: advertisement.managedAddressConfiguration,
    otherConfiguration: advertisement.otherConfiguration,
    curHopLimit: advertisement.curHopLimit || undefined,
    reachableTimeMilliseconds: advertisement.reachableTimeMilliseconds || undefined,
    retransTimerMilliseconds: advertisement.retransTimerMilliseconds || undefined,
    mtu: mtu !== undefined && mtu >= LEAST_MTU ? mtu : undefined,
    captivePortal: optionValue(advertisement, 'captivePortal'),
    until: now + (isDefault ? routerLifetimeSeconds * 1000 : BYSTANDER_MS),
  };
  const before = knowledge.find(heard);
  if (before === undefined) return heard;
  return {
    ...heard,
    linkLayerAddress: heard.linkLayerAddress ?? before.linkLayerAddress,
    curHopLimit: heard.curHopLimit ?? before.curHopLimit,
    reachableTimeMilliseconds: heard.reachableTimeMilliseconds ?? before.reachableTimeMilliseconds,
    retransTimerMilliseconds: heard.retransTimerMilliseconds ?? before.retransTimerMilliseconds,
    mtu: heard.mtu ?? before.mtu,
    captivePortal: heard.captivePortal ?? before.captivePortal,
  };
}

function* heardPrefixes(information: PrefixInformation, knowledge: Knowledge, now: number): Generator<Heard> {
  const prefix = withoutHostBits(information.prefix);
  // RFC 4861 6.3.4: "a Prefix Information option with the link-local prefix SHOULD ... be silently ignored"; RFC 4862
  // 5.5.3 b) the same.
  if (prefix.address.isLinkLocal) return;
  const until = endOf(information.validLifetimeSeconds, now);
  // RFC 4861 6.3.4: an end that has come takes an on-link prefix away at once. That L is not set says nothing.
  if (information.onLink) yield { kind: 'onLinkPrefix', prefix, until };
  if (!information.autonomous) return;
  // RFC 4862 5.5.3 c): "If the preferred lifetime is greater than the valid lifetime, silently ignore".
  if (information.preferredLifetimeSeconds > information.validLifetimeSeconds) return;
  // 5.5.3 d): "If the sum of the prefix length and interface identifier length does not equal 128 bits, the Prefix
  // Information option MUST be ignored." Identifiers have 64 bits (RFC 4291 section 2.5.1).
  if (prefix.length !== 64) return;
  const preferredUntil = endOf(information.preferredLifetimeSeconds, now);
  const heard: HeardAddressPrefix = {
    kind: 'addressPrefix',
    prefix,
    dhcpv6PdPreferred: information.dhcpv6PdPreferred,
    preferred: preferredUntil > now,
    preferredUntil,
    until,
  };
  const before = knowledge.find(heard);
  if (before !== undefined) {
    yield { ...heard, until: addressValidUntil(before.until, until, now) };
  } else if (until > now) {
    yield heard;
  }
}

function withoutHostBits(prefix: Ipv6Prefix): Ipv6Prefix {
  return new Ipv6Prefix(prefix.network, prefix.length);
}
