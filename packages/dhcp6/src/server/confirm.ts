import { MessageType } from '../message-type.ts';
import { StatusCode } from '../status-code.ts';
import type { Exchange } from './exchange.ts';
import { sendAnswer, statusOption } from './reply.ts';
import type { ServerContext } from './server-context.ts';

/**
 * Confirm (RFC 9915 section 18.3.3): whether a client that has come back is still on the link that its addresses are for.
 *
 * "If the server is unable to perform this test (for example, the server does not have information about prefixes on the
 * link to which the client is connected) or there were no addresses in any of the IAs sent by the client, the server MUST
 * NOT send a Reply to the client."
 */
export function handleConfirm(server: ServerContext, exchange: Exchange): void {
  const { incoming, link } = exchange;
  const addresses = incoming.associations.flatMap((association) => association.addresses);
  if (addresses.length === 0 || link.config.prefixes.length === 0) {
    server.outbox.discard('cannot-tell');
    return;
  }
  const isOnLink = addresses.every((address) => link.contains(address));
  const status = isOnLink
    ? statusOption(StatusCode.success, 'all on this link')
    : statusOption(StatusCode.notOnLink, 'not on this link');
  sendAnswer(server, exchange, { type: MessageType.reply, options: [status], parameters: false, durable: false });
}
