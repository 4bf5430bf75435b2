import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { LanSite, type LinkState } from './lan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 4;

const UPLINK = '02:73:53:00:07:00';
const LAN = '02:73:53:00:07:01';
const SPOOF = '02:73:53:00:99:99';

t.test('NC-01 NC-10 names, MTU, hardware address, addresses and routes in one run', async (t) => {
  const site = new LanSite(t, 'once', {
    interfaces: [
      { hardware_addr: UPLINK, spoof_hardware_addr: SPOOF, name: 'uplink0', mtu: 1492 },
      {
        hardware_addr: LAN,
        name: 'lan0',
        addr: '192.168.42.1/24',
        extra_addrs: ['192.168.23.1/24', 'fd00:42::1/64'],
        extra_routes: [
          { destination: '10.1.0.0/16', gateway: '192.168.42.7' },
          { destination: '10.2.0.0/16' },
          { destination: 'fd00:43::/64', gateway: 'fd00:42::7' },
        ],
      },
    ],
  });
  t.equal(await site.once(), 0);
  const links = await site.links();
  t.match(links.get('uplink0'), { address: SPOOF, mtu: 1492, up: true });
  t.match(links.get('lan0'), { address: LAN, mtu: 1500, up: true });
  t.notOk(links.has('enp1s0') || links.has('enp2s0'));
  t.same([...(await site.router.addresses('lan0'))].sort(), ['192.168.23.1/24', '192.168.42.1/24']);
  t.match(await site.router.run('ip', ['-6', 'address', 'show', 'dev', 'lan0']), /fd00:42::1\/64/);
  const routes = (await site.router.run('ip', ['-4', 'route', 'show', 'dev', 'lan0']))
    .split('\n')
    .map((line) => line.trim());
  t.ok(routes.includes('10.1.0.0/16 via 192.168.42.7 proto 114'));
  t.ok(routes.includes('10.2.0.0/16 proto 114 scope link'));
  t.match(
    await site.router.run('ip', ['-6', 'route', 'show', 'dev', 'lan0']),
    /fd00:43::\/64 via fd00:42::7 proto 114/,
  );
});

t.test('NC-02 a port of a bridge has no address of its own on which anything listens', async (t) => {
  const site = new LanSite(t, 'port', {
    interfaces: [
      { hardware_addr: UPLINK, name: 'uplink0' },
      { hardware_addr: LAN, name: 'lan0', addr: '192.168.42.1/24' },
    ],
    bridges: [{ name: 'lan0', interface_hardware_addrs: [LAN] }],
  });
  const linkLocal = async (device: string): Promise<string> =>
    site.router.run('ip', ['-6', 'address', 'show', 'dev', device, 'scope', 'link']);
  // As a kernel does it by itself that finds the card up.
  site.router.ip('link set enp2s0 up');
  await until('a link-local address', 30_000, async () => (await linkLocal('enp2s0')).includes('fe80:'));
  t.equal(await site.once(), 0);
  t.match((await site.links()).get('lan0'), { up: true });
  t.equal(await linkLocal('enp2s0'), '');
  site.router.ip('link set enp2s0 down');
  site.router.ip('link set enp2s0 up');
  await until('that of the bridge', 30_000, async () => (await linkLocal('lan0')).includes('fe80:'));
  t.equal(await linkLocal('enp2s0'), '', 'nor does it get one when the cable is put in again');
});

t.test('NC-01 two links swap their names, and are found by the spoofed address', async (t) => {
  const uplink = { hardware_addr: UPLINK, spoof_hardware_addr: SPOOF, name: 'uplink0' };
  const site = new LanSite(
    t,
    'swap',
    { interfaces: [uplink, { hardware_addr: LAN, name: 'lan0', addr: '192.168.42.1/24' }] },
    ['lan0', 'uplink0'],
  );
  t.equal(await site.once(), 0);
  const first = await site.links();
  t.match(first.get('uplink0'), { address: SPOOF, up: true });
  t.match(first.get('lan0'), { address: LAN, up: true });
  t.equal(await site.once(), 0);
  t.same(await site.links(), first, 'a second run finds uplink0 by the address that it was given');
  // By name, when the entry names no hardware address.
  site.configure({ interfaces: [{ name: 'uplink0', mtu: 1400 }] });
  t.equal(await site.once(), 0);
  t.equal((await site.links()).get('uplink0')?.mtu, 1400);
});

t.test('NC-03 unknown interfaces are left alone, a missing file is no error', async (t) => {
  const site = new LanSite(t, 'unknown', {
    interfaces: [{ hardware_addr: LAN, name: 'lan0', addr: '192.168.42.1/24' }],
  });
  site.router.ip('address add 10.9.9.9/24 dev enp1s0');
  const before = (await site.links()).get('enp1s0');
  const first = await site.run();
  t.equal(first.status, 0);
  t.match(first.output, /no config for interface enp1s0/);
  t.same((await site.links()).get('enp1s0'), before);
  t.same(await site.router.addresses('enp1s0'), ['10.9.9.9/24']);
  site.configure(undefined);
  const second = await site.run();
  t.equal(second.status, 0);
  t.match(second.output, /interfaces\.json: not there/);
  t.same(await site.router.addresses('lan0'), ['192.168.42.1/24'], 'what is there stays');
});

t.test('NC-11 bad entries cost themselves only', async (t) => {
  const site = new LanSite(t, 'partial', {
    interfaces: [
      { hardware_addr: UPLINK, name: 'uplink0', mtu: 1492 },
      { hardware_addr: 'zz:zz', name: 'bad0' },
      {
        hardware_addr: LAN,
        name: 'lan0',
        addr: '192.168.42.1/24',
        // No address reaches this gateway; the next entry is no prefix at all.
        extra_routes: [
          { destination: '10.1.0.0/16', gateway: '10.77.0.1' },
          { destination: 'nonsense' },
          { destination: '10.2.0.0/16' },
        ],
      },
      { name: 'not-there', addr: '10.3.0.1/24' },
    ],
  });
  const { status, output } = await site.run();
  t.equal(status, 1, 'not all of it worked');
  t.match(output, /^error not applied.*10\.1\.0\.0\/16/m);
  t.match(output, /^warn .*interfaces\[1\]\.hardware_addr.*zz:zz/m);
  t.match(output, /^warn .*nonsense/m);
  t.match(output, /^warn .*not-there/m);
  t.equal(output.split('\n').filter((line) => line.startsWith('error')).length, 1);
  t.equal((await site.links()).get('uplink0')?.mtu, 1492);
  t.same(await site.router.addresses('lan0'), ['192.168.42.1/24']);
  t.match(await site.router.run('ip', ['-4', 'route', 'show', 'dev', 'lan0']), /10\.2\.0\.0\/16 proto 114 scope link/);
});

t.test('NC-15 what changes in the kernel is noticed without a signal', async (t) => {
  const site = new LanSite(t, 'events', {
    interfaces: [
      { hardware_addr: LAN, name: 'lan0', addr: '192.168.42.1/24', extra_routes: [{ destination: '10.2.0.0/16' }] },
      { hardware_addr: '02:73:53:00:07:55', name: 'guest0', addr: '192.168.55.1/24', mtu: 1400 },
    ],
  });
  const netconfigd = site.daemon('netconfigd');
  const settled = (what: string): Promise<unknown> =>
    until(what, 30_000, async () => {
      const links = await site.links();
      const addresses = await site.router.addresses('lan0');
      const routes = await site.routes('lan0');
      return (
        links.get('lan0')?.up &&
        addresses.includes('192.168.42.1/24') &&
        routes.includes('10.2.0.0/16 proto 114 scope link')
      );
    });
  await settled('the first run');
  site.router.ip('address del 192.168.42.1/24 dev lan0');
  await settled('the address is back');
  site.router.ip('route del 10.2.0.0/16 dev lan0');
  await settled('the route is back');
  site.router.ip('link set lan0 down');
  await settled('the link is up again');
  // A card is plugged in while the router runs.
  site.router.ip('link add usb0 address 02:73:53:00:07:55 type veth peer name peer0');
  await until('guest0 is configured', 30_000, async () =>
    (await site.router.addresses('guest0')).includes('192.168.55.1/24'),
  );
  const guest: LinkState | undefined = (await site.links()).get('guest0');
  t.match(guest, { mtu: 1400, up: true, address: '02:73:53:00:07:55' });
  site.router.ip('link del guest0');
  await until('guest0 is gone', 30_000, async () => !(await site.links()).has('guest0'));
  site.router.ip('link add usb1 address 02:73:53:00:07:55 type veth peer name peer1');
  await until('guest0 is back', 30_000, async () =>
    (await site.router.addresses('guest0')).includes('192.168.55.1/24'),
  );
  t.equal(netconfigd.status, undefined);
  t.notMatch(netconfigd.output.join('\n'), /^error/m);
});
