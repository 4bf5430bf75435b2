/**
 * The client's states as data: RFC 9915 section 18.2, with the deadlines that each state owns. The RFC draws no figure;
 * RFC 8415 and RFC 7550 have one session for all IAs, and so has this client: one Renew, one Rebind for all of them.
 *
 * ```
 *            +-----------------------------------------------------------------+
 *            v                                                                 |
 * init -> soliciting -> requesting -> bound -> renewing -> rebinding --------->+ nothing left
 *   |         ^            ^            ^         |            |               |
 *   |         | silence    +------------|---------+------------+ NoBinding     |
 *   +-----> confirming -----------------+                                      |
 *               +------------------------------------------------------------->+ NotOnLink
 * ```
 *
 * Deliberate decisions where the RFC leaves a choice:
 *
 * - After a restart or a lost carrier, Rebind with the timers of Confirm when a prefix is held ("the client MUST initiate
 *   a Rebind/Reply message exchange [...] with the exception that the retransmission parameters should be set as for the
 *   Confirm message", section 18.2.12), else Confirm. Without an answer the leases stay in use, as section 18.2.3
 *   recommends; where a prefix is held Solicit follows with that prefix as hint, and after a while Rebind again: there are
 *   home gateways that ignore a Solicit of whom they know, and servers that have forgotten (D6C-12).
 * - A lease is given up when its valid lifetime ends, never later, and not before unless a server takes it away (a valid
 *   lifetime of 0, NotOnLink), grants another one in a new Request, or another host has the address. A refusal to extend it
 *   is not the end of it.
 * - A Renew or Rebind that grants another prefix and does not mention the one held leaves that one "unchanged" (section
 *   18.2.10.1), but not preferred any longer: new connections belong on the one that is sure to be routed (RFC 9096).
 * - An IA that was not granted beside others that were is asked for again by a Renew, after 10, 20, 40, ... s
 *   (section 18.2.4, RFC 7550 section 4.4), with another hint each time (D6C-13).
 * - Messages of a server with another DUID than the one that was asked are taken when everything else fits: servers that
 *   stand in for each other do that, and the transaction id vouches for it as well.
 * - Decline and Information-request go on beside the states below: `decline.ts`, `information.ts`.
 */
import type { Advertise } from './advertise-choice.ts';
import type { IaWish } from './client-message.ts';
import type { ClientStateName } from './output.ts';
import type { ExchangeName } from './retransmission.ts';

/** A message that is sent until it is answered. Times are monotonic milliseconds. */
export interface Exchange {
  readonly name: ExchangeName;
  readonly transactionId: number;
  /** How many times it was sent. 0 while it waits for its delay, or for the rate limit. */
  readonly sent: number;
  /** When it was first sent: the elapsed-time option counts from here. */
  readonly startedAt: number;
  /** RT of section 15, milliseconds. */
  readonly timeoutMs: number;
  /** When it is to be sent (again). */
  readonly sendAt: number;
  /** When it has failed, by MRD; Infinity when it has none. */
  readonly failAt: number;
}

/** One state of the client, with what it needs to know and when it has to act. */
export type ClientState =
  /** Nothing is under way. `startAt` is when Solicit is due; undefined waits for the carrier. */
  | { readonly kind: 'init'; readonly startAt: number | undefined }
  /** Solicit is out. */
  | {
      readonly kind: 'soliciting';
      readonly exchange: Exchange;
      /** Those that came during the first RT; from then on the first one is taken. */
      readonly advertises: readonly Advertise[];
      /** A server would not give a prefix of the length that was asked for: the next message has another hint. */
      readonly refused: boolean;
      /** With leases in use: when to ask for those by Rebind again; Infinity without. */
      readonly until: number;
    }
  /** Request is out, to the server of an Advertise, or to one that said NoBinding. */
  | {
      readonly kind: 'requesting';
      readonly exchange: Exchange;
      readonly serverIdentifier: Uint8Array;
      readonly wishes: readonly IaWish[];
    }
  /** All is well until T1, or until an IA that is missing is asked for again. */
  | { readonly kind: 'bound'; readonly renewAt: number; readonly rebindAt: number }
  /** Renew is out, to the leases' server, until T2. */
  | {
      readonly kind: 'renewing';
      readonly exchange: Exchange;
      readonly serverIdentifier: Uint8Array;
      readonly rebindAt: number;
    }
  /** Rebind is out, to every server, until nothing is valid any longer. */
  | { readonly kind: 'rebinding'; readonly exchange: Exchange }
  /** Confirm, or Rebind in place of it, is out. `notOnLink`: a server has said so, none has said otherwise. */
  | { readonly kind: 'confirming'; readonly exchange: Exchange; readonly notOnLink: boolean }
  /** Release is out. */
  | {
      readonly kind: 'releasing';
      readonly exchange: Exchange;
      readonly serverIdentifier: Uint8Array;
      readonly wishes: readonly IaWish[];
    }
  /** Released. */
  | { readonly kind: 'stopped' };

/** What is going on about parameters. */
export type InformationState =
  /** They come with the leases, or nobody has any. */
  | { readonly kind: 'off' }
  /** Information-request is out; to one server, when that has asked for it by Reconfigure. */
  | { readonly kind: 'asking'; readonly exchange: Exchange; readonly serverIdentifier: Uint8Array | undefined }
  /** They are known until then; undefined: until somebody says otherwise. */
  | { readonly kind: 'informed'; readonly refreshAt: number | undefined };

/** A Decline that is sent until it is answered. */
export interface DeclineState {
  readonly exchange: Exchange;
  readonly serverIdentifier: Uint8Array;
  readonly wishes: readonly IaWish[];
}

/** The state of one name. */
export type StateOf<K extends ClientStateName> = Extract<ClientState, { readonly kind: K }>;

/** The states with a message under way. */
export type ExchangingState = Extract<ClientState, { readonly exchange: Exchange }>;

/** When the state has to act next, in monotonic milliseconds; undefined when only an input moves it. */
export function stateDeadline(state: ClientState): number | undefined {
  switch (state.kind) {
    case 'init':
      return state.startAt;
    case 'soliciting':
      return earliest(exchangeDeadline(state.exchange), state.until);
    case 'bound':
      return earliest(state.renewAt, state.rebindAt);
    case 'renewing':
      return earliest(exchangeDeadline(state.exchange), state.rebindAt);
    case 'requesting':
    case 'rebinding':
    case 'confirming':
    case 'releasing':
      return exchangeDeadline(state.exchange);
    case 'stopped':
      return undefined;
  }
}

/** When the exchange has to act next. */
export function exchangeDeadline(exchange: Exchange): number {
  return Math.min(exchange.sendAt, exchange.failAt);
}

/** The earlier of two times; what is undefined or infinitely far away never comes. */
export function earliest(a: number | undefined, b: number | undefined): number | undefined {
  const first = Math.min(a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY);
  return first === Number.POSITIVE_INFINITY ? undefined : first;
}
