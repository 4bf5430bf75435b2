import { Ipv4Address, MacAddress } from '@router7/wire';
import type { ClientConfig } from '../../src/client/config.ts';
import { defaultClientConfig } from '../../src/client/default-config.ts';
import { ClientEngine, type RememberedLease } from '../../src/client/engine.ts';
import type { ClientInput } from '../../src/client/input.ts';
import type { ClientArp, ClientEvent, ClientOutput, ClientSend } from '../../src/client/output.ts';
import { type Message, MessageType, Op, optionValue } from '../../src/message.ts';
import { decodeMessage, encodeMessage } from '../../src/message-codec.ts';
import type { Option, OptionName } from '../../src/option.ts';

/** The client's hardware address in all simulations. */
export const MAC = MacAddress.parse('02:73:53:00:ca:fe');
/** The first server, on the subnet of {@link ADDRESS}. */
export const SERVER = Ipv4Address.parse('192.0.2.1');
/** Another server there. */
export const OTHER_SERVER = Ipv4Address.parse('192.0.2.2');
/** What the server gives by default. */
export const ADDRESS = Ipv4Address.parse('192.0.2.77');

/** Reads an address. */
export function ip(text: string): Ipv4Address {
  return Ipv4Address.parse(text);
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

/** What a simulated reply says; everything has a sensible default. */
export interface ReplyParts {
  readonly type?: number;
  readonly yiaddr?: Ipv4Address;
  readonly server?: Ipv4Address | undefined;
  readonly source?: Ipv4Address;
  readonly sourcePort?: number;
  readonly lease?: number | undefined;
  readonly t1?: number;
  readonly t2?: number;
  readonly mask?: Ipv4Address | undefined;
  readonly options?: readonly Option[];
  readonly header?: Partial<Message>;
}

type OutputOf<K extends ClientOutput['kind']> = ClientOutput & { readonly kind: K };

/** An output and when it came. */
export interface Logged {
  readonly at: number;
  readonly output: ClientOutput;
}

/** Settings for simulations: at once, without probing, unless a test is about that. */
export function plainConfig(overrides: Partial<ClientConfig> = {}): ClientConfig {
  return { ...defaultClientConfig(MAC), startDelayMs: [0, 0], selectingWindowMs: 0, probe: false, ...overrides };
}

/** A client engine on a clock of its own, with all that it has put out. */
export class SimulatedClient {
  readonly engine: ClientEngine;
  readonly log: Logged[] = [];
  now: number;
  #last: Message | undefined;

  constructor(
    overrides: Partial<ClientConfig> = {},
    options: { readonly seed?: number; readonly remembered?: RememberedLease; readonly random?: () => number } = {},
  ) {
    // A monotonic clock starts anywhere.
    this.now = 1_000_000;
    const random = options.random ?? seeded(options.seed ?? 1);
    this.engine = new ClientEngine(plainConfig(overrides), { random, remembered: options.remembered });
  }

  handle(input: ClientInput): ClientOutput[] {
    this.engine.handle(input, this.now);
    const outputs: ClientOutput[] = [];
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      outputs.push(output);
      this.log.push({ at: this.now, output });
      if (output.kind === 'send') this.#last = decodeMessage(output.payload, { strict: true });
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

  /** The payload of a reply to the latest message. */
  reply(parts: ReplyParts = {}): Uint8Array {
    const request = this.last();
    const answer =
      optionValue(request, 'dhcpMessageType') === MessageType.discover ? MessageType.offer : MessageType.ack;
    const type = parts.type ?? answer;
    const nak = type === MessageType.nak;
    const server = 'server' in parts ? parts.server : SERVER;
    const lease = 'lease' in parts ? parts.lease : 3600;
    const mask = 'mask' in parts ? parts.mask : ip('255.255.255.0');
    const options: Option[] = [{ kind: 'dhcpMessageType', value: type }];
    if (server !== undefined) options.push({ kind: 'serverIdentifier', value: server });
    if (lease !== undefined && !nak) options.push({ kind: 'ipAddressLeaseTime', value: lease });
    if (parts.t1 !== undefined) options.push({ kind: 'renewalTime', value: parts.t1 });
    if (parts.t2 !== undefined) options.push({ kind: 'rebindingTime', value: parts.t2 });
    // By its octets: not everything that a test sends as a mask is one.
    if (mask !== undefined && !nak) options.push({ kind: 'raw', code: 1, data: mask.toBytes() });
    options.push(...(parts.options ?? []));
    return encodeMessage({
      ...request,
      op: Op.bootReply,
      secs: 0,
      yiaddr: nak ? Ipv4Address.unspecified : (parts.yiaddr ?? ADDRESS),
      options,
      ...parts.header,
    });
  }

  /** Delivers a reply to the latest message: an offer to a DISCOVER, else a DHCPACK. */
  answer(parts: ReplyParts = {}): ClientOutput[] {
    return this.deliver(this.reply(parts), parts);
  }

  deliver(payload: Uint8Array, parts: Pick<ReplyParts, 'source' | 'sourcePort'> = {}): ClientOutput[] {
    return this.handle({
      kind: 'datagram',
      payload,
      source: parts.source ?? SERVER,
      sourcePort: parts.sourcePort ?? 67,
    });
  }

  arp(sender: MacAddress, senderAddress: Ipv4Address, targetAddress: Ipv4Address, operation = 1): ClientOutput[] {
    return this.handle({ kind: 'arp', operation, senderHardwareAddress: sender, senderAddress, targetAddress });
  }

  /** From the start to BOUND by way of one server, 20 ms for each step on the wire. */
  acquire(parts: ReplyParts = {}): this {
    if (this.log.length === 0) this.up();
    if (this.engine.state === 'init') this.step();
    this.now += 20;
    this.answer({ ...parts, type: MessageType.offer });
    this.now += 20;
    this.answer({ ...parts, type: MessageType.ack });
    return this;
  }

  outputs<K extends ClientOutput['kind']>(kind: K): OutputOf<K>[] {
    return this.log.map(({ output }) => output).filter((output): output is OutputOf<K> => output.kind === kind);
  }

  /** Every message sent, decoded, with where it went and when. */
  sent(): { at: number; message: Message; send: ClientSend; type: number | undefined }[] {
    return this.log.flatMap(({ at, output }) => {
      if (output.kind !== 'send') return [];
      const message = decodeMessage(output.payload, { strict: true });
      return [{ at, message, send: output, type: optionValue(message, 'dhcpMessageType') }];
    });
  }

  /** The latest message sent, whatever has been forgotten since. */
  last(): Message {
    if (this.#last === undefined) throw new Error('nothing was sent');
    return this.#last;
  }

  /** The names of the states entered, in order. */
  states(): string[] {
    return this.outputs('state').map(({ state }) => state);
  }

  /** The reasons of dropped datagrams, in order. */
  discarded(): string[] {
    return this.outputs('discarded').map(({ reason }) => reason);
  }

  /** Forgets what was logged. */
  forget(): this {
    this.log.length = 0;
    return this;
  }
}

/** The first output of a kind among these. */
export function first<K extends (ClientEvent | ClientArp | ClientSend)['kind']>(
  outputs: readonly ClientOutput[],
  kind: K,
): OutputOf<K> {
  const found = outputs.find((output): output is OutputOf<K> => output.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} among ${outputs.map((output) => output.kind).join(', ')}`);
  return found;
}

/** Names of the options in a message, raw ones by their code. */
export function optionNames(message: Message): (OptionName | number)[] {
  return message.options.map((option) =>
    option.kind === 'raw' || option.kind === 'malformed' ? option.code : option.kind,
  );
}
