/** Where options may lie in a message, and the codes that structure them (RFC 2131 figure 1, RFC 2132 sections 3 and 9). */

/** Octets of a message. */
export interface Area {
  readonly offset: number;
  readonly length: number;
}

/** The `sname` field. */
export const SNAME: Area = { offset: 44, length: 64 };
/** The `file` field. */
export const FILE: Area = { offset: 108, length: 128 };
/** Where the options begin: behind the fixed fields and the magic cookie. */
export const OPTIONS_OFFSET = 240;

/** Codes that the message codec itself has to know. */
export const OptionCode = {
  pad: 0,
  overload: 52,
  messageType: 53,
  relayAgentInformation: 82,
  end: 255,
} as const;

/** Bits of option 52: which fields hold options (RFC 2132 section 9.3). */
export const Overload = { file: 1, sname: 2 } as const;
