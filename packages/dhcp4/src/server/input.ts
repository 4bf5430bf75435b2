import type { Ipv4Address } from '@router7/wire';

/** What happens to a DHCPv4 server, for `ServerEngine.handle`. */
export type ServerInput =
  /** The clock has reached `deadline()`. Early and repeated ones do nothing. */
  | { readonly kind: 'timeout' }
  /** A UDP datagram to port 67. The payload may be overwritten after the call. */
  | { readonly kind: 'datagram'; readonly payload: Uint8Array; readonly source: Ipv4Address }
  /** The answer to a `probe` output: whether some host uses the address. */
  | { readonly kind: 'probed'; readonly address: Ipv4Address; readonly inUse: boolean };
