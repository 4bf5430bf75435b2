import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { buildSite, LEASES, leaseOf, readLeases, SERVER, startDaemon } from './dhcp4d-site.ts';
import { udhcpc, value } from './udhcpc-once.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

const NEVER = '0001-01-01T00:00:00Z';
const INTERFACES = '/perm/interfaces.json';

mkdirSync('/perm/dhcp4d', { recursive: true });
writeFileSync(INTERFACES, JSON.stringify({ interfaces: [{ name: 'lan0', addr: `${SERVER}/24` }] }));
const site = buildSite();
site.lan.ip('address flush dev eth0');
site.lan.ip('link set eth0 down');
site.lan.ip('link set eth0 address 02:00:00:00:77:01');
site.lan.ip('link set eth0 up');
const daemon = await startDaemon(site);
const told = (pattern: RegExp): number => daemon.output.filter((line) => pattern.test(line)).length;

t.test('D4S-05 leases.json is edited while dhcp4d runs', async (t) => {
  const lease = await udhcpc(site.lan, 'eth0', ['-x', 'hostname:laptop']);
  await leaseOf(value(lease, 'ip'));
  const other = { addr: '10.7.0.240', hardware_addr: '02:00:00:00:77:02', expiry: NEVER, hostname_override: 'printer' };
  const own = readLeases().map((entry) => ({ ...entry, hostname_override: 'desk' }));
  writeFileSync(LEASES, JSON.stringify([...own, other]));
  daemon.kill('SIGUSR1');
  await daemon.line(/^info edits taken over .*changed=2 forgotten=0/, 30_000);
  await until('it serves anew', 30_000, () => told(/^info serving /) === 2);
  const again = await udhcpc(site.lan, 'eth0');
  t.equal(value(again, 'ip'), value(lease, 'ip'));
  t.equal(value(again, 'hostname'), 'desk');
  const printer = await udhcpc(site.lan, 'eth0', ['-x', '0x3d:01020000007702']);
  t.equal(value(printer, 'ip'), '10.7.0.240');
  t.match(await leaseOf('10.7.0.240'), { expiry: NEVER, hostname_override: 'printer' });
});

t.test('an edit that nobody announces is found when something is to be written, and a broken one kept', async (t) => {
  writeFileSync(LEASES, '[{ "addr": ');
  // Another client: a lease to be written.
  t.equal(value(await udhcpc(site.lan, 'eth0', ['-x', '0x3d:ff7703']), 'ip').startsWith('10.7.0.'), true);
  await daemon.line(/^error state file unusable, set aside /, 30_000);
  await until('leases.json', 30_000, () => readFileSync(LEASES, 'utf8').startsWith('[\n'));
  const aside = readdirSync('/perm/dhcp4d').find((name) => name.startsWith('leases.json.corrupt-'));
  t.equal(readFileSync(`/perm/dhcp4d/${aside}`, 'utf8'), '[{ "addr": ');
  await until('all three', 30_000, () => readLeases().length === 3);
});

t.test('a mistyped address in interfaces.json: told, and the service goes on, over a restart, too', async (t) => {
  writeFileSync(INTERFACES, JSON.stringify({ interfaces: [{ name: 'lan0', addr: `${SERVER}/240` }] }));
  daemon.kill('SIGUSR1');
  await daemon.line(/^warn .*interfaces\[0\]\.addr: found "10\.7\.0\.1\/240", expected an address/, 30_000);
  await daemon.line(/^warn serving from the address of before /, 30_000);
  t.equal(value(await udhcpc(site.lan, 'eth0', ['-x', '0x3d:01020000007702']), 'ip'), '10.7.0.240');
  daemon.kill('SIGTERM');
  await daemon.exited;
  const next = await startDaemon(site);
  t.teardown(() => next.stop());
  t.equal(value(await udhcpc(site.lan, 'eth0', ['-x', '0x3d:01020000007702']), 'ip'), '10.7.0.240');
});
