import type { Ipv6Address } from '@router7/wire';

/** What happens to a host, for `HostEngine.handle`. */
export type HostInput =
  /** The clock has reached `deadline()`. Early and repeated ones do nothing. */
  | { readonly kind: 'timeout' }
  /** The link has gained or lost its carrier. The host starts to ask when it first hears `up: true`. */
  | { readonly kind: 'carrier'; readonly up: boolean }
  /** The interface has this link-local address, or none (any more): where solicitations come from. */
  | { readonly kind: 'address'; readonly linkLocal: Ipv6Address | undefined }
  /** Ask now, as when what is known is in doubt. */
  | { readonly kind: 'solicit' }
  /** Other routers may be on the link from now on: see `HostConfig.expectedRouters`. */
  | { readonly kind: 'expect'; readonly routers: readonly Ipv6Address[] | undefined }
  /** A Neighbor Discovery message has come in by the interface. */
  | {
      readonly kind: 'packet';
      /** From the ICMPv6 type on; the checksum has been verified. */
      readonly payload: Uint8Array;
      readonly source: Ipv6Address;
      readonly destination: Ipv6Address;
      /** Of the IPv6 header. */
      readonly hopLimit: number;
    };
