import { test } from 'tap';
import { Runner } from '../../src/netconfig/runner.ts';
import { createLog } from '../../src/runtime/log.ts';
import { systemClock } from '../../src/system/clock.ts';

test('NC-15 asks the kernel for rules once behind all that one transaction tells of, and puts back what is gone', async (t) => {
  let looks = 0;
  let runs = 0;
  let isThere = true;
  let answer: () => void = () => {};
  const runner = new Runner({
    apply: async () => {
      runs++;
      isThere = true;
      return { changed: false, guarded: true, lans: '', endsAt: Number.POSITIVE_INFINITY, errors: [] };
    },
    isGuarded: async () => {
      looks++;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return isThere;
    },
    tell: () => {},
    tellLans: () => {},
    clock: systemClock,
    log: createLog(),
  });
  const told = Array.from({ length: 300 }, () => runner.rulesChanged());
  t.equal(looks, 1);
  // What goes while the kernel is being asked is seen by the second look.
  isThere = true;
  answer();
  await new Promise(setImmediate);
  t.equal(looks, 2);
  isThere = false;
  answer();
  await Promise.all(told);
  t.equal(looks, 2);
  const before = performance.now();
  while (runs === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  t.ok(performance.now() - before < 90, 'without rules it does not wait for the change to settle');
  // And looks again at what comes later.
  const later = runner.rulesChanged();
  t.equal(looks, 3);
  answer();
  await later;
});
