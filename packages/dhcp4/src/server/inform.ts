import { clientAddress, type Exchange } from './exchange.ts';
import { sendParameters } from './reply.ts';
import type { ServerContext } from './server-context.ts';

/**
 * DHCPINFORM (RFC 2131 4.3.5): parameters for a client that has an address from elsewhere. "The servers SHOULD check the
 * network address in a DHCPINFORM message for consistency, but MUST NOT check for an existing lease."
 */
export function handleInform(server: ServerContext, exchange: Exchange): void {
  const { outbox } = server;
  const address = clientAddress(exchange.incoming);
  // The reply goes there: only to hosts of the subnets that are served.
  if (server.subnets.containing(address) === undefined) outbox.discard('no-subnet');
  else sendParameters(outbox, exchange);
}
