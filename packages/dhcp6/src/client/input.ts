import type { Ipv6Address } from '@router7/wire';

/** What happens to a DHCPv6 client, for `ClientEngine.handle`. */
export type ClientInput =
  /** The clock has reached `deadline()`. Early and repeated ones do nothing. */
  | { readonly kind: 'timeout' }
  /**
   * The link can be used or not: it has a carrier, and a link-local address that is known to be nobody else's. The client
   * starts working when it first hears `up: true`.
   */
  | { readonly kind: 'carrier'; readonly up: boolean }
  /** A UDP datagram to the client's port 546 has come in on the interface. */
  | {
      readonly kind: 'datagram';
      readonly payload: Uint8Array;
      readonly source: Ipv6Address;
      /** Servers may answer from any port; nothing is made of it. */
      readonly sourcePort: number;
      /** The own address that it was sent to, where that is known: a Reconfigure has to be unicast. */
      readonly destination?: Ipv6Address | undefined;
    }
  /** Duplicate Address Detection (RFC 4862 section 5.4) has found an address that was assigned to be in use. */
  | { readonly kind: 'duplicate'; readonly address: Ipv6Address }
  /** Flags M and O of a router advertisement on the link (RFC 4861 section 4.2). */
  | { readonly kind: 'router'; readonly managed: boolean; readonly otherConfig: boolean }
  /** Renew now instead of at T1, as when somebody asks for it. */
  | { readonly kind: 'renew' }
  /** Send Release for everything and stop for good. */
  | { readonly kind: 'release' };
