import { encodeMessage } from '../message-codec.ts';
import type { ClientServerMessage } from '../option.ts';
import { type Binding, clientLeases, wantedIas } from './bindings.ts';
import { ALL_RELAY_AGENTS_AND_SERVERS, type Transaction } from './client-message.ts';
import type { ClientConfig } from './config.ts';
import type { WantedIa } from './ia-answer.ts';
import type { ClientConfiguration, ClientLease } from './lease.ts';
import { MaximumTimes } from './maximum-times.ts';
import type { ChangeReason, ClientOutput } from './output.ts';
import { OutputQueue } from './output-queue.ts';
import type { Parameters } from './parameters.ts';
import { PrefixHints } from './prefix-hint.ts';
import { RateLimit } from './rate-limit.ts';
import type { ReconfigureKey } from './reconfigure-key.ts';
import { type ExchangeName, type ExchangeTiming, firstTimeout, nextTimeout } from './retransmission.ts';
import { ServerFailures } from './server-failures.ts';
import type { ClientState, DeclineState, Exchange, InformationState } from './state.ts';

/** HMAC-MD5 (RFC 2104) of octets under a key of 16 octets, 16 octets. */
export type HmacMd5 = (key: Uint8Array, octets: Uint8Array) => Uint8Array;

/** Wait from the first Solicit beside leases that are in use until they are asked for by Rebind again, milliseconds. */
const FIRST_SOLICITING_MS = 60_000;

/** What the client knows across its states, and the few things it can do: move, tell, send. */
export class Machine {
  readonly config: ClientConfig;
  readonly random: () => number;
  readonly hmacMd5: HmacMd5 | undefined;
  readonly wanted: readonly WantedIa[];
  readonly outputs: OutputQueue = new OutputQueue();
  readonly failures: ServerFailures = new ServerFailures();
  readonly maximumTimes: MaximumTimes = new MaximumTimes();
  readonly hints: PrefixHints;
  readonly #rate: RateLimit;

  state: ClientState = { kind: 'init', startAt: undefined };
  information: InformationState = { kind: 'off' };
  declining: DeclineState | undefined;
  carrier = false;
  bindings: readonly Binding[] = [];
  /** Who granted the bindings, as far as that is known. */
  serverIdentifier: Uint8Array | undefined;
  /** What came with the bindings. */
  granted: Parameters | undefined;
  /** What came in answer to an Information-request. */
  informed: Parameters | undefined;
  reconfigureKey: ReconfigureKey | undefined;
  /** The link's routers say that there are parameters to be had, but no leases (flags O and not M). */
  otherConfigOnly = false;
  /** When an exchange was last begun because of the link or of a caller: those may come as fast as a loose cable. */
  startedAt: number = Number.NEGATIVE_INFINITY;
  /** Solicit does not go out before this: the wait behind a refusal outlives a loose cable. */
  notBefore: number = Number.NEGATIVE_INFINITY;
  /** Replies since the last lease that took back what was advertised. */
  refusals = 0;
  /** Replies in a row that left out an IA which is wanted. */
  missing = 0;
  /** Rounds of Rebind and Solicit that nobody answered, with leases in use. */
  silentRounds = 0;

  constructor(config: ClientConfig, random: () => number, hmacMd5: HmacMd5 | undefined) {
    // Without the means to check a Reconfigure it is not to be asked for.
    this.config = hmacMd5 === undefined ? { ...config, reconfigure: false } : config;
    this.random = random;
    this.hmacMd5 = hmacMd5;
    this.wanted = wantedIas(config);
    this.hints = new PrefixHints(config);
    this.#rate = new RateLimit(config.rateLimit);
  }

  /** Whether there is anything to solicit. */
  get wantsLeases(): boolean {
    return !this.config.stateless && this.wanted.length > 0;
  }

  enter(state: ClientState): void {
    const moved = state.kind !== this.state.kind;
    this.state = state;
    if (moved) this.tell({ kind: 'state', state: state.kind });
  }

  tell(output: ClientOutput): void {
    this.outputs.push(output);
  }

  /** Tells what is to be applied from now on. */
  changed(why: ChangeReason, lost: readonly ClientLease[] = []): void {
    this.tell({ kind: 'changed', why, configuration: this.configuration(), lost });
  }

  configuration(): ClientConfiguration {
    // Parameters that came with leases go with them.
    const latest = this.bindings.length > 0 ? (this.granted ?? this.informed) : this.informed;
    const leases = clientLeases(this.bindings);
    const delegations = leases.filter((lease) => lease.kind === 'prefix');
    return {
      serverIdentifier: this.bindings.length > 0 ? this.serverIdentifier : latest?.serverIdentifier,
      receivedAt: latest?.receivedAt ?? Number.NEGATIVE_INFINITY,
      delegations: delegations.toSorted((a, b) => b.preferredUntil - a.preferredUntil),
      addresses: leases.filter((lease) => lease.kind === 'address'),
      dnsServers: latest?.dnsServers ?? [],
      domainSearchList: latest?.domainSearchList ?? [],
      options: latest?.options ?? [],
    };
  }

  /**
   * An exchange that has sent nothing yet. Its first message is "delayed by a random amount of time" where its timers say so.
   *
   * @param earliest not to be begun before
   */
  begin(name: ExchangeName, now: number, earliest: number = now): Exchange {
    const sendAt = Math.max(now, earliest) + this.random() * this.config.timings[name].maxDelayMs;
    const transactionId = this.newTransactionId();
    return { name, transactionId, sent: 0, startedAt: sendAt, timeoutMs: 0, sendAt, failAt: Number.POSITIVE_INFINITY };
  }

  /**
   * Sends an exchange's message for the first time or again, unless too many were sent lately: then it waits.
   *
   * @param build makes the message
   */
  send(exchange: Exchange, now: number, build: (transaction: Transaction) => ClientServerMessage): Exchange {
    const free = this.#rate.freeAt(now);
    if (free > now) return { ...exchange, sendAt: free };
    this.#rate.take(now);
    const { name, transactionId, sent } = exchange;
    const startedAt = sent === 0 ? now : exchange.startedAt;
    // Section 21.9: "expressed in hundredths of a second", "set to 0 in the first message in the message exchange".
    const message = build({ transactionId, elapsed: Math.floor((now - startedAt) / 10) });
    const payload = encodeMessage(message);
    this.tell({
      kind: 'send',
      messageType: message.messageType,
      payload,
      destination: ALL_RELAY_AGENTS_AND_SERVERS,
    });
    const timing = this.timing(name);
    const timeoutMs =
      exchange.timeoutMs === 0
        ? firstTimeout(timing, name === 'solicit', this.random)
        : nextTimeout(timing, exchange.timeoutMs, this.random);
    const lasting = timing.maximumDurationMs > 0 ? startedAt + timing.maximumDurationMs : Number.POSITIVE_INFINITY;
    return {
      ...exchange,
      sent: sent + 1,
      startedAt,
      timeoutMs,
      sendAt: now + timeoutMs,
      failAt: sent === 0 ? Math.min(exchange.failAt, lasting) : exchange.failAt,
    };
  }

  /** Section 15: "the message exchange fails" by MRC once the last RT is over, or by MRD. */
  hasFailed(exchange: Exchange, now: number): boolean {
    const { maximumCount } = this.timing(exchange.name);
    if (exchange.sent > 0 && now >= exchange.failAt) return true;
    return maximumCount > 0 && exchange.sent >= maximumCount && now >= exchange.sendAt;
  }

  /** Timers of an exchange, as a server may have changed them. */
  timing(name: ExchangeName): ExchangeTiming {
    const timing = this.config.timings[name];
    const told = name === 'solicit' || name === 'informationRequest' ? this.maximumTimes.of(name) : undefined;
    return told === undefined ? timing : { ...timing, maximumMs: told };
  }

  /** 24 random bits (section 16.1). */
  newTransactionId(): number {
    return Math.floor(this.random() * 2 ** 24) & 0xff_ffff;
  }

  /** When an exchange that the link or the caller asks for may begin: at once, but not twice within a second. */
  soonest(now: number): number {
    return Math.max(now, this.startedAt + 1000);
  }

  /** How long Solicit goes on beside leases in use before those are asked for again, milliseconds. */
  solicitingTime(): number {
    const doubled = FIRST_SOLICITING_MS * 2 ** Math.min(this.silentRounds, 30);
    return Math.min(doubled, Math.max(this.timing('solicit').maximumMs, FIRST_SOLICITING_MS));
  }
}
