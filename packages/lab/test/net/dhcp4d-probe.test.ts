import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { buildSite, leaseOf, readLeases, SERVER, startDaemon } from './dhcp4d-site.ts';
import { udhcpc, value } from './udhcpc-once.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

mkdirSync('/perm/dhcp4d', { recursive: true });
writeFileSync('/perm/interfaces.json', JSON.stringify({ interfaces: [{ name: 'lan0', addr: `${SERVER}/24` }] }));
const site = buildSite();
site.lan.ip('address flush dev eth0');

t.test('D4S-13 a client that answers for the address that it asks for is given it', async (t) => {
  const daemon = await startDaemon(site);
  t.teardown(() => daemon.stop());
  // It has outlived the leases of the server: after a new installation, or the loss of /perm.
  site.lan.ip('address add 10.7.0.50/24 dev eth0');
  t.equal(value(await udhcpc(site.lan, 'eth0', ['-r', '10.7.0.50']), 'ip'), '10.7.0.50');
  t.notMatch(await leaseOf('10.7.0.50'), { state: 'declined' });
  t.same(
    daemon.output.filter((line) => line.includes('stranger')),
    [],
  );
});

t.test('a flood of DHCPDISCOVERs from made-up clients keeps no real one out', async (t) => {
  rmSync('/perm/dhcp4d', { recursive: true });
  mkdirSync('/perm/dhcp4d', { recursive: true });
  const daemon = await startDaemon(site);
  t.teardown(() => daemon.stop());
  site.lan.ip('address replace 10.7.0.250/24 dev eth0');
  const path = fileURLToPath(new URL('dhcp4d-flood.ts', import.meta.url));
  const flood = site.lan.startNode('flood', path, [SERVER]);
  t.teardown(() => flood.stop('SIGKILL'));
  await flood.line(/^flooding$/, 60_000);
  const address = value(await udhcpc(site.lan, 'eth0'), 'ip');
  t.match(address, /^10\.7\.0\.\d+$/);
  t.equal(flood.status, undefined, 'it has lasted until now');
  await leaseOf(address);
  t.equal(readLeases().length, 1, 'offers leave nothing behind');
});
