import type { Option } from '../option.ts';
import type { ExchangeTimings } from './retransmission.ts';

/** Settings of a client; {@link defaultClientConfig} has the values of the RFCs. */
export interface ClientConfig {
  /** The client's DUID with its type, sent as it is: "Clients and servers MUST treat DUIDs as opaque values" (section 11). */
  readonly duid: Uint8Array;
  /** An IA_PD for each of these. */
  readonly delegations: readonly DelegationRequest[];
  /** An IA_NA for each of these. */
  readonly addresses: readonly AddressRequest[];
  /** What to make of a server that has no address to give: do without, or look for another one. */
  readonly addressPolicy: 'try' | 'force';
  /** Ask for parameters only (Information-request), never for prefixes or addresses. */
  readonly stateless: boolean;
  /** Option codes for the ORO; those that section 21.7 demands are added to each message. */
  readonly optionRequest: readonly number[];
  /** Options sent as they are in every message that asks for something: 15, 16, 17, 39 and whatever the provider wants. */
  readonly options: readonly Option[];
  /** Offer the exchange of two messages (section 21.14). */
  readonly rapidCommit: boolean;
  /** Let servers ask for a Renew, Rebind or Information-request (section 18.2.11); needs `hmacMd5`. */
  readonly reconfigure: boolean;
  /**
   * Prefix lengths to ask for in turn when a server has refused what was asked for; undefined asks for no particular one
   * (D6C-13).
   */
  readonly prefixLengthHints: readonly (number | undefined)[];
  /** Timers of section 7.6 by message. */
  readonly timings: ExchangeTimings;
  /** Messages in any `intervalMs` at most: "The client MUST limit the rate of DHCP messages it transmits" (section 14.1). */
  readonly rateLimit: { readonly messages: number; readonly intervalMs: number };
}

/** An IA_PD to ask for. */
export interface DelegationRequest {
  /** 32 bits; another one for each. */
  readonly iaid: number;
  /** Length of the prefix that is wished for. */
  readonly prefixLength?: number | undefined;
}

/** An IA_NA to ask for. */
export interface AddressRequest {
  /** 32 bits; another one for each. */
  readonly iaid: number;
}
