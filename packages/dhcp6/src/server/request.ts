import { MessageType } from '../message-type.ts';
import type { Option } from '../option.ts';
import { StatusCode } from '../status-code.ts';
import type { Exchange } from './exchange.ts';
import { bind, emptyOption, grantedOption, refusedOption } from './grant.ts';
import { leaseKeyOf } from './lease-key.ts';
import type { Lease } from './lease-table.ts';
import { choosePlace } from './place-choice.ts';
import { sendAnswer } from './reply.ts';
import type { ServerContext } from './server-context.ts';

/** Request (RFC 9915 section 18.3.2). */
export function handleRequest(server: ServerContext, exchange: Exchange, now: number): void {
  grantAll(server, exchange, now, []);
}

/** Binds all associations of a message, as a Request and a Solicit with Rapid Commit want it. @param options to go along */
export function grantAll(server: ServerContext, exchange: Exchange, now: number, options: Option[]): void {
  const { config, reconfigures } = server;
  const { incoming, link, duid } = exchange;
  let lease: Lease | undefined;
  for (const association of incoming.associations) {
    // "If any of the prefixes of the included addresses are not appropriate for the link to which the client is connected,
    // the server MUST return the IA to the client with a Status Code option [...] with the value NotOnLink." A Solicit's addresses are only wishes.
    const isRequest = incoming.message.messageType === MessageType.request;
    if (isRequest && association.addresses.some((address) => !link.contains(address))) {
      options.push(refusedOption(association, StatusCode.notOnLink, 'not on this link'));
      continue;
    }
    const key = leaseKeyOf(duid, association.kind, association.iaid);
    const place = choosePlace(server, exchange, association, key, now);
    if (place === undefined) {
      options.push(emptyOption(server, exchange, association));
      continue;
    }
    lease = bind(server, exchange, association, key, place, now);
    options.push(grantedOption(config, association, place, now));
  }
  for (const option of reconfigures.keyOptions(exchange, lease)) options.push(option);
  sendAnswer(server, exchange, {
    type: MessageType.reply,
    options,
    parameters: true,
    durable: lease !== undefined,
  });
}
