import t from 'tap';
import { DEFAULT_PACE, Pace } from '../../src/netconfig/pace.ts';

const { settle, maximum, calm } = DEFAULT_PACE;

t.test('changes in bunches are waited for, and that is all', (t) => {
  const pace = new Pace();
  for (let now = 0; now < 100_000; now += 100) {
    t.equal(pace.delay(now), settle);
    pace.ran(false, now);
  }
  t.notOk(pace.isFight);
  t.end();
});

t.test('who has to change something again and again waits twice as long each time, up to a bound', (t) => {
  const pace = new Pace();
  const waits: number[] = [];
  let now = 0;
  for (let run = 0; run < 20; run++) {
    const wait = pace.delay(now);
    waits.push(wait);
    now += wait;
    pace.ran(true, now);
  }
  t.same(
    waits.slice(0, 9),
    [1, 1, 1, 1, 1, 2, 4, 8, 16].map((times) => times * settle),
  );
  t.equal(Math.max(...waits), maximum);
  t.equal(waits.at(-1), maximum);
  t.ok(pace.isFight);
  // In an hour that is a bounded number of runs.
  t.ok(3_600_000 / maximum < 200);
  t.end();
});

t.test('the other one has given up, or somebody wants it now', (t) => {
  const pace = new Pace();
  for (let run = 0; run < 10; run++) pace.ran(true, run);
  t.ok(pace.delay(10) > settle);
  t.ok(pace.delay(9 + calm) > settle);
  t.equal(pace.delay(10 + calm), settle);
  for (let run = 0; run < 10; run++) pace.ran(true, calm + 100);
  pace.asked();
  t.equal(pace.delay(calm + 100), settle);
  t.notOk(pace.isFight);
  t.end();
});
