import { Ipv4Address } from '@router7/wire';
import type { Message } from '../message.ts';
import { encodeMessage } from '../message-codec.ts';
import type { ClientConfig } from './config.ts';
import { ServerFailures } from './offer-choice.ts';
import type { ClientOutput } from './output.ts';
import { OutputQueue } from './output-queue.ts';
import type { Transaction } from './request-message.ts';
import { retransmissionDelay } from './retransmission.ts';
import type { ClientState, Exchange, Grant } from './state.ts';

const IPV6_ONLY_PREFERRED = 108;

/** What the client knows across its states, and the few things it can do: move, tell, send. */
export class Machine {
  /** As the caller gave it, but see {@link insistOnIpv4}. */
  config: ClientConfig;
  readonly random: () => number;
  readonly outputs: OutputQueue = new OutputQueue();
  /** Servers that have let the client down: their offers come last, they are never shut out. */
  readonly failures: ServerFailures = new ServerFailures();

  state: ClientState = { kind: 'init', startAt: undefined };
  carrier = false;
  /** The lease that is applied: kept past its end, until `lost` or another `bound`. */
  held: Grant | undefined;
  /** The held lease was recalled when it had ended already: somebody else may have been given its address since. */
  unproven = false;
  /** Whether the end of the held lease has been told. */
  expiredTold = false;
  /** The address to ask for when none is held: one that was granted, but never came into use. */
  preferred: Ipv4Address | undefined;
  /** When the acquiring or renewing that goes on began, for `secs`. */
  processStartedAt: number | undefined;
  /** When an exchange was last begun because of the link or of a caller: those may come as fast as a loose cable. */
  startedAt: number = Number.NEGATIVE_INFINITY;
  /** DISCOVER does not go out before this: the wait behind a conflict or a refusal outlives a loose cable. */
  notBefore: number = Number.NEGATIVE_INFINITY;
  /** DHCPNAKs since the last lease. */
  refusals = 0;
  /** Conflicts since an address was last kept. */
  conflicts = 0;
  /** When an address conflict was last answered by an announcement (RFC 5227 section 2.4). */
  defendedAt: number = Number.NEGATIVE_INFINITY;

  constructor(config: ClientConfig, random: () => number) {
    this.config = config;
    this.random = random;
  }

  enter(state: ClientState): void {
    const moved = state.kind !== this.state.kind;
    this.state = state;
    if (moved) this.tell({ kind: 'state', state: state.kind });
  }

  tell(output: ClientOutput): void {
    this.outputs.push(output);
  }

  send(message: Message, source: Ipv4Address, destination: Ipv4Address): void {
    this.tell({ kind: 'send', payload: encodeMessage(message), source, destination });
  }

  /** Broadcasts from 0.0.0.0, as a client does that has no confirmed address (RFC 2131 sections 4.1 and 4.4.4). */
  broadcast(message: Message): void {
    this.send(message, Ipv4Address.unspecified, Ipv4Address.broadcast);
  }

  /** A new transaction id: "a random number chosen by the client" (RFC 2131 section 2, figure 1). */
  newXid(): number {
    return (this.random() * 2 ** 32) >>> 0;
  }

  /** `secs`: whole seconds since the process began, as many as the field holds. */
  secs(now: number): number {
    this.processStartedAt ??= now;
    return Math.min(Math.floor((now - this.processStartedAt) / 1000), 0xffff);
  }

  /** The first sending of an exchange, with the back-off of section 4.1 behind it. */
  begin(now: number): Exchange {
    return this.#sent({ xid: this.newXid(), secs: this.secs(now) }, 1, now);
  }

  /** Sending once more with the same xid, so that a late answer to an earlier copy still counts. */
  repeat(exchange: Exchange, now: number): Exchange {
    return this.#sent({ xid: exchange.xid, secs: this.secs(now) }, exchange.sent + 1, now);
  }

  #sent(transaction: Transaction, sent: number, now: number): Exchange {
    return {
      ...transaction,
      sent,
      sentAt: now,
      retryAt: now + retransmissionDelay(this.config.retry, sent, this.random),
    };
  }

  /**
   * A server has taken the wish for option 108 as leave to give no address at all (RFC 8925). A NAT router
   * cannot do without one: from now on it does not ask for that option.
   */
  insistOnIpv4(): void {
    const parameterRequestList = this.config.parameterRequestList.filter((code) => code !== IPV6_ONLY_PREFERRED);
    this.config = { ...this.config, parameterRequestList };
  }

  /** When an exchange that the link or the caller asks for may begin: at once, but not twice within a second. */
  soonest(now: number): number {
    return Math.max(now, this.startedAt + 1000);
  }
}
