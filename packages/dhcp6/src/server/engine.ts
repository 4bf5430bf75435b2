import { MessageType } from '../message-type.ts';
import type { ServerConfig } from './config.ts';
import { handleConfirm } from './confirm.ts';
import type { ServerEnvironment } from './environment.ts';
import { openExchange } from './exchange.ts';
import { readIncoming } from './incoming.ts';
import { handleInformationRequest } from './information-request.ts';
import type { ServerInput } from './input.ts';
import { LeaseBook } from './lease-book.ts';
import type { LeaseTable } from './lease-table.ts';
import { handleDecline, handleRelease } from './leaving.ts';
import { Links } from './link.ts';
import { Outbox } from './outbox.ts';
import type { ServerOutput } from './output.ts';
import { PlaceHash } from './place-hash.ts';
import { PlainAnswers } from './plain-answers.ts';
import { Reconfigures } from './reconfigure.ts';
import { handleRenew } from './renew.ts';
import { handleRequest } from './request.ts';
import type { ServerContext } from './server-context.ts';
import { handleSolicit } from './solicit.ts';

/**
 * A DHCPv6 server (RFC 9915 section 18.3) without sockets, clock or files: parameters, addresses, and prefixes for routers.
 *
 * Drain {@link ServerEngine.poll} after every {@link ServerEngine.handle}; a payload is valid until the next `handle`.
 * The table must not be changed by anyone else while the engine works on it. For other settings, prefixes that came and
 * went among them, make another engine over the same table: it asks the clients of what is gone to renew.
 *
 * Deliberate deviations: IA_TA, obsolete since RFC 9915, is ignored; an offer is written down nowhere; clients of parameters
 * only, and those behind relay agents, are not asked to reconfigure; a client that renews a lease that the table does not
 * know gets it.
 */
export class ServerEngine {
  readonly #context: ServerContext;
  readonly #plain: PlainAnswers;
  #started = false;
  #now = -Infinity;

  /**
   * @param table leases from before; their times count in the same milliseconds as `now` does
   * @throws EncodeError when the settings contradict themselves: `bad-value`, `out-of-range`, or what the encoding of an
   *   option throws
   */
  constructor(config: ServerConfig, table: LeaseTable, environment: ServerEnvironment) {
    const links = new Links(config);
    this.#context = {
      config,
      links,
      leases: new LeaseBook(table, links),
      outbox: new Outbox(),
      reconfigures: new Reconfigures(config, environment),
      places: new PlaceHash(environment.placeSecret),
      environment,
      serverIdentifier: { kind: 'serverIdentifier', value: config.duid },
    };
    this.#plain = new PlainAnswers(this.#context);
  }

  /** Leases that are in force. As of the last {@link handle}. */
  get activeLeases(): number {
    return this.#context.leases.active;
  }

  /**
   * Tells the engine what has happened.
   *
   * @param now monotonic milliseconds; earlier than before counts as the same
   * @throws RangeError when `now` is no time (NaN or Infinity): nothing would ever end again
   */
  handle(input: ServerInput, now: number): void {
    if (!(now < Number.POSITIVE_INFINITY)) throw new RangeError(`${now} is no time`);
    const { leases, outbox, reconfigures, links, serverIdentifier } = this.#context;
    // A clock that goes back stands still: no lease is to have ended before it was given.
    const time = Math.max(now, this.#now);
    this.#now = time;
    outbox.begin();
    leases.advance(time);
    for (let lease = leases.takeExpired(); lease !== undefined; lease = leases.takeExpired()) {
      outbox.push({ kind: 'lease', what: 'expired', lease });
    }
    if (!this.#started) {
      this.#started = true;
      reconfigures.summon(leases, links, time);
    }
    if (input.kind === 'datagram' && !this.#plain.answer(input, time)) this.#receive(input, time);
    reconfigures.advance(outbox, serverIdentifier, time);
  }

  /** The next thing to do or to know, until undefined. */
  poll(): ServerOutput | undefined {
    return this.#context.outbox.poll();
  }

  /** When `handle` wants a `timeout` at the latest, in monotonic milliseconds; at once for a new engine. */
  deadline(): number | undefined {
    if (!this.#started) return -Infinity;
    const { leases, reconfigures } = this.#context;
    const end = leases.nextEnd;
    const summons = reconfigures.deadline;
    return summons === undefined || (end !== undefined && end < summons) ? end : summons;
  }

  #receive(datagram: ServerInput & { readonly kind: 'datagram' }, now: number): void {
    const context = this.#context;
    const { config, links, outbox } = context;
    const incoming = readIncoming(datagram.payload);
    const exchange = typeof incoming === 'string' ? incoming : openExchange(incoming, datagram, config, links);
    if (typeof exchange === 'string') {
      outbox.discard(exchange);
      return;
    }
    switch (exchange.incoming.message.messageType) {
      case MessageType.solicit:
        handleSolicit(context, exchange, now);
        break;
      case MessageType.request:
        handleRequest(context, exchange, now);
        break;
      case MessageType.confirm:
        handleConfirm(context, exchange);
        break;
      case MessageType.renew:
      case MessageType.rebind:
        handleRenew(context, exchange, now);
        break;
      case MessageType.release:
        handleRelease(context, exchange, now);
        break;
      case MessageType.decline:
        handleDecline(context, exchange, now);
        break;
      case MessageType.informationRequest:
        handleInformationRequest(context, exchange);
        break;
      default:
        outbox.discard('unexpected-type');
    }
  }
}
