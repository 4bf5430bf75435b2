/** Codes of EDNS options, IANA's registry "DNS EDNS0 Option Codes (OPT)". */
export const EdnsOptionCode = {
  /** RFC 8764 */
  longLivedQuery: 1,
  updateLease: 2,
  /** RFC 5001 */
  nsid: 3,
  /** RFC 6975 */
  dnssecAlgorithms: 5,
  dsHashes: 6,
  nsec3Hashes: 7,
  /** RFC 7871 */
  clientSubnet: 8,
  /** RFC 7314 */
  expire: 9,
  /** RFC 7873 */
  cookie: 10,
  /** RFC 7828 */
  tcpKeepalive: 11,
  /** RFC 7830 */
  padding: 12,
  /** RFC 7901 */
  chain: 13,
  /** RFC 8145 */
  keyTag: 14,
  /** RFC 8914 */
  extendedError: 15,
  /** RFC 9567 */
  reportChannel: 18,
} as const;

/** Why an answer is what it is: info codes of Extended DNS Errors (RFC 8914 section 4), IANA's registry. */
export const ExtendedError = {
  other: 0,
  unsupportedDnskeyAlgorithm: 1,
  unsupportedDsDigestType: 2,
  staleAnswer: 3,
  forgedAnswer: 4,
  dnssecIndeterminate: 5,
  dnssecBogus: 6,
  signatureExpired: 7,
  signatureNotYetValid: 8,
  dnskeyMissing: 9,
  rrsigsMissing: 10,
  noZoneKeyBitSet: 11,
  nsecMissing: 12,
  cachedError: 13,
  notReady: 14,
  blocked: 15,
  censored: 16,
  filtered: 17,
  prohibited: 18,
  staleNxdomainAnswer: 19,
  notAuthoritative: 20,
  notSupported: 21,
  noReachableAuthority: 22,
  networkError: 23,
  invalidData: 24,
  signatureExpiredBeforeValid: 25,
  tooEarly: 26,
  unsupportedNsec3Iterations: 27,
  unableToConformToPolicy: 28,
  synthesized: 29,
} as const;

/** DO, in the upper half of what is an OPT record's TTL (RFC 6891 section 6.1.4). */
export const EDNS_DNSSEC_OK = 0x8000;
/** Octets over UDP without an OPT record (RFC 1035 section 2.3.4), and the least one can state (RFC 6891 section 6.2.3). */
export const MINIMUM_PAYLOAD_SIZE = 512;
