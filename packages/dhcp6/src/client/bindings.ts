/** The leases that the client holds, by IA. Everything here is a plain value: a change makes a new one. */
import { Ipv6Address, type Ipv6Prefix } from '@router7/wire';
import type { ClientConfig } from './config.ts';
import { type IaAnswer, MOST_LEASES, type WantedIa } from './ia-answer.ts';
import type { ClientLease } from './lease.ts';
import { iaTimes } from './lease-times.ts';

/** A lease in use. Times are monotonic milliseconds. */
export interface HeldLease {
  /** Without host bits; an address has length 128. */
  readonly prefix: Ipv6Prefix;
  readonly excluded: Ipv6Prefix | undefined;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** An IA with at least one lease. */
export interface Binding {
  readonly ia: WantedIa;
  readonly renewAt: number;
  readonly rebindAt: number;
  readonly leases: readonly HeldLease[];
}

/** What became of an IA. */
export interface BindingChange {
  /** Undefined when nothing is left. */
  readonly binding: Binding | undefined;
  /** What was held and is no more. */
  readonly lost: readonly ClientLease[];
}

/** The IAs that a configuration asks for, prefixes first: they are what a router is for. */
export function wantedIas(config: ClientConfig): readonly WantedIa[] {
  return [
    ...config.delegations.map(({ iaid }) => ({ kind: 'iaPd', iaid }) as const),
    ...config.addresses.map(({ iaid }) => ({ kind: 'iaNa', iaid }) as const),
  ];
}

/** Whether two are of the same IA. */
export function sameIa(a: WantedIa, b: WantedIa): boolean {
  return a.kind === b.kind && a.iaid === b.iaid;
}

/**
 * The binding after an answer (section 18.2.10.1): "Add any new leases in the IA option to the IA as recorded by the
 * client. Update lifetimes for any leases in the IA option that the client already has recorded in the IA. Discard any
 * leases from the IA, as recorded by the client, that have a valid lifetime of 0 [...]. Leave unchanged any information
 * about leases the client has recorded in the IA but that were not included in the IA from the server."
 *
 * @param replaces the leases are new ones by another server's book, or by a book that had forgotten: what they do not
 *   contain is nobody's any more
 */
export function changeOf(held: Binding | undefined, answer: IaAnswer, replaces: boolean, now: number): BindingChange {
  const granted = answer.leases.map(({ prefix, excluded, preferredSeconds, validSeconds }) => ({
    prefix,
    excluded,
    preferredUntil: now + 1000 * preferredSeconds,
    validUntil: now + 1000 * validSeconds,
  }));
  const isGranted = (prefix: Ipv6Prefix): boolean => granted.some((lease) => lease.prefix.equals(prefix));
  const before = held?.leases ?? [];
  const given = granted.length > 0;
  const moved = given && !granted.every(({ prefix }) => before.some((lease) => lease.prefix.equals(prefix)));
  const kept: HeldLease[] = [];
  const lost: HeldLease[] = [];
  for (const lease of before) {
    if (isGranted(lease.prefix)) continue;
    const gone = answer.withdrawn.some((prefix) => prefix.equals(lease.prefix)) || (replaces && given);
    if (gone) lost.push(lease);
    else kept.push(moved ? { ...lease, preferredUntil: Math.min(lease.preferredUntil, now) } : lease);
  }
  // A server that gives others each time fills neither the memory nor the next Renew: those granted first go.
  lost.push(...kept.splice(Math.max(MOST_LEASES - granted.length, 0)));
  const leases = [...granted, ...kept];
  const times = given ? iaTimes(answer.t1Seconds, answer.t2Seconds, answer.leases) : undefined;
  const renewAt = times === undefined ? (held?.renewAt ?? now) : now + 1000 * times.renewalSeconds;
  const rebindAt = times === undefined ? (held?.rebindAt ?? now) : now + 1000 * times.rebindingSeconds;
  return {
    binding: leases.length === 0 ? undefined : { ia: answer.ia, renewAt, rebindAt, leases },
    lost: held === undefined ? [] : lost.map((lease) => clientLease(held, lease)),
  };
}

/** Takes leases out of all bindings. */
export function without(
  bindings: readonly Binding[],
  isGone: (lease: HeldLease, ia: WantedIa) => boolean,
): { readonly bindings: readonly Binding[]; readonly lost: readonly ClientLease[] } {
  const left: Binding[] = [];
  const lost: ClientLease[] = [];
  for (const binding of bindings) {
    const leases = binding.leases.filter((lease) => !isGone(lease, binding.ia));
    for (const lease of binding.leases) if (!leases.includes(lease)) lost.push(clientLease(binding, lease));
    if (leases.length > 0) left.push(leases.length === binding.leases.length ? binding : { ...binding, leases });
  }
  return { bindings: left, lost };
}

/** When the first of the leases ends; Infinity when none does. */
export function firstEnd(bindings: readonly Binding[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { leases } of bindings) for (const { validUntil } of leases) first = Math.min(first, validUntil);
  return first;
}

/** When the last of the leases ends; -Infinity when there is none. */
export function lastEnd(bindings: readonly Binding[]): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { leases } of bindings) for (const { validUntil } of leases) last = Math.max(last, validUntil);
  return last;
}

/** All leases as they are told to the outside. */
export function clientLeases(bindings: readonly Binding[]): readonly ClientLease[] {
  return bindings.flatMap((binding) => binding.leases.map((lease) => clientLease(binding, lease)));
}

function clientLease({ ia, renewAt, rebindAt }: Binding, lease: HeldLease): ClientLease {
  const { prefix, excluded, preferredUntil, validUntil } = lease;
  const times = { iaid: ia.iaid, renewAt, rebindAt, preferredUntil, validUntil };
  return ia.kind === 'iaPd'
    ? { kind: 'prefix', prefix, excluded, ...times }
    : { kind: 'address', address: new Ipv6Address(prefix.address.value), ...times };
}
