import { Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';
import {
  decodeMessage,
  encodeMessage,
  type KnownOption,
  optionValues,
  type RouterAdvertisement,
} from '../../src/index.ts';
import type { AdvertisedPrefix, RouterConfig } from '../../src/router/config.ts';
import { defaultRouterConfig } from '../../src/router/default-config.ts';
import { RouterEngine } from '../../src/router/engine.ts';
import type { RememberedOption } from '../../src/router/held-options.ts';
import type { RouterInput } from '../../src/router/input.ts';
import type { RouterOutput, RouterSend } from '../../src/router/output.ts';

export const ip = (text: string): Ipv6Address => Ipv6Address.parse(text);
export const net = (text: string): Ipv6Prefix => Ipv6Prefix.parse(text);

export const ROUTER = ip('fe80::1');
export const HOST = ip('fe80::99');
export const ALL_NODES = ip('ff02::1');
export const ALL_ROUTERS = ip('ff02::2');
const MAC = MacAddress.parse('02:00:00:00:00:01').toBytes();

/** A router with one delegated prefix. */
export function routerConfig(changes: Partial<RouterConfig> = {}): RouterConfig {
  return { ...defaultRouterConfig(ROUTER, MAC), prefixes: [prefix('2001:db8:1::/64')], ...changes };
}

/** A prefix that lasts as long as may be told, or ends at a time. */
export function prefix(text: string, changes: Partial<AdvertisedPrefix> = {}): AdvertisedPrefix {
  return {
    prefix: net(text),
    onLink: true,
    autonomous: true,
    dhcpv6PdPreferred: false,
    valid: { mostSeconds: 5400 },
    preferred: { mostSeconds: 2700 },
    ...changes,
  };
}

/** A small generator of equally distributed numbers (mulberry32), the same row for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A Router Solicitation: with the sender's link-layer address, unless that is not wanted. */
export function solicitation(
  options: readonly KnownOption[] = [{ kind: 'sourceLinkLayerAddress', value: MAC }],
): Uint8Array {
  return encodeMessage({ kind: 'routerSolicitation', options });
}

/** An advertisement that left, and when. */
export interface Sent {
  readonly at: number;
  readonly send: RouterSend;
}

/** A router engine with a scripted clock. */
export class SimulatedLink {
  now = 1_000_000;
  readonly engine: RouterEngine;
  readonly sent: Sent[] = [];
  /** Everything else that the engine said. */
  readonly told: RouterOutput[] = [];

  constructor(
    config: RouterConfig = routerConfig(),
    options: {
      readonly seed?: number;
      readonly random?: () => number;
      readonly remembered?: readonly RememberedOption[];
    } = {},
  ) {
    const { remembered, random = seeded(options.seed ?? 1) } = options;
    this.engine = new RouterEngine(config, { random, remembered });
  }

  input(input: RouterInput): void {
    this.engine.handle(input, this.now);
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      if (output.kind === 'send') this.sent.push({ at: this.now, send: output });
      else this.told.push(output);
    }
  }

  /** A message comes in, as it should unless told otherwise. */
  receive(payload: Uint8Array, changes: Partial<Extract<RouterInput, { readonly kind: 'packet' }>> = {}): void {
    this.input({ kind: 'packet', payload, source: HOST, destination: ALL_ROUTERS, hopLimit: 255, ...changes });
  }

  /** Lets time pass. */
  run(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const deadline = this.engine.deadline();
      if (deadline === undefined || deadline > end) break;
      this.now = Math.max(this.now, deadline);
      this.input({ kind: 'timeout' });
    }
    this.now = end;
  }

  /** Times of what all nodes got. */
  get multicasts(): number[] {
    return this.sent.filter(({ send }) => send.destination.equals(ALL_NODES)).map(({ at }) => at);
  }

  /** The last advertisement that left. */
  get last(): RouterAdvertisement {
    const message = decodeMessage((this.sent.at(-1) as Sent).send.payload);
    if (message.kind !== 'routerAdvertisement') throw new Error(`a ${message.kind} was sent`);
    return message;
  }

  /** The prefixes of the last advertisement: `2001:db8:1::/64 LA 5400 2700`. */
  get prefixes(): string[] {
    return optionValues(this.last, 'prefixInformation').map((value) => {
      const flags = `${value.onLink ? 'L' : '-'}${value.autonomous ? 'A' : '-'}`;
      return `${value.prefix} ${flags} ${value.validLifetimeSeconds} ${value.preferredLifetimeSeconds}`;
    });
  }

  /** The last record that was to be kept. */
  get record(): readonly RememberedOption[] {
    const records = this.told.flatMap((output) => (output.kind === 'record' ? [output.options] : []));
    return records.at(-1) ?? [];
  }

  /** How often something was to be kept. */
  get writes(): number {
    return this.told.filter(({ kind }) => kind === 'record').length;
  }

  /** Reasons for what was dropped. */
  get discarded(): string[] {
    return this.told.flatMap((output) => (output.kind === 'discarded' ? [output.reason] : []));
  }
}
