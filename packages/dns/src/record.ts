import type { Ipv4Address, Ipv6Address } from '@router7/wire';
import type { EdnsOption } from './edns/option.ts';
import type { MailExchange } from './records/mail-exchange.ts';
import type { PacketRecordValues } from './records/packet-values.ts';
import type { Service } from './records/service.ts';
import type { ServiceBinding } from './records/service-binding.ts';
import type { StartOfAuthority } from './records/start-of-authority.ts';

/** Values of the records whose data has a type of its own. Names are in presentation form without the final dot. */
export interface RecordValues extends PacketRecordValues {
  readonly a: Ipv4Address;
  readonly aaaa: Ipv6Address;
  readonly ns: string;
  readonly cname: string;
  readonly ptr: string;
  /** RFC 6672 */
  readonly dname: string;
  readonly soa: StartOfAuthority;
  readonly mx: MailExchange;
  readonly srv: Service;
  /** One or more strings of at most 255 octets each (RFC 1035 section 3.3.14). */
  readonly txt: readonly Uint8Array[];
  readonly svcb: ServiceBinding;
  readonly https: ServiceBinding;
}

/** Names of the records in {@link RecordValues}. */
export type RecordName = keyof RecordValues;

/** A record with data of a known form. */
export type KnownRecord = {
  readonly [N in RecordName]: {
    readonly kind: N;
    readonly name: string;
    readonly class: number;
    /** As it is on the wire, 32 bits; what has the highest one set counts as 0 (RFC 2181 section 8). */
    readonly ttlSeconds: number;
    readonly value: RecordValues[N];
  };
}[RecordName];

/** A record of an unknown type, or of a known one whose data is not as its specification says (RFC 3597 section 3). */
export interface RawRecord {
  readonly kind: 'raw';
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttlSeconds: number;
  /** Names in it are uncompressed where the type is known to have some. */
  readonly data: Uint8Array;
}

/**
 * The pseudo record of EDNS (RFC 6891 section 6.1): class and TTL hold other things.
 *
 * ```
 * +---------------+---------------+-+-------------+
 * | extended rcode| version       |D| 0           |
 * +---------------+---------------+O+-------------+
 * ```
 */
export interface OptRecord {
  readonly kind: 'opt';
  /** Octets that the sender takes over UDP; under 512 counts as 512. */
  readonly udpPayloadSize: number;
  /** The upper eight bits of twelve. */
  readonly extendedRcode: number;
  readonly version: number;
  /** 16 bits, {@link EDNS_DNSSEC_OK} among them. */
  readonly flags: number;
  readonly options: readonly EdnsOption[];
}

/** A record of any section. */
export type ResourceRecord = KnownRecord | RawRecord | OptRecord;
