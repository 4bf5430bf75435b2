import { MessageType } from '../message-type.ts';
import type { Option } from '../option.ts';
import type { Exchange } from './exchange.ts';
import { emptyOption, grantedOption } from './grant.ts';
import { leaseKeyOf } from './lease-key.ts';
import { slotCount } from './lease-values.ts';
import { choosePlace } from './place-choice.ts';
import { sendAnswer } from './reply.ts';
import { grantAll } from './request.ts';
import type { ServerContext } from './server-context.ts';

/** Solicit (RFC 9915 section 18.3.1): what the client would get, or gets at once if it wants that and so do we. */
export function handleSolicit(server: ServerContext, exchange: Exchange, now: number): void {
  const { config, links, reconfigures } = server;
  const { incoming, link, duid } = exchange;
  if (config.rapidCommit && incoming.rapidCommit) {
    grantAll(server, exchange, now, [{ kind: 'rapidCommit', value: true }]);
    return;
  }
  const options: Option[] = [{ kind: 'preference', value: config.preference }];
  if (reconfigures.isAccepted(exchange)) options.push({ kind: 'reconfigureAccept', value: true });
  const held: (() => void)[] = [];
  for (const association of incoming.associations) {
    const key = leaseKeyOf(duid, association.kind, association.iaid);
    const place = choosePlace(server, exchange, association, key, now);
    // What one association is offered is not offered to the next one as well.
    const space = association.kind === 'address' ? link.hosts : links.delegated;
    if (place !== undefined && space.isFree(place.slot, slotCount(place.length))) {
      space.setFree(place.slot, slotCount(place.length), false);
      held.push(() => space.setFree(place.slot, slotCount(place.length), true));
    }
    // Section 18.3.9: "If the server will not assign any addresses to an IA_NA [...], the server MUST include the IA option
    // in the Advertise message with no addresses in that IA and a Status Code option"; likewise NoPrefixAvail.
    options.push(
      place === undefined ? emptyOption(server, exchange, association) : grantedOption(config, association, place, now),
    );
  }
  for (const release of held) release();
  sendAnswer(server, exchange, { type: MessageType.advertise, options, parameters: true, durable: false });
}
