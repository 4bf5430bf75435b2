import { DecodeError, EncodeError, Ipv6Address } from '@router7/wire';
import type { Message, RouterAdvertisement } from '../message.ts';
import { decodeMessage, encodeMessage } from '../message-codec.ts';
import { messageFault } from '../message-fault.ts';
import type { HostConfig } from './config.ts';
import { gistOf } from './counter-advertisement.ts';
import type { Heard, HeardKind, HeardRouter } from './heard.ts';
import type { HostInput } from './input.ts';
import { Knowledge } from './knowledge.ts';
import { heardFrom } from './learning.ts';
import type { HostDiscardReason, HostOutput } from './output.ts';
import { afterSending, delayed, type Solicitation } from './solicitation.ts';

/** What a host needs beside its configuration. */
export interface HostSurroundings {
  /** A number from 0 up to but not including 1: delays come from it. */
  readonly random: () => number;
}

const ALL_ROUTERS = Ipv6Address.parse('ff02::2');
/** How often a full table is told of. */
const OVERFLOW_INTERVAL_MS = 60_000;
/** Outputs that wait at most; a caller that drains after every `handle` never sees more than a handful. */
const MOST_OUTPUTS = 1024;

/**
 * A host on one link: it asks for advertisements and keeps what routers say for as long as they say it holds (RFC 4861
 * section 6.3, RFC 4862 section 5.5.3). What becomes of that, as addresses and routes, is the caller's.
 *
 * Feed it with {@link handle}, drain {@link poll} after every call, and call it with `timeout` when {@link deadline} is
 * reached. `now` is monotonic milliseconds and may leap forward by any amount.
 */
export class HostEngine {
  readonly #config: HostConfig;
  readonly #random: () => number;
  readonly #knowledge: Knowledge;
  readonly #outputs: HostOutput[] = [];
  readonly #overflowToldAt = new Map<HeardKind, number>();
  /** What routers that are not expected said last; there are no more of them than routers. */
  readonly #rogues = new Map<bigint, string>();
  #expected: readonly Ipv6Address[] | undefined;
  #solicitation: Solicitation = { kind: 'silent' };
  #carrier = false;
  #linkLocal: Ipv6Address | undefined;
  #flags = '';
  #now = Number.NEGATIVE_INFINITY;

  /** @throws EncodeError `out-of-range` for a wait or a limit that is negative or not a number */
  constructor(config: HostConfig, { random }: HostSurroundings) {
    for (const value of [...Object.values(config.limits), ...Object.values(config.solicitation)]) {
      if (!(value >= 0)) throw new EncodeError('out-of-range', `${value} is neither a wait nor a limit`);
    }
    this.#config = config;
    this.#random = random;
    this.#expected = config.expectedRouters;
    this.#knowledge = new Knowledge(config.limits);
  }

  /**
   * Takes an input. Octets from the network never make it throw.
   *
   * @throws RangeError when `now` is no time (NaN or Infinity): nothing would ever be due again
   */
  handle(input: HostInput, now: number): void {
    if (!Number.isFinite(now)) throw new RangeError(`${now} is no time`);
    this.#now = Math.max(this.#now, now);
    this.#expire();
    switch (input.kind) {
      case 'timeout':
        break;
      case 'carrier':
        if (input.up !== this.#carrier) {
          this.#carrier = input.up;
          this.#startOver();
        }
        break;
      case 'address':
        this.#linkLocal = input.linkLocal;
        break;
      case 'solicit':
        this.#startOver();
        break;
      case 'expect':
        this.#expected = input.routers;
        break;
      case 'packet':
        this.#receive(input);
        break;
    }
    this.#tellFlags();
    this.#solicitDue();
  }

  /** The next thing to do or to know, until undefined. */
  poll(): HostOutput | undefined {
    return this.#outputs.shift();
  }

  /** When `handle` wants a `timeout` at the latest, in monotonic milliseconds; undefined when there is nothing to wait for. */
  deadline(): number | undefined {
    const sendAt = this.#solicitation.kind === 'silent' ? Number.POSITIVE_INFINITY : this.#solicitation.sendAt;
    const next = Math.min(sendAt, this.#knowledge.nextEnd);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /** What is known of a kind and was not over at the last `handle`, the first heard first. */
  heard<K extends HeardKind>(kind: K): Extract<Heard, { readonly kind: K }>[] {
    return this.#knowledge.list(kind);
  }

  #receive(packet: Extract<HostInput, { readonly kind: 'packet' }>): void {
    const received = receivedAdvertisement(packet);
    if (typeof received === 'string') {
      this.#tell({ kind: 'discarded', reason: received });
      return;
    }
    const { source } = packet;
    let router: HeardRouter | undefined;
    for (const heard of heardFrom(received, source, this.#knowledge, this.#now)) {
      this.#learn(heard);
      if (heard.kind === 'router') router = this.#knowledge.find(heard);
    }
    // "Once the host sends a Router Solicitation, and receives a valid Router Advertisement with a non-zero Router
    // Lifetime, the host MUST desist from sending additional solicitations". One that came before does not count: "a host
    // SHOULD send at least one solicitation", because answers "may contain more".
    if (received.routerLifetimeSeconds > 0 && this.#solicitation.kind === 'waiting') {
      this.#solicitation = { kind: 'silent' };
    }
    const expected = this.#expected?.some((address) => address.equals(source)) ?? true;
    if (!expected && router !== undefined) this.#tellRogue(router, received);
  }

  /** Takes in, or back, what a router says. */
  #learn(heard: Heard): void {
    if (heard.until <= this.#now) {
      const before = this.#knowledge.forget(heard);
      if (before !== undefined) this.#tell({ kind: 'lost', heard: before });
      return;
    }
    const learned = this.#knowledge.learn(heard);
    if (learned === 'full') this.#tellOverflow(heard.kind);
    else if (learned !== 'refreshed') this.#tell({ kind: learned, heard });
  }

  #expire(): void {
    const over = this.#knowledge.expire(this.#now);
    for (const heard of over) {
      if (heard.kind === 'router') this.#rogues.delete(heard.address.value);
      this.#tell({ kind: 'lost', heard });
    }
    for (const heard of this.#knowledge.deprecate(this.#now)) this.#tell({ kind: 'changed', heard });
    const lastRouterLost =
      over.some((heard) => heard.kind === 'router' && heard.isDefault) && !this.#hasDefaultRouter();
    if (lastRouterLost && this.#solicitation.kind === 'silent') this.#startOver();
  }

  #hasDefaultRouter(): boolean {
    return this.#knowledge.list('router').some(({ isDefault }) => isDefault);
  }

  #startOver(): void {
    const asks = this.#carrier && this.#config.solicit;
    this.#solicitation = asks ? delayed(this.#config.solicitation, this.#random, this.#now) : { kind: 'silent' };
  }

  #solicitDue(): void {
    const state = this.#solicitation;
    if (state.kind === 'silent' || this.#now < state.sendAt) return;
    const source = this.#linkLocal ?? Ipv6Address.unspecified;
    // 4.1: the source link-layer address "MUST NOT be included if the Source Address is the unspecified address."
    const value = this.#config.hardwareAddress.toBytes();
    const options = source.isUnspecified ? [] : [{ kind: 'sourceLinkLayerAddress', value } as const];
    const payload = encodeMessage({ kind: 'routerSolicitation', options });
    this.#tell({ kind: 'send', payload, source, destination: ALL_ROUTERS });
    this.#solicitation = afterSending(state, this.#config.solicitation, this.#random, this.#now);
  }

  /** RFC 4861 6.3.4: "the union of all received information" holds. */
  #tellFlags(): void {
    const routers = this.#knowledge.list('router');
    const managedAddressConfiguration = routers.some((router) => router.managedAddressConfiguration);
    const otherConfiguration = routers.some((router) => router.otherConfiguration);
    const flags = `${managedAddressConfiguration} ${otherConfiguration}`;
    if (flags === this.#flags || (routers.length === 0 && this.#flags === '')) return;
    this.#flags = flags;
    this.#tell({ kind: 'flags', managedAddressConfiguration, otherConfiguration });
  }

  #tellRogue(router: HeardRouter, advertisement: RouterAdvertisement): void {
    const gist = gistOf(advertisement);
    const isNews = this.#rogues.get(router.address.value) !== gist;
    this.#rogues.set(router.address.value, gist);
    this.#tell({ kind: 'rogue', router, advertisement, isNews });
  }

  #tellOverflow(kind: HeardKind): void {
    const toldAt = this.#overflowToldAt.get(kind);
    if (toldAt !== undefined && this.#now - toldAt < OVERFLOW_INTERVAL_MS) return;
    this.#overflowToldAt.set(kind, this.#now);
    this.#tell({ kind: 'overflow', of: kind });
  }

  /** Who does not drain loses first the news of dropped messages, then the oldest. */
  #tell(output: HostOutput): void {
    if (this.#outputs.length >= MOST_OUTPUTS) {
      if (output.kind === 'discarded') return;
      const expendable = this.#outputs.findIndex((waiting) => waiting.kind === 'discarded');
      this.#outputs.splice(Math.max(expendable, 0), 1);
    }
    this.#outputs.push(output);
  }
}

/** An advertisement that is valid, or what is wrong with it. Nothing in it belongs to the caller. */
function receivedAdvertisement(
  packet: Extract<HostInput, { readonly kind: 'packet' }>,
): RouterAdvertisement | HostDiscardReason {
  let message: Message;
  try {
    message = decodeMessage(packet.payload.slice());
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  const fault = messageFault(message, packet);
  if (fault !== undefined) return fault;
  return message.kind === 'routerAdvertisement' ? message : 'unexpected-type';
}
