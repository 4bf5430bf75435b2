import type { ClientConfig } from './config.ts';
import { TRANSMISSION_PARAMETERS } from './retransmission.ts';

/** What a home router asks for (D6C-20). */
export const DEFAULT_OPTIONS: readonly number[] = [
  23, // DNS servers
  24, // domain search list
  21, // SIP servers by name
  22, // SIP servers by address
  31, // SNTP servers
  56, // NTP servers
  64, // AFTR (DS-Lite)
  67, // excluded prefix
  94, // MAP-E
  95, // MAP-T
  96, // lightweight 4over6
  103, // captive portal
  144, // encrypted DNS
];

/** IAID of the first IA_PD and the first IA_NA: router7's. */
const FIRST_IAID = 1;

/** The values of the RFCs, for one prefix of any length and, if there is one to be had, an address. */
export function defaultClientConfig(duid: Uint8Array): ClientConfig {
  return {
    duid,
    delegations: [{ iaid: FIRST_IAID }],
    addresses: [{ iaid: FIRST_IAID }],
    addressPolicy: 'try',
    stateless: false,
    optionRequest: DEFAULT_OPTIONS,
    options: [],
    rapidCommit: false,
    reconfigure: true,
    prefixLengthHints: [undefined, 56, 60, 62, 64],
    timings: TRANSMISSION_PARAMETERS,
    rateLimit: { messages: 20, intervalMs: 20_000 },
  };
}
