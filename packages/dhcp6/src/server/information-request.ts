import { MessageType } from '../message-type.ts';
import type { Exchange } from './exchange.ts';
import { sendAnswer } from './reply.ts';
import type { ServerContext } from './server-context.ts';

/** Information-request (RFC 9915 section 18.3.6): the parameters that the client asks for, and nothing is kept. */
export function handleInformationRequest(server: ServerContext, exchange: Exchange): void {
  server.reconfigures.answered(exchange);
  sendAnswer(server, exchange, { type: MessageType.reply, options: [], parameters: true, durable: false });
}
