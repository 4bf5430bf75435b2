/** An answer of the router's own, as the octets that follow the question. */
export interface LocalRecords {
  /** Answer, authority and additional sections; compressed names point into the question (0xc00c is QNAME) or backwards. */
  readonly records: Uint8Array;
  /** Records in the answer section. */
  readonly answers: number;
  /** Records in the authority section. */
  readonly authorities: number;
  /** Records in the additional section; 0 when absent. */
  readonly additionals?: number;
  /** {@link Rcode} */
  readonly rcode: number;
  /** AA. */
  readonly authoritative: boolean;
  /** How long it may be given, counted from now. */
  readonly ttlSeconds: number;
}
