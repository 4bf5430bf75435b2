/** Settings of a forwarder. Names are octets in wire form, lower-cased: `\x05local\x00`. */
export interface ForwarderSettings {
  readonly upstreams: readonly UpstreamSettings[];
  /** Names that have upstreams of their own; the longest suffix counts. */
  readonly domains: readonly DomainUpstreams[];
  /** Whether answers with private addresses are kept from clients. */
  readonly rebindProtection: boolean;
  /** Names, with all below them, whose answers may hold private addresses; those in `domains` always may. */
  readonly rebindAllow: readonly Uint8Array[];
  /** Whether letters of questions are sent in random case, so that a forged answer has more to guess. */
  readonly mixedCase: boolean;
  /** Whether upstreams are sent a cookie, and clients that send one get one (RFC 7873). */
  readonly cookies: boolean;
  /** Whether what a client says of its own or another's subnet goes on to the upstream (RFC 7871). */
  readonly clientSubnet: boolean;
  /** What a blocked name gets: that it does not exist, or the addresses 0.0.0.0 and ::. */
  readonly blockAnswer: 'nxdomain' | 'null';
  /** What is told who asks for the server's identity (RFC 5001); no octets: nothing. */
  readonly identity: Uint8Array;
  /** Undefined: nobody is limited. */
  readonly rateLimit: RateLimitSettings | undefined;
  /** The largest answer by UDP, octets, whatever the asker takes (RFC 9715 section 3.1). */
  readonly maximumUdpSize: number;
  /** How long an idle TCP connection of a client stays open, told to the client (RFC 7828); 0: not told. */
  readonly tcpIdleMs: number;
  /** Questions in flight at most, and clients that wait at most. */
  readonly maximumPending: number;
  readonly maximumAskers: number;
  readonly timings: ForwarderTimings;
}

/** A server that is asked. */
export interface UpstreamSettings {
  /** For logs and metrics. What is known of an upstream outlives a change of settings under the same label. */
  readonly label: string;
  /** Asked for clients of this group only, who then ask no others; absent: for everyone. */
  readonly group?: number;
  /** Asked only for the names in `domains` that name it. */
  readonly domainsOnly?: boolean;
  /** By TLS or HTTPS: queries are padded (RFC 8467), and need neither random case nor cookies. */
  readonly encrypted?: boolean;
}

/** Where the questions for some names go. */
export interface DomainUpstreams {
  /** The name; everything below it belongs to it. */
  readonly suffix: Uint8Array;
  /** Indices in `upstreams`. */
  readonly upstreams: readonly number[];
}

/** A bucket of tokens for each client. */
export interface RateLimitSettings {
  /** Queries each second. */
  readonly perSecond: number;
  /** Queries at once. */
  readonly burst: number;
  /** As how many queries one counts that has to be forwarded. */
  readonly forwardedCost: number;
}

/** Milliseconds, but for `attempts`. */
export interface ForwarderTimings {
  /** From a question to the stale answer, where there is one: RFC 8767 section 5 has 1.8 s. */
  readonly clientTimerMs: number;
  /** From a question to SERVFAIL. */
  readonly giveUpMs: number;
  /** From a question until nobody waits for late answers any more, which are still of use to the cache. */
  readonly resolutionMs: number;
  /** Between attempts to refresh what is stale, once one has failed: RFC 8767 section 5 has 30 s. */
  readonly refreshHoldMs: number;
  /** Between probes of an upstream that nobody asks. */
  readonly probeMs: number;
  /** Between probes of an upstream that is down. */
  readonly downProbeMs: number;
  /** Bounds of the wait for an upstream before another one is asked as well. */
  readonly minimumHedgeMs: number;
  readonly maximumHedgeMs: number;
  /** How often a question is sent, to all upstreams together. */
  readonly attempts: number;
}
