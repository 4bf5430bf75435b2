/** Octets of the header (RFC 1035 section 4.1.1). */
export const HEADER_LENGTH = 12;

/** Bits of the header's second word: RFC 1035 section 4.1.1, AD and CD by RFC 4035 section 3.2. */
export const HeaderFlag = {
  /** QR: a response. */
  response: 0x8000,
  /** AA. */
  authoritative: 0x0400,
  /** TC. */
  truncated: 0x0200,
  /** RD. */
  recursionDesired: 0x0100,
  /** RA. */
  recursionAvailable: 0x0080,
  /** Z: the one bit without a meaning. */
  reserved: 0x0040,
  /** AD. */
  authenticData: 0x0020,
  /** CD. */
  checkingDisabled: 0x0010,
} as const;

/** Kinds of queries, IANA's registry "DNS OpCodes". */
export const Opcode = { query: 0, inverseQuery: 1, status: 2, notify: 4, update: 5, stateful: 6 } as const;

/** How it went, IANA's registry "DNS RCODEs"; over 15 only with an OPT record (RFC 6891 section 6.1.3). */
export const Rcode = {
  noError: 0,
  formErr: 1,
  servFail: 2,
  nxDomain: 3,
  notImp: 4,
  refused: 5,
  yxDomain: 6,
  yxRrset: 7,
  nxRrset: 8,
  notAuth: 9,
  notZone: 10,
  dsoTypeNi: 11,
  badVers: 16,
  badKey: 17,
  badTime: 18,
  badMode: 19,
  badName: 20,
  badAlg: 21,
  badTrunc: 22,
  badCookie: 23,
} as const;
