import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { LanSite } from './lan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 4;

const UPLINK = { hardware_addr: '02:73:53:00:07:00', name: 'uplink0' };
const LAN = { hardware_addr: '02:73:53:00:07:01', name: 'lan0', addr: '192.168.42.1/24' };
const LEASE = { valid_until: '2018-05-18T23:46:04+02:00', client_ip: '198.51.100.7', subnet_mask: '255.255.255.0' };

t.test(
  'NC-12 what is configured no more is removed by a process that starts anew, what others made stays',
  async (t) => {
    const site = new LanSite(t, 'removed', {
      interfaces: [
        UPLINK,
        {
          ...LAN,
          extra_addrs: ['192.168.23.1/24', 'fd00:42::1/64', '192.168.77.1/24'],
          extra_routes: [{ destination: '10.2.0.0/16', gateway: '192.168.42.9' }, { destination: 'fd00:43::/64' }],
        },
      ],
    });
    site.router.ip('address add 192.168.77.1/24 dev enp2s0');
    t.equal(await site.once(), 0);
    // Of somebody else, by whatever protocol.
    site.router.ip('address add 192.168.99.1/24 dev lan0');
    site.router.ip('address add fd00:99::1/64 dev lan0');
    site.router.ip('route add 10.98.0.0/16 dev lan0');
    site.router.ip('route add 10.99.0.0/16 via 192.168.42.9 proto static');
    site.router.ip('-6 route add fd00:98::/64 dev lan0');

    site.configure({ interfaces: [UPLINK, { ...LAN, addr: '192.168.43.1/24' }] });
    t.equal(await site.once(), 0);
    t.same([...(await site.router.addresses('lan0'))].sort(), ['192.168.43.1/24', '192.168.99.1/24']);
    const v6 = await site.router.run('ip', ['-6', 'address', 'show', 'dev', 'lan0']);
    t.match(v6, /fd00:99::1\/64/);
    t.notMatch(v6, /fd00:42::1/);
    const routes = await site.router.run('ip', ['route', 'show']);
    t.match(routes, /10\.98\.0\.0\/16/);
    t.notMatch(routes, /10\.2\.0\.0\/16/);
    const routes6 = await site.router.run('ip', ['-6', 'route', 'show']);
    t.match(routes6, /fd00:98::\/64/);
    t.notMatch(routes6, /fd00:43::\/64/);

    // A file with something wrong in it removes nothing: what was meant cannot be known.
    site.configure({ interfaces: [UPLINK, { ...LAN, addr: '192.168.43.1' }] });
    const damaged = await site.run();
    t.equal(damaged.status, 1);
    t.match(damaged.output, /^error .*interfaces\.json: not used as long as something in it is wrong/m);
    t.same([...(await site.router.addresses('lan0'))].sort(), ['192.168.43.1/24', '192.168.99.1/24']);
    rmSync(join(site.perm, 'netconfigd'), { recursive: true });
    await site.once();
    t.same(
      [...(await site.router.addresses('lan0'))].sort(),
      ['192.168.43.1/24', '192.168.99.1/24'],
      'nor without a copy',
    );
    site.configure('');
    t.equal(await site.once(), 1);
    t.same(
      [...(await site.router.addresses('lan0'))].sort(),
      ['192.168.43.1/24', '192.168.99.1/24'],
      'nor an empty one',
    );

    // The whole interface is configured no more.
    site.configure({ interfaces: [UPLINK] });
    t.equal(await site.once(), 0);
    t.same(await site.router.addresses('lan0'), ['192.168.99.1/24']);
  },
);

t.test('NC-02 bridges: ports leave, the bridge goes, a bridge and ports of others stay', async (t) => {
  const site = new LanSite(t, 'bridges', {});
  const [a, b] = [LAN.hardware_addr, '02:73:53:00:07:02'];
  site.router.ip(`link add enp3s0 address ${b} type veth peer name cable3`);
  site.router.ip('link add tap0 address 02:73:53:00:07:33 type veth peer name cable4');
  site.router.ip('link add foreign0 type bridge');
  const bridge = (...ports: string[]) => ({
    interfaces: [UPLINK, { name: 'lan0', addr: '192.168.42.1/24' }],
    bridges: [{ name: 'lan0', interface_hardware_addrs: ports }],
  });
  // First the card itself is lan0: it gives its name to the bridge that it becomes a port of.
  site.configure({ interfaces: [UPLINK, LAN] });
  t.equal(await site.once(), 0);
  site.configure(bridge(a, b));
  t.equal(await site.once(), 0);
  const ports = async (): Promise<readonly string[]> => {
    const links = JSON.parse(await site.router.run('ip', ['-json', 'link', 'show', 'master', 'lan0'])) as readonly {
      address: string;
    }[];
    return links.map(({ address }) => address).sort();
  };
  t.same(await ports(), [a, b]);
  t.same(await site.router.addresses('lan0'), ['192.168.42.1/24']);
  t.equal((await site.links()).get('lan0')?.address, a, 'the hardware address of its first port');
  t.match(
    await site.router.run('ping', ['-c', '1', '-W', '5', '192.168.42.2']),
    / 0% packet loss/,
    'it carries packets',
  );
  site.router.ip('link set tap0 master lan0');
  site.configure(bridge(a));
  t.equal(await site.once(), 0);
  t.same(await ports(), [a, '02:73:53:00:07:33'], 'a port that somebody else put there stays');

  site.configure({ interfaces: [UPLINK, LAN] });
  t.equal(await site.once(), 0);
  const details = await site.router.run('ip', ['-details', 'link', 'show', 'lan0']);
  t.notMatch(details, /bridge_id/, 'the card has its name back');
  t.same(await site.router.addresses('lan0'), ['192.168.42.1/24']);
  t.match(await site.router.run('ping', ['-c', '1', '-W', '5', '192.168.42.2']), / 0% packet loss/);
  t.match(await site.router.run('ip', ['link', 'show', 'type', 'bridge']), /foreign0/);
  t.equal((await site.router.run('ip', ['-o', 'link', 'show', 'type', 'bridge'])).trim().split('\n').length, 1);
  t.notMatch((await site.run()).output, /^info [-+~]/m, 'and nothing is left to do');
});

t.test('NC-04 a lease without router that is released takes its address away', async (t) => {
  const site = new LanSite(t, 'release', { interfaces: [UPLINK, LAN] });
  mkdirSync(join(site.perm, 'dhcp4/wire'), { recursive: true });
  site.writePerm('dhcp4/wire/lease.json', { ...LEASE, router: '', dns: [] });
  t.equal(await site.once(), 0);
  t.same(await site.router.addresses('uplink0'), ['198.51.100.7/24']);
  site.router.ip('address add 192.0.2.9/24 dev uplink0');
  rmSync(join(site.perm, 'dhcp4/wire/lease.json'));
  t.equal(await site.once(), 0);
  t.same(await site.router.addresses('uplink0'), ['192.0.2.9/24'], 'and leaves what is not of a lease');
});

t.test('one line for what cannot be, and the last good state goes on', async (t) => {
  const site = new LanSite(t, 'conflicts', { interfaces: [UPLINK, LAN] });
  mkdirSync(join(site.perm, 'dhcp4/wire'), { recursive: true });
  site.writePerm('dhcp4/wire/lease.json', { ...LEASE, router: '198.51.100.1', dns: [] });
  const netconfigd = site.daemon('netconfigd');
  await until('the lease is applied', 30_000, async () => (await site.routes()).length === 3);
  const errors = (): readonly string[] => netconfigd.output.filter((line) => line.startsWith('error'));

  const guest = { hardware_addr: '02:73:53:00:07:55', name: 'guest0', addr: '192.168.42.129/25' };
  site.configure({
    interfaces: [UPLINK, { ...LAN, addr: '192.168.43.1/24', extra_addrs: ['192.168.42.1/24'] }, guest],
  });
  netconfigd.kill('SIGUSR1');
  await netconfigd.line(
    /^warn .*interfaces\[2\]\.addr: found "192\.168\.42\.129\/25", expected a network apart from/,
    30_000,
  );
  await netconfigd.line(/^error .*the last good one goes on/, 30_000);
  t.same(await site.router.addresses('lan0'), ['192.168.42.1/24']);
  t.equal(errors().length, 1);

  site.configure({ interfaces: [UPLINK, LAN] });
  site.writePerm('dhcp4/wire/lease.json', { ...LEASE, client_ip: '192.168.42.50', router: '192.168.42.1', dns: [] });
  netconfigd.kill('SIGUSR1');
  await netconfigd.line(
    /^error .*lease\.json: found 192\.168\.42\.50\/24, expected a network apart from 192\.168\.42\.1\/24 of lan0/,
    30_000,
  );
  t.same(await site.router.addresses('uplink0'), ['198.51.100.7/24'], 'the lease before stays');
  t.equal(errors().length, 2);

  // Also in a process that starts anew.
  await netconfigd.stop();
  site.configure('{"interfaces": [');
  site.router.ip('address del 192.168.42.1/24 dev lan0');
  const { status, output } = await site.run();
  t.equal(status, 1);
  t.same(await site.router.addresses('lan0'), ['192.168.42.1/24'], 'the copy of the last good file is used');
  t.equal(output.match(/^error.*interfaces\.json/gm)?.length, 1);

  // Nor is one that is not there at all a wish for a router without interfaces.
  site.configure(undefined);
  site.router.ip('address del 192.168.42.1/24 dev lan0');
  site.router.ip('address add 192.168.99.1/24 dev lan0');
  const lost = await site.run();
  t.match(lost.output, /^warn .*interfaces\.json: not there, the last good one goes on/m);
  t.same([...(await site.router.addresses('lan0'))].sort(), ['192.168.42.1/24', '192.168.99.1/24']);
  t.match(await site.router.run('nft', ['list', 'chain', 'inet', 'router7', 'input']), /iifname "lan0" accept/);
});
