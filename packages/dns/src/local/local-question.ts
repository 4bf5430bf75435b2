/** A question in the octets of a query; what scanning a query finds is one. The name is not compressed. */
export interface LocalQuestion {
  readonly bytes: Uint8Array;
  /** Offset of the header; the name is 12 octets behind. */
  readonly start: number;
  /** Octets of QNAME, with the root's. */
  readonly nameLength: number;
  /** QTYPE. */
  readonly type: number;
  /** QCLASS. */
  readonly class: number;
}
