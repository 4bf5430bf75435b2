import type { Ipv4Address, MacAddress } from '@router7/wire';

/** What happens to a DHCPv4 server, for `ServerEngine.handle`. */
export type ServerInput =
  /** The clock has reached `deadline()`. Early and repeated ones do nothing. */
  | { readonly kind: 'timeout' }
  /** A UDP datagram to port 67. The payload may be overwritten after the call. */
  | { readonly kind: 'datagram'; readonly payload: Uint8Array; readonly source: Ipv4Address }
  /**
   * The answer to a `probe` output: whether some host uses the address, and which one. The client that the address is for
   * may do so: it is free for it then. Several hosts that answer are told one after the other.
   */
  | {
      readonly kind: 'probed';
      readonly address: Ipv4Address;
      readonly inUse: boolean;
      readonly hardwareAddress?: MacAddress | undefined;
    }
  /**
   * A person names a host, by the address of its lease or by its hardware address: `Lease.hostNameOverride`. An empty
   * name takes the override away. Answered by a `lease` event with `renamed`, or by `host-name-refused`.
   */
  | { readonly kind: 'set-host-name'; readonly client: Ipv4Address | MacAddress; readonly hostName: string }
  /** A person strikes the lease of an address out, static ones and quarantines too. Answered by `released`, if there was one. */
  | { readonly kind: 'forget'; readonly address: Ipv4Address };
