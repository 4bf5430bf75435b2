import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Option } from '../option.ts';

/** What both kinds of leases have. Times are monotonic milliseconds, Infinity is never. */
interface LeaseTimes {
  /** The IA that it belongs to. */
  readonly iaid: number;
  /** T1 of the IA. */
  readonly renewAt: number;
  /** T2 of the IA. */
  readonly rebindAt: number;
  /** From then on not for new connections. */
  readonly preferredUntil: number;
  /** From then on not at all. */
  readonly validUntil: number;
}

/** A prefix that was delegated. */
export interface DelegatedPrefix extends LeaseTimes {
  readonly kind: 'prefix';
  /** Without bits behind its length. */
  readonly prefix: Ipv6Prefix;
  /** The part of it that is the provider's link and must not be assigned to another (RFC 6603). */
  readonly excluded: Ipv6Prefix | undefined;
}

/** An address that was assigned. */
export interface AssignedAddress extends LeaseTimes {
  readonly kind: 'address';
  readonly address: Ipv6Address;
}

/** A prefix or an address. */
export type ClientLease = DelegatedPrefix | AssignedAddress;

/** All that the client has been given. */
export interface ClientConfiguration {
  /** DUID of the server that has given it; undefined when nobody has, or when that is not known any more. */
  readonly serverIdentifier: Uint8Array | undefined;
  /** When its last message came, monotonic milliseconds. */
  readonly receivedAt: number;
  /** Prefixes to use, those still preferred first. */
  readonly delegations: readonly DelegatedPrefix[];
  readonly addresses: readonly AssignedAddress[];
  /** Option 23, in order of preference. */
  readonly dnsServers: readonly Ipv6Address[];
  /** Option 24, names in presentation form. */
  readonly domainSearchList: readonly string[];
  /** All options of the message besides identifiers, IAs and what is the engine's own business. */
  readonly options: readonly Option[];
}
