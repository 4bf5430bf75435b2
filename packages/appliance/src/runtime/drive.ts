import type { Clock } from '../system/clock.ts';
import type { Log } from './log.ts';

/** What every engine understands: its deadline has come. */
export interface Timeout {
  readonly kind: 'timeout';
}

/** A sans-IO engine: inputs and the monotonic clock (milliseconds) go in, outputs come out, nothing else happens. */
export interface Engine<I, O> {
  handle(input: I, now: number): void;
  poll(): O | undefined;
  deadline(): number | undefined;
}

/**
 * Takes what has come in. All inputs of one call are handled before the transport is flushed, so that one write to disk
 * serves them all.
 *
 * Octets in the inputs may be views of a buffer that is used again: they have to stay as they are until the call has
 * returned or, when it returns a promise, until that has settled (it never rejects).
 */
export type Receive<I> = (inputs: readonly I[]) => void | Promise<void>;

/** What connects an engine with the world. */
export interface Transport<I, O> {
  /** Starts handing in what comes in. */
  start(receive: Receive<I>): void;
  /**
   * Does, or queues, one output. It is called right after the `handle` that made it, while views in the output are
   * valid.
   */
  perform(output: O): void;
  /**
   * The end of a batch: makes durable what has to be, then sends what is queued. No input is handled while a returned
   * promise is pending.
   */
  flush(): void | Promise<void>;
  /** Stops handing in, and closes what was opened. */
  close(): void;
}

/** A running engine. */
export interface Drive<I> {
  /** Hands in something that did not come by the transport, such as a signal. */
  input(input: I): void;
  /** Waits for a flush that is under way, then closes the transport. The engine is not asked anything any more. */
  close(): Promise<void>;
}

/** setTimeout's limit: a longer time is 1 ms for Node, with a warning. */
const LONGEST_TIMER = 0x7fff_ffff;

/**
 * Runs an engine: hands inputs over, drains the outputs after each, flushes the transport after each batch, and keeps
 * one timer for the engine's deadline.
 *
 * A transport that fails is told about in the log and never ends the loop: the network being away is what a router's
 * daemons have to outlive, and protocols send again.
 */
export function drive<I, O>(
  engine: Engine<I | Timeout, O>,
  transport: Transport<I, O>,
  clock: Clock,
  log: Log,
): Drive<I | Timeout> {
  let timer: NodeJS.Timeout | undefined;
  let armed: number | undefined;
  let flushing: Promise<void> | undefined;
  let closed = false;

  const drain = (): void => {
    for (;;) {
      const output = engine.poll();
      if (output === undefined) return;
      try {
        transport.perform(output);
      } catch (error) {
        log.error('output failed', { output: kindOf(output), error });
      }
    }
  };

  const handle = (input: I | Timeout, now: number): void => {
    try {
      engine.handle(input, now);
    } catch (error) {
      // A mistake of ours, and possibly one that a packet can provoke again at will: a daemon that ends here would be
      // a way to take the network down.
      log.error('engine failed', { input: kindOf(input), error, stack: error instanceof Error ? error.stack : '' });
    }
    drain();
  };

  const arm = (): void => {
    const deadline = closed ? undefined : engine.deadline();
    if (deadline === armed && timer !== undefined) return;
    clearTimeout(timer);
    timer = undefined;
    armed = deadline;
    if (deadline === undefined) return;
    // Rounded up: a timer that fires early would only be set again.
    const delay = Math.min(Math.max(Math.ceil(deadline - clock.now()), 0), LONGEST_TIMER);
    timer = setTimeout(tick, delay);
  };

  const tick = (): void => {
    timer = undefined;
    if (closed) return;
    const deadline = engine.deadline();
    if (deadline === undefined || deadline > clock.now()) arm();
    else receive([{ kind: 'timeout' }]);
  };

  /** Ends a batch. */
  const settle = (): void | Promise<void> => {
    let pending: undefined | void | Promise<void>;
    try {
      pending = transport.flush();
    } catch (error) {
      log.error('flush failed', { error });
    }
    if (pending === undefined) {
      arm();
      return;
    }
    flushing = pending
      .catch((error: unknown) => log.error('flush failed', { error }))
      .then(() => {
        flushing = undefined;
        arm();
      });
    return flushing;
  };

  const receive = (inputs: readonly (I | Timeout)[]): void | Promise<void> => {
    if (closed) return;
    // Whoever handed this in waits as well, so the inputs stay as they are.
    if (flushing !== undefined) return flushing.then(() => receive(inputs));
    // They came together: one time for all.
    const now = clock.now();
    for (let i = 0; i < inputs.length; i++) handle(inputs[i] as I, now);
    return settle();
  };

  transport.start(receive);
  // What the engine has to say and wait for from the outset.
  drain();
  settle();

  return {
    input: (input) => void receive([input]),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await flushing;
      transport.close();
    },
  };
}

function kindOf(value: unknown): string {
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
  return typeof kind === 'string' ? kind : typeof value;
}
