import type { Ipv6Prefix } from '@router7/wire';
import type { Option } from '../option.ts';

/** Settings of a server engine. Times count in the same monotonic milliseconds as the engine's `now`. */
export interface ServerConfig {
  /** The server's DUID, verbatim. */
  readonly duid: Uint8Array;
  /** Option 7; 255 ends a client's wait for other servers. */
  readonly preference: number;
  /** Answer a Solicit that asks for it with a Reply at once (RFC 9915 section 18.3.1). */
  readonly rapidCommit: boolean;
  /** Give clients that accept it a key, and tell them by Reconfigure when their prefix is gone (section 18.3.11). */
  readonly reconfigure: boolean;
  readonly links: readonly LinkConfig[];
  /** What is there to be delegated to routers of the home, global prefixes before unique local ones (RFC 9818 LPD-8). */
  readonly delegations: readonly DelegationConfig[];
  /** The shortest prefix that a client gets on its wish. */
  readonly shortestPrefixLength: number;
  /** The length of the prefix that a client gets without a wish: /64 unless a provider or an administrator is generous (LPD-7). */
  readonly prefixLength: number;
  /** The most that a client is told, whatever is left of a prefix: RFC 9096 section 3.4 has 45 and 90 minutes. */
  readonly preferredLifetimeSeconds: number;
  readonly validLifetimeSeconds: number;
  /** The most addresses, and prefixes, that the clients behind one link-local address, or one relay agent, may have. */
  readonly leasesPerNeighbour: number;
  /** How long a declined address is nobody's, milliseconds. */
  readonly declineHoldMs: number;
}

/** A prefix, and until when it may be used. */
export interface LifetimePrefix {
  readonly prefix: Ipv6Prefix;
  /** Infinity: for ever. */
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** A link of the home, or one behind a relay agent. */
export interface LinkConfig {
  /** Of the interface; any name for a link behind a relay agent. */
  readonly name: string;
  /** The prefixes on the link, global ones before unique local ones. */
  readonly prefixes: readonly LifetimePrefix[];
  /** Whether clients get addresses; otherwise only parameters. */
  readonly addresses: boolean;
  /** Whether routers on it get prefixes. */
  readonly delegates: boolean;
  /** Host part of the first and last address that may be handed out: below 2^24, and above 1, which is the router. */
  readonly firstHost: number;
  readonly lastHost: number;
  readonly reservations: readonly Reservation[];
  /** Host parts that nobody gets: the router's own. */
  readonly kept: readonly number[];
  /** Options 23, 24, 31, ... Order does not matter, the client's list rules. */
  readonly options: readonly Option[];
}

/** A host part that is kept for a client; it may lie outside of the range. */
export interface Reservation {
  readonly duid: Uint8Array;
  /** For this association of the client only; absent: for any. */
  readonly iaid?: number;
  readonly host: number;
}

/** A prefix that was delegated to this router, or is its own, with what of it is not to be given on. */
export interface DelegationConfig extends LifetimePrefix {
  /** Links of the home, and what the provider keeps for itself (RFC 6603). */
  readonly taken: readonly Ipv6Prefix[];
}
