import type { DecodeErrorCode, Ipv6Address } from '@router7/wire';
import type { MessageFault } from '../message-fault.ts';
import type { RememberedOption } from './held-options.ts';
import type { LastingOption } from './lasting-option.ts';

/** What a router engine wants done, or tells, from `RouterEngine.poll`. */
export type RouterOutput = RouterSend | RouterRecord | RouterEvent;

/** Send an advertisement, with hop limit 255. */
export interface RouterSend {
  readonly kind: 'send';
  /** The ICMPv6 message with a checksum of 0. */
  readonly payload: Uint8Array;
  readonly source: Ipv6Address;
  /** All nodes (ff02::1), or the host that has asked. */
  readonly destination: Ipv6Address;
}

/**
 * Keep this in place of what was kept before, ahead of the advertisements that follow: a process that starts after a power
 * cut has to know what hosts were told (RFC 9096 section 3.5).
 */
export interface RouterRecord {
  readonly kind: 'record';
  readonly options: readonly RememberedOption[];
}

/** Why a message was dropped: what is wrong with its octets, or what is wrong with it otherwise. */
export type RouterDiscardReason =
  | DecodeErrorCode
  | MessageFault
  /** Neither a solicitation nor an advertisement. */
  | 'unexpected-type';

/** Something has happened. */
export type RouterEvent =
  /** Hosts are told from now on that this is over. */
  | { readonly kind: 'withdrawn'; readonly option: LastingOption }
  /** Another router says otherwise (RFC 4861 section 6.2.7); told once for as long as it says the same. */
  | { readonly kind: 'inconsistent'; readonly router: Ipv6Address; readonly variables: readonly string[] }
  /** A message was dropped. */
  | { readonly kind: 'discarded'; readonly reason: RouterDiscardReason }
  /** The final advertisement was handed out and the engine has ended. */
  | { readonly kind: 'ceased' };
