import type { Ipv6Address } from '@router7/wire';
import type { RouterConfig } from './config.ts';

/** What a router engine is told. */
export type RouterInput =
  /** The deadline has come. */
  | { readonly kind: 'timeout' }
  /** A Neighbor Discovery message has come in by the interface. */
  | {
      readonly kind: 'packet';
      /** From the ICMPv6 type on; the checksum has been verified. */
      readonly payload: Uint8Array;
      readonly source: Ipv6Address;
      readonly destination: Ipv6Address;
      /** Of the IPv6 header. */
      readonly hopLimit: number;
    }
  /** Something else may be to advertise: at once if it differs, and what is gone is taken back. */
  | { readonly kind: 'configure'; readonly config: RouterConfig }
  /** An advertisement now, as soon as one may be sent: the link has a carrier anew, or somebody wants it. */
  | { readonly kind: 'announce' }
  /** The interface is not to advertise any more: a final advertisement follows, and `ceased`. */
  | { readonly kind: 'cease' };
