import { defaultNtpConfig, type NtpConfig } from '../../src/ntp/config.ts';
import { NtpEngine } from '../../src/ntp/engine.ts';
import type { NtpInput } from '../../src/ntp/input.ts';
import type { NtpOutput } from '../../src/ntp/output.ts';
import { decodePacket, encodePacket, type NtpPacket } from '../../src/ntp/packet.ts';
import { timestampOf } from '../../src/ntp/timestamp.ts';
import type { ClockSlew } from '../../src/system/clock-setting.ts';

/** When simulations begin, true time: milliseconds since 1970. */
export const BEGIN: number = Date.parse('2026-11-22T12:00:00Z');

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

/** The kernel's loop turns once a second; here so many turns are one. */
const TURNS = 8;

/**
 * A computer's clock with the kernel's loop (kernel/time/ntp.c): once a second it takes off a part of the offset that it
 * was told, and its frequency follows offsets by the time between them.
 */
export class SimulatedClock {
  /** True time, milliseconds since 1970. */
  now = BEGIN;
  /** The computer's monotonic clock, milliseconds. */
  monotonic = 5000;
  wall: number;
  /** What the loop has added to the frequency, parts per million. */
  frequencyPpm = 0;
  readonly #errorPpm: number;
  #offsetMs = 0;
  #timeConstant = 0;
  #slewedAt: number | undefined;
  #rate = 1;
  #second = 5000;

  /** @param errorPpm how much too fast the oscillator is */
  constructor(wall: number, errorPpm: number) {
    this.wall = wall;
    this.#errorPpm = errorPpm;
    this.#turn();
  }

  /** What the wall clock is ahead of the truth, milliseconds. */
  get error(): number {
    return this.wall - this.now;
  }

  step(byMs: number): void {
    this.wall += byMs;
    this.#offsetMs = 0;
  }

  slew({ offsetMs, timeConstant }: ClockSlew): void {
    this.#timeConstant = Math.min(timeConstant, 10);
    this.#offsetMs = Math.min(Math.max(offsetMs, -500), 500);
    const seconds = this.#slewedAt === undefined ? 0 : (this.monotonic - this.#slewedAt) / 1000;
    this.#slewedAt = this.monotonic;
    // ntp_update_offset(): ns times seconds, over 2^(2 (SHIFT_PLL + 2 + constant)), is ns a second.
    const weighed = this.#offsetMs * 1e6 * Math.min(seconds, 2 ** (3 + this.#timeConstant));
    const fll = seconds > 2048 ? (this.#offsetMs * 1e6) / seconds / 4 : 0;
    const change = (weighed / 4 ** (4 + this.#timeConstant) + fll) / 1000;
    this.frequencyPpm = Math.min(Math.max(this.frequencyPpm + change, -500), 500);
  }

  /** Goes on until a true time or a monotonic one, whichever comes first. */
  run(untilTrue: number, untilMonotonic: number): void {
    while (this.now < untilTrue && this.monotonic < untilMonotonic) {
      const elapsed = Math.min(
        untilTrue - this.now,
        (untilMonotonic - this.monotonic) / this.#rate,
        (this.#second - this.monotonic) / this.#rate,
      );
      this.now += elapsed;
      this.monotonic += elapsed * this.#rate;
      this.wall += elapsed * this.#rate;
      if (this.#second - this.monotonic < 1e-6) this.#turn();
      // What is left to go is below what a number can tell apart.
      if (untilMonotonic - this.monotonic < 1e-6) return;
      if (elapsed < 1e-9) return;
    }
  }

  /** second_overflow() */
  #turn(): void {
    const chunk = this.#offsetMs * (1 - (1 - 1 / 2 ** (2 + this.#timeConstant)) ** TURNS);
    this.#offsetMs -= chunk;
    this.#rate = (1 + this.#errorPpm / 1e6) * (1 + this.frequencyPpm / 1e6 + chunk / 1000 / TURNS);
    this.#second += 1000 * TURNS;
  }
}

/** A server, and the way to it. Times in milliseconds. */
export interface SimulatedServer {
  readonly address: string;
  /** What it is ahead of the truth, when it is asked at this time. */
  readonly lie?: (now: number) => number;
  /** The least that a packet needs, there and back. */
  readonly there: number;
  readonly back: number;
  /** What it needs more, on average. */
  readonly jitter?: number;
  /** What the answer waits for besides. */
  readonly queue?: () => number;
  /** Part of the packets that get lost, each way. */
  readonly loss?: number;
  /** What of its answers is different, at a time. */
  readonly answer?: (packet: NtpPacket, now: number) => Partial<NtpPacket>;
}

interface Arrival {
  readonly at: number;
  readonly server: number;
  readonly payload: Uint8Array;
}

/** A network with servers, a computer with a clock, and an engine on it. */
export class SimulatedNetwork {
  readonly clock: SimulatedClock;
  readonly engine: NtpEngine;
  /** Everything that the engine said but questions, and when, milliseconds after {@link BEGIN}. */
  readonly told: { readonly at: number; readonly output: NtpOutput; readonly error: number }[] = [];
  /** Times of questions by address, milliseconds after {@link BEGIN}. */
  readonly asked = new Map<string, number[]>();
  /** Addresses by name; names that are not there cannot be resolved. */
  readonly names = new Map<string, readonly string[]>();
  readonly servers: SimulatedServer[];
  readonly #random: () => number;
  readonly #arrivals: Arrival[] = [];
  /** Puts in place of an answer others, or more. */
  meddle: (payload: Uint8Array) => readonly Uint8Array[] = (payload) => [payload];

  constructor(
    servers: readonly SimulatedServer[],
    options: {
      readonly seed?: number;
      readonly wall?: number;
      readonly errorPpm?: number;
      readonly config?: Partial<NtpConfig>;
    } = {},
  ) {
    const { seed = 1, wall = 0, errorPpm = 0, config = {} } = options;
    this.servers = [...servers];
    this.#random = seeded(seed ^ 0x7e57);
    this.clock = new SimulatedClock(wall, errorPpm);
    this.engine = new NtpEngine({ ...defaultNtpConfig, ...config }, { random: seeded(seed) });
  }

  input(input: NtpInput): void {
    this.engine.handle(input, this.clock.monotonic);
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) this.#perform(output);
  }

  /** Starts with all servers, or with these names. */
  start(names: readonly string[] = this.servers.map(({ address }) => address)): this {
    this.input({ kind: 'names', names });
    return this;
  }

  /** Lets true time pass. @param look called after each event */
  run(milliseconds: number, look: () => void = () => {}): this {
    const end = this.clock.now + milliseconds;
    while (this.clock.now < end) {
      const deadline = this.engine.deadline() ?? Number.POSITIVE_INFINITY;
      if (deadline <= this.clock.monotonic + 1e-6) {
        this.clock.monotonic = Math.max(this.clock.monotonic, deadline);
        this.input({ kind: 'timeout' });
        look();
        continue;
      }
      const next = this.#arrivals[0];
      this.clock.run(Math.min(end, next?.at ?? end), deadline);
      if (next !== undefined && next.at <= this.clock.now) {
        this.#arrivals.shift();
        this.input({ kind: 'reply', server: next.server, payload: next.payload, wall: this.clock.wall });
        look();
      }
      if (end - this.clock.now < 1e-3) break;
    }
    return this;
  }

  /** What the engine said of a kind. */
  of<K extends NtpOutput['kind']>(kind: K): Extract<NtpOutput, { readonly kind: K }>[] {
    return this.told.flatMap(({ output }) =>
      output.kind === kind ? [output as Extract<NtpOutput, { readonly kind: K }>] : [],
    );
  }

  #perform(output: NtpOutput): void {
    switch (output.kind) {
      case 'ask':
        this.#ask(output.server, output.address, output.payload);
        return;
      case 'resolve': {
        const addresses = this.names.get(output.name) ?? [];
        this.input({ kind: 'resolved', name: output.name, addresses });
        return;
      }
      case 'forget':
        return;
      case 'step':
        this.clock.step(output.byMs);
        break;
      case 'slew':
        this.clock.slew(output.slew);
        break;
      default:
    }
    this.told.push({ at: this.clock.now - BEGIN, output, error: this.clock.error });
  }

  #ask(id: number, address: string, payload: Uint8Array): void {
    const times = this.asked.get(address) ?? [];
    this.asked.set(address, [...times, this.clock.now - BEGIN]);
    const server = this.servers.find((one) => one.address === address);
    if (server === undefined) {
      this.input({ kind: 'unreachable', server: id });
      return;
    }
    const { there, back, jitter = 0, loss = 0, lie = () => 0, queue = () => 0 } = server;
    if (this.#random() < loss || this.#random() < loss) return;
    const arrives = this.clock.now + there - jitter * Math.log(1 - this.#random());
    const says = arrives + lie(arrives);
    const leaves = arrives + 0.05;
    const packet: NtpPacket = {
      ...decodePacket(payload),
      mode: 4,
      stratum: 2,
      precision: -20,
      rootDelaySeconds: 0.001,
      rootDispersionSeconds: 0.001,
      referenceTimestamp: timestampOf(says - 10_000),
      originTimestamp: decodePacket(payload).transmitTimestamp,
      receiveTimestamp: timestampOf(says),
      transmitTimestamp: timestampOf(says + 0.05),
    };
    const answer = encodePacket({ ...packet, ...server.answer?.(packet, this.clock.now - BEGIN) });
    const at = leaves + back + queue() - jitter * Math.log(1 - this.#random());
    for (const bytes of this.meddle(answer)) this.#arrivals.push({ at, server: id, payload: bytes });
    this.#arrivals.sort((a, b) => a.at - b.at);
  }
}

/** A good server some way off. */
export function honest(number: number, changes: Partial<SimulatedServer> = {}): SimulatedServer {
  return { address: `192.0.2.${number}`, there: 10, back: 10, jitter: 1, ...changes };
}
