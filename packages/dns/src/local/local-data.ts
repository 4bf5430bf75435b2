/**
 * What this router knows by itself, in a form that can be posted to another thread. Names are in presentation form without
 * the final dot, in any case; addresses are 4 or 16 octets. Times are counted from the moment of `LocalAnswers.configure`,
 * for threads have no clock in common.
 */
export interface LocalData {
  /** The home's domain: `lan`. Hosts are found as `<host>.<domain>` and as `<host>`. */
  readonly domain: string;
  /** The router itself: nobody else goes by its names. The first of them is what PTR records tell. */
  readonly router: { readonly names: readonly string[]; readonly addresses: readonly Uint8Array[] };
  /** Machines that have a lease, or that the configuration names. */
  readonly hosts: readonly LocalHost[];
  /** How long answers about hosts and the router hold at most; never longer than a lease. */
  readonly hostTtlSeconds: number;
  /** Other records, by configuration: stronger than hosts, name by name. */
  readonly records: readonly LocalRecord[];
  /** Prefixes that are the home's, delegated and unique local ones: whose reverse zones are answered here. */
  readonly prefixes: readonly LocalPrefix[];
  /** Names whose zones have upstreams of their own: what is below the longer of such a name and a zone of ours is asked there. */
  readonly forwarded: readonly string[];
  /** Names that do not exist, nor does anything below them. */
  readonly absent: readonly string[];
  /** Prefixes of the provider's NAT64 (RFC 8880). */
  readonly nat64: readonly LocalPrefix[];
}

/** A machine of the home. */
export interface LocalHost {
  /** One label. What is none, and what is the router's, is passed over. */
  readonly name: string;
  /** Of several hosts of a name, that counts whose lease ends last; for each family. */
  readonly addresses: readonly LocalAddress[];
  /** Names below the host's own, as long as the host is there. */
  readonly subNames: readonly { readonly name: string; readonly addresses: readonly Uint8Array[] }[];
}

/** An address that a machine has for a while. */
export interface LocalAddress {
  /** 4 or 16 octets. */
  readonly address: Uint8Array;
  /** Milliseconds until nobody is told of it any more; Infinity: never. */
  readonly expiresIn: number;
}

/** A record by configuration. */
export interface LocalRecord {
  /** One label stands for a name in the home's domain. */
  readonly name: string;
  /** {@link RecordType}, or any other 16-bit number. */
  readonly type: number;
  /** RDATA, names in it not compressed. */
  readonly data: Uint8Array;
  readonly ttlSeconds: number;
}

/** Leading bits of addresses. */
export interface LocalPrefix {
  /** 4 or 16 octets. */
  readonly network: Uint8Array;
  /** Bits. */
  readonly length: number;
}

/** What holds without any configuration: the special names and zones only. */
export const NO_LOCAL_DATA: LocalData = {
  domain: 'lan',
  router: { names: [], addresses: [] },
  hosts: [],
  hostTtlSeconds: 300,
  records: [],
  prefixes: [],
  forwarded: [],
  absent: [],
  nat64: [],
};
