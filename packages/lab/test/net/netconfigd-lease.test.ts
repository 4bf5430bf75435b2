import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { LanSite } from './lan-site.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 5;

const GOLDEN =
  '{"valid_until":"2018-05-18T23:46:04.429895261+02:00","client_ip":"85.195.207.62","subnet_mask":"255.255.255.128","router":"85.195.207.1","dns":["77.109.128.2","213.144.129.20"]}';

t.test('NC-04 router7’s own lease.json makes router7’s own routes, though it is long over (D4C-07)', async (t) => {
  const site = new LanSite(t, 'golden', { interfaces: [{ hardware_addr: '02:73:53:00:07:00', name: 'uplink0' }] });
  site.router.ip('address add 10.77.0.1/24 dev enp1s0');
  site.router.ip('address add 85.195.207.99/25 dev enp1s0');
  await site.isp.run('mkdir', ['-p', join(site.perm, 'dhcp4/wire')]);
  site.writePerm('dhcp4/wire/lease.json', GOLDEN);
  t.equal(await site.once(), 0);
  t.same(await site.router.addresses('uplink0'), ['85.195.207.62/25'], 'every other address is removed');
  const golden = [
    'default via 85.195.207.1 proto dhcp src 85.195.207.62',
    '85.195.207.1 proto dhcp scope link src 85.195.207.62',
  ];
  const routes = await site.routes();
  for (const line of golden) t.ok(routes.includes(line), line);

  const moved = GOLDEN.replaceAll('85.195.207.', '192.0.2.');
  site.writePerm('dhcp4/wire/lease.json', moved);
  t.equal(await site.once(), 0);
  t.same(await site.router.addresses('uplink0'), ['192.0.2.62/25']);
  t.ok(
    (await site.routes()).every((line) => !line.includes('85.195')),
    'nothing is left of the lease before',
  );

  // What cannot be read says nothing: what is there stays, and the daemon that starts now does not know the old lease.
  for (const text of ['{"valid_until"', '', '{}', GOLDEN.replace('255.255.255.128', '')]) {
    site.writePerm('dhcp4/wire/lease.json', text);
    const { status, output } = await site.run();
    t.equal(status, 1);
    t.equal(
      output.split('\n').filter((line) => line.startsWith('error')).length,
      1,
      `one line for ${text.slice(0, 20)}`,
    );
    t.same(await site.router.addresses('uplink0'), ['192.0.2.62/25']);
  }
  rmSync(join(site.perm, 'dhcp4/wire/lease.json'));
  t.equal(await site.once(), 0);
  t.same(await site.router.addresses('uplink0'), [], 'the client has taken it away');
  t.same(await site.routes(), []);
});

t.test(
  'D4C-15 option 121 of dnsmasq: routes of its own, option 3 is not looked at, an on-link destination',
  needs('dnsmasq', 'ping'),
  async (t) => {
    const site = new WanSite(t, 'classless');
    const second = site.join('second', '198.51.100.2/24');
    // 203.0.113.10 is behind the second router only, 10.9.0.7 on the link itself, 192.0.2.10 behind the default route.
    second.ip('address add 203.0.113.10/32 dev lo');
    second.ip('address add 10.9.0.7/16 dev eth0');
    site.isp.ip('address add 192.0.2.10/32 dev lo');
    const routes = '0.0.0.0/0,198.51.100.1,203.0.113.0/24,198.51.100.2,10.9.0.0/16,0.0.0.0';
    await servers.dnsmasq(site.isp, {
      lease: 300,
      t1: 150,
      t2: 250,
      routers: ['198.51.100.9'],
      more: [`--dhcp-option=121,${routes}`],
    });
    site.daemon('netconfigd');
    site.daemon('dhcp4');
    const { client_ip } = await site.leased(30_000);
    await site.applied(client_ip);
    await until('four routes', 30_000, async () => (await site.routes()).length >= 6);
    t.same([...(await site.routes())].sort(), [
      '10.9.0.0/16 proto dhcp scope link src '.concat(client_ip),
      `198.51.100.0/24 proto kernel scope link src ${client_ip}`,
      `198.51.100.1 proto dhcp scope link src ${client_ip}`,
      `198.51.100.2 proto dhcp scope link src ${client_ip}`,
      `203.0.113.0/24 via 198.51.100.2 proto dhcp src ${client_ip}`,
      `default via 198.51.100.1 proto dhcp src ${client_ip}`,
    ]);
    for (const address of ['203.0.113.10', '10.9.0.7', '192.0.2.10']) {
      t.match(await site.router.run('ping', ['-c', '1', '-W', '3', address]), / 0% packet loss/, address);
    }
  },
);

t.test('D4C-16 of several routers the first is used', needs('dhcpd', 'ping'), async (t) => {
  const site = new WanSite(t, 'routers');
  site.isp.ip('address add 192.0.2.10/32 dev lo');
  await servers.isc(site.isp, {
    lease: 300,
    t1: 150,
    t2: 250,
    routers: ['198.51.100.1', '198.51.100.2', '198.51.100.3'],
  });
  site.daemon('netconfigd');
  site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);
  t.equal(lease.router, '198.51.100.1');
  t.same(lease.routers, ['198.51.100.1', '198.51.100.2', '198.51.100.3']);
  const line = `default via 198.51.100.1 proto dhcp src ${lease.client_ip}`;
  await until(line, 30_000, async () => (await site.routes()).includes(line));
  t.equal((await site.routes()).filter((route) => route.startsWith('default')).length, 1);
  t.match(await site.router.run('ping', ['-c', '1', '-W', '3', '192.0.2.10']), / 0% packet loss/);
});

t.test('D4C-17 a /32 lease with a gateway outside of it', needs('dnsmasq', 'ping'), async (t) => {
  const site = new WanSite(t, 'offlink');
  site.isp.ip('address add 192.0.2.254/32 dev wan');
  site.isp.ip('address add 203.0.113.10/32 dev lo');
  await servers.dnsmasq(site.isp, {
    ...{ lease: 300, t1: 5, t2: 250, routers: ['192.0.2.254'] },
    more: ['--dhcp-option=option:netmask,255.255.255.255'],
  });
  site.daemon('netconfigd');
  const dhcp4 = site.daemon('dhcp4');
  const { client_ip, subnet_mask } = await site.leased(30_000);
  t.equal(subnet_mask, '255.255.255.255');
  await site.applied(client_ip);
  t.same(await site.router.addresses('uplink0'), [`${client_ip}/32`]);
  await until('its routes', 30_000, async () => (await site.routes()).length === 2);
  t.same([...(await site.routes())].sort(), [
    `192.0.2.254 proto dhcp scope link src ${client_ip}`,
    `default via 192.0.2.254 proto dhcp src ${client_ip}`,
  ]);
  t.match(await site.router.run('ping', ['-c', '1', '-W', '3', '203.0.113.10']), / 0% packet loss/);
  await dhcp4.line(/lease obtained how=renew/, 30_000);
});

t.test('NC-12 a bad interfaces.json is told in one line, and what it said before goes on', async (t) => {
  const lan = { hardware_addr: '02:73:53:00:07:01', name: 'lan0', addr: '192.168.42.1/24' };
  const site = new LanSite(t, 'badjson', { interfaces: [lan] });
  const netconfigd = site.daemon('netconfigd');
  await until('the address', 30_000, async () => (await site.router.addresses('lan0')).includes('192.168.42.1/24'));
  site.configure('{ "interfaces": [');
  netconfigd.kill('SIGUSR1');
  await netconfigd.line(/^error not applied.*interfaces\.json/, 30_000);
  site.router.ip('address del 192.168.42.1/24 dev lan0');
  await until('the address again', 30_000, async () =>
    (await site.router.addresses('lan0')).includes('192.168.42.1/24'),
  );
  t.equal(netconfigd.output.filter((line) => line.includes('interfaces.json')).length, 1, 'told once');
  site.configure({ interfaces: [{ ...lan, mtu: 1400 }] });
  netconfigd.kill('SIGUSR1');
  await until('the good file is applied', 30_000, async () => (await site.links()).get('lan0')?.mtu === 1400);
  t.equal(netconfigd.status, undefined);
});
