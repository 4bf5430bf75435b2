import { EncodeError, Ipv6Prefix } from '@router7/wire';
import { encodeMessage } from '../message-codec.ts';
import { sameIa, wantedIas } from './bindings.ts';
import { solicitMessage } from './client-message.ts';
import type { ClientConfig } from './config.ts';
import { onDuplicate } from './decline.ts';
import { enterConfirming, enterInit, enterReleasing, enterRenewing, lose } from './entry-actions.ts';
import { reviewInformation } from './information.ts';
import type { ClientInput } from './input.ts';
import type { ClientConfiguration } from './lease.ts';
import { type HmacMd5, Machine } from './machine.ts';
import type { ClientOutput, ClientStateName } from './output.ts';
import type { ReconfigureKey } from './reconfigure-key.ts';
import { type RememberedLeases, recall } from './remembered.ts';
import { onDatagram } from './reply-reactions.ts';
import { machineDeadline, onTimeout } from './timeout-reactions.ts';

/** What a client needs beside its settings. */
export interface ClientSurroundings {
  /** A random number from 0 up to 1, 1 excluded. Transaction ids and delays come from it. */
  readonly random: () => number;
  /** Without it no server is allowed to send Reconfigure. */
  readonly hmacMd5?: HmacMd5 | undefined;
  /** What an earlier run left. */
  readonly remembered?: RememberedLeases | undefined;
  /** The key for Reconfigure that an earlier run told last. */
  readonly reconfigureKey?: ReconfigureKey | undefined;
}

/**
 * A DHCPv6 client without input or output of its own (RFC 9915 section 18.2; the states are in `state.ts`).
 *
 * Feed it with {@link handle}, drain {@link poll} after every call, and call it with `timeout` when {@link deadline} is
 * reached. It starts when it first hears `carrier` with `up: true`: by asking whether what it remembers is still good, else
 * with Solicit. `now` is monotonic milliseconds and may leap forward by any amount.
 */
export class ClientEngine {
  readonly #machine: Machine;
  #remembered: RememberedLeases | undefined;
  #now = Number.NEGATIVE_INFINITY;

  /**
   * @throws EncodeError when the configuration cannot be put into a message: `bad-value` for an IAID that is there twice,
   *   `out-of-range` for a wait or a count that is negative or not a number, else what an option's codec says
   */
  constructor(config: ClientConfig, surroundings: ClientSurroundings) {
    checkConfig(config);
    this.#machine = new Machine(config, surroundings.random, surroundings.hmacMd5);
    this.#machine.reconfigureKey = surroundings.reconfigureKey;
    this.#remembered = surroundings.remembered;
  }

  /** The state of `state.ts`. */
  get state(): ClientStateName {
    return this.#machine.state.kind;
  }

  /** What is to be applied. */
  get configuration(): ClientConfiguration {
    return this.#machine.configuration();
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
    const m = this.#machine;
    const remembered = this.#remembered;
    this.#remembered = undefined;
    if (remembered !== undefined) recall(m, remembered, this.#now);
    dispatch(m, input, this.#now);
    reviewInformation(m, this.#now);
  }

  /** The next thing to do or to know, in order; undefined when there is none. */
  poll(): ClientOutput | undefined {
    return this.#machine.outputs.shift();
  }

  /** When to call {@link handle} with `timeout`, monotonic milliseconds; undefined when there is nothing to wait for. */
  deadline(): number | undefined {
    return machineDeadline(this.#machine);
  }
}

function dispatch(m: Machine, input: ClientInput, now: number): void {
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
    case 'duplicate':
      onDuplicate(m, input.address, now);
      return;
    case 'router':
      m.otherConfigOnly = input.otherConfig && !input.managed;
      return;
    case 'renew':
      onRenew(m, now);
      return;
    case 'release':
      if (m.state.kind !== 'releasing' && m.state.kind !== 'stopped') enterReleasing(m, now);
      return;
  }
}

/**
 * Section 18.2.12: "Whenever a client may have moved to a new link, the prefixes/addresses assigned to the interfaces on
 * that link may no longer be appropriate", as after a reboot or when the cable was out.
 */
function onCarrier(m: Machine, up: boolean, now: number): void {
  if (up === m.carrier) return;
  m.carrier = up;
  const { kind } = m.state;
  if (kind === 'releasing' || kind === 'stopped') return;
  if (!up) m.declining = undefined;
  lose(m, 'expired', ({ validUntil }) => validUntil <= now);
  if (up && m.bindings.length > 0 && m.wantsLeases) enterConfirming(m, now);
  else enterInit(m, now);
}

/** Section 18.2.4: a client may renew "at its discretion" before T1. */
function onRenew(m: Machine, now: number): void {
  if (m.state.kind === 'bound' && now >= m.startedAt + 1000) {
    m.startedAt = now;
    enterRenewing(m, m.state.rebindAt, now);
  }
}

/** What has no encoding, or would make the client send without a pause, shall be found now and not when it is due. */
function checkConfig(config: ClientConfig): void {
  const waits = [...Object.values(config.timings).flatMap(Object.values), ...Object.values(config.rateLimit)];
  for (const value of waits as number[]) {
    if (!(value >= 0)) throw new EncodeError('out-of-range', `${value} is neither a wait nor a count`);
  }
  const wanted = wantedIas(config);
  const twice = wanted.find((ia, i) => wanted.slice(0, i).some((other) => sameIa(ia, other)));
  if (twice !== undefined) throw new EncodeError('bad-value', `IAID ${twice.iaid} is there twice`);
  for (const length of [...config.prefixLengthHints, ...config.delegations.map(({ prefixLength }) => prefixLength)]) {
    if (length !== undefined) new Ipv6Prefix(Ipv6Prefix.parse('::/0').address, length);
  }
  const wishes = wanted.map((ia) => ({ ia, leases: [] }));
  encodeMessage(solicitMessage(config, { transactionId: 0, elapsed: 0 }, wishes));
}
