import { bytesEqual, DecodeError, EncodeError, Ipv4Address } from '@router7/wire';
import { type Message, MessageType, Op, optionValue } from '../message.ts';
import { decodeMessage, encodeMessage } from '../message-codec.ts';
import type { ClientConfig } from './config.ts';
import { onArp } from './conflict-reactions.ts';
import { enterInforming, enterInit, enterInitReboot, enterRenewing, loseLease, sendRelease } from './entry-actions.ts';
import { isHostAddress, subnetOf } from './host-address.ts';
import type { ClientInput } from './input.ts';
import type { ClientLease } from './lease.ts';
import { leaseFromAck } from './lease-from-ack.ts';
import { Machine } from './machine.ts';
import type { ClientOutput, ClientStateName } from './output.ts';
import { onDatagram } from './reply-reactions.ts';
import { discoverMessage } from './request-message.ts';
import { machineDeadline, onTimeout, repeatRebinding, repeatRenewing } from './timeout-reactions.ts';

/** A lease of an earlier run, for INIT-REBOOT (RFC 2131 section 3.2). */
export interface RememberedLease {
  /** The octets of the last DHCPACK, as its `bound` event handed them out. */
  readonly ack: Uint8Array;
  /** How long ago it came, in milliseconds. Negative, from a clock that was set back, counts as 0. */
  readonly ageMs: number;
}

/** What a client needs beside its settings. */
export interface ClientSurroundings {
  /** A random number from 0 up to 1, 1 excluded. Transaction ids and delays come from it. */
  readonly random: () => number;
  /** What an earlier run left; one that is no DHCPACK for this hardware address is passed over. */
  readonly remembered?: RememberedLease | undefined;
}

/**
 * A DHCPv4 client without input or output of its own (RFC 2131 section 4.4; the states are in `state.ts`).
 *
 * Feed it with {@link handle}, drain {@link poll} after every call, and call it with `timeout` when {@link deadline} is
 * reached. It starts when it first hears `carrier` with `up: true`: with INIT-REBOOT when it remembers a lease, else
 * with DISCOVER. `now` is monotonic milliseconds and may leap forward by any amount.
 */
export class ClientEngine {
  readonly #machine: Machine;
  #remembered: { readonly message: Message; readonly ack: Uint8Array; readonly ageMs: number } | undefined;
  #now = Number.NEGATIVE_INFINITY;

  /**
   * @throws EncodeError when the configuration cannot be put into a message: `out-of-range` for option 57 outside 576
   *   to 65535 (RFC 2132 section 9.10) and for a wait or a count that is negative or not a number, else what the
   *   option's codec says
   */
  constructor(config: ClientConfig, surroundings: ClientSurroundings) {
    if (!(config.maximumMessageSize >= 576 && config.maximumMessageSize <= 0xffff)) {
      throw new EncodeError('out-of-range', `option 57 is 576 to 65535, not ${config.maximumMessageSize}`);
    }
    checkWaits(config);
    // A setting that has no encoding shall be found here and not when the first message is due.
    encodeMessage(discoverMessage(config, { xid: 0, secs: 0 }));
    this.#machine = new Machine(config, surroundings.random);
    this.#remembered = usable(config, surroundings.remembered);
  }

  /** The state of RFC 2131 figure 5. */
  get state(): ClientStateName {
    return this.#machine.state.kind;
  }

  /** The lease that is to be applied, be its time over or not; undefined when there is none. */
  get lease(): ClientLease | undefined {
    return this.#machine.held?.lease;
  }

  /**
   * Takes an input. Octets from the network never make it throw.
   *
   * @throws RangeError when `now` is no time (NaN or Infinity): nothing would ever be due again
   */
  handle(input: ClientInput, now: number): void {
    if (!(now < Number.POSITIVE_INFINITY)) throw new RangeError(`${now} is no time`);
    // A clock that goes back, which a monotonic one does not, stands still here.
    this.#now = Math.max(this.#now, now);
    this.#recall(this.#now);
    this.#dispatch(input, this.#now);
  }

  /** The next thing to do or to know, in order; undefined when there is none. */
  poll(): ClientOutput | undefined {
    return this.#machine.outputs.shift();
  }

  /**
   * When to call {@link handle} with `timeout`, monotonic milliseconds; undefined when there is nothing to wait for.
   */
  deadline(): number | undefined {
    return machineDeadline(this.#machine);
  }

  #dispatch(input: ClientInput, now: number): void {
    const m = this.#machine;
    switch (input.kind) {
      case 'timeout':
        onTimeout(m, now);
        return;
      case 'carrier':
        onCarrier(m, input.up, now);
        return;
      case 'datagram':
        // What still arrives after the engine has stopped, or from a link that is reported down, concerns nobody.
        if (m.state.kind !== 'stopped' && m.carrier) onDatagram(m, input, now);
        return;
      case 'arp':
        onArp(m, input, now);
        return;
      case 'renew':
        onRenew(m, now);
        return;
      case 'restart':
        onRestart(m, input.release, now);
        return;
      case 'release':
        onRelease(m, now);
        return;
      case 'inform':
        // A lease brings its parameters with it.
        if (m.held === undefined && m.state.kind !== 'stopped') enterInforming(m, input.address, now);
        return;
    }
  }

  /** Turns what is remembered into a lease, once there is a clock to count its times on. */
  #recall(now: number): void {
    const remembered = this.#remembered;
    if (remembered === undefined) return;
    this.#remembered = undefined;
    const m = this.#machine;
    const { message, ack } = remembered;
    const acquiredAt = now - remembered.ageMs;
    // Without option 54 the server is anybody who listens: renewals are then broadcast.
    const server = optionValue(message, 'serverIdentifier') ?? Ipv4Address.broadcast;
    const lease = leaseFromAck(message, { requestedAt: acquiredAt, acquiredAt, server, address: message.yiaddr });
    m.held = { lease, ack, leaseSeconds: (lease.expiresAt - acquiredAt) / 1000 };
    m.unproven = lease.expiresAt <= now;
    m.enter({ kind: 'init-reboot', startAt: undefined });
  }
}

/** A wait that is not a number is over at once, every time: the client would send without a pause. */
function checkWaits(config: ClientConfig): void {
  const { selectingWindowMs, declineWaitMs, startDelayMs, probePace = 1, retry } = config;
  for (const value of [selectingWindowMs, declineWaitMs, probePace, ...startDelayMs, ...Object.values(retry)]) {
    if (!(value >= 0)) throw new EncodeError('out-of-range', `${value} is neither a wait nor a count`);
  }
}

/** What is remembered, when it is a DHCPACK for this interface with an address that a host can have. */
function usable(
  config: ClientConfig,
  remembered: RememberedLease | undefined,
): { readonly message: Message; readonly ack: Uint8Array; readonly ageMs: number } | undefined {
  if (remembered === undefined) return undefined;
  const ack = new Uint8Array(remembered.ack);
  let message: Message;
  try {
    message = decodeMessage(ack);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  const address = message.yiaddr;
  const fits =
    message.op === Op.bootReply &&
    optionValue(message, 'dhcpMessageType') === MessageType.ack &&
    bytesEqual(message.chaddr, config.hardwareAddress.toBytes()) &&
    isHostAddress(address, subnetOf(address, optionValue(message, 'subnetMask')));
  if (!fits) return undefined;
  // An age that nobody knows is no reason to trust the lease less than its server will: INIT-REBOOT asks it.
  return { message, ack, ageMs: Number.isFinite(remembered.ageMs) ? Math.max(remembered.ageMs, 0) : 0 };
}

/**
 * Section 3.7: a client asks for its address again "whenever the local network parameters may have changed" (D4C-27).
 */
function onCarrier(m: Machine, up: boolean, now: number): void {
  if (up === m.carrier) return;
  m.carrier = up;
  const { state, held } = m;
  if (state.kind === 'stopped') return;
  if (state.kind === 'informing') {
    enterInforming(m, state.address, now);
    return;
  }
  m.processStartedAt = up ? now : undefined;
  if (held !== undefined) {
    enterInitReboot(m, held, now);
    return;
  }
  // Section 4.4.1: "The client SHOULD wait a random time between one and ten seconds to desynchronize the use of DHCP
  // at startup."
  const [min, max] = m.config.startDelayMs;
  enterInit(m, now, Math.max(min + m.random() * (max - min), m.soonest(now) - now));
}

/** Section 4.4.5: "A client MAY choose to renew or extend its lease prior to T1." */
function onRenew(m: Machine, now: number): void {
  const { state, held } = m;
  if (held === undefined) return;
  if (state.kind === 'bound') {
    enterRenewing(m, held, now);
    return;
  }
  const waiting = state.kind === 'renewing' || state.kind === 'rebinding';
  if (!waiting || now < state.exchange.sentAt + 1000) return;
  if (state.kind === 'renewing') repeatRenewing(m, state, held, now);
  else repeatRebinding(m, state, held, now);
  return;
}

/** D4C-08 and D4C-09: the lease is no good, whatever its server says. */
function onRestart(m: Machine, release: boolean, now: number): void {
  if (m.state.kind === 'stopped') return;
  if (release) sendRelease(m, now);
  loseLease(m, release ? 'released' : 'restart');
  m.processStartedAt = undefined;
  enterInit(m, now, m.soonest(now) - now);
}

/** Section 4.4.6 (D4C-11). */
function onRelease(m: Machine, now: number): void {
  if (m.state.kind === 'stopped') return;
  sendRelease(m, now);
  loseLease(m, 'released');
  m.enter({ kind: 'stopped' });
  m.tell({ kind: 'stopped' });
}
