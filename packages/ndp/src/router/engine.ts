import { bytesEqual, DecodeError, Ipv6Address } from '@router7/wire';
import type { Message, RouterAdvertisement, RouterSolicitation } from '../message.ts';
import { decodeMessage } from '../message-codec.ts';
import { messageFault } from '../message-fault.ts';
import { checkAdvertisement, encodeAdvertisement, fitsMessage } from './advertisement.ts';
import { checkRouterConfig } from './check-config.ts';
import type { RouterConfig } from './config.ts';
import { ConsistencyCheck } from './consistency.ts';
import { HeldOptions, type RememberedOption } from './held-options.ts';
import type { RouterInput } from './input.ts';
import { keyOf, lastingOptions, nextChange } from './lasting-option.ts';
import type { RouterDiscardReason, RouterOutput } from './output.ts';
import { afterMulticast, announce, cease, multicastAt, type RouterState, solicited } from './state.ts';
import { UnicastAnswers } from './unicast-answers.ts';

/** What a router needs beside its configuration. */
export interface RouterSurroundings {
  /** A number from 0 up to but not including 1: intervals and delays come from it. */
  readonly random: () => number;
  /** The last `record` of an earlier run: what of it is not advertised any more is taken back. */
  readonly remembered?: readonly RememberedOption[] | undefined;
}

/** An advertisement in octets, and until when it is right. */
interface Encoded {
  readonly payloads: readonly Uint8Array[];
  readonly until: number;
}

/** Hundreds of hosts that ask at the same time get the same octets. */
const LONGEST_REUSE_MS = 1000;
const ALL_NODES = Ipv6Address.parse('ff02::1');
/** Outputs that wait at most; a caller that drains after every `handle` never sees more than a handful. */
const MOST_OUTPUTS = 1024;

/**
 * A router that advertises itself on one interface (RFC 4861 section 6.2; `state.ts` has the timers).
 *
 * It exists while the interface is an advertising one: has a link-local address, works, and is wanted. It starts with the
 * first {@link handle} or when {@link deadline}, which is in the past until then, has come. Feed it, and drain {@link poll}
 * after every call. `now` is monotonic milliseconds and may leap forward by any amount.
 *
 * Deliberate deviations: none of section 6.2. The Neighbor Cache that section 6.2.6 has updated is the kernel's, which hears
 * solicitations as well.
 */
export class RouterEngine {
  readonly #random: () => number;
  readonly #remembered: readonly RememberedOption[];
  readonly #answers = new UnicastAnswers();
  readonly #consistency = new ConsistencyCheck();
  readonly #outputs: RouterOutput[] = [];
  #config: RouterConfig;
  #state: RouterState | undefined;
  #held: HeldOptions | undefined;
  /** What was sent last. */
  #encoded: Encoded | undefined;
  /** What was told to be over. */
  #withdrawn: ReadonlySet<string> = new Set();
  /** When all nodes got the last advertisement. */
  #lastAt = Number.NEGATIVE_INFINITY;
  #now = Number.NEGATIVE_INFINITY;

  /**
   * @throws RouterVariableError when a variable is out of bounds
   * @throws EncodeError when an option has no encoding
   */
  constructor(config: RouterConfig, { random, remembered = [] }: RouterSurroundings) {
    checkConfig(config);
    this.#config = config;
    this.#random = random;
    this.#remembered = remembered;
  }

  /**
   * Tells the engine what has happened.
   *
   * @param now monotonic milliseconds; one that goes back counts as the one before
   * @throws RangeError when `now` is no time (NaN or Infinity): nothing would ever be sent again
   * @throws RouterVariableError or EncodeError for a `configure` that cannot be advertised: what was before goes on
   */
  handle(input: RouterInput, now: number): void {
    if (!Number.isFinite(now)) throw new RangeError(`${now} is no time`);
    this.#now = Math.max(now, this.#now);
    this.#held ??= new HeldOptions(this.#remembered, this.#now);
    this.#state ??= announce(this.#lastAt, this.#now);
    switch (input.kind) {
      case 'timeout':
        break;
      case 'packet':
        this.#receive(input);
        break;
      case 'configure':
        this.#configure(input.config);
        break;
      case 'announce':
        if (this.#state.kind === 'advertising') {
          this.#state = announce(this.#lastAt, this.#now, Math.max(this.#state.initialLeft, 1));
        }
        break;
      case 'cease':
        this.#cease();
        break;
    }
    this.#sendDue();
  }

  /** The next thing to do or to know, until undefined. */
  poll(): RouterOutput | undefined {
    return this.#outputs.shift();
  }

  /** When `handle` wants a `timeout` at the latest, in monotonic milliseconds; undefined once it has ceased. */
  deadline(): number | undefined {
    if (this.#state === undefined) return this.#now;
    const multicast = multicastAt(this.#state);
    const unicast = this.#answers.deadline;
    return multicast === undefined || (unicast !== undefined && unicast < multicast) ? unicast : multicast;
  }

  #configure(config: RouterConfig): void {
    checkConfig(config);
    const before = this.#content();
    this.#config = config;
    this.#encoded = undefined;
    const after = this.#content();
    if (this.#state?.kind !== 'advertising') return;
    // A delegation that was renewed says the same for as long as there is more of it left than hosts are told.
    const same =
      after.length === before.length && after.every((part, index) => bytesEqual(part, before[index] as Uint8Array));
    if (!same) this.#state = announce(this.#lastAt, this.#now);
  }

  /** What an advertisement would say now, as octets that can be compared. */
  #content(): Uint8Array[] {
    return encodeAdvertisement(this.#config, lastingOptions(this.#config, this.#now), false);
  }

  #cease(): void {
    if (this.#state?.kind !== 'advertising') return;
    this.#answers.clear();
    this.#state = cease(this.#lastAt, this.#now);
  }

  #receive(input: Extract<RouterInput, { readonly kind: 'packet' }>): void {
    let message: Message;
    try {
      message = decodeMessage(input.payload);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#discard(error.code);
      return;
    }
    const fault = messageFault(message, input);
    if (fault !== undefined) this.#discard(fault);
    else if (message.kind === 'routerSolicitation') this.#solicited(message, input.source);
    else if (message.kind === 'routerAdvertisement') this.#advertised(message, input.source);
    else this.#discard('unexpected-type');
  }

  #solicited({ options }: RouterSolicitation, source: Ipv6Address): void {
    if (this.#state?.kind !== 'advertising') return;
    // RFC 7772 section 5.1: to the sender alone where it is known, and how to reach it.
    const isKnown = !source.isUnspecified && options.some(({ kind }) => kind === 'sourceLinkLayerAddress');
    const alone = this.#config.unicastAnswers && isKnown && this.#answers.add(source, this.#random, this.#now);
    if (!alone) this.#state = solicited(this.#state, this.#lastAt, this.#random, this.#now);
  }

  #advertised(message: RouterAdvertisement, router: Ipv6Address): void {
    // One of its own, that came back by a loop in the network.
    if (router.equals(this.#config.linkLocalAddress)) return;
    const variables = this.#consistency.check(this.#config, router, message, this.#now);
    if (variables !== undefined) this.#push({ kind: 'inconsistent', router, variables });
  }

  /** Sends what is due by now. */
  #sendDue(): void {
    const state = this.#state;
    if (state === undefined || state.kind === 'ceased') return;
    const at = multicastAt(state);
    if (at !== undefined && at <= this.#now) {
      this.#send([ALL_NODES], state.kind === 'ceasing');
      this.#lastAt = this.#now;
      if (state.kind === 'advertising') {
        this.#state = afterMulticast(state, this.#config, this.#random, this.#now);
      } else {
        this.#state = { kind: 'ceased' };
        this.#push({ kind: 'ceased' });
        return;
      }
    }
    const hosts = this.#answers.take(this.#now);
    if (hosts.length > 0) this.#send(hosts, false);
  }

  #send(destinations: readonly Ipv6Address[], isFinal: boolean): void {
    const now = this.#now;
    if (isFinal || this.#encoded === undefined || now >= this.#encoded.until) this.#encode(isFinal);
    const { payloads } = this.#encoded as Encoded;
    const source = this.#config.linkLocalAddress;
    for (const destination of destinations) {
      for (const payload of payloads) this.#push({ kind: 'send', payload, source, destination });
    }
  }

  /** Makes an advertisement: it holds for a second at most, and only until a lifetime that counts down is another one. */
  #encode(isFinal: boolean): void {
    const held = this.#held as HeldOptions;
    const now = this.#now;
    const until = Math.min(now + LONGEST_REUSE_MS, nextChange(this.#config, now));
    const told = lastingOptions(this.#config, now);
    const changed = held.note(told, until);
    const stale = held.stale(told, now).filter((option) => fitsMessage(this.#config, option));
    // Ahead of what is sent: what hosts know has to be known after a power cut.
    if (changed) this.#push({ kind: 'record', options: held.remembered });
    for (const option of stale) if (!this.#withdrawn.has(keyOf(option))) this.#push({ kind: 'withdrawn', option });
    this.#withdrawn = new Set(stale.map(keyOf));
    this.#encoded = { payloads: encodeAdvertisement(this.#config, [...told, ...stale], isFinal), until };
  }

  #discard(reason: RouterDiscardReason): void {
    this.#push({ kind: 'discarded', reason });
  }

  /** Who does not drain loses the news of dropped messages, then the latest. */
  #push(output: RouterOutput): void {
    if (this.#outputs.length < MOST_OUTPUTS) this.#outputs.push(output);
  }
}

/** What cannot be encoded is to be known before it is in force. */
function checkConfig(config: RouterConfig): void {
  checkRouterConfig(config);
  checkAdvertisement(config, lastingOptions(config, 0));
}
