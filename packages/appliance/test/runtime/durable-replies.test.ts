import t from 'tap';
import { DurableReplies } from '../../src/runtime/durable-replies.ts';
import type { DurableTable } from '../../src/runtime/durable-table.ts';

interface Named {
  readonly payload: Uint8Array;
  readonly name: string;
}

/** A disk that is done at once, when the test says so, or never. */
class Disk implements DurableTable {
  readonly log: string[] = [];
  isSafe = false;
  how: 'at once' | 'fails' | 'later' = 'at once';
  end: { resolve: () => void; reject: (error: Error) => void } = { resolve: () => {}, reject: () => {} };

  sync(): void | Promise<void> {
    this.log.push('sync');
    if (this.how === 'fails') throw new Error('EIO');
    if (this.how === 'at once') return undefined;
    return new Promise((resolve, reject) => {
      this.end = { resolve, reject };
    });
  }
}

/** Replies over a disk, whose log has what is sent, too: the names of all that left together. */
function setUp(): { disk: Disk; replies: DurableReplies<Named>; add: (names: string, durable?: boolean) => void } {
  const disk = new Disk();
  let queued = '';
  const replies = new DurableReplies<Named>(
    disk,
    (_, payload) => {
      queued += new TextDecoder().decode(payload);
    },
    () => {
      disk.log.push(queued);
      queued = '';
    },
  );
  const add = (names: string, durable = true): void => {
    for (const name of names) replies.add({ name, payload: new TextEncoder().encode(name) }, durable);
  };
  return { disk, replies, add };
}

t.test('few replies are sent at once, and those that promise something after the disk', (t) => {
  const { disk, replies, add } = setUp();
  add('a');
  add('o', false);
  t.equal(replies.flush(), undefined);
  t.strictSame(disk.log, ['o', 'sync', 'a']);
  t.notOk(replies.settle(), 'nothing more to do');
  t.end();
});

t.test('what promises no more than is on disk leaves with what promises nothing', (t) => {
  const { disk, replies, add } = setUp();
  add('a');
  disk.isSafe = true;
  add('b');
  add('o', false);
  replies.flush();
  t.strictSame(disk.log, ['bo', 'sync', 'a']);
  t.end();
});

t.test('many wait for those behind them, at the latest until the socket is empty', async (t) => {
  const { disk, replies, add } = setUp();
  add('abcd');
  replies.flush();
  add('e');
  add('o', false);
  replies.flush();
  t.strictSame(disk.log, []);
  t.ok(replies.settle());
  t.strictSame(disk.log.splice(0), ['o', 'sync', 'abcde']);
  add('abcd');
  replies.flush();
  await new Promise(setImmediate);
  t.strictSame(disk.log, ['sync', 'abcd'], 'nobody has settled');
});

t.test('a write that fails withholds its replies, and only those', (t) => {
  const { disk, replies, add } = setUp();
  disk.how = 'fails';
  add('ab');
  add('o', false);
  replies.flush();
  t.strictSame(disk.log.splice(0), ['o', 'sync']);
  t.equal(replies.withheld, 2);
  disk.how = 'at once';
  add('c');
  replies.flush();
  t.strictSame(disk.log, ['sync', 'c']);
  t.equal(replies.withheld, 2);
  t.end();
});

t.test('while a thread writes the others go on, up to a limit, and share the next write', async (t) => {
  const { disk, replies, add } = setUp();
  disk.how = 'later';
  add('a');
  const first = replies.flush();
  t.type(first, Promise);
  add('o', false);
  t.equal(replies.flush(), undefined);
  t.strictSame(disk.log.splice(0), ['sync', 'o']);
  for (let i = 0; i < 255; i++) add('b');
  t.equal(replies.flush(), undefined);
  add('b');
  t.equal(replies.flush(), first, 'who asks now has to wait');
  disk.end.resolve();
  await first;
  await Promise.resolve();
  t.strictSame(disk.log.splice(0), ['a', 'sync']);
  disk.end.reject(new Error('EIO'));
  await new Promise(setImmediate);
  t.strictSame(disk.log, []);
  t.equal(replies.withheld, 256);
});

t.test('closing writes for those that wait', (t) => {
  const { disk, replies, add } = setUp();
  add('abcdef');
  replies.flush();
  replies.close();
  t.strictSame(disk.log, ['sync', 'abcdef']);
  t.end();
});
