/** Values of option 13 (RFC 9915 section 21.13 and IANA's registry "Status Codes" of DHCPv6). */
export const StatusCode = {
  success: 0,
  unspecFail: 1,
  noAddrsAvail: 2,
  noBinding: 3,
  notOnLink: 4,
  /** Obsolete by RFC 9915, and still sent by servers that are older. */
  useMulticast: 5,
  noPrefixAvail: 6,
  /** RFC 5007 */
  unknownQueryType: 7,
  /** RFC 5007 */
  malformedQuery: 8,
  /** RFC 5007 */
  notConfigured: 9,
  /** RFC 5007 */
  notAllowed: 10,
  /** RFC 5460 */
  queryTerminated: 11,
} as const;
