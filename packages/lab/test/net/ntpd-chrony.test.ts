import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { cable, Host } from '../../src/host.ts';
import { chronyd } from '../../src/internet/chrony.ts';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';

/* ntpd against chrony's server. Neither sets a clock: chronyd runs with -x, and ntpd only says what it would do. */

const program = chronyd();
await onStage(import.meta.url);

const ntpd = fileURLToPath(new URL('daemons/ntpd.ts', import.meta.resolve('@router7/appliance')));
const SAVED = '/perm/home/ntp/ntp-time-at-last-shutdown';
const FOUR = '192.0.2.1';
const SIX = '2001:db8:1::1';
const skip = { skip: program === undefined ? 'chronyd is not installed, and cannot be downloaded' : false };

const server = new Host('server');
const router = new Host('router');
cable(server, 'eth0', router, 'uplink0');
for (const [host, device, last] of [
  [server, 'eth0', '1'],
  [router, 'uplink0', '10'],
] as const) {
  host.ip(`address add 192.0.2.${last}/24 dev ${device}`);
  host.ip(`-6 address add 2001:db8:1::${last}/64 dev ${device} nodad`);
  host.ip(`link set ${device} up`);
}
mkdirSync('/perm/home/ntp', { recursive: true });

async function serve(...lines: readonly string[]): Promise<Program> {
  writeFileSync('/tmp/chrony.conf', ['allow all', 'cmdport 0', 'pidfile /tmp/chronyd.pid', ...lines, ''].join('\n'));
  const chrony = server.start('chronyd', program ?? '', ['-x', '-d', '-u', 'root', '-f', '/tmp/chrony.conf']);
  await chrony.line(/Disabled control of system clock/, 10_000);
  return chrony;
}

function start(servers: readonly string[]): Program {
  writeFileSync('/perm/ntp.json', JSON.stringify({ servers }));
  rmSync(SAVED, { force: true });
  return router.start('ntpd', process.execPath, ['--conditions=@router7/source', ntpd], { ROUTER7_DEBUG: '1' });
}

t.test('NT-02 a server that knows the time, by IPv4 and by IPv6; a file that is broken', skip, async (t) => {
  const chrony = await serve('local stratum 3');
  for (const address of [FOUR, SIX]) {
    const daemon = start([address]);
    const line = await daemon.line(/time known/, 20_000);
    const [, offset = ''] = /agreeing=1 servers=1 offsetMs=(\S+)/.exec(line) ?? [];
    t.ok(Math.abs(Number(offset)) < 100, `${address}: the same clock: ${line}`);
    await until(
      'the time is saved',
      5000,
      () => Math.abs(Date.parse(readFileSync(SAVED, 'utf8')) - Date.now()) < 10_000,
    );

    writeFileSync('/perm/ntp.json', '{"servers": [');
    daemon.kill('SIGUSR1');
    t.match(await daemon.line(/^error/, 10_000), /ntp\.json: found .*, expected JSON; the last good one goes on/);
    t.equal(await daemon.stop('SIGTERM'), 0);
    t.notMatch(daemon.output.join('\n'), /clock set/);
  }
  t.equal(await chrony.stop(), 0);
});

t.test('NT-02 a server that does not know the time is not followed, until it does', skip, async (t) => {
  const first = await serve();
  const daemon = start([FOUR]);
  // Leap 3 and stratum 0 without a kiss code.
  await daemon.line(/discarded address=192\.0\.2\.1 reason=kiss/, 20_000);
  t.equal(await first.stop(), 0);
  const second = await serve('local stratum 10');
  // Nobody has to wait for the next round.
  await until('the time is known', 20_000, () => {
    daemon.kill('SIGUSR1');
    return daemon.output.some((line) => line.includes('time known'));
  });
  t.equal(await daemon.stop('SIGTERM'), 0);
  t.equal(await second.stop(), 0);
});
