import t from 'tap';
import { Linger } from '../../src/system/linger.ts';

t.test('the first message after a pause is not lingered for, one soon after it is', (t) => {
  const linger = new Linger();
  t.equal(linger.until(1000, 1000.01), undefined);
  t.ok(Math.abs((linger.until(1000.06, 1000.07) as number) - 1000.17) < 1e-6, 'a tenth of a millisecond');
  linger.learn(false);
  t.not(linger.until(1000.1, 1000.12), undefined);
  linger.learn(false);
  t.equal(linger.until(1001, 1001.01), undefined, 'a pause again');
  t.end();
});

t.test('look-outs in vain become rarer, and one that is not makes up for them', (t) => {
  const linger = new Linger();
  let now = 0;
  const lookOuts = (messages: number, isInVain: boolean): number => {
    let count = 0;
    for (let i = 0; i < messages; i++) {
      now += 0.2;
      if (linger.until(now, now) === undefined) continue;
      count++;
      linger.learn(isInVain);
    }
    return count;
  };
  t.equal(lookOuts(1, true), 0);
  t.equal(lookOuts(8, true), 3, 'with 1 and 3 left out between them');
  t.ok(lookOuts(2560, true) <= 16);
  t.ok(lookOuts(256, false) >= 1);
  t.equal(lookOuts(100, false), 100);
  t.end();
});
