import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { createLog } from '../../src/runtime/log.ts';
import { LogLimit, type LogLimitSettings } from '../../src/runtime/log-limit.ts';

/** A log with a clock that stands still, and its lines. */
function limited(settings: Partial<LogLimitSettings> = {}): { log: LogLimit; lines: string[]; time: { now: number } } {
  const lines: string[] = [];
  const time = { now: 5000 };
  const plain = createLog((line) => lines.push(line.trim()), 'debug');
  return { log: new LogLimit(plain, { now: () => time.now, ...settings }), lines, time };
}

t.test('what happens in a home is told in full', (t) => {
  const { log, lines, time } = limited();
  for (let device = 0; device < 230; device++) log.info('lease bound', { device });
  for (let hour = 0; hour < 24; hour++) {
    time.now += 3_600_000;
    for (let device = 0; device < 230; device++) log.info('lease bound', { device });
  }
  log.report();
  t.equal(lines.length, 25 * 230);
  t.end();
});

t.test('a flood is cut off and counted, other messages are not', (t) => {
  const { log, lines, time } = limited({ burst: 10, everyMs: 1000 });
  for (let i = 0; i < 1000; i++) {
    log.info('lease bound', { i });
    time.now += 10;
  }
  const bound = lines.length;
  t.ok(bound >= 19 && bound <= 20, `10 at once, then one each second: ${bound}`);
  log.warn('address in use by a stranger');
  log.error('leases cannot be written');
  t.same(lines.slice(bound), ['warn address in use by a stranger', 'error leases cannot be written']);
  log.report();
  t.equal(lines.at(-1), `warn lines left out like="lease bound" lines=${1000 - bound}`);
  log.report();
  t.equal(lines.length, bound + 3, 'told once');
  time.now += 1000;
  log.info('lease bound', { i: 1000 });
  t.equal(lines.at(-1), 'info lease bound i=1000');
  t.end();
});

t.test('errors always pass', (t) => {
  const { log, lines } = limited({ burst: 1 });
  for (let i = 0; i < 50; i++) log.error('disk full');
  t.equal(lines.length, 50);
  t.end();
});

t.test('what was left out is told though nothing follows', async (t) => {
  const { log, lines } = limited({ burst: 1, reportMs: 1 });
  for (let i = 0; i < 3; i++) log.warn('lease refused');
  while (lines.length < 2) await sleep(1);
  t.equal(lines[1], 'warn lines left out like="lease refused" lines=2');
});

t.test('after a quiet time no more comes at once than ever', (t) => {
  const { log, lines, time } = limited({ burst: 10, everyMs: 1000 });
  log.info('lease bound');
  time.now += 3_600_000;
  for (let i = 0; i < 100; i++) log.info('lease bound');
  log.report();
  t.equal(lines.filter((line) => line.startsWith('info')).length, 1 + 10);
  t.end();
});

t.test('each flood is told of, not only the first one', async (t) => {
  const { log, lines } = limited({ burst: 1, everyMs: 1e9, reportMs: 10 });
  for (let flood = 1; flood <= 2; flood++) {
    for (let i = 0; i < 3; i++) log.info('lease bound');
    const told = (): number => lines.filter((line) => line.includes('lines left out')).length;
    for (let wait = 0; wait < 500 && told() < flood; wait++) await sleep(10);
    t.equal(told(), flood);
  }
});
