import type { Ipv4Address, Ipv4Prefix, MacAddress } from '@router7/wire';
import type { Message } from '../message.ts';
import type { Option } from '../option.ts';

/** Settings of a server engine. */
export interface ServerConfig {
  /** Goes into option 54; on each subnet with an address of its own, that one does. */
  readonly serverIdentifier: Ipv4Address;
  /** Subnets served: those on the link and those behind relays. The first one is where clients without relay are. */
  readonly subnets: readonly SubnetConfig[];
  /** Answer DHCPREQUESTs of unknown clients with DHCPNAK instead of silence (RFC 2131 4.3.2). */
  readonly authoritative: boolean;
  /** Accept the two-message exchange (RFC 4039). */
  readonly rapidCommit: boolean;
  /** Ask for a `probe` before the offer of an address that nobody was known to have. */
  readonly probe: boolean;
  /** How long an offered address is held, milliseconds. */
  readonly offerHoldMs: number;
  /** How long a declined address is nobody's, milliseconds. */
  readonly declineHoldMs: number;
  /** Clients waiting for a probe at the same time; more are offered an address without one. */
  readonly maximumPendingProbes: number;
  /** Let clients and relay agents choose a subnet by option 118 (RFC 3011); by default not. */
  readonly subnetSelection?: boolean;
  /** Names no client may take, in lower case: the router's own. */
  readonly reservedHostNames: readonly string[];
}

/** One subnet. */
export interface SubnetConfig {
  /** The router's own address in it, or of a relayed subnet the network, with the length. */
  readonly prefix: Ipv4Prefix;
  /** First and last address that may be handed out, both included. */
  readonly pools: readonly { readonly first: Ipv4Address; readonly last: Ipv4Address }[];
  readonly leaseTimeSeconds: number;
  readonly maximumLeaseTimeSeconds: number;
  /** Options for everyone here: 3, 6, 15, ... Order does not matter, the client's list rules. */
  readonly options: readonly Option[];
  readonly reservations: readonly Reservation[];
  /** Checked in order; the options of all that match are laid over those of the subnet, later over earlier. */
  readonly classes: readonly ClientClass[];
}

/** A fixed address for a client. It may lie outside of the pools. */
export interface Reservation {
  readonly address: Ipv4Address;
  readonly hardwareAddress?: MacAddress;
  /** Stronger than the hardware address when both are there. */
  readonly clientIdentifier?: Uint8Array;
  readonly hostName?: string;
  readonly options?: readonly Option[];
}

/** What some clients get beyond the others. */
export interface ClientClass {
  readonly name: string;
  readonly matches: (message: Message) => boolean;
  readonly options: readonly Option[];
  readonly leaseTimeSeconds?: number;
  /** Value of `siaddr`, and of `file` when the client did not ask for option 67, for network boot. */
  readonly nextServer?: Ipv4Address;
  readonly bootFile?: string;
}
