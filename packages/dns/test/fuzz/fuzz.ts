import { capturedMessages, captures } from '../captures.ts';
import { hostileMessages } from '../hostile-corpus.ts';
import { checkCodec, readAll } from './codec-subject.ts';
import { EngineSubject } from './engine-subject.ts';
import { Mutated } from './mutated.ts';
import { RandomNumbers } from './random-numbers.ts';
import { Structured } from './structured.ts';

/** How to fuzz. */
export interface FuzzOptions {
  readonly messages: number;
  readonly seed: number;
  /** Milliseconds of CPU that one message may take to decode and scan, or in the forwarder. */
  readonly limitMs: number;
  /** Called now and then with how many messages are done. */
  readonly onProgress?: (done: number) => void;
}

/** A message with which something is wrong. */
export interface FuzzFault {
  readonly message: Uint8Array;
  readonly number: number;
  readonly error: unknown;
}

/** What came of it. */
export interface FuzzResult {
  readonly done: number;
  readonly fault: FuzzFault | undefined;
  /** CPU time of the message that took longest, milliseconds. */
  readonly slowestMs: number;
}

const PROGRESS = 100_000;

/**
 * Puts mutated captures and messages of hostile structure through decoder, scanners and forwarder, until one is at fault.
 * The same seed gives the same messages.
 */
export function fuzz(options: FuzzOptions): FuzzResult {
  const random = new RandomNumbers(options.seed);
  const corpus = [...captures.flatMap((name) => capturedMessages(name).map(({ bytes }) => bytes)), ...hostileMessages];
  const mutated = new Mutated(corpus, random);
  const structured = new Structured(random);
  // Twins, to whom the same happens: what takes long in both of them is the message's doing, not the machine's.
  const engines = [0, 1].map(() => {
    const own = new RandomNumbers(options.seed + 1);
    return new EngineSubject(own, new Structured(own));
  });
  let slowestMs = 0;
  for (let number = 0; number < options.messages; number++) {
    const message = random.one(2) ? mutated.next() : random.one(2) ? structured.query() : structured.response();
    let spentMs: number;
    try {
      checkCodec(message);
      spentMs = leastTime(message);
      const spent = engines.map((engine) => cpuTime(() => engine.step(message)));
      spentMs = Math.max(spentMs, Math.min(...spent));
    } catch (error) {
      return { done: number, fault: { message: Uint8Array.from(message), number, error }, slowestMs };
    }
    slowestMs = Math.max(slowestMs, spentMs);
    if (slowestMs > options.limitMs) {
      const error = new Error(`it takes ${slowestMs.toFixed(1)} ms`);
      return { done: number, fault: { message: Uint8Array.from(message), number, error }, slowestMs };
    }
    if (number % PROGRESS === PROGRESS - 1) options.onProgress?.(number + 1);
  }
  return { done: options.messages, fault: undefined, slowestMs };
}

/** Octets under which nothing can take long. */
const SHORT = 4000;

/** CPU time to decode and scan a message: the least of some times, for the collector of garbage takes some as well. */
function leastTime(message: Uint8Array): number {
  if (message.length < SHORT) return 0;
  return Math.min(...Array.from({ length: 5 }, () => cpuTime(() => readAll(message))));
}

/** Milliseconds, all threads of the process. */
function cpuTime(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
