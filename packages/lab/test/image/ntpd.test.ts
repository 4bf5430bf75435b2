import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  clockStatus,
  setRealTimeClock,
  setWallTime,
  slewClock,
  stepClock,
  wallTime,
} from '@router7/appliance/system/clock-setting';
import t from 'tap';
import { inGuest } from '../../src/guest/in-guest.ts';
import { cable, Host } from '../../src/host.ts';
import { startTimeServer } from '../../src/internet/time-servers.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';

/*
 * ntpd with a clock that is its own: the guest's. Its servers run on the same clock and are ahead of it by a fixed time, so
 * that what is seen is by how much it sets the clock; after each step they are started anew.
 */

t.setTimeout(900_000);
await inGuest(import.meta.url, { modules: ['veth', 'rtc_cmos'], timeoutSeconds: 800 });
await onStage(import.meta.url);

const SLOW = 240_000;
const FOLDER = '/perm/home/ntp';
const SAVED = `${FOLDER}/ntp-time-at-last-shutdown`;
const ADDRESSES = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
const HOUR = 3_600_000;

const internet = new Host('internet');
const router = new Host('router');
cable(internet, 'eth0', router, 'uplink0');
for (const address of ADDRESSES) internet.ip(`address add ${address}/24 dev eth0`);
router.ip('address add 192.0.2.10/24 dev uplink0');
internet.ip('link set eth0 up');
router.ip('link set uplink0 up');
mkdirSync(FOLDER, { recursive: true });
writeFileSync('/perm/ntp.json', JSON.stringify({ servers: ADDRESSES }));

/** Servers that are ahead of the clock by this, milliseconds. */
async function serve(ahead: readonly number[]): Promise<{ readonly stop: () => Promise<void> }> {
  const programs = await Promise.all(
    ahead.map((ms, index) => startTimeServer(internet, [ADDRESSES[index] as string], ms / 1000)),
  );
  return { stop: async () => void (await Promise.all(programs.map((program) => program.stop('SIGKILL')))) };
}

const ntpd = fileURLToPath(new URL('daemons/ntpd.ts', import.meta.resolve('@router7/appliance')));

t.test('NT-01 the clock is set in one step, told to the kernel and the hardware, and saved', async (t) => {
  // As a router without battery starts.
  setWallTime(Date.parse('1970-01-01T00:10:00Z'));
  const { stop } = await serve([...Array(2).fill(Date.parse('2026-11-22T12:00:00Z')), 77 * HOUR]);
  const daemon = router.startNode('ntpd', ntpd, ['-set=yes']);
  await daemon.line(/clock set/, SLOW);
  await stop();
  const now = Date.now();
  t.ok(
    now > Date.parse('2026-11-22T12:10:00Z') && now < Date.parse('2026-11-22T12:30:00Z'),
    new Date(now).toISOString(),
  );
  await daemon.line(/time known/, SLOW);
  t.ok(clockStatus().isSynchronized, 'the kernel keeps the real-time clock, too');
  t.equal(readFileSync('/sys/class/rtc/rtc0/date', 'utf8').trim(), '2026-11-22', 'RTC_SET_TIME');
  await until('the time is saved', SLOW, () => readFileSync(SAVED, 'utf8').startsWith('2026-11-22T12:1'));

  rmSync(SAVED);
  t.equal(await daemon.stop('SIGTERM'), 0);
  const saved = Date.parse(readFileSync(SAVED, 'utf8'));
  t.ok(Math.abs(Date.now() - saved) < 60_000, 'and once more at the end');
});

t.test('NT-01 a clock that is behind is restored at the start, one that is ahead is left alone', async (t) => {
  mkdirSync('/etc/router7', { recursive: true });
  writeFileSync('/etc/router7/build.json', JSON.stringify({ buildTimestamp: '2026-03-01T00:00:00Z' }));
  const saved = Date.parse(readFileSync(SAVED, 'utf8'));
  setWallTime(Date.parse('1970-01-01T00:10:00Z'));
  const daemon = router.startNode('ntpd', ntpd);
  await daemon.line(/clock was behind, set to=2026-11-22T12:\S+ from="last shutdown"/, SLOW);
  t.ok(Date.now() - saved < 60_000 && Date.now() >= saved);
  await daemon.line(/asks/, SLOW);
  t.equal(await daemon.stop('SIGTERM'), 0);

  setWallTime(saved + 24 * HOUR);
  const again = router.startNode('ntpd', ntpd);
  await again.line(/asks/, SLOW);
  t.equal(await again.stop('SIGTERM'), 0);
  t.ok(Date.now() > saved + 24 * HOUR);
});

t.test('NT-02 what the kernel is told, it does', async (t) => {
  const offset = (): number => wallTime() - performance.now();
  for (const byMs of [5000.25, -5000.75, 86_400_000, -86_399_999.5]) {
    const before = offset();
    stepClock(byMs);
    t.ok(Math.abs(offset() - before - byMs) < 20, `set by ${byMs} ms`);
    t.notOk(clockStatus().isSynchronized);
  }
  // As after each step: the loop takes the time between two offsets for how long it had to learn.
  slewClock({ offsetMs: 0, timeConstant: 6, maximumErrorMs: 10, estimatedErrorMs: 1 });
  const { frequencyPpm } = clockStatus();
  slewClock({ offsetMs: -90, timeConstant: 6, maximumErrorMs: 10, estimatedErrorMs: 1 });
  const told = clockStatus();
  t.ok(told.isSynchronized);
  t.ok(told.offsetMs < -80 && told.offsetMs >= -90, `${told.offsetMs} ms are left for the kernel's loop`);
  t.ok(Math.abs(told.frequencyPpm - frequencyPpm) < 10, 'the frequency is kept');
  await until('it takes them off', SLOW, () => clockStatus().offsetMs > told.offsetMs + 0.3);

  t.equal(setRealTimeClock(Date.parse('2031-12-31T23:59:00Z')), true);
  t.equal(readFileSync('/sys/class/rtc/rtc0/date', 'utf8').trim(), '2031-12-31');
  t.equal(setRealTimeClock(0, '/dev/rtc7'), false, 'a machine without one');
});
