import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { ClientConfig } from '../../src/client/config.ts';
import { defaultClientConfig } from '../../src/client/default-config.ts';
import { ClientEngine } from '../../src/client/engine.ts';
import type { ClientInput } from '../../src/client/input.ts';
import type { ClientConfiguration } from '../../src/client/lease.ts';
import type { HmacMd5 } from '../../src/client/machine.ts';
import type { ClientEvent, ClientOutput } from '../../src/client/output.ts';
import type { ReconfigureKey } from '../../src/client/reconfigure-key.ts';
import type { RememberedLeases } from '../../src/client/remembered.ts';
import { TRANSMISSION_PARAMETERS } from '../../src/client/retransmission.ts';
import { optionValue, optionValues } from '../../src/message.ts';
import { decodeMessage, encodeMessage } from '../../src/message-codec.ts';
import { MessageType } from '../../src/message-type.ts';
import type { ClientServerMessage, Option } from '../../src/option.ts';

/** The client's DUID in all simulations: fiber7's, of a type that is not defined. */
export const DUID = Uint8Array.of(0, 10, 0, 3, 0, 1, 0x4c, 0x5e, 0x0c, 0x41, 0xbf, 0x39);
/** DUIDs of servers. */
export const SERVER = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1);
export const OTHER_SERVER = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 2);
/** Where they send from. */
export const SOURCE = Ipv6Address.parse('fe80::1');
/** What the server gives by default. */
export const PREFIX = Ipv6Prefix.parse('2001:db8:1::/56');
export const ADDRESS = Ipv6Address.parse('2001:db8::77');

/** Reads a prefix. */
export function net(text: string): Ipv6Prefix {
  return Ipv6Prefix.parse(text);
}

/** Reads an address. */
export function ip(text: string): Ipv6Address {
  return Ipv6Address.parse(text);
}

/** A small generator of equally distributed numbers (mulberry32), the same row for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A lease as a test writes it: lifetimes in seconds, options inside. */
export interface LeaseParts {
  readonly prefix?: Ipv6Prefix;
  readonly address?: Ipv6Address;
  readonly preferred?: number;
  readonly valid?: number;
  readonly options?: readonly Option[];
}

/** An IA as a test writes it. */
export interface IaParts {
  readonly iaid?: number;
  readonly t1?: number;
  readonly t2?: number;
  readonly leases?: readonly LeaseParts[];
  readonly options?: readonly Option[];
}

/** A message of a server as a test writes it; everything has a sensible default. */
export interface ReplyParts {
  readonly type?: number;
  readonly transactionId?: number;
  readonly server?: Uint8Array | undefined;
  readonly client?: Uint8Array | undefined;
  readonly pd?: readonly IaParts[];
  readonly na?: readonly IaParts[];
  /** Status of the message. */
  readonly status?: number;
  readonly preference?: number;
  readonly options?: readonly Option[];
}

/** A status code option. */
export function status(code: number, message = ''): Option {
  return { kind: 'statusCode', value: { status: code, message } };
}

/** An IA_PD option. */
export function iaPd(parts: IaParts = {}): Option {
  const leases = parts.leases ?? [{}];
  const options = leases.map(
    (lease): Option => ({
      kind: 'iaPrefix',
      value: {
        prefix: lease.prefix ?? PREFIX,
        preferredLifetimeSeconds: lease.preferred ?? 3600,
        validLifetimeSeconds: lease.valid ?? 7200,
        options: lease.options ?? [],
      },
    }),
  );
  return ia('iaPd', parts, options);
}

/** An IA_NA option. */
export function iaNa(parts: IaParts = {}): Option {
  const leases = parts.leases ?? [{}];
  const options = leases.map(
    (lease): Option => ({
      kind: 'iaAddress',
      value: {
        address: lease.address ?? ADDRESS,
        preferredLifetimeSeconds: lease.preferred ?? 3600,
        validLifetimeSeconds: lease.valid ?? 7200,
        options: lease.options ?? [],
      },
    }),
  );
  return ia('iaNa', parts, options);
}

function ia(kind: 'iaPd' | 'iaNa', parts: IaParts, leases: readonly Option[]): Option {
  const { iaid = 1, t1 = 1800, t2 = 2880, options = [] } = parts;
  return { kind, value: { iaid, t1Seconds: t1, t2Seconds: t2, options: [...leases, ...options] } };
}

type OutputOf<K extends ClientOutput['kind']> = ClientOutput & { readonly kind: K };

/** A message of the client, and when it was sent. */
export interface Sent {
  readonly at: number;
  readonly type: number;
  readonly message: ClientServerMessage;
}

/** Timers without the random waits before a first message, so that a simulation begins at once. */
export const PROMPT: ClientConfig['timings'] = Object.fromEntries(
  Object.entries(TRANSMISSION_PARAMETERS).map(([name, timing]) => [name, { ...timing, maxDelayMs: 0 }]),
) as unknown as ClientConfig['timings'];

/** Settings for simulations: one prefix and no address, at once, unless a test is about that. */
export function plainConfig(overrides: Partial<ClientConfig> = {}): ClientConfig {
  return { ...defaultClientConfig(DUID), addresses: [], timings: PROMPT, ...overrides };
}

/** A client engine on a clock of its own, with all that it has put out. */
export class SimulatedClient {
  readonly engine: ClientEngine;
  readonly log: { readonly at: number; readonly output: ClientOutput }[] = [];
  now: number;
  #last: Uint8Array | undefined;

  constructor(
    overrides: Partial<ClientConfig> = {},
    options: {
      readonly seed?: number;
      readonly random?: () => number;
      readonly remembered?: RememberedLeases;
      readonly hmacMd5?: HmacMd5;
      readonly reconfigureKey?: ReconfigureKey;
    } = {},
  ) {
    // A monotonic clock starts anywhere.
    this.now = 1_000_000;
    const { random = seeded(options.seed ?? 1), remembered, hmacMd5, reconfigureKey } = options;
    this.engine = new ClientEngine(plainConfig(overrides), { random, remembered, hmacMd5, reconfigureKey });
  }

  handle(input: ClientInput): ClientOutput[] {
    this.engine.handle(input, this.now);
    const outputs: ClientOutput[] = [];
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      outputs.push(output);
      this.log.push({ at: this.now, output });
      if (output.kind === 'send') this.#last = output.payload;
    }
    return outputs;
  }

  up(): ClientOutput[] {
    return this.handle({ kind: 'carrier', up: true });
  }

  down(): ClientOutput[] {
    return this.handle({ kind: 'carrier', up: false });
  }

  /** Lets time pass, with every deadline met on time. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (let rounds = 0; ; rounds++) {
      const deadline = this.engine.deadline();
      if (deadline === undefined || deadline > end) break;
      if (rounds > 100_000) throw new Error(`the deadline stays at ${deadline}`);
      this.now = Math.max(this.now, deadline);
      this.handle({ kind: 'timeout' });
    }
    this.now = end;
  }

  /** Goes to the next deadline and meets it. Returns how long that was. */
  step(): number {
    const deadline = this.engine.deadline();
    if (deadline === undefined) throw new Error('there is no deadline');
    const before = this.now;
    this.now = Math.max(this.now, deadline);
    this.handle({ kind: 'timeout' });
    return this.now - before;
  }

  /** Goes on until the client is in a state. */
  until(state: ClientEngine['state']): this {
    for (let i = 0; this.engine.state !== state; i++) {
      if (i > 1000) throw new Error(`never gets to ${state}`);
      this.step();
    }
    return this;
  }

  /** The payload of an answer to the latest message: an Advertise to a Solicit, else a Reply. */
  reply(parts: ReplyParts = {}): Uint8Array {
    const request = this.last();
    const type =
      parts.type ?? (request.messageType === MessageType.solicit ? MessageType.advertise : MessageType.reply);
    const server = 'server' in parts ? parts.server : SERVER;
    const client = 'client' in parts ? parts.client : DUID;
    const pd = parts.pd ?? (parts.na === undefined ? [{}] : []);
    const options: Option[] = [];
    if (client !== undefined) options.push({ kind: 'clientIdentifier', value: client });
    if (server !== undefined) options.push({ kind: 'serverIdentifier', value: server });
    if (parts.preference !== undefined) options.push({ kind: 'preference', value: parts.preference });
    if (parts.status !== undefined) options.push(status(parts.status));
    options.push(...pd.map(iaPd), ...(parts.na ?? []).map(iaNa), ...(parts.options ?? []));
    return encodeMessage({
      messageType: type,
      transactionId: parts.transactionId ?? request.transactionId,
      options,
    });
  }

  /** Delivers an answer to the latest message. */
  answer(parts: ReplyParts = {}): ClientOutput[] {
    return this.deliver(this.reply(parts));
  }

  deliver(payload: Uint8Array, sourcePort = 547, destination?: Ipv6Address): ClientOutput[] {
    return this.handle({ kind: 'datagram', payload, source: SOURCE, sourcePort, destination });
  }

  /** From the start to BOUND by way of one server: the same leases in the Advertise and the Reply. */
  acquire(parts: ReplyParts = {}): this {
    if (this.log.length === 0) this.up();
    while (this.engine.state !== 'soliciting') this.step();
    if (this.sent().at(-1)?.type !== MessageType.solicit) this.step();
    this.now += 20;
    this.answer({ preference: 255, ...parts, type: MessageType.advertise });
    this.now += 20;
    this.answer({ ...parts, type: MessageType.reply });
    return this;
  }

  outputs<K extends ClientOutput['kind']>(kind: K): OutputOf<K>[] {
    return this.log.map(({ output }) => output).filter((output): output is OutputOf<K> => output.kind === kind);
  }

  /** Every message sent, decoded, with when. */
  sent(type?: number): Sent[] {
    return this.log.flatMap(({ at, output }) => {
      if (output.kind !== 'send') return [];
      const message = decode(output.payload);
      return type === undefined || type === message.messageType ? [{ at, type: message.messageType, message }] : [];
    });
  }

  /** The latest message sent, whatever has been forgotten since. */
  last(): ClientServerMessage {
    if (this.#last === undefined) throw new Error('nothing was sent');
    return decode(this.#last);
  }

  /** The names of the states entered, in order. */
  states(): string[] {
    return this.outputs('state').map(({ state }) => state);
  }

  /** The reasons of dropped datagrams, in order. */
  discarded(): string[] {
    return this.outputs('discarded').map(({ reason }) => reason);
  }

  /** Why the configuration changed, in order. */
  changes(): string[] {
    return this.outputs('changed').map(({ why }) => why);
  }

  /** What is to be applied now. */
  get configuration(): ClientConfiguration {
    return this.engine.configuration;
  }

  /** The prefixes in use, as texts. */
  prefixes(): string[] {
    return this.configuration.delegations.map(({ prefix }) => prefix.toString());
  }

  /** The addresses in use, as texts. */
  addresses(): string[] {
    return this.configuration.addresses.map(({ address }) => address.toString());
  }

  /** Forgets what was logged. */
  forget(): this {
    this.log.length = 0;
    return this;
  }
}

/** The first output of a kind among these. */
export function first<K extends ClientEvent['kind']>(outputs: readonly ClientOutput[], kind: K): OutputOf<K> {
  const found = outputs.find((output): output is OutputOf<K> => output.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} among ${outputs.map((output) => output.kind).join(', ')}`);
  return found;
}

/** Prefixes and addresses that a message names, by IA: `pd 1: 2001:db8::/56`. */
export function asked(message: ClientServerMessage): string[] {
  return [
    ...optionValues(message, 'iaPd').map((ia) =>
      `pd ${ia.iaid}: ${optionValues(ia, 'iaPrefix').map(({ prefix }) => prefix)}`.trimEnd(),
    ),
    ...optionValues(message, 'iaNa').map((ia) =>
      `na ${ia.iaid}: ${optionValues(ia, 'iaAddress').map(({ address }) => address)}`.trimEnd(),
    ),
  ];
}

/** The server that a message is for, as octets. */
export function serverOf(message: ClientServerMessage): Uint8Array | undefined {
  return optionValue(message, 'serverIdentifier');
}

function decode(payload: Uint8Array): ClientServerMessage {
  const message = decodeMessage(payload, { strict: true });
  if ('hopCount' in message) throw new Error('a client sends no relay messages');
  return message;
}
