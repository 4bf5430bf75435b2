import { readdirSync } from 'node:fs';
import t from 'tap';
import { TickKeeper } from '../../src/system/tick-keeper.ts';

t.test('leaves something to free once in a few milliseconds, and only while it is called', async (t) => {
  const freed: number[] = [];
  let now = 1000;
  const ticks = new TickKeeper(() => freed.push(now));
  for (; now < 1010; now += 0.5) ticks.keep(now);
  t.same(freed, [1000, 1004, 1008]);
  now = 5000;
  ticks.keep(now);
  t.same(freed, [1000, 1004, 1008, 5000]);
});

t.test('leaves no descriptor behind', async (t) => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const ticks = new TickKeeper();
  ticks.keep(0);
  const before = descriptors();
  for (let now = 4; now < 400; now += 4) ticks.keep(now);
  t.equal(descriptors(), before);
});
