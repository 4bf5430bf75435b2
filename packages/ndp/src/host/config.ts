import type { Ipv6Address, MacAddress } from '@router7/wire';
import type { HeardKind } from './heard.ts';

/** Settings of a host; {@link defaultHostConfig} has the values of the RFCs. */
export interface HostConfig {
  /** The interface's address, for the source link-layer address option. */
  readonly hardwareAddress: MacAddress;
  /** Whether to ask for advertisements. A router that only watches its own link does not. */
  readonly solicit: boolean;
  /**
   * Which routers there may be on the link, by link-local address; all others are told as rogue. Undefined where any router
   * is welcome, as on the provider's side.
   */
  readonly expectedRouters: readonly Ipv6Address[] | undefined;
  /** How many are kept of each kind. More are not learned: whoever floods the link pushes nobody out. */
  readonly limits: Readonly<Record<HeardKind, number>>;
  readonly solicitation: SolicitationPolicy;
}

/** When to ask (RFC 4861 section 6.3.7, RFC 7559 section 2). */
export interface SolicitationPolicy {
  /** MAX_RTR_SOLICITATION_DELAY: the first waits for a random time up to this, 1 s. */
  readonly maximumDelayMs: number;
  /** IRT: wait for an answer to the first one, 4 s; doubled each time. */
  readonly initialRetransmissionMs: number;
  /** MRT: longest wait, 3600 s. */
  readonly maximumRetransmissionMs: number;
}
