/** DNS search list, option 31 (RFC 8106 section 5.2). */
export interface DnsSearchList {
  /** 0 takes the names back; 0xffffffff is for ever. */
  readonly lifetimeSeconds: number;
  /** One or more, in presentation form without the final dot. */
  readonly domainNames: readonly string[];
}
