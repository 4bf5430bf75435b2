/** A state machine that neither waits nor does input or output: what this project's protocol packages are made of. */
export interface Engine<Input, Output> {
  /** Takes an input at a time, in milliseconds of a clock that never goes back. */
  handle(input: Input, now: number): void;
  /** The next thing to be done or told, or undefined when there is none. */
  poll(): Output | undefined;
  /** When a time-out is to be handled if nothing comes before, or undefined for never. */
  deadline(): number | undefined;
}

/** The input that tells an engine that its deadline has come. */
export interface Timeout {
  readonly kind: 'timeout';
}

/** An output of a replayed engine. */
export interface ReplayedOutput<Packet, Output> {
  readonly output: Output;
  /** When it came, in milliseconds of the engine's clock. */
  readonly now: number;
  /** What the engine had just handled: a packet, a time-out, or nothing yet (what it wanted to do at the start). */
  readonly cause: { readonly kind: 'packet'; readonly packet: Packet } | Timeout | { readonly kind: 'start' };
}

/** When a replay starts and ends. */
export interface ReplayOptions {
  /** The engine's clock at the start, in milliseconds; 0 when absent. */
  readonly start?: number;
  /** The packets' clock at the start, in nanoseconds since 1970; that of the first packet when absent. */
  readonly origin?: bigint;
  /** Go on with time-outs up to there, in milliseconds of the engine's clock; not beyond the last packet when absent. */
  readonly until?: number;
}

const TIMEOUT: Timeout = { kind: 'timeout' };
const MAXIMUM_TIMEOUTS_AT_ONCE = 1000;

/**
 * Feeds a capture into an engine as if its packets came now: between two packets the engine gets its time-outs, each
 * at its deadline, and after every input its outputs are drained. Time is that of the capture, and never goes back:
 * a packet older than the one before comes right behind it, as does one without timestamp.
 *
 * ```ts
 * for (const { output, now } of replay(packets, engine, ({ bytes }) => ({ kind: 'datagram', bytes }))) { ... }
 * ```
 *
 * @param toInput makes an input of a packet, or undefined to leave it out
 * @throws Error when the engine has a deadline that time-outs do not move
 */
export function* replay<Packet extends { readonly timestamp: bigint | undefined }, Input, Output>(
  packets: Iterable<Packet>,
  engine: Engine<Input | Timeout, Output>,
  toInput: (packet: Packet, now: number) => Input | undefined,
  options: ReplayOptions = {},
): Generator<ReplayedOutput<Packet, Output>, void, void> {
  const start = options.start ?? 0;
  let origin = options.origin;
  let now = start;
  yield* drain(engine, now, { kind: 'start' });
  for (const packet of packets) {
    if (packet.timestamp !== undefined) {
      origin ??= packet.timestamp;
      const time = Math.max(now, start + Number(packet.timestamp - origin) / 1e6);
      yield* pass(engine, now, time);
      now = time;
    }
    const input = toInput(packet, now);
    if (input === undefined) continue;
    engine.handle(input, now);
    yield* drain(engine, now, { kind: 'packet', packet });
  }
  if (options.until !== undefined) yield* pass(engine, now, options.until);
}

/** Lets time pass from one instant to another, with the time-outs between them and at the later one. */
function* pass<Packet, Output>(
  engine: Engine<Timeout, Output>,
  from: number,
  to: number,
): Generator<ReplayedOutput<Packet, Output>, void, void> {
  let now = from;
  let timeouts = 0;
  for (let deadline = engine.deadline(); deadline !== undefined && deadline <= to; deadline = engine.deadline()) {
    timeouts = deadline > now ? 0 : timeouts + 1;
    if (timeouts > MAXIMUM_TIMEOUTS_AT_ONCE) throw new Error(`the engine's deadline of ${deadline} ms does not move`);
    now = Math.max(now, deadline);
    engine.handle(TIMEOUT, now);
    yield* drain(engine, now, TIMEOUT);
  }
}

function* drain<Packet, Output>(
  engine: Engine<never, Output>,
  now: number,
  cause: ReplayedOutput<Packet, Output>['cause'],
): Generator<ReplayedOutput<Packet, Output>, void, void> {
  for (let output = engine.poll(); output !== undefined; output = engine.poll()) yield { output, now, cause };
}
