import type { Exchange } from './exchange.ts';
import { ended } from './grant.ts';
import { isOurs } from './request.ts';
import type { ServerContext } from './server-context.ts';

/**
 * DHCPRELEASE (RFC 2131 4.3.4): "the server marks the network address as not allocated. The server SHOULD retain a record
 * of the client's initialization parameters for possible reuse in response to subsequent requests from the client."
 *
 * Nothing is sent back. A static lease stays in force: it is not the client's to end.
 */
export function handleRelease(server: ServerContext, exchange: Exchange, now: number): void {
  const { leases, outbox } = server;
  const { incoming, client } = exchange;
  if (incoming.serverIdentifier !== undefined && !isOurs(server, exchange, incoming.serverIdentifier)) {
    outbox.discard('other-server');
    return;
  }
  const lease = leases.at(incoming.message.ciaddr);
  if (lease === undefined || lease.state !== 'bound' || !leases.isLive(lease) || !leases.owns(client, lease)) {
    outbox.discard('not-leased-here');
    return;
  }
  leases.withdrawFrom(client.key);
  if (lease.expiresAt === Infinity) return;
  const released = ended(lease, now);
  leases.store(released);
  outbox.push({ kind: 'lease', what: 'released', lease: released });
}
