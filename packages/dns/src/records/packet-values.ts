/** Values of the records whose data dns-packet reads and writes, in its shapes but with plain arrays of octets. */
export interface PacketRecordValues {
  readonly hinfo: HostInformation;
  readonly rp: ResponsiblePerson;
  readonly naptr: NamingAuthorityPointer;
  readonly ds: DelegationSigner;
  readonly sshfp: SshFingerprint;
  readonly rrsig: RecordSignature;
  readonly dnskey: DnsKey;
  readonly tlsa: TlsAssociation;
  readonly caa: CertificationAuthority;
}

/** RFC 1035 section 3.3.2; of ANY queries, RFC 8482 section 4.2. */
export interface HostInformation {
  readonly cpu: string;
  readonly os: string;
}

/** RFC 1183 section 2.2: two names. */
export interface ResponsiblePerson {
  readonly mbox: string;
  readonly txt: string;
}

/** RFC 3403 section 4.1. */
export interface NamingAuthorityPointer {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** RFC 4034 section 5.1; the digest as octets. */
export interface DelegationSigner {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
}

/** RFC 4255 section 3.1. */
export interface SshFingerprint {
  readonly algorithm: number;
  readonly hash: number;
  /** Hexadecimal digits in capitals. */
  readonly fingerprint: string;
}

/** RFC 4034 section 3.1. Times are seconds since 1970, modulo 2^32. */
export interface RecordSignature {
  /** Mnemonic of a type: `A`; `UNKNOWN_65` for HTTPS and others that dns-packet does not name. */
  readonly typeCovered: string;
  readonly algorithm: number;
  readonly labels: number;
  /** Seconds. */
  readonly originalTTL: number;
  readonly expiration: number;
  readonly inception: number;
  readonly keyTag: number;
  readonly signersName: string;
  readonly signature: Uint8Array;
}

/** RFC 4034 section 2.1; its protocol is 3. */
export interface DnsKey {
  readonly flags: number;
  readonly algorithm: number;
  readonly key: Uint8Array;
}

/** RFC 6698 section 2.1. */
export interface TlsAssociation {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly certificate: Uint8Array;
}

/** RFC 8659 section 4.1. */
export interface CertificationAuthority {
  readonly flags: number;
  /** The highest bit of the flags; decoded only, and given to encode it sets that bit alone. */
  readonly issuerCritical?: boolean;
  readonly tag: string;
  readonly value: string;
}
