import type { Ipv6Address } from '@router7/wire';

/** What happens to a DHCPv6 server, for `ServerEngine.handle`. */
export type ServerInput =
  /** The clock has reached `deadline()`. Early and repeated ones do nothing. */
  | { readonly kind: 'timeout' }
  /** A UDP datagram to port 547. The payload may be overwritten after the call. */
  | {
      readonly kind: 'datagram';
      readonly payload: Uint8Array;
      readonly source: Ipv6Address;
      readonly sourcePort: number;
      /** Name of the interface that it came in by. */
      readonly link: string;
      /** It was sent to an address of the server's own, not to a group. */
      readonly unicast: boolean;
    };
