import type { DecodeErrorCode, Ipv6Address } from '@router7/wire';
import type { RouterAdvertisement } from '../message.ts';
import type { MessageFault } from '../message-fault.ts';
import type { Heard, HeardKind, HeardRouter } from './heard.ts';

/** What a host wants done, or tells, from `HostEngine.poll`. */
export type HostOutput = HostSend | HostEvent;

/** Send a Router Solicitation, with hop limit 255. */
export interface HostSend {
  readonly kind: 'send';
  /** The ICMPv6 message with a checksum of 0. */
  readonly payload: Uint8Array;
  /** The unspecified address while there is no other. */
  readonly source: Ipv6Address;
  /** All routers (ff02::2). */
  readonly destination: Ipv6Address;
}

/** Why a message was dropped: what is wrong with its octets, or what is wrong with it otherwise. */
export type HostDiscardReason =
  | DecodeErrorCode
  | MessageFault
  /** Not an advertisement. */
  | 'unexpected-type';

/** Something has happened. */
export type HostEvent =
  /** Something was heard for the first time, is otherwise than before, or is over. Later ends alone are not told. */
  | { readonly kind: 'learned' | 'changed' | 'lost'; readonly heard: Heard }
  /** Whether any router has addresses (M) or other configuration (O) to be had by DHCPv6; told when it changes. */
  | {
      readonly kind: 'flags';
      readonly managedAddressConfiguration: boolean;
      readonly otherConfiguration: boolean;
    }
  /** An advertisement of a router that is not expected on the link. */
  | {
      readonly kind: 'rogue';
      readonly router: HeardRouter;
      readonly advertisement: RouterAdvertisement;
      /** Whether the router is heard for the first time, or says something else than before. */
      readonly isNews: boolean;
    }
  /** There is no place for another of this kind; told once a minute at most. */
  | { readonly kind: 'overflow'; readonly of: HeardKind }
  /** A message was dropped. */
  | { readonly kind: 'discarded'; readonly reason: HostDiscardReason };
