import { type Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';
import {
  defaultHostConfig,
  encodeMessage,
  type Heard,
  type HostConfig,
  HostEngine,
  type HostInput,
  type HostOutput,
  type Option,
  type PrefixInformation,
  type RouterAdvertisement,
} from '../../src/index.ts';
import { ip } from '../golden.ts';

/** The host's hardware address in all simulations. */
export const MAC: MacAddress = MacAddress.parse('02:00:5e:10:00:0a');
/** The first router. */
export const ROUTER: Ipv6Address = ip('fe80::1');
/** Another one. */
export const OTHER: Ipv6Address = ip('fe80::2');
export const ALL_NODES: Ipv6Address = ip('ff02::1');

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

/** An advertisement of a default router that says nothing else. */
export function advertisement(parts: Partial<RouterAdvertisement> = {}): RouterAdvertisement {
  return {
    kind: 'routerAdvertisement',
    curHopLimit: 0,
    managedAddressConfiguration: false,
    otherConfiguration: false,
    homeAgent: false,
    preference: 0,
    proxy: false,
    routerLifetimeSeconds: 1800,
    reachableTimeMilliseconds: 0,
    retransTimerMilliseconds: 0,
    options: [],
    ...parts,
  };
}

/** A prefix on the link to form addresses from. */
export function prefixOption(
  prefix: string,
  valid: number,
  preferred: number,
  flags: Partial<PrefixInformation> = {},
): Option {
  return {
    kind: 'prefixInformation',
    value: {
      prefix: Ipv6Prefix.parse(prefix),
      onLink: true,
      autonomous: true,
      routerAddress: false,
      dhcpv6PdPreferred: false,
      validLifetimeSeconds: valid,
      preferredLifetimeSeconds: preferred,
      ...flags,
    },
  };
}

/** A host engine on a clock of its own, with all that it has put out. */
export class SimulatedHost {
  readonly engine: HostEngine;
  readonly log: { readonly at: number; readonly output: HostOutput }[] = [];
  // A monotonic clock starts anywhere.
  now = 1_000_000;

  constructor(overrides: Partial<HostConfig> = {}, random: () => number = seeded(1)) {
    this.engine = new HostEngine({ ...defaultHostConfig(MAC), ...overrides }, { random });
  }

  handle(input: HostInput): HostOutput[] {
    this.engine.handle(input, this.now);
    const outputs: HostOutput[] = [];
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      outputs.push(output);
      this.log.push({ at: this.now, output });
    }
    return outputs;
  }

  /** Hears an advertisement. */
  hear(parts: Partial<RouterAdvertisement> = {}, source: Ipv6Address = ROUTER): HostOutput[] {
    const payload = encodeMessage(advertisement(parts));
    return this.handle({ kind: 'packet', payload, source, destination: ALL_NODES, hopLimit: 255 });
  }

  up(): HostOutput[] {
    return this.handle({ kind: 'carrier', up: true });
  }

  /** Lets time pass, with every deadline met on time. */
  advance(ms: number): HostOutput[] {
    const end = this.now + ms;
    const outputs: HostOutput[] = [];
    for (let rounds = 0; ; rounds++) {
      const deadline = this.engine.deadline();
      if (deadline === undefined || deadline > end) break;
      if (rounds > 10_000) throw new Error(`the deadline stays at ${deadline}`);
      this.now = Math.max(this.now, deadline);
      outputs.push(...this.handle({ kind: 'timeout' }));
    }
    this.now = end;
    return outputs;
  }

  /** When solicitations were sent, since the simulation began. */
  get sentAt(): number[] {
    return this.log.flatMap(({ at, output }) => (output.kind === 'send' ? at - 1_000_000 : []));
  }
}

/** What was told of something, in short: `learned router`, `lost dnsServer`. */
export function told(outputs: readonly HostOutput[]): string[] {
  return outputs.flatMap((output) => ('heard' in output ? `${output.kind} ${output.heard.kind}` : output.kind));
}

/** How long something lasts yet, in seconds. */
export function left(heard: Heard | undefined, now: number): number | undefined {
  return heard && (heard.until - now) / 1000;
}
