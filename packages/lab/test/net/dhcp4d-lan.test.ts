import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { cable, Host } from '../../src/host.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { buildSite, leaseOf, readLeases, SERVER, type Site, startDaemon } from './dhcp4d-site.ts';
import { udhcpc, value } from './udhcpc-once.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

const HTTP = `http://${SERVER}:8067`;

/** /perm as router7 has it for a LAN without any configuration of the DHCP server, but for what a test sets. */
function configurePerm(settings?: object): void {
  mkdirSync('/perm/dhcp4d', { recursive: true });
  writeFileSync('/perm/interfaces.json', JSON.stringify({ interfaces: [{ name: 'lan0', addr: `${SERVER}/24` }] }));
  rmSync('/perm/dhcp4d/config.json', { force: true });
  if (settings !== undefined) {
    writeFileSync('/perm/dhcp4d/config.json', JSON.stringify({ interfaces: { lan0: settings } }));
  }
}

mkdirSync('/perm', { recursive: true });
configurePerm();
const site: Site = buildSite();
// A client that has no address yet.
site.lan.ip('address flush dev eth0');
const daemon = await startDaemon(site);
const curl = (args: readonly string[]): Promise<string> => site.router.run('curl', ['--silent', ...args]);

t.test('defaults are those of router7 (D4S-02, D4S-03)', async (t) => {
  const lease = await udhcpc(site.lan, 'eth0', ['-x', 'hostname:Laptop']);
  t.match(value(lease, 'ip'), /^10\.7\.0\.\d+$/);
  const last = Number(value(lease, 'ip').split('.')[3]);
  t.ok(last >= 2 && last <= 231, 'one of 230 behind the own address');
  t.equal(value(lease, 'subnet'), '255.255.255.0');
  t.equal(value(lease, 'router'), SERVER);
  t.equal(value(lease, 'dns'), SERVER);
  t.equal(value(lease, 'domain'), 'lan');
  t.equal(value(lease, 'lease'), '1200');
  const entry = await leaseOf(value(lease, 'ip'));
  t.match(entry, { hostname: 'laptop', num: last - 2 });
  t.equal(value(await udhcpc(site.lan, 'eth0'), 'ip'), value(lease, 'ip'), 'the same address again (D4S-07)');
});

t.test('replies are frames from port 67 with TTL 255 and DF (D4S-01)', async (t) => {
  const filter = 'udp src port 67';
  const capture = site.lan.start('tcpdump', 'tcpdump', ['-i', 'eth0', '-n', '-v', '-l', '-c', '2', '-e', filter]);
  await capture.line(/listening on/, 30_000);
  await udhcpc(site.lan, 'eth0');
  await capture.exited;
  const text = capture.output.join('\n');
  t.equal(text.match(/ttl 255, .*flags \[DF\]/g)?.length, 2, text);
  t.equal(text.match(new RegExp(`${SERVER}\\.67 > 10\\.7\\.0\\.\\d+\\.68`, 'g'))?.length, 2);
  t.notMatch(text, /> ff:ff:ff:ff:ff:ff/, 'to the client alone, for it set no broadcast bit');
});

t.test('an address that a stranger uses is not given out (D4S-13)', async (t) => {
  // Whoever has this hardware address gets this address, as long as it is free.
  site.lan.ip('link set eth0 down');
  site.lan.ip('link set eth0 address 02:00:00:00:99:01');
  site.lan.ip('link set eth0 up');
  const before = value(await udhcpc(site.lan, 'eth0', ['-R']), 'ip');
  t.not(before, '');
  daemon.kill('SIGTERM');
  await daemon.exited;
  // The server forgets it, and a stranger takes it.
  rmSync('/perm/dhcp4d', { recursive: true });
  configurePerm();
  const stranger = new Host('stranger');
  site.lan.ip('link add switch type bridge');
  cable(stranger, 'eth0', site.lan, 'port1');
  site.lan.ip('link set switch address 02:00:00:00:99:01');
  for (const port of ['eth0', 'port1']) site.lan.ip(`link set ${port} master switch up`);
  site.lan.ip('link set eth0 address 02:00:00:00:99:ee');
  site.lan.ip('link set switch up');
  stranger.ip(`address add ${before}/24 dev eth0`);
  stranger.ip('link set eth0 up');
  const next = await startDaemon(site);
  t.teardown(() => next.stop());
  const after = value(await udhcpc(site.lan, 'switch'), 'ip');
  t.not(after, before);
  await next.line(new RegExp(`^warn address in use by a stranger address=${before.replaceAll('.', '\\.')} `), 30_000);
  t.match(await leaseOf(before), { state: 'declined' });
  t.match(await curl([`${HTTP}/`]), /in use by a stranger/);

  await t.test('a person names a device, and the name outlives its renewal (D4S-15)', async (t) => {
    const { hardware_addr } = await leaseOf(after);
    const form = [
      '--data',
      `hardwareaddr=${hardware_addr}`,
      '--data',
      'hostname=kitchen',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
    ];
    t.equal(await curl([...form, `${HTTP}/sethostname`]), '403', 'no password is set');
    writeFileSync('/perm/gokr-pw.txt', 'secret\n');
    t.equal(await curl([...form, `${HTTP}/sethostname`]), '401');
    t.equal(await curl([...form, '--user', 'gokrazy:secret', `${HTTP}/sethostname`]), '302');
    t.match(JSON.parse(await curl([`${HTTP}/lease/kitchen`])), { addr: after, hostname_override: 'kitchen' });
    const lease = await udhcpc(site.lan, 'switch', ['-x', 'hostname:other', '-r', after]);
    t.equal(value(lease, 'hostname'), 'kitchen', 'it is told its name');
    t.match(JSON.parse(await curl([`${HTTP}/lease/kitchen`])), { addr: after, hostname: 'other' });
  });

  await t.test('SIGUSR1: new settings, the leases stay', async (t) => {
    configurePerm({ lease_time_seconds: 7200, domain: 'home.arpa', ntp: ['10.7.0.9'] });
    next.kill('SIGUSR1');
    await until(
      'it serves anew',
      30_000,
      () => next.output.filter((line) => line.startsWith('info serving')).length === 2,
    );
    const lease = await udhcpc(site.lan, 'switch', ['-O', 'ntpsrv']);
    t.equal(value(lease, 'ip'), after);
    const left = Number(value(lease, 'lease'));
    t.ok(left > 0 && left <= 1200, `the lease that it has runs on for ${left} s (RFC 2131 4.3.1)`);
    t.equal(value(lease, 'domain'), 'home.arpa');
    t.equal(value(lease, 'ntpsrv'), '10.7.0.9');
    t.match(await curl([`${HTTP}/metrics`]), /^non_expired_leases 1$/m);
  });

  await t.test('settings that contradict themselves: told, and what was valid before goes on', async (t) => {
    configurePerm({ first: '10.9.0.1', last: '10.9.0.9' });
    next.kill('SIGUSR1');
    await next.line(/^error .*10\.9\.0\.1/, 30_000);
    t.equal(value(await udhcpc(site.lan, 'switch', ['-x', '0x3d:ff6e6577']), 'lease'), '7200', 'another client');
  });

  await t.test('the interface goes away and comes back', async (t) => {
    const serving = (): number => next.output.filter((line) => line.startsWith('info serving')).length;
    const before = serving();
    site.router.ip('link delete lan0');
    cable(site.router, 'lan0', site.lan, 'eth0');
    site.router.ip(`address add ${SERVER}/24 dev lan0`);
    site.router.ip('link set lan0 up');
    site.lan.ip('link set eth0 master switch up');
    await until('it serves anew', 30_000, () => serving() > before);
    t.equal(value(await udhcpc(site.lan, 'switch'), 'ip'), after);
    t.ok(readLeases().length > 0);
  });
});
