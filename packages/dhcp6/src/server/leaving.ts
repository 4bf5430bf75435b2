import { Ipv6Address } from '@router7/wire';
import { MessageType } from '../message-type.ts';
import type { Option } from '../option.ts';
import { StatusCode } from '../status-code.ts';
import type { Exchange } from './exchange.ts';
import { ended, refusedOption } from './grant.ts';
import type { Association } from './incoming.ts';
import { leaseKeyOf, quarantineKey } from './lease-key.ts';
import type { Lease } from './lease-table.ts';
import { leasedAddresses, leasedPrefixes } from './lease-values.ts';
import { sendAnswer, statusOption } from './reply.ts';
import type { ServerContext } from './server-context.ts';

const NOBODY: Uint8Array = new Uint8Array(0);

/** Release (RFC 9915 section 18.3.7): what the client shows and has is nobody's any more, and remembered for its return. */
export function handleRelease(server: ServerContext, exchange: Exchange, now: number): void {
  leave(server, exchange, (lease) => {
    const released = ended(lease, now);
    server.leases.store(released);
    server.outbox.push({ kind: 'lease', what: 'released', lease: released });
  });
}

/**
 * Decline (section 18.3.8): the client has found that somebody else uses its address. "the server SHOULD mark the addresses
 * declined by the client so that those addresses are not assigned to other clients".
 */
export function handleDecline(server: ServerContext, exchange: Exchange, now: number): void {
  leave(server, exchange, (lease) => {
    const { leases, outbox, config } = server;
    // Nobody else can use a part of what was delegated.
    if (lease.kind === 'prefix') return;
    leases.forget(lease);
    const declined: Lease = {
      ...lease,
      state: 'declined',
      key: quarantineKey(lease.link, lease.slot),
      duid: NOBODY,
      iaid: 0,
      peer: Ipv6Address.unspecified,
      reconfigureKey: undefined,
      expiresAt: now + config.declineHoldMs,
    };
    leases.store(declined);
    outbox.push({ kind: 'lease', what: 'declined', lease: { ...declined, duid: lease.duid } });
  });
}

/**
 * What both have in common: of associations that the server does not know it says so, by "an IA option using the IAID [...] and
 * includes a Status Code option with the value NoBinding in the IA option"; of the whole it says Success.
 */
function leave(server: ServerContext, exchange: Exchange, end: (lease: Lease) => void): void {
  const { leases } = server;
  const { incoming, duid } = exchange;
  const options: Option[] = [statusOption(StatusCode.success, 'done')];
  server.reconfigures.answered(exchange);
  for (const association of incoming.associations) {
    const lease = leases.of(leaseKeyOf(duid, association.kind, association.iaid));
    if (lease === undefined || lease.state !== 'bound' || !leases.isLive(lease)) {
      options.push(refusedOption(association, StatusCode.noBinding, 'unknown'));
      continue;
    }
    // "If the IAs in the message are in a binding for the client and the addresses in the IAs have been assigned by the
    // server to those IAs"; others are ignored.
    if (!shows(association, lease)) continue;
    end(lease);
  }
  // Also when it has nothing any more: the answer to its first message may not have left, for want of the disk.
  sendAnswer(server, exchange, { type: MessageType.reply, options, parameters: false, durable: true });
}

function shows({ addresses, prefixes }: Association, lease: Lease): boolean {
  return lease.kind === 'address'
    ? leasedAddresses(lease).some((own) => addresses.some((address) => address.equals(own)))
    : leasedPrefixes(lease).some((own) => prefixes.some((prefix) => prefix.equals(own)));
}
