import { createHmac } from 'node:crypto';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import {
  type ClientServerMessage,
  decodeMessage,
  defaultLinkConfig,
  defaultServerConfig,
  encodeMessage,
  type IaAddress,
  type IaPrefix,
  type LeaseTable,
  type LifetimePrefix,
  type LinkConfig,
  MemoryLeaseTable,
  type Message,
  MessageType,
  type Option,
  optionValue,
  optionValues,
  type ServerConfig,
  ServerEngine,
  type ServerEvent,
  type ServerSend,
  statusOf,
} from '../../src/index.ts';

export const SERVER_DUID: Uint8Array = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1);
export const ip = (text: string): Ipv6Address => Ipv6Address.parse(text);
export const net = (text: string): Ipv6Prefix => Ipv6Prefix.parse(text);

/** A prefix of which there is plenty of time left. */
export const lasting = (text: string, preferredUntil = Infinity, validUntil = Infinity): LifetimePrefix => ({
  prefix: net(text),
  preferredUntil,
  validUntil,
});

/** A home: lan0 with addresses for everyone, and the rest of a /56 for routers. */
export function homeConfig(over: Partial<ServerConfig> = {}, link: Partial<LinkConfig> = {}): ServerConfig {
  return {
    ...defaultServerConfig(SERVER_DUID),
    links: [
      {
        ...defaultLinkConfig('lan0'),
        prefixes: [lasting('2001:db8:1::/64'), lasting('fd00:7::/64')],
        addresses: true,
        options: [
          { kind: 'dnsServers', value: [ip('fe80::1')] },
          { kind: 'domainSearchList', value: ['lan'] },
          { kind: 'informationRefreshTime', value: 3600 },
        ],
        ...link,
      },
    ],
    delegations: [{ ...lasting('2001:db8:1::/56'), taken: [net('2001:db8:1::/64')] }],
    ...over,
  };
}

/** What a client got. */
export interface Got {
  readonly message: ClientServerMessage;
  readonly send: ServerSend;
}

/** An engine with a clock and a table, and clients that talk to it. */
export class SimulatedServer {
  now = 1_000_000;
  config: ServerConfig;
  readonly table: LeaseTable;
  engine: ServerEngine;
  events: ServerEvent[] = [];
  sent: ServerSend[] = [];
  secret: Uint8Array = new Uint8Array(16);
  #random = 0;

  constructor(config: ServerConfig = homeConfig(), table: LeaseTable = new MemoryLeaseTable()) {
    this.config = config;
    this.table = table;
    this.engine = this.#start();
  }

  /** Begins anew over the same table, with other settings. */
  restart(config: ServerConfig = this.config): void {
    this.config = config;
    this.engine = this.#start();
  }

  #start(): ServerEngine {
    return new ServerEngine(this.config, this.table, {
      randomOctets: (count) => new Uint8Array(count).fill(++this.#random),
      placeSecret: this.secret,
      hmacMd5: (key, octets) => new Uint8Array(createHmac('md5', key).update(octets).digest()),
      replayDetection: () => BigInt(this.now),
    });
  }

  /** Lets time pass, with a time-out whenever the engine wants one. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const deadline = this.engine.deadline();
      if (deadline === undefined || deadline > end) break;
      this.now = Math.max(deadline, this.now);
      this.engine.handle({ kind: 'timeout' }, this.now);
      this.#drain();
    }
    this.now = end;
  }

  /** Hands in octets, or a message. What the engine sends is a copy. */
  receive(
    message: Message | Uint8Array,
    source: Ipv6Address = ip('fe80::c'),
    {
      link = 'lan0',
      unicast = false,
      sourcePort = 546,
    }: { link?: string; unicast?: boolean; sourcePort?: number } = {},
  ): ServerSend[] {
    const payload = message instanceof Uint8Array ? message : encodeMessage(message);
    const before = this.sent.length;
    this.engine.handle({ kind: 'datagram', payload, source, sourcePort, link, unicast }, this.now);
    this.#drain();
    return this.sent.slice(before);
  }

  #drain(): void {
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      if (output.kind === 'send') this.sent.push({ ...output, payload: output.payload.slice() });
      else this.events.push(output);
    }
  }

  takeEvents(): ServerEvent[] {
    const events = this.events;
    this.events = [];
    return events;
  }

  /** What was dropped since, and why. */
  discards(): string[] {
    return this.takeEvents().flatMap((event) => (event.kind === 'discarded' ? event.reason : []));
  }
}

/** A client that knows nothing but how to put messages together. */
export class SimulatedClient {
  readonly duid: Uint8Array;
  readonly address: Ipv6Address;
  readonly server: SimulatedServer;
  #transactionId = 0;

  constructor(server: SimulatedServer, number = 1) {
    this.server = server;
    this.duid = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, number >> 8, number & 0xff);
    this.address = ip(`fe80::${number.toString(16)}`);
  }

  /** A message with the client's identifier; those for one server name this one. */
  message(messageType: number, options: readonly Option[]): ClientServerMessage {
    const named: number[] = [MessageType.request, MessageType.renew, MessageType.release, MessageType.decline];
    const server: Option[] = named.includes(messageType) ? [{ kind: 'serverIdentifier', value: SERVER_DUID }] : [];
    return {
      messageType,
      transactionId: ++this.#transactionId,
      options: [{ kind: 'clientIdentifier', value: this.duid }, ...server, ...options],
    };
  }

  /** Sends a message, and returns the only answer, if there is one. */
  ask(messageType: number, ...options: Option[]): Got | undefined {
    const request = this.message(messageType, options);
    const sent = this.server.receive(request, this.address);
    const send = sent[0];
    if (send === undefined) return undefined;
    if (sent.length > 1) throw new Error('several answers');
    const message = decodeMessage(send.payload) as ClientServerMessage;
    if (message.transactionId !== request.transactionId) throw new Error('not an answer');
    return { message, send };
  }

  /** Solicit and Request: the Reply. */
  obtain(...options: Option[]): Got {
    const offer = this.ask(MessageType.solicit, ...options);
    const kinds = ['iaNa', 'iaPd', 'optionRequest', 'reconfigureAccept'];
    const accepts = options.filter(({ kind }) => kind === 'reconfigureAccept' || kind === 'optionRequest');
    const offered = offer?.message.options.filter(({ kind }) => kinds.slice(0, 2).includes(kind)) ?? [];
    const reply = this.ask(MessageType.request, ...offered, ...accepts);
    if (reply === undefined) throw new Error('no Reply');
    return reply;
  }
}

/** An IA_NA, with the addresses that the client shows. */
export function iaNa(iaid: number, ...addresses: string[]): Option {
  const options = addresses.map(
    (text): Option => ({
      kind: 'iaAddress',
      value: { address: ip(text), preferredLifetimeSeconds: 0, validLifetimeSeconds: 0, options: [] },
    }),
  );
  return { kind: 'iaNa', value: { iaid, t1Seconds: 0, t2Seconds: 0, options } };
}

/** An IA_PD, with the prefixes that the client shows; `::/60` is a wish for a length. */
export function iaPd(iaid: number, ...prefixes: string[]): Option {
  const options = prefixes.map(
    (text): Option => ({
      kind: 'iaPrefix',
      value: { prefix: net(text), preferredLifetimeSeconds: 0, validLifetimeSeconds: 0, options: [] },
    }),
  );
  return { kind: 'iaPd', value: { iaid, t1Seconds: 0, t2Seconds: 0, options } };
}

/** Of the first IA_NA of an answer. */
export function addressesOf(got: Got | undefined): IaAddress[] {
  const ia = got && optionValue(got.message, 'iaNa');
  return ia === undefined ? [] : optionValues(ia, 'iaAddress');
}

/** Of the first IA_PD of an answer. */
export function prefixesOf(got: Got | undefined): IaPrefix[] {
  const ia = got && optionValue(got.message, 'iaPd');
  return ia === undefined ? [] : optionValues(ia, 'iaPrefix');
}

/** `address preferred valid`, one line each. */
export function lines(values: readonly (IaAddress | IaPrefix)[]): string[] {
  return values.map((value) => {
    const what = 'address' in value ? value.address : value.prefix;
    return `${what} ${value.preferredLifetimeSeconds} ${value.validLifetimeSeconds}`;
  });
}

/** Status of the message, and of its first IA of each kind. */
export function statuses(got: Got | undefined): (number | undefined)[] {
  if (got === undefined) return [];
  const na = optionValue(got.message, 'iaNa');
  const pd = optionValue(got.message, 'iaPd');
  return [statusOf(got.message), na && statusOf(na), pd && statusOf(pd)];
}
