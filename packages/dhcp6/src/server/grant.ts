import { bytesEqual, type Ipv6Address, type Ipv6Prefix } from '@router7/wire';
import type { Option } from '../option.ts';
import { StatusCode } from '../status-code.ts';
import type { LifetimePrefix, ServerConfig } from './config.ts';
import type { Exchange } from './exchange.ts';
import type { Association } from './incoming.ts';
import type { Lease } from './lease-table.ts';
import { addressIn, prefixIn } from './lease-values.ts';
import type { Place } from './place-choice.ts';
import { statusOption } from './reply.ts';
import type { ServerContext } from './server-context.ts';

/** "Recommended values for T1 and T2 are 0.5 and 0.8 times the shortest preferred lifetime" (RFC 9915 section 21.4). */
const T1_SHARE = 0.5;
const T2_SHARE = 0.8;
const NONE: readonly Option[] = [];

/** An IA option that only says how it went. */
export function refusedOption({ kind, iaid }: Association, status: number, message: string): Option {
  const value = { iaid, t1Seconds: 0, t2Seconds: 0, options: [statusOption(status, message)] };
  return kind === 'address' ? { kind: 'iaNa', value } : { kind: 'iaPd', value };
}

/** An IA option for which there is nothing (sections 18.3.2 and 18.3.9). */
export function emptyOption(server: ServerContext, exchange: Exchange, association: Association): Option {
  const { kind } = association;
  server.outbox.push({ kind: 'refused', what: kind, link: exchange.link.config.name, duid: exchange.duid.slice() });
  return kind === 'address'
    ? refusedOption(association, StatusCode.noAddrsAvail, 'no addresses')
    : refusedOption(association, StatusCode.noPrefixAvail, 'no prefixes');
}

/**
 * An IA option with what is granted.
 *
 * @param stale what the client has, or may have, and must not use any more: it comes with lifetimes of 0 (RFC 9096 L-13)
 */
export function grantedOption(
  config: ServerConfig,
  { kind, iaid }: Association,
  { slot, length, prefixes }: Place,
  now: number,
  stale: readonly Option[] = NONE,
): Option {
  const options: Option[] = [];
  for (const each of prefixes) {
    const { preferred, valid } = lifetimes(config, each, now);
    options.push(
      kind === 'address'
        ? addressOption(addressIn(each.prefix, slot), preferred, valid)
        : prefixOption(prefixIn(each.prefix, slot, length), preferred, valid),
    );
  }
  for (const option of stale) options.push(option);
  const value = { iaid, ...renewalTimes(config, prefixes, now), options };
  return kind === 'address' ? { kind: 'iaNa', value } : { kind: 'iaPd', value };
}

/** T1 and T2 of an association with these prefixes. */
export function renewalTimes(
  config: ServerConfig,
  prefixes: readonly LifetimePrefix[],
  now: number,
): { readonly t1Seconds: number; readonly t2Seconds: number } {
  let shortest = Infinity;
  for (const each of prefixes) {
    const { preferred } = lifetimes(config, each, now);
    if (preferred > 0) shortest = Math.min(shortest, preferred);
  }
  // All deprecated: soon there is to be another prefix, or none.
  if (shortest === Infinity) shortest = Math.min(...prefixes.map((each) => lifetimes(config, each, now).valid));
  return { t1Seconds: Math.floor(shortest * T1_SHARE), t2Seconds: Math.floor(shortest * T2_SHARE) };
}

/**
 * What a client is told of a prefix: at most the settings' lifetimes, and never more than what is left. RFC 9096 L-15: "CE
 * routers MUST NOT [...] assign addresses or delegate prefixes via DHCPv6 on the LAN side using lifetimes that exceed the
 * remaining lifetimes of the corresponding prefixes learned on the WAN side".
 */
export function lifetimes(
  { preferredLifetimeSeconds, validLifetimeSeconds }: ServerConfig,
  { preferredUntil, validUntil }: LifetimePrefix,
  now: number,
): { readonly preferred: number; readonly valid: number } {
  const valid = Math.min(validLifetimeSeconds, Math.floor((validUntil - now) / 1000));
  const preferred = Math.min(preferredLifetimeSeconds, Math.max(Math.floor((preferredUntil - now) / 1000), 0));
  return { preferred: Math.min(preferred, valid), valid };
}

/** Writes down what an association has from now on, and tells it. */
export function bind(
  server: ServerContext,
  exchange: Exchange,
  { kind, iaid }: Association,
  key: string,
  { slot, length, prefixes }: Place,
  now: number,
): Lease {
  const { leases, outbox, config } = server;
  const { link, source, duid } = exchange;
  const before = leases.of(key);
  const isRenewal =
    before?.state === 'bound' && before.slot === slot && before.length === length && leases.isLive(before);
  // What it had elsewhere is over, and whoever has a route to it has to know.
  if (before?.state === 'bound' && !isRenewal && leases.isLive(before)) {
    outbox.push({ kind: 'lease', what: 'released', lease: ended(before, now) });
  }
  let valid = 0;
  for (const prefix of prefixes) valid = Math.max(valid, lifetimes(config, prefix, now).valid);
  const lease: Lease = {
    kind,
    link: link.config.name,
    slot,
    length,
    state: 'bound',
    // The lease outlives the datagram, and much of it is as it was before: what is kept longest costs the most.
    key: before?.key ?? key,
    duid: before !== undefined && bytesEqual(before.duid, duid) ? before.duid : duid.slice(),
    iaid,
    given: sameNetworks(before, prefixes) ? (before as Lease).given : prefixes.map(({ prefix }) => prefix),
    peer: before?.peer.equals(source) === true ? before.peer : source,
    reconfigureKey: server.reconfigures.keyFor(exchange, before),
    expiresAt: now + valid * 1000,
    lastReplyAt: now,
  };
  leases.store(lease);
  if (isRenewal) {
    const timesOnly = lease.link === before.link && lease.given === before.given && lease.peer === before.peer;
    outbox.push({ kind: 'lease', what: 'renewed', lease, timesOnly });
    return lease;
  }
  outbox.push({ kind: 'lease', what: 'bound', lease });
  const most = config.leasesPerNeighbour;
  for (let each = leases.takeSurplus(lease, most); each !== undefined; each = leases.takeSurplus(lease, most)) {
    if (leases.isLive(each)) outbox.push({ kind: 'lease', what: 'displaced', lease: ended(each, now) });
  }
  return lease;
}

function sameNetworks(before: Lease | undefined, prefixes: readonly LifetimePrefix[]): boolean {
  if (before?.given.length !== prefixes.length) return false;
  return prefixes.every(({ prefix }, at) => before.given[at]?.equals(prefix) === true);
}

/** A lease as it is once its client has given it back. */
export function ended(lease: Lease, now: number): Lease {
  return { ...lease, state: 'released', expiresAt: now };
}

/** What a client shows or was given, and is not among what it has now: with lifetimes of 0. */
export function staleOptions(
  { kind, addresses, prefixes: shown }: Association,
  before: Lease | undefined,
  place: Place | undefined,
): Option[] {
  const options: Option[] = [];
  // Nearly always everything is as it was.
  if (place !== undefined && before?.slot === place.slot && before.length === place.length) {
    if (sameNetworks(before, place.prefixes) && isAmong(addresses, shown, before)) return options;
  }
  const has = new Set<string>();
  const add = (value: Ipv6Address | Ipv6Prefix): void => {
    const text = String(value);
    if (has.has(text)) return;
    has.add(text);
    options.push('length' in value ? prefixOption(value, 0, 0) : addressOption(value, 0, 0));
  };
  const values = (slot: number, length: number, networks: readonly Ipv6Prefix[]): (Ipv6Address | Ipv6Prefix)[] =>
    networks.map((network) => (kind === 'address' ? addressIn(network, slot) : prefixIn(network, slot, length)));
  if (place !== undefined) {
    const networks = place.prefixes.map(({ prefix }) => prefix);
    for (const value of values(place.slot, place.length, networks)) has.add(String(value));
  }
  for (const address of addresses) add(address);
  for (const prefix of shown) if (!prefix.address.isUnspecified) add(prefix);
  if (before !== undefined) for (const value of values(before.slot, before.length, before.given)) add(value);
  return options;
}

/** Whether a client shows nothing but what its lease has. */
function isAmong(addresses: readonly Ipv6Address[], prefixes: readonly Ipv6Prefix[], lease: Lease): boolean {
  const { given, slot, length } = lease;
  for (const address of addresses) {
    if (!given.some((network) => addressIn(network, slot).equals(address))) return false;
  }
  for (const prefix of prefixes) {
    if (prefix.address.isUnspecified) continue;
    if (!given.some((network) => prefixIn(network, slot, length).equals(prefix))) return false;
  }
  return true;
}

function addressOption(address: Ipv6Address, preferred: number, valid: number): Option {
  const value = { address, preferredLifetimeSeconds: preferred, validLifetimeSeconds: valid, options: NONE };
  return { kind: 'iaAddress', value };
}

function prefixOption(prefix: Ipv6Prefix, preferred: number, valid: number): Option {
  const value = { prefix, preferredLifetimeSeconds: preferred, validLifetimeSeconds: valid, options: NONE };
  return { kind: 'iaPrefix', value };
}
