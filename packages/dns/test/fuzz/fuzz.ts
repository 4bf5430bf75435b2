import { capturedMessages, captures } from '../captures.ts';
import { hostileMessages } from '../hostile-corpus.ts';
import { checkCodec } from './codec-subject.ts';
import { EngineSubject } from './engine-subject.ts';
import { Mutated } from './mutated.ts';
import { RandomNumbers } from './random-numbers.ts';
import { Structured } from './structured.ts';

/** How to fuzz. */
export interface FuzzOptions {
  readonly messages: number;
  readonly seed: number;
  /** Milliseconds that one message may take. */
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
  /** Of the messages that took longest, the least of three times, milliseconds. */
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
  const engine = new EngineSubject(random, new Structured(random));
  let slowestMs = 0;
  for (let number = 0; number < options.messages; number++) {
    const message = random.one(2) ? mutated.next() : random.one(2) ? structured.query() : structured.response();
    const began = performance.now();
    try {
      checkCodec(message);
      engine.step(message);
    } catch (error) {
      return { done: number, fault: { message: Uint8Array.from(message), number, error }, slowestMs };
    }
    if (performance.now() - began > options.limitMs / 2) {
      slowestMs = Math.max(slowestMs, leastTime(message));
      if (slowestMs > options.limitMs) {
        const error = new Error(`it takes ${slowestMs.toFixed(1)} ms`);
        return { done: number, fault: { message: Uint8Array.from(message), number, error }, slowestMs };
      }
    }
    if (number % PROGRESS === PROGRESS - 1) options.onProgress?.(number + 1);
  }
  return { done: options.messages, fault: undefined, slowestMs };
}

/** Other programs and the collector of garbage take time as well: what a message costs is the least of some times. */
function leastTime(message: Uint8Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5; turn++) {
    const began = performance.now();
    checkCodec(message);
    least = Math.min(least, performance.now() - began);
  }
  return least;
}
