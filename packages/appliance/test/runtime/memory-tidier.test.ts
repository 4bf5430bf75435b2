import { getHeapStatistics } from 'node:v8';
import { MemoryTidier } from '@router7/appliance/runtime/memory-tidier';
import t from 'tap';

const MEBIBYTE = 1 << 20;
/** Milliseconds of a clock that the test turns. */
const INTERVAL = 1000;

/** Has V8 take memory that nobody needs any more. */
function waste(mebibytes: number): void {
  let rows: number[][] = [];
  // Arrays of 8 KiB.
  for (let row = 0; row < mebibytes * 128; row++) rows.push(new Array<number>(1024).fill(row));
  rows = [];
}

/** Mebibytes that are given back meanwhile. */
function givenBack(action: () => void): number {
  const before = getHeapStatistics().total_heap_size;
  action();
  return (before - getHeapStatistics().total_heap_size) / MEBIBYTE;
}

/** Keeps the processor busy. */
function work(milliseconds: number): void {
  const end = process.threadCpuUsage().user + milliseconds * 1000;
  while (process.threadCpuUsage().user < end);
}

t.test('a thread gives back its memory after a quiet interval, and no sooner', async (t) => {
  const tidier = new MemoryTidier(0, INTERVAL);
  waste(16);
  work(0.3 * INTERVAL);
  t.ok(givenBack(() => tidier.look(INTERVAL - 1)) < 1, 'the interval is not over');
  t.ok(givenBack(() => tidier.look(INTERVAL)) < 1, 'it was at work');
  t.ok(givenBack(() => tidier.look(2 * INTERVAL - 1)) < 1, 'the next one is not over');
  t.ok(givenBack(() => tidier.look(2 * INTERVAL)) > 12, 'now there is time');
  waste(16);
  t.ok(givenBack(() => tidier.look(100 * INTERVAL)) > 12, 'and again, when there is something again');
});

t.test('it is not held up when there is little to be had', async (t) => {
  const tidier = new MemoryTidier(0, INTERVAL);
  tidier.look(INTERVAL);
  const kept = new WeakRef({});
  await new Promise(setImmediate);
  tidier.look(2 * INTERVAL);
  t.ok(kept.deref(), 'nothing has been collected');
});

t.test('what is free between blocks in use goes back to the system, too', async (t) => {
  const tidier = new MemoryTidier(0, INTERVAL);
  let blocks = Array.from({ length: 65_536 }, () => new Uint8Array(1000).fill(1));
  blocks = blocks.filter((_, number) => number % 128 === 0);
  waste(2);
  const before = process.memoryUsage.rss();
  tidier.look(100 * INTERVAL);
  t.ok(before - process.memoryUsage.rss() > 40 * MEBIBYTE);
  t.equal(blocks.length, 512, 'some are still in use');
});
