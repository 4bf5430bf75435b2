/**
 * Puts hostile messages through decoder, scanners and forwarder.
 *
 *   ./run fuzz dns [--messages 10000000] [--seed 1]
 *
 * Ends with 1 and prints the message when something throws but a DecodeError, when decoder and scanners disagree, when the
 * forwarder says what is not well-formed, when a message takes over 10 ms of CPU, or when memory grows.
 */
import { parseArgs } from 'node:util';
import { toHex } from '@router7/wire';
import { fuzz } from './fuzz.ts';

const MEBIBYTE = 1 << 20;
/** What the heap may grow from the first tenth to the end: what is compiled counts as well. */
const GROWTH = 8 * MEBIBYTE;

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '10000000' }, seed: { type: 'string', default: '1' } },
});
const [messages, seed] = [Number(values.messages), Number(values.seed)];
if (!(messages > 0 && Number.isInteger(seed))) throw new Error('--messages and --seed take a number');
const collect = globalThis.gc;
if (collect === undefined) throw new Error('start it with --expose-gc: memory cannot be measured');

const heap = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const began = performance.now();
let first: number | undefined;
let told = began;
const { done, fault, slowestMs } = fuzz({
  messages,
  seed,
  limitMs: 10,
  onProgress(number) {
    if (first === undefined && number >= messages / 10) first = heap();
    if (performance.now() - told < 10_000) return;
    told = performance.now();
    console.log(`${number} messages, heap ${(heap() / MEBIBYTE).toFixed(1)} MiB`);
  },
});
const seconds = (performance.now() - began) / 1000;
console.log(
  `${done} messages in ${seconds.toFixed(0)} s, the slowest took ${slowestMs.toFixed(1)} ms of CPU, seed ${seed}`,
);
if (fault !== undefined) {
  console.error(`message ${fault.number}: ${toHex(fault.message)}`);
  console.error(fault.error);
  process.exitCode = 1;
}
const growth = first === undefined ? 0 : heap() - first;
console.log(`memory grew by ${(growth / MEBIBYTE).toFixed(1)} MiB after the first tenth`);
if (growth > GROWTH) process.exitCode = 1;
