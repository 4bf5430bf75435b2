import type { Ipv4Address } from '@router7/wire';
import { MessageType } from '../message.ts';
import type { ServerConfig } from './config.ts';
import { handleDecline } from './decline.ts';
import { finishProbe, handleDiscover, handleLateProbe, type ProbeAnswer } from './discover.ts';
import { openExchange } from './exchange.ts';
import { ended } from './grant.ts';
import { cleanHostName, HostNames } from './host-name.ts';
import { setHostName } from './host-name-override.ts';
import { decodeIncoming } from './incoming.ts';
import { handleInform } from './inform.ts';
import type { ServerInput } from './input.ts';
import { LeaseBook } from './lease-book.ts';
import type { LeaseTable } from './lease-table.ts';
import { Outbox } from './outbox.ts';
import type { ServerOutput } from './output.ts';
import { PlainAnswers } from './plain-answers.ts';
import { PlainOptions } from './plain-options.ts';
import { plainRequest } from './plain-request.ts';
import { Probes } from './probes.ts';
import { handleRelease } from './release.ts';
import { handleRequest } from './request.ts';
import type { ServerContext } from './server-context.ts';
import { Subnets } from './subnet.ts';

/** What a server engine cannot make by itself. */
export interface ServerEnvironment {
  /** A number from 0 up to but not including 1. Spreads T1 and T2; addresses do not depend on it. */
  readonly random: () => number;
}

/**
 * A DHCPv4 server (RFC 2131 section 4.3) without sockets, clock or files.
 *
 * Drain {@link ServerEngine.poll} after every {@link ServerEngine.handle}; a payload is valid until the next `handle`.
 * The table must not be changed by anyone else while the engine works on it. For other settings, make another engine over
 * the same table: what is on offer or being probed at that moment is forgotten, and the clients ask again.
 *
 * Deliberate deviations: an offer is not written to the table; a DHCPRELEASE does not end a lease without end; BOOTP
 * clients are not served; a reply never grows beyond an Ethernet frame, whatever option 57 allows; a renewal prolongs the
 * lease though it asks for no time.
 */
export class ServerEngine {
  readonly #context: ServerContext;
  readonly #table: LeaseTable;
  readonly #plain: PlainAnswers;
  /** Of the message that came last. */
  readonly #options = new PlainOptions();

  /**
   * @param table leases from before; their times count in the same milliseconds as `now` does
   * @throws EncodeError when the settings contradict themselves: `bad-value` (no subnet, a subnet twice, a pool or a
   *   reservation outside of its subnet, a reservation for nobody, twice or for one client twice), `out-of-range` (pools
   *   too large), `too-long` (the name of a boot file), or what the encoding of an option throws
   */
  constructor(config: ServerConfig, table: LeaseTable, environment: ServerEnvironment) {
    const subnets = new Subnets(config);
    const names = new HostNames(config.reservedHostNames);
    for (const { config: each } of subnets.all) {
      for (const { hostName, address } of each.reservations) {
        const name = cleanHostName(hostName ?? '');
        if (name !== '') names.fix(name, address.value);
      }
    }
    this.#table = table;
    this.#context = {
      config,
      subnets,
      names,
      leases: new LeaseBook(table, subnets, names),
      probes: new Probes(),
      outbox: new Outbox(),
      random: environment.random,
    };
    this.#plain = new PlainAnswers(this.#context);
  }

  /** Leases that are in force, static ones included (row D4S-18). As of the last {@link handle}. */
  get activeLeases(): number {
    return this.#context.leases.active;
  }

  /**
   * Tells the engine what has happened.
   *
   * @param now monotonic milliseconds
   * @throws RangeError when `now` is no time (NaN or Infinity): nothing would ever end again
   */
  handle(input: ServerInput, now: number): void {
    if (!(now < Number.POSITIVE_INFINITY)) throw new RangeError(`${now} is no time`);
    const { leases, outbox, probes } = this.#context;
    outbox.begin();
    leases.advance(now);
    for (let lease = leases.takeExpired(); lease !== undefined; lease = leases.takeExpired()) {
      outbox.push({ kind: 'lease', what: 'expired', lease });
    }
    switch (input.kind) {
      case 'timeout':
        break;
      case 'datagram':
        this.#receive(input.payload, input.source, now);
        break;
      case 'probed':
        this.#probed(input.address, input.inUse ? (input.hardwareAddress ?? 'somebody') : 'nobody', now);
        break;
      case 'set-host-name':
        setHostName(this.#context, this.#table, input.client, input.hostName);
        break;
      case 'forget':
        this.#forget(input.address, now);
        break;
    }
    // After the input, which may have been the answer that was waited for.
    for (let probe = probes.takeOverdue(now); probe !== undefined; probe = probes.takeOverdue(now)) {
      finishProbe(this.#context, probe, 'nobody', now);
    }
  }

  /** The next thing to do or to know, until undefined. */
  poll(): ServerOutput | undefined {
    return this.#context.outbox.poll();
  }

  /** When `handle` wants a `timeout` at the latest, in monotonic milliseconds. */
  deadline(): number | undefined {
    const probe = this.#context.probes.deadline;
    const end = this.#context.leases.nextEnd;
    return probe === undefined || (end !== undefined && end < probe) ? end : probe;
  }

  #receive(payload: Uint8Array, source: Ipv4Address, now: number): void {
    const { config, subnets, leases, outbox } = this.#context;
    const isPlain = this.#options.read(payload);
    if (isPlain && this.#plain.answer(payload, this.#options, now)) return;
    const incoming = isPlain ? plainRequest(this.#options, payload, source) : decodeIncoming(payload, source);
    if (typeof incoming === 'string') {
      outbox.discard(incoming);
      return;
    }
    const exchange = openExchange(incoming, config, subnets, leases);
    if (typeof exchange === 'string') {
      outbox.discard(exchange);
      return;
    }
    switch (incoming.type) {
      case MessageType.discover:
        handleDiscover(this.#context, exchange, payload, now);
        break;
      case MessageType.request:
        handleRequest(this.#context, exchange, now);
        break;
      case MessageType.decline:
        handleDecline(this.#context, exchange, now);
        break;
      case MessageType.release:
        handleRelease(this.#context, exchange, now);
        break;
      case MessageType.inform:
        handleInform(this.#context, exchange);
        break;
      default:
        outbox.discard('unexpected-type');
    }
  }

  #probed(address: Ipv4Address, user: ProbeAnswer, now: number): void {
    const probe = this.#context.probes.take(address);
    if (probe !== undefined) finishProbe(this.#context, probe, user, now);
    else handleLateProbe(this.#context, address, user, now);
  }

  #forget(address: Ipv4Address, now: number): void {
    const { leases, outbox } = this.#context;
    leases.withdraw({ address });
    const lease = leases.at(address);
    if (lease === undefined) return;
    leases.forget(lease);
    outbox.push({ kind: 'lease', what: 'released', lease: ended(lease, now) });
  }
}
