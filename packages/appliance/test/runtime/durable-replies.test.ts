import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { DurableReplies } from '../../src/runtime/durable-replies.ts';
import type { Completion, DurableTable } from '../../src/runtime/durable-table.ts';

interface Named {
  readonly payload: Uint8Array;
  readonly name: string;
}

/** A disk that is done when the test says so; what is written on the spot is done at once. */
class Disk implements DurableTable, Completion {
  readonly log: string[] = [];
  /** What is to become of the write that was begun, when somebody looks. */
  outcome: 'none' | 'done' | 'failed' = 'none';
  takes = true;
  hasPending = false;
  waits = 0;
  sleeps = 0;
  #done: ((error?: unknown) => void) | undefined;
  readonly completion: Completion = this;

  get isWriting(): boolean {
    return this.#done !== undefined;
  }

  sync(): void {
    if (this.isWriting) throw new Error('two at a time');
    if (!this.hasPending) return;
    this.hasPending = false;
    this.log.push('sync');
  }

  begin(done: (error?: unknown) => void): boolean {
    if (!this.takes) return false;
    if (this.isWriting) throw new Error('two at a time');
    this.#done = done;
    this.hasPending = false;
    this.log.push('begin');
    return true;
  }

  look(): boolean {
    const done = this.#done;
    if (done === undefined || this.outcome === 'none') return false;
    this.#done = undefined;
    const error = this.outcome === 'failed' ? new Error('EIO') : undefined;
    this.outcome = 'none';
    this.log.push('end');
    done(error);
    return true;
  }

  wait(): boolean {
    this.waits++;
    return this.look();
  }

  finish(): void {
    this.outcome = 'done';
    this.look();
  }

  sleep(): void {
    this.sleeps++;
  }

  watch(): void {}
}

/** Replies over a disk; `log` has what the disk does, and `name,name` for each time that replies are sent. */
function setUp(): { disk: Disk; replies: DurableReplies<Named>; add: (names: string, durable?: boolean) => void } {
  const disk = new Disk();
  let queued: string[] = [];
  const replies = new DurableReplies<Named>(
    disk,
    (_, payload) => queued.push(new TextDecoder().decode(payload)),
    () => {
      disk.log.push(queued.join(''));
      queued = [];
    },
  );
  const add = (names: string, durable = true): void => {
    disk.hasPending ||= durable;
    for (const name of names) replies.add({ name, payload: new TextEncoder().encode(name) }, durable);
  };
  return { disk, replies, add };
}

t.test('few replies wait for the disk on the spot', async (t) => {
  const { disk, replies, add } = setUp();
  add('a');
  add('o', false);
  replies.flush();
  t.strictSame(disk.log, ['o', 'sync', 'a']);
  add('bcde');
  replies.flush();
  t.strictSame(disk.log, ['o', 'sync', 'a'], 'more may be on their way');
  t.ok(replies.settle());
  t.strictSame(disk.log.slice(3), ['sync', 'bcde']);
  t.notOk(replies.settle(), 'nothing more to do');
});

t.test('others are served while the disk is written to for many, and nobody is answered too early', async (t) => {
  const { disk, replies, add } = setUp();
  add('abcdefgh');
  replies.flush();
  t.strictSame(disk.log, ['begin'], 'as soon as there are enough');
  add('ijklmnxy');
  add('opqrstuv', false);
  replies.flush();
  t.ok(replies.settle(), 'there is more to come');
  t.strictSame(disk.log, ['begin', 'opqrstuv']);
  t.ok(replies.settle());
  t.equal(disk.waits, 1, 'with nothing to do but to wait');
  add('w', false);
  replies.flush();
  disk.outcome = 'done';
  t.ok(replies.settle());
  t.same(disk.log.slice(2), ['end', 'begin', 'wabcdefgh'], 'one call for all that may leave');
  disk.outcome = 'done';
  t.ok(replies.settle());
  t.same(disk.log.slice(5), ['end', 'ijklmnxy']);
  t.equal(replies.withheld, 0);
});

t.test('with many about, the disk is written to for half of them at a time', async (t) => {
  const { disk, replies, add } = setUp();
  const names = 'abcdefghijklmnopqrstuvwxyzABCDEF';
  add(names);
  replies.flush();
  disk.outcome = 'done';
  replies.settle();
  t.same(disk.log, ['begin', 'end', names]);
  add('abcdefghijklmno');
  replies.flush();
  t.ok(replies.settle());
  t.equal(disk.log.length, 3, 'one is missing');
  add('p');
  replies.flush();
  t.same(disk.log.slice(3), ['begin']);
  disk.outcome = 'done';
  replies.settle();
  add('abc');
  replies.flush();
  t.ok(replies.settle(), 'a moment for others');
  t.same(disk.log.slice(4), ['end', 'abcdefghijklmnop']);
  const until = performance.now() + 1000;
  while (disk.log.length === 6 && performance.now() < until) replies.settle();
  t.same(disk.log.slice(6), ['sync', 'abc'], 'they did not come');
});

t.test('what waits for others does not wait beyond the turn of the event loop', async (t) => {
  const { disk, replies, add } = setUp();
  add('abcdefghijklmnopqrst');
  replies.flush();
  add('o', false);
  replies.flush();
  disk.outcome = 'done';
  replies.settle();
  add('uv');
  replies.flush();
  replies.settle();
  t.same(disk.log, ['begin', 'end', 'oabcdefghijklmnopqrst']);
  await turn();
  t.same(disk.log.slice(3), ['sync', 'uv']);
});

t.test('a write that outlasts the turn is left to the event loop', async (t) => {
  const { disk, replies, add } = setUp();
  add('abcdefgh');
  replies.flush();
  add('o', false);
  replies.flush();
  t.ok(replies.settle(), 'few to send: with those that follow');
  t.same(disk.log, ['begin']);
  await turn();
  t.same(disk.log, ['begin', 'o'], 'who does not wait for the disk');
  t.equal(disk.sleeps, 1);
  add('ij');
  replies.flush();
  disk.outcome = 'done';
  disk.look();
  t.same(disk.log.slice(2), ['end']);
  await turn();
  t.same(disk.log.slice(3), ['abcdefgh', 'sync', 'ij']);
});

t.test('a write that fails withholds its replies, and only those', async (t) => {
  const { disk, replies, add } = setUp();
  add('abcdefgh');
  replies.flush();
  add('ij');
  replies.flush();
  disk.outcome = 'failed';
  replies.settle();
  await turn();
  t.same(disk.log, ['begin', 'end', 'sync', 'ij']);
  t.equal(replies.withheld, 8);
});

t.test('where nothing can be begun all is as with few', async (t) => {
  const { disk, replies, add } = setUp();
  disk.takes = false;
  for (let round = 0; round < 3; round++) {
    add('abcdefghijklmnopqrstuvwxyz');
    replies.flush();
    replies.settle();
  }
  t.same(disk.log, [
    'sync',
    'abcdefghijklmnopqrstuvwxyz',
    'sync',
    'abcdefghijklmnopqrstuvwxyz',
    'sync',
    'abcdefghijklmnopqrstuvwxyz',
  ]);
});

t.test('no more than so many wait, and closing waits for the disk', async (t) => {
  const { disk, replies, add } = setUp();
  add('abcdefgh');
  replies.flush();
  for (let count = 0; count < 15; count++) {
    add('0123456789abcdef');
    t.equal(replies.flush(), undefined);
  }
  t.same(disk.log, ['begin']);
  add('0123456789abcdef');
  replies.flush();
  t.same(disk.log.slice(0, 3), ['begin', 'end', 'begin'], 'the disk has to be done first');
  add('xyz');
  replies.close();
  t.equal(disk.isWriting, false);
  t.equal(disk.log.join('').match(/[0-9a-f]{16}/g)?.length, 16, 'all of them');
  t.equal(disk.log.at(-1), 'xyz');
  t.equal(replies.withheld, 0);
});
