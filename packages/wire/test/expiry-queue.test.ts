import fc from 'fast-check';
import t from 'tap';
import { ExpiryQueue } from '../src/expiry-queue.ts';
import { OldestFirst } from '../src/oldest-first.ts';

t.test('addresses are due in the order of their times', (t) => {
  const queue = new ExpiryQueue();
  queue.schedule(1, 300);
  queue.schedule(2, 100);
  queue.schedule(3, 200);
  queue.schedule(4, Infinity);
  t.equal(queue.next(), 100);
  t.equal(queue.takeDue(99), undefined);
  t.equal(queue.takeDue(250), 2);
  t.equal(queue.takeDue(250), 3);
  t.equal(queue.takeDue(250), undefined);
  queue.schedule(1, 500);
  t.equal(queue.next(), 500, 'prolonged');
  queue.schedule(1, 400);
  t.equal(queue.next(), 400, 'shortened');
  queue.cancel(1);
  t.equal(queue.next(), undefined);
  queue.schedule(1, 700);
  t.equal(queue.takeDue(1000), 1);
  t.equal(queue.takeDue(1000), undefined);
  t.end();
});

t.test('an address that was prolonged elsewhere is due when that time is over', (t) => {
  const ends = new Map<number, number>();
  const queue = new ExpiryQueue((address) => ends.get(address) ?? -Infinity);
  queue.schedule(1, 100);
  queue.schedule(2, 200);
  queue.schedule(3, 300);
  ends.set(1, 250);
  t.equal(queue.soonest, 100, 'nobody has asked yet');
  t.equal(queue.takeDue(199), undefined);
  t.equal(queue.soonest, 200);
  t.equal(queue.takeDue(260), 2);
  t.equal(queue.takeDue(249), undefined);
  t.equal(queue.takeDue(250), 1);
  ends.delete(1);
  queue.cancel(3);
  t.equal(queue.soonest, undefined, 'one that is not awaited any more is not waited for');
  queue.schedule(1, 400);
  ends.set(1, 350);
  t.equal(queue.next(), 400, 'never earlier than was said');
  t.end();
});

t.test('any sequence of changes gives what sorting gives', (t) => {
  const change = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('schedule' as const), key: fc.nat(12), at: fc.nat(1000) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), key: fc.nat(12), at: fc.constant(0) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const), key: fc.constant(0), at: fc.nat(1000) }) },
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
      const queue = new ExpiryQueue();
      const model = new Map<number, number>();
      for (const { kind, key, at } of changes) {
        if (kind === 'schedule') {
          queue.schedule(key, at);
          model.set(key, at);
        } else if (kind === 'cancel') {
          queue.cancel(key);
          model.delete(key);
        } else {
          const earliest = Math.min(...model.values());
          const taken = queue.takeDue(at);
          if (earliest > at ? taken !== undefined : taken === undefined || model.get(taken) !== earliest) return false;
          if (taken !== undefined) model.delete(taken);
        }
        if (queue.next() !== (model.size === 0 ? undefined : Math.min(...model.values()))) return false;
      }
      return true;
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test('the oldest first, with removal from anywhere', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 100 }), (changes) => {
      const list = new OldestFirst<string>();
      const model = new Map<number, string>();
      for (const [i, [key, add]] of changes.entries()) {
        const before = model.get(key);
        model.delete(key);
        if (add) {
          model.set(key, `${i}`);
          list.add(key, `${i}`);
        } else if (list.delete(key) !== before) return false;
        if (list.oldest !== [...model.values()][0] || list.size !== model.size || list.has(key) !== add) return false;
      }
      return true;
    }),
  );
  t.end();
});
