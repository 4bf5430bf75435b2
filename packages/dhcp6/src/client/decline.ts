/** Giving back addresses that somebody else uses (RFC 9915 section 18.2.8), beside whatever else goes on. */
import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { sameIa } from './bindings.ts';
import { declineMessage, type IaWish } from './client-message.ts';
import { enterBound, enterInit, lose } from './entry-actions.ts';
import { MOST_LEASES, type WantedIa } from './ia-answer.ts';
import type { Machine } from './machine.ts';

/** An address is somebody else's: it is not used any longer, and its server is told. */
export function onDuplicate(m: Machine, address: Ipv6Address, now: number): void {
  const binding = m.bindings.find(
    ({ ia, leases }) => ia.kind === 'iaNa' && leases.some(({ prefix }) => prefix.address.equals(address)),
  );
  const lease = binding?.leases.find(({ prefix }) => prefix.address.equals(address));
  if (binding === undefined || lease === undefined) return;
  // "The client MUST NOT use any of the addresses it is declining as the source address in the Decline message": it is
  // lost before the Decline leaves.
  lose(m, 'declined', (other, ia) => ia === binding.ia && other === lease);
  m.hints.forget(binding.ia);
  const { serverIdentifier } = m;
  if (serverIdentifier !== undefined && m.carrier) {
    // One that is under way is told again with this one.
    const wishes = withLease(m.declining?.wishes ?? [], binding.ia, lease.prefix);
    m.declining = { exchange: m.begin('decline', now), serverIdentifier, wishes };
    onDeclineTimeout(m, now);
  }
  // What is missing now is asked for again (RFC 7550 section 4.4), the sooner the fewer failures there were.
  if (m.state.kind === 'bound') enterBound(m, now);
  if (m.bindings.length === 0 && m.state.kind !== 'releasing' && m.state.kind !== 'stopped') enterInit(m, now);
}

/** Adds a lease to those of its IA. */
function withLease(wishes: readonly IaWish[], ia: WantedIa, lease: Ipv6Prefix): readonly IaWish[] {
  const leases = [...(wishes.find((wish) => sameIa(wish.ia, ia))?.leases ?? []), lease].slice(-MOST_LEASES);
  return [...wishes.filter((wish) => !sameIa(wish.ia, ia)), { ia, leases }];
}

/** Sends a Decline that is due, or gives it up: "considers the Decline event completed". */
export function onDeclineTimeout(m: Machine, now: number): void {
  const { declining } = m;
  if (declining === undefined || now < declining.exchange.sendAt) return;
  if (m.hasFailed(declining.exchange, now) || !m.carrier) {
    m.declining = undefined;
    return;
  }
  const { serverIdentifier, wishes } = declining;
  const exchange = m.send(declining.exchange, now, (t) => declineMessage(m.config, t, serverIdentifier, wishes));
  m.declining = { ...declining, exchange };
}
