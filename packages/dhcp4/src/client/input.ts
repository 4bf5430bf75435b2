import type { Ipv4Address, MacAddress } from '@router7/wire';

/** What happens to a DHCPv4 client, for `ClientEngine.handle`. */
export type ClientInput =
  /** The clock has reached `deadline()`. Early and repeated ones do nothing. */
  | { readonly kind: 'timeout' }
  /** The link has gained or lost its carrier. The client starts working when it first hears `up: true`. */
  | { readonly kind: 'carrier'; readonly up: boolean }
  /** A UDP datagram to the client's port 68 has come in on the interface. */
  | {
      readonly kind: 'datagram';
      readonly payload: Uint8Array;
      readonly source: Ipv4Address;
      readonly sourcePort: number;
    }
  /** An ARP packet (RFC 826) has come in on the interface. */
  | {
      readonly kind: 'arp';
      /** 1 request, 2 reply */
      readonly operation: number;
      readonly senderHardwareAddress: MacAddress;
      readonly senderAddress: Ipv4Address;
      readonly targetAddress: Ipv4Address;
    }
  /** Renew now instead of at T1, as when somebody asks for it. */
  | { readonly kind: 'renew' }
  /** The configuration does not work: forget the lease (after a DHCPRELEASE when `release`), then DISCOVER. */
  | { readonly kind: 'restart'; readonly release: boolean }
  /** Send DHCPRELEASE and stop for good. */
  | { readonly kind: 'release' }
  /** Ask for parameters only, for an address that was configured otherwise (DHCPINFORM). */
  | { readonly kind: 'inform'; readonly address: Ipv4Address };
