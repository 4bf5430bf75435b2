import { readdirSync } from 'node:fs';
import t from 'tap';
import { KernelTick } from '../../src/system/kernel-tick.ts';

t.test('a load costs a socket in four milliseconds, and leaves none open', (t) => {
  const tick = new KernelTick();
  const open = readdirSync('/proc/self/fd').length;
  let sockets = 0;
  for (let now = 1000; now < 1100; now += 0.1) if (tick.keep(now)) sockets++;
  t.ok(sockets >= 24 && sockets <= 25, `${sockets} in 100 ms`);
  t.equal(readdirSync('/proc/self/fd').length, open);
  t.end();
});

t.test('work that comes now and then costs nothing', (t) => {
  const tick = new KernelTick();
  for (let now = 1000; now < 2000; now += 2.5) t.notOk(tick.keep(now));
  t.notOk(tick.keep(3000), 'nor does the first of a load');
  t.ok(tick.keep(3001), 'the second does');
  t.end();
});
