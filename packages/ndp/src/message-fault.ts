import type { Ipv6Address } from '@router7/wire';
import type { Message, NeighborSolicitation, Redirect } from './message.ts';

/** What the packet around a message told. */
export interface PacketFacts {
  readonly hopLimit: number;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  /** Absent when it was checked before, as the kernel does for a raw ICMPv6 socket (RFC 3542 section 3.1). */
  readonly checksumValid?: boolean;
}

/**
 * Why a message must be silently discarded.
 *
 * - `hop-limit`: not 255, so it may have come through a router
 * - `checksum`: does not match
 * - `source`: of a Router Advertisement or Redirect, and not link-local
 * - `source-link-layer-address`: there although the source is the unspecified address
 * - `target`: a multicast address, or in a Redirect neither link-local nor the destination
 * - `destination`: of a Neighbor Solicitation from the unspecified address, and not a solicited-node multicast address; of a
 *   Redirect, and a multicast address
 * - `solicited`: said of a Neighbor Advertisement that went to a multicast address
 */
export type MessageFault =
  | 'hop-limit'
  | 'checksum'
  | 'source'
  | 'source-link-layer-address'
  | 'target'
  | 'destination'
  | 'solicited';

/**
 * Validates a message by RFC 4861 sections 6.1.1, 6.1.2, 7.1.1, 7.1.2 and 8.1, apart from what {@link decodeMessage} has
 * refused already: its code, its length and the lengths of its options. That a Redirect comes from the current first hop
 * only the host can tell.
 *
 * @returns undefined for a message that is valid
 */
export function messageFault(message: Message, packet: PacketFacts): MessageFault | undefined {
  // "The IP Hop Limit field has a value of 255, i.e., the packet could not possibly have been forwarded by a router."
  if (packet.hopLimit !== 255) return 'hop-limit';
  // "ICMP Checksum is valid."
  if (packet.checksumValid === false) return 'checksum';
  switch (message.kind) {
    case 'routerSolicitation':
      return unspecifiedSourceFault(message, packet);
    case 'routerAdvertisement':
      // "Routers must use their link-local address as the source for Router Advertisement and Redirect messages."
      return packet.source.isLinkLocal ? undefined : 'source';
    case 'neighborSolicitation':
      return neighborSolicitationFault(message, packet);
    case 'neighborAdvertisement':
      if (message.targetAddress.isMulticast) return 'target';
      // "If the IP Destination Address is a multicast address the Solicited flag is zero."
      return packet.destination.isMulticast && message.solicited ? 'solicited' : undefined;
    case 'redirect':
      return redirectFault(message, packet);
  }
}

function neighborSolicitationFault(message: NeighborSolicitation, packet: PacketFacts): MessageFault | undefined {
  if (message.targetAddress.isMulticast) return 'target';
  // "If the IP source address is the unspecified address, the IP destination address is a solicited-node multicast address."
  if (packet.source.isUnspecified && !isSolicitedNode(packet.destination)) return 'destination';
  return unspecifiedSourceFault(message, packet);
}

function redirectFault(message: Redirect, packet: PacketFacts): MessageFault | undefined {
  const { targetAddress, destinationAddress } = message;
  if (!packet.source.isLinkLocal) return 'source';
  if (destinationAddress.isMulticast) return 'destination';
  // "The ICMP Target Address is either a link-local address (when redirected to a router) or the same as the ICMP
  // Destination Address (when redirected to the on-link destination)."
  return targetAddress.isLinkLocal || targetAddress.equals(destinationAddress) ? undefined : 'target';
}

/** "If the IP source address is the unspecified address, there is no source link-layer address option in the message." */
function unspecifiedSourceFault({ options }: Message, { source }: PacketFacts): MessageFault | undefined {
  if (!source.isUnspecified) return undefined;
  return options.some(({ kind }) => kind === 'sourceLinkLayerAddress') ? 'source-link-layer-address' : undefined;
}

/** ff02::1:ff00:0/104 (RFC 4291 section 2.7.1). */
function isSolicitedNode(address: Ipv6Address): boolean {
  return address.value >> 24n === 0xff02_0000_0000_0000_0000_0001_ffn;
}
