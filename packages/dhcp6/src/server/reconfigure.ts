import { ExpiryQueue, type Ipv6Address } from '@router7/wire';
import { encodeMessageTo } from '../message-codec.ts';
import { MessageType } from '../message-type.ts';
import type { Option } from '../option.ts';
import type { ServerConfig } from './config.ts';
import type { ServerEnvironment } from './environment.ts';
import type { Exchange } from './exchange.ts';
import type { LeaseBook } from './lease-book.ts';
import { octetKey } from './lease-key.ts';
import type { Lease } from './lease-table.ts';
import type { Links } from './link.ts';
import type { Outbox } from './outbox.ts';
import { CLIENT_PORT } from './port.ts';

/** RFC 9915 section 7.6, milliseconds: doubled each time, so often. */
const REC_TIMEOUT = 2000;
const REC_MAX_RC = 8;
/** Messages of one round, and how long until the next: a renumbering is told to a full table without a flood. */
const ROUND = 64;
const BETWEEN_ROUNDS = 50;
/** The Reconfigure Key Authentication Protocol (section 20.4): of option 11, and in it. */
const PROTOCOL = 3;
const ALGORITHM = 1;
const KEY = 1;
const DIGEST = 2;
const KEY_LENGTH = 16;
const NO_DIGEST: Uint8Array = new Uint8Array(KEY_LENGTH);

/** A client that is to come and renew. */
interface Summons {
  readonly duid: Uint8Array;
  readonly peer: Ipv6Address;
  readonly link: string;
  readonly key: Uint8Array;
  attempts: number;
}

/**
 * The keys of clients that accept Reconfigure, and the messages to those that have something of a prefix that is gone: RFC
 * 9096 L-13 wants stale configuration signalled, and section 3.5 by this.
 *
 * Who has to be told follows from the table, so it is told too when the prefix changed while the router was off.
 */
export class Reconfigures {
  readonly #config: ServerConfig;
  readonly #environment: ServerEnvironment;
  /** By a number that each client has here. */
  readonly #summons = new Map<number, Summons>();
  readonly #numbers = new Map<string, number>();
  /** When the next message to each is due. */
  readonly #due = new ExpiryQueue();
  #replayDetection = 0n;

  constructor(config: ServerConfig, environment: ServerEnvironment) {
    this.#config = config;
    this.#environment = environment;
  }

  /** When the next message is due. */
  get deadline(): number | undefined {
    return this.#due.next();
  }

  /** Whether a client that is to come has not done so yet. */
  get isWaiting(): boolean {
    return this.#numbers.size > 0;
  }

  /** Looks for clients that have what they should not have any more. Once, before anything else. */
  summon(leases: LeaseBook, links: Links, now: number): void {
    if (!this.#isPossible) return;
    for (const lease of leases.values()) {
      const { state, reconfigureKey, peer, link, duid } = lease;
      if (state !== 'bound' || reconfigureKey === undefined || !peer.isLinkLocal || !leases.isLive(lease)) continue;
      if (links.byName(link) === undefined || !isStale(lease, links)) continue;
      const client = octetKey(duid);
      const number = this.#numbers.get(client) ?? this.#numbers.size;
      this.#numbers.set(client, number);
      this.#summons.set(number, { duid, peer, link, key: reconfigureKey, attempts: 0 });
      this.#due.schedule(number, now + Math.floor(number / ROUND) * BETWEEN_ROUNDS);
    }
  }

  /** Sends what is due. */
  advance(outbox: Outbox, serverIdentifier: Option, now: number): void {
    for (let number = this.#due.takeDue(now); number !== undefined; number = this.#due.takeDue(now)) {
      const summons = this.#summons.get(number) as Summons;
      if (summons.attempts === REC_MAX_RC) {
        this.#forget(summons.duid);
        continue;
      }
      // Section 18.3.11: "The server [...] retransmits the Reconfigure message", the time-out doubled each time.
      this.#due.schedule(number, now + REC_TIMEOUT * 2 ** summons.attempts);
      summons.attempts++;
      this.#send(outbox, serverIdentifier, summons);
    }
  }

  /** The client has come. */
  answered({ duid }: Exchange): void {
    if (this.isWaiting) this.#forget(duid);
  }

  /** Whether a client can be asked to reconfigure, and lets itself be asked. */
  isAccepted({ incoming }: Exchange): boolean {
    return this.#isPossible && incoming.reconfigureAccept && incoming.relays.length === 0;
  }

  /** The key for a client's lease: chosen in its first exchange, and kept (section 20.4.2). */
  keyFor(exchange: Exchange, before: Lease | undefined): Uint8Array | undefined {
    if (!this.isAccepted(exchange)) return undefined;
    if (before?.reconfigureKey !== undefined) return before.reconfigureKey;
    const { messageType } = exchange.incoming.message;
    // Only these exchanges hand a key over.
    if (messageType !== MessageType.request && messageType !== MessageType.solicit) return undefined;
    return this.#environment.randomOctets(KEY_LENGTH);
  }

  /** The options by which a Reply hands over the key, if there is one. */
  keyOptions(exchange: Exchange, lease: Lease | undefined): Option[] {
    const key = lease?.reconfigureKey;
    if (key === undefined || !this.isAccepted(exchange)) return [];
    return [{ kind: 'reconfigureAccept', value: true }, this.#authentication(KEY, key)];
  }

  #forget(duid: Uint8Array): void {
    const client = octetKey(duid);
    const number = this.#numbers.get(client);
    if (number === undefined) return;
    this.#numbers.delete(client);
    this.#summons.delete(number);
    this.#due.cancel(number);
  }

  get #isPossible(): boolean {
    return this.#config.reconfigure && this.#environment.hmacMd5 !== undefined;
  }

  #send(outbox: Outbox, serverIdentifier: Option, { duid, peer, link, key }: Summons): void {
    const { hmacMd5 } = this.#environment;
    if (hmacMd5 === undefined) return;
    // The option comes last, so that its digest is the end of the message.
    const options: Option[] = [
      serverIdentifier,
      { kind: 'clientIdentifier', value: duid },
      { kind: 'reconfigureMessage', value: MessageType.renew },
      this.#authentication(DIGEST, NO_DIGEST),
    ];
    const writer = outbox.writer();
    // "The server sets the 'transaction-id' field to 0".
    encodeMessageTo(writer, { messageType: MessageType.reconfigure, transactionId: 0, options });
    const digest = hmacMd5(key, writer.view());
    writer.truncate(writer.length - KEY_LENGTH);
    writer.bytes(digest);
    outbox.push({ kind: 'send', payload: writer.view(), destination: peer, port: CLIENT_PORT, link, durable: false });
    outbox.push({ kind: 'reconfigure', link, duid });
  }

  #authentication(type: number, octets: Uint8Array): Option {
    const next = this.#environment.replayDetection();
    // Section 20.3: it "MUST be [...] monotonically increasing", whatever the clock does.
    this.#replayDetection = next > this.#replayDetection ? next : this.#replayDetection + 1n;
    const information = new Uint8Array(1 + octets.length);
    information[0] = type;
    information.set(octets, 1);
    return {
      kind: 'authentication',
      value: {
        protocol: PROTOCOL,
        algorithm: ALGORITHM,
        replayDetectionMethod: 0,
        replayDetection: this.#replayDetection,
        information,
      },
    };
  }
}

/** Whether a client was told of a prefix that is not there any more. */
function isStale({ kind, link, given }: Lease, links: Links): boolean {
  const present = kind === 'address' ? (links.byName(link)?.config.prefixes ?? []) : links.delegations;
  return given.some((network) => !present.some(({ prefix }) => prefix.network.equals(network.network)));
}
