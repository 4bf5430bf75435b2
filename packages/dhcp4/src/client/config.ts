import type { MacAddress } from '@router7/wire';
import type { Option } from '../option.ts';

/** Settings of a client; {@link defaultClientConfig} has the values of the RFCs. */
export interface ClientConfig {
  /** The interface's address, for `chaddr`. */
  readonly hardwareAddress: MacAddress;
  /** Option 61, type octet included; default 1 and the hardware address. See `rfc4361ClientIdentifier`. */
  readonly clientIdentifier?: Uint8Array;
  /** Option codes for option 55, in order. */
  readonly parameterRequestList: readonly number[];
  /** Options sent as they are in DISCOVER, REQUEST and INFORM: 12, 60, 77, 81 and whatever the provider wants. */
  readonly options: readonly Option[];
  /** Option 57 in octets. */
  readonly maximumMessageSize: number;
  /**
   * Ask for broadcast replies: for a client whose socket cannot hear unicast before it has an address. Default false.
   */
  readonly requestBroadcast?: boolean;
  /** Offer the two-message exchange of RFC 4039. */
  readonly rapidCommit: boolean;
  /** How long offers are collected after the first one, in milliseconds. 0 takes the first. */
  readonly selectingWindowMs: number;
  /** Probe an address before it is used (RFC 5227). */
  readonly probe: boolean;
  /**
   * What the waits of the probes (RFC 5227 section 1.1: 4 to 7 s together) are multiplied with. 1 when absent; less on a
   * link that is known to hand on frames in milliseconds, where nobody wants to wait so long for an address.
   */
  readonly probePace?: number;
  /** Wait between a DHCPDECLINE and the next DISCOVER; at least ten seconds (RFC 2131 3.1 step 5). */
  readonly declineWaitMs: number;
  /** Random wait before the first DISCOVER: 1 to 10 s in RFC 2131 4.4.1; [0, 0] starts at once. */
  readonly startDelayMs: readonly [min: number, max: number];
  readonly retry: ClientRetryPolicy;
}

/** Retransmission (RFC 2131 sections 4.1 and 4.4.5). */
export interface ClientRetryPolicy {
  /** First wait, 4 s; doubled each time. */
  readonly initialMs: number;
  /** Longest wait, 64 s. */
  readonly maximumMs: number;
  /** Each wait is changed by a random amount of up to this, 1 s, in both directions. */
  readonly jitterMs: number;
  /** DHCPREQUESTs in REQUESTING or REBOOTING before DISCOVER; RFC 2131 3.1 step 5 suggests about 60 s. */
  readonly requestAttempts: number;
  /** Least wait between retries in RENEWING and REBINDING, 60 s. */
  readonly minimumRenewMs: number;
}
