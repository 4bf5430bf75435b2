import { MessageType } from '../message-type.ts';
import type { Option } from '../option.ts';
import type { Exchange } from './exchange.ts';
import { emptyOption, grantedOption } from './grant.ts';
import { leaseKey } from './lease-key.ts';
import { choosePlace } from './place-choice.ts';
import { sendAnswer } from './reply.ts';
import { grantAll } from './request.ts';
import type { ServerContext } from './server-context.ts';

/** Solicit (RFC 9915 section 18.3.1): what the client would get, or gets at once if it wants that and so do we. */
export function handleSolicit(server: ServerContext, exchange: Exchange, now: number): void {
  const { config, reconfigures } = server;
  const { incoming, client } = exchange;
  if (config.rapidCommit && incoming.rapidCommit) {
    grantAll(server, exchange, now, [{ kind: 'rapidCommit', value: true }]);
    return;
  }
  const options: Option[] = [{ kind: 'preference', value: config.preference }];
  if (reconfigures.isAccepted(exchange)) options.push({ kind: 'reconfigureAccept', value: true });
  for (const association of incoming.associations) {
    const key = leaseKey(client, association.kind, association.iaid);
    const place = choosePlace(server, exchange, association, key, now);
    // Section 18.3.9: "If the server will not assign any addresses to an IA_NA [...], the server MUST include the IA option
    // with a Status Code option with the value NoAddrsAvail"; likewise NoPrefixAvail.
    options.push(
      place === undefined ? emptyOption(server, exchange, association) : grantedOption(config, association, place, now),
    );
  }
  sendAnswer(server, exchange, { type: MessageType.advertise, options, parameters: true, durable: false });
}
