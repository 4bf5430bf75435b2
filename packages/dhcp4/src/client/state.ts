/**
 * The client's states as data: RFC 2131 figure 5, with the deadlines that each state owns.
 *
 * Deliberate deviations from figure 5, each for router7's first goal, that a working configuration stays:
 *
 * - A lease is kept past its end. "Lease expires -> Halt network" becomes an `expired` event; DISCOVER goes on beside
 *   the address until a DHCPNAK or another lease replaces it (D4C-07).
 * - REBOOTING without an answer does not move to BOUND (section 3.2 step 4 allows that), where nothing would be asked
 *   before T1: the address stays in use, and DISCOVER follows after all attempts, or at once behind T1 (D4C-10). "If
 *   the DHCP server has no record of this client, then it MUST remain silent" (section 4.3.2): only DISCOVER gets a
 *   lease out of a network that the client has been moved to.
 * - A lost carrier leads to INIT-REBOOT from every state that holds a lease (section 3.7 says when to reuse an
 *   address, the figure has no such arrow; D4C-27).
 * - PROBING stands between DHCPACK and BOUND (RFC 5227 section 2.1, RFC 2131 section 2.2: "the client SHOULD probe the
 *   newly received address"). An address that is in use already is not probed again when it is confirmed, renewed or
 *   rebound: it is announced, and watched all the time (RFC 5227 section 2.4). One that was recalled after its lease had
 *   ended is probed.
 * - DHCPNAKs in a row wait longer and longer in INIT, where the figure goes on at once.
 * - A DHCPACK in BOUND, DHCPOFFERs in any state but SELECTING: discarded, as the figure says, and told.
 * - A DHCPACK in REQUESTING may come under another option 54 than the offer's, when its sender and address are the
 *   offer's: two servers that stand in for each other (D4C-29). A DHCPNAK may not.
 * - DHCPINFORM is repeated for ever; section 4.4.3 gives up after 60 s.
 * - T1 and T2 get no random fuzz (a SHOULD of section 4.4.5).
 */
import type { Ipv4Address } from '@router7/wire';
import type { AnnouncementSchedule, ProbeSchedule } from './address-probe.ts';
import type { ClientLease } from './lease.ts';
import type { Offer } from './offer-choice.ts';
import type { ClientStateName } from './output.ts';

/** A message on its way and the wait for its answer. Times are monotonic milliseconds. */
export interface Exchange {
  readonly xid: number;
  /** The `secs` field that the latest message carried. */
  readonly secs: number;
  /** How many times it was sent. */
  readonly sent: number;
  /** When it was last sent: leases count from here. */
  readonly sentAt: number;
  /** When it is to be sent again. */
  readonly retryAt: number;
}

/** A lease with the DHCPACK that granted it. */
export interface Grant {
  readonly lease: ClientLease;
  /** The DHCPACK's octets, a copy of the client's own. */
  readonly ack: Uint8Array;
  /** How long it was granted for; Infinity for a lease without end. A renewal without option 51 means as long again. */
  readonly leaseSeconds: number;
}

/** One state of the client, with what it needs to know and when it has to act. */
export type ClientState =
  /** Nothing sent yet. `startAt` is when DISCOVER goes out; undefined waits for the carrier. */
  | { readonly kind: 'init'; readonly startAt: number | undefined }
  /** DISCOVER is out. From the first good offer on, `chooseAt` ends the collecting and replaces retransmission. */
  | {
      readonly kind: 'selecting';
      readonly exchange: Exchange;
      readonly offers: readonly Offer[];
      readonly chooseAt: number | undefined;
    }
  /** REQUEST for a selected offer is out. */
  | { readonly kind: 'requesting'; readonly exchange: Exchange; readonly offer: Offer }
  /** The address is ours by DHCPACK, and is looked for on the link before it is used. */
  | { readonly kind: 'probing'; readonly grant: Grant; readonly probes: ProbeSchedule }
  /** The lease is good until T1. */
  | { readonly kind: 'bound'; readonly renewAt: number; readonly announcements: AnnouncementSchedule | undefined }
  /** Asking the lease's server, until T2. */
  | { readonly kind: 'renewing'; readonly exchange: Exchange; readonly rebindAt: number }
  /** Asking every server, until the lease ends. */
  | { readonly kind: 'rebinding'; readonly exchange: Exchange; readonly expiresAt: number }
  /** A lease is remembered. `startAt` is when REQUEST goes out; undefined waits for the carrier. */
  | { readonly kind: 'init-reboot'; readonly startAt: number | undefined }
  /** REQUEST for a remembered address is out; from `giveUpAt` (T1) on, silence means DISCOVER without more attempts. */
  | { readonly kind: 'rebooting'; readonly exchange: Exchange; readonly giveUpAt: number }
  /** INFORM for `address` is out; no exchange: answered, or waiting for the carrier. */
  | { readonly kind: 'informing'; readonly address: Ipv4Address; readonly exchange: Exchange | undefined }
  /** Released. */
  | { readonly kind: 'stopped' };

/** The state of one name. */
export type StateOf<K extends ClientStateName> = Extract<ClientState, { readonly kind: K }>;

/** When the state has to act next, in monotonic milliseconds; undefined when only an input moves it. */
export function stateDeadline(state: ClientState): number | undefined {
  switch (state.kind) {
    case 'init':
    case 'init-reboot':
      return state.startAt;
    case 'selecting':
      return state.chooseAt ?? state.exchange.retryAt;
    case 'requesting':
    case 'rebooting':
      return state.exchange.retryAt;
    case 'probing':
      return state.probes.nextAt;
    case 'bound':
      return earliest(state.renewAt, state.announcements?.nextAt);
    case 'renewing':
      return earliest(state.exchange.retryAt, state.rebindAt);
    case 'rebinding':
      return earliest(state.exchange.retryAt, state.expiresAt);
    case 'informing':
      return state.exchange?.retryAt;
    case 'stopped':
      return undefined;
  }
}

/** The earlier of two times; what is undefined or infinitely far away never comes. */
export function earliest(a: number | undefined, b: number | undefined): number | undefined {
  const first = Math.min(a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY);
  return first === Number.POSITIVE_INFINITY ? undefined : first;
}

/** The transaction id that an answer has to carry in this state, or undefined when no answer is awaited. */
export function awaitedXid(state: ClientState): number | undefined {
  return 'exchange' in state ? state.exchange?.xid : undefined;
}
