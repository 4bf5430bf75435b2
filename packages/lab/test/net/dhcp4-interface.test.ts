import { MessageType, optionValue } from '@router7/dhcp4';
import { toHex } from '@router7/wire';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 4;

const serving = { lease: 300, t1: 150, t2: 250 };

t.test('D4C-01 NC-01 dhcp4 waits for the interface to get its name', needs('dnsmasq'), async (t) => {
  const site = new WanSite(t, 'named', { device: 'enp1s0' });
  await servers.dnsmasq(site.isp, serving);
  const dhcp4 = site.daemon('dhcp4');
  // Another daemon's whole start is the proof that it had the time to go wrong.
  site.daemon('netconfigd');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);
  t.equal(dhcp4.status, undefined);
  t.notMatch(dhcp4.output.join('\n'), /^error/m);
});

t.test('D4C-01 the interface is renamed while dhcp4 runs, and gets its name back', needs('dnsmasq'), async (t) => {
  const site = new WanSite(t, 'renamed');
  await servers.dnsmasq(site.isp, serving);
  const dhcp4 = site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  const rename = (from: string, to: string): void => {
    site.router.ip(`link set ${from} down`);
    site.router.ip(`link set ${from} name ${to}`);
    site.router.ip(`link set ${to} up`);
  };
  rename('uplink0', 'other0');
  await dhcp4.line(/interface gone or changed/, 30_000);
  t.equal(site.lease()?.client_ip, lease.client_ip, 'the lease stays');
  const before = Date.now();
  site.router.ip('link set other0 down');
  site.router.ip('link set other0 name uplink0');
  site.router.ip('link set uplink0 up');
  const again = await site.leased(30_000, ({ acquired }) => Date.parse(acquired) > before);
  t.equal(again.client_ip, lease.client_ip);
  t.notMatch(dhcp4.output.join('\n'), /^error/m);
  t.equal(dhcp4.status, undefined, 'the same process');
});

t.test('D4C-27 the interface disappears and returns', needs('dnsmasq'), async (t) => {
  const site = new WanSite(t, 'pulled');
  await servers.dnsmasq(site.isp, serving);
  const netconfigd = site.daemon('netconfigd');
  const dhcp4 = site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);
  site.router.ip('link del uplink0');
  await dhcp4.line(/interface gone or changed/, 30_000);
  t.equal(site.lease()?.client_ip, lease.client_ip, 'the lease stays');
  const before = Date.now();
  site.plug('enp9s0');
  const again = await site.leased(30_000, ({ acquired }) => Date.parse(acquired) > before);
  t.equal(again.client_ip, lease.client_ip);
  await site.applied(lease.client_ip);
  t.same((await site.routes()).slice(0, 1), [`default via 198.51.100.1 proto dhcp src ${lease.client_ip}`]);
  t.match(dhcp4.output.join('\n'), /lease obtained how=reboot/, 'by INIT-REBOOT');
  t.equal(dhcp4.status, undefined, 'the same process');
  t.equal(netconfigd.status, undefined, 'the same process');
});

t.test('D4C-13 spoof_hardware_addr changes while dhcp4 runs', needs('dnsmasq', 'tcpdump', 'arping'), async (t) => {
  const site = new WanSite(t, 'spoof');
  const capture = await site.capture();
  await servers.dnsmasq(site.isp, serving);
  const netconfigd = site.daemon('netconfigd');
  site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);
  const spoof = '02:73:53:00:99:99';
  const uplink = { hardware_addr: '02:73:53:00:07:00', spoof_hardware_addr: spoof, name: 'uplink0' };
  site.writePerm('interfaces.json', { interfaces: [uplink] });
  const before = Date.now();
  netconfigd.kill('SIGUSR1');
  const again = await site.leased(30_000, ({ acquired }) => Date.parse(acquired) > before);
  await site.applied(again.client_ip);
  t.not(again.client_ip, lease.client_ip, 'another client to the server');
  await capture.settle();
  const [request] = capture
    .messages(MessageType.request)
    .filter(({ message }) => toHex(message.chaddr) === '027353009999');
  t.ok(
    request && optionValue(request.message, 'serverIdentifier'),
    'what it knew was of another client: from the beginning',
  );
});
