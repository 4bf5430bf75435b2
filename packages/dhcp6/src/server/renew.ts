import { MessageType } from '../message-type.ts';
import type { Option } from '../option.ts';
import { StatusCode } from '../status-code.ts';
import type { Exchange } from './exchange.ts';
import { bind, emptyOption, ended, grantedOption, refusedOption, staleOptions } from './grant.ts';
import { leaseKeyOf } from './lease-key.ts';
import { choosePlace } from './place-choice.ts';
import { sendAnswer } from './reply.ts';
import type { ServerContext } from './server-context.ts';

/**
 * Renew and Rebind (RFC 9915 sections 18.3.4 and 18.3.5). What the client has goes on; of a prefix that is not ours any more
 * it is told so: "the server returns the delegated prefix to the client with lifetimes of 0" (RFC 9096 L-13 wants the same).
 *
 * A client that the server does not know gets a lease: sections 18.3.4 and 18.3.5 leave that to the server, and as there is
 * no other one in the home that has the client's binding, it keeps everyone on its address after a loss of the table.
 */
export function handleRenew(server: ServerContext, exchange: Exchange, now: number): void {
  const { config, leases, outbox, reconfigures } = server;
  const { incoming, duid } = exchange;
  reconfigures.answered(exchange);
  const options: Option[] = [];
  const isRebind = incoming.message.messageType === MessageType.rebind;
  let durable = false;
  for (const association of incoming.associations) {
    const key = leaseKeyOf(duid, association.kind, association.iaid);
    const before = leases.of(key);
    // Section 18.3.5: "the server SHOULD only create new bindings during processing of a Rebind message if the server is
    // configured to respond with a Reply message to a Solicit message containing the Rapid Commit option."
    const isForeign = before === undefined && isRebind && !config.rapidCommit;
    const place = isForeign ? undefined : choosePlace(server, exchange, association, key, now);
    const stale = isForeign ? [] : staleOptions(association, before, place);
    if (place !== undefined) {
      bind(server, exchange, association, key, place, now);
      options.push(grantedOption(config, association, place, now, stale));
      durable = true;
      continue;
    }
    if (before?.state === 'bound' && leases.isLive(before)) {
      const released = ended(before, now);
      leases.store(released);
      outbox.push({ kind: 'lease', what: 'released', lease: released });
      durable = true;
    }
    if (stale.length === 0) {
      // A server that creates bindings says NoAddrsAvail or NoPrefixAvail when it has none to give, one that does not
      // says NoBinding (section 18.3.4).
      options.push(
        isForeign
          ? refusedOption(association, StatusCode.noBinding, 'unknown')
          : emptyOption(server, exchange, association),
      );
      continue;
    }
    const value = { iaid: association.iaid, t1Seconds: 0, t2Seconds: 0, options: stale };
    options.push(association.kind === 'address' ? { kind: 'iaNa', value } : { kind: 'iaPd', value });
  }
  sendAnswer(server, exchange, { type: MessageType.reply, options, parameters: true, durable });
}
