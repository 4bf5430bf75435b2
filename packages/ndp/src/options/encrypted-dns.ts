import type { Ipv6Address } from '@router7/wire';

/** A resolver that is reached over an encrypted transport, option 144 (RFC 9463 section 6.1). */
export interface EncryptedDns {
  /** Lower comes first; 0 is an alias (RFC 9460 section 2.4.1). */
  readonly servicePriority: number;
  /** 0 takes the resolver back; 0xffffffff is for ever. */
  readonly lifetimeSeconds: number;
  /** What the resolver's certificate is for, in presentation form without the final dot. */
  readonly authenticationDomainName: string;
  /** Undefined in ADN-only mode (section 3.1.6), where hosts look the rest up. */
  readonly service:
    | {
        /** One or more, in order of preference. */
        readonly addresses: readonly Ipv6Address[];
        /** Service parameters in wire format (RFC 9460 section 2.2). */
        readonly parameters: Uint8Array;
      }
    | undefined;
}
