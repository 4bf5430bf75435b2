import { bytesEqual, type Ipv6Address } from '@router7/wire';
import { MessageType } from '../message-type.ts';
import type { ServerConfig } from './config.ts';
import type { Incoming } from './incoming.ts';
import type { ServerInput } from './input.ts';
import type { Link, Links } from './link.ts';
import type { ServerDiscardReason } from './output.ts';

/** A message, where its client is, and who it is. */
export interface Exchange {
  readonly incoming: Incoming;
  readonly link: Link;
  /** The client's DUID; empty for an Information-request without one. */
  readonly duid: Uint8Array;
  /** Where the datagram came from, and the interface. */
  readonly source: Ipv6Address;
  readonly sourcePort: number;
  readonly interfaceName: string;
}

const NOBODY: Uint8Array = new Uint8Array(0);

/** Messages that a client may send to all servers only when it names one, and those that must name none (section 16). */
const NAMES_SERVER: ReadonlySet<number> = new Set([
  MessageType.request,
  MessageType.renew,
  MessageType.release,
  MessageType.decline,
]);
const NAMES_NO_SERVER: ReadonlySet<number> = new Set([MessageType.solicit, MessageType.confirm, MessageType.rebind]);

/** Finds out where a message's client is and who it is, or why it gets no answer (RFC 9915 sections 16 and 18.3). */
export function openExchange(
  incoming: Incoming,
  datagram: ServerInput & { readonly kind: 'datagram' },
  config: ServerConfig,
  links: Links,
): Exchange | ServerDiscardReason {
  const refusal = refuse(incoming, config);
  if (refusal !== undefined) return refusal;
  const { source, sourcePort, link: interfaceName, unicast } = datagram;
  const isRelayed = incoming.relays.length > 0;
  // RFC 9915 section 16: "Servers SHOULD NOT accept unicast traffic from clients", and UseMulticast is no more.
  if (!isRelayed && unicast) return 'unicast';
  // Section 13.1 knows the link of a direct message whose source "is a link-local address". Others could have the answer
  // sent to anyone.
  if (!isRelayed && !source.isLinkLocal) return 'not-link-local';
  if (isRelayed && !source.isLinkLocal && links.containing(source) === undefined) return 'no-link';
  const link = isRelayed ? relayedLink(incoming, links, interfaceName) : links.byName(interfaceName);
  if (link === undefined) return 'no-link';
  const duid = incoming.clientIdentifier ?? NOBODY;
  return { incoming, link, duid, source, sourcePort, interfaceName };
}

function refuse({ message, clientIdentifier, serverIdentifier, associations }: Incoming, config: ServerConfig) {
  const { messageType } = message;
  const isInformationRequest = messageType === MessageType.informationRequest;
  const namesServer = NAMES_SERVER.has(messageType);
  if (!isInformationRequest && !namesServer && !NAMES_NO_SERVER.has(messageType)) return 'unexpected-type';
  // Sections 16.2 and 16.4 to 16.9: "Servers MUST discard any Solicit messages that do not include a Client Identifier
  // option", and so on; an Information-request may do without.
  if (clientIdentifier === undefined && !isInformationRequest) return 'not-valid';
  // The same sections: those that name a server must name this one, the others must name none.
  if (namesServer && serverIdentifier === undefined) return 'not-valid';
  if (NAMES_NO_SERVER.has(messageType) && serverIdentifier !== undefined) return 'not-valid';
  if (serverIdentifier !== undefined && !bytesEqual(serverIdentifier, config.duid)) return 'other-server';
  // Section 16.12: an Information-request with an IA option is discarded.
  return isInformationRequest && associations.length > 0 ? 'not-valid' : undefined;
}

/**
 * The link of a relayed client (section 13.1): that of the link-address nearest to it which is not `::`, or of the
 * interface when the agents leave the address to an Interface-Id.
 */
function relayedLink({ relays }: Incoming, links: Links, interfaceName: string): Link | undefined {
  for (let at = relays.length - 1; at >= 0; at--) {
    const address = relays[at]?.linkAddress;
    if (address === undefined || address.isUnspecified) continue;
    return links.containing(address);
  }
  return links.byName(interfaceName);
}
