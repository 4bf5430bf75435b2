import { writeFileSync } from 'node:fs';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture } from './capture.ts';
import { needs } from './installed.ts';
import { Ipv6Site } from './ipv6-site.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

const RADVD = `interface wan {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 4;
  AdvDefaultLifetime 1800;
  prefix 2001:db8:100::/64 { AdvOnLink on; AdvAutonomous on; };
};
`;

t.test(
  "W-3, WAA-1, WLL-1: what the provider's routers have said before outlasts the start of forwarding, and the next is heard",
  needs('radvd'),
  async (t) => {
    const site = new Ipv6Site(t, 'ra');
    writeFileSync('/tmp/wan-radvd.conf', RADVD);
    await site.isp.run('sysctl', ['-qw', 'net.ipv6.conf.all.forwarding=1']);
    const start = () =>
      site.isp.start('radvd', 'radvd', [
        ...['--nodaemon', '--logmethod', 'stderr', '--config', '/tmp/wan-radvd.conf'],
        ...['--pidfile', '/tmp/wan-radvd.pid'],
      ]);
    const hasRoute = async (): Promise<boolean> =>
      (await site.routes6()).some((line) => /^default via fe80:.* dev \S+ proto ra/.test(line));
    const hasAddress = async (device: string): Promise<boolean> =>
      (await site.global(device)).some(({ address }) => address.startsWith('2001:db8:100:'));
    const before = start();
    await until(
      'a default route and an address',
      30_000,
      async () => (await hasRoute()) && (await hasAddress('enp1s0')),
    );
    // From now on nobody says it again.
    await before.stop('SIGKILL');
    // The name changes, for which the link has to be down: what the kernel had learnt by it would be gone.
    site.configure({ interfaces: [{ name: 'enp1s0' }, { name: 'lan0', hardware_addr: '02:73:53:00:07:01' }] });
    site.router.ip('link set enp1s0 down');
    site.router.ip('link set enp1s0 name uplink0');
    site.router.ip('link set uplink0 up');
    site.configure({ interfaces: [{ name: 'uplink0' }, { name: 'lan0', hardware_addr: '02:73:53:00:07:01' }] });
    const again = start();
    await until('they are learnt again', 30_000, async () => (await hasRoute()) && (await hasAddress('uplink0')));
    await again.stop('SIGKILL');
    t.equal(await site.once(), 0);
    t.equal((await site.router.run('sysctl', ['-n', 'net.ipv6.conf.all.forwarding'])).trim(), '1');
    t.ok(await hasRoute(), 'the default route');
    t.ok(await hasAddress('uplink0'), 'the address');
    t.equal(await site.once(), 0);
    t.ok(await hasAddress('uplink0'), 'which is not of ours to remove');

    site.router.ip('-6 route flush proto ra');
    start();
    await until('it is listened to while forwarding', 30_000, hasRoute);
    t.same(await site.delegatedAddresses('lan0'), [], 'on the uplink only');
  },
);

t.test(
  'WAA-3, WAA-4: an address by DHCPv6 is on the uplink, with its lifetimes, and goes with the lease',
  async (t) => {
    const site = new Ipv6Site(t, 'ianr');
    site.lend(['2001:db8:100::5'], [{ prefix: '2001:db8:a::/56' }]);
    const netconfigd = site.daemon('netconfigd');
    const own = await until('the address with its end', 30_000, async () => {
      const [first] = await site.global('uplink0');
      return first?.valid === Number.POSITIVE_INFINITY ? undefined : first;
    });
    await netconfigd.stop();
    t.equal(own?.address, '2001:db8:100::5/128');
    t.ok((own?.valid ?? 0) > 3500 && (own?.valid ?? 0) <= 3600);
    t.same(await site.delegatedAddresses('lan0'), ['2001:db8:a::1/64']);
    t.notMatch((await site.run()).output, /^info [-+~]/m, 'a second run has nothing to do');
    site.lend(['2001:db8:100::6'], [{ prefix: '2001:db8:a::/56' }]);
    t.equal(await site.once(), 0);
    t.same(await site.delegatedAddresses('uplink0'), ['2001:db8:100::6/128']);
    site.delegate();
    t.equal(await site.once(), 0);
    t.same(await site.delegatedAddresses('uplink0'), []);
  },
);

t.test('W-1: an address that somebody on the link has already is not used', async (t) => {
  const site = new Ipv6Site(t, 'dad');
  site.isp.ip('-6 address add 2001:db8:100::5/64 dev wan nodad');
  site.lend(['2001:db8:100::5'], [{ prefix: '2001:db8:a::/56' }]);
  t.equal(await site.once(), 0);
  await until('the kernel has found it out', 20_000, async () =>
    (await site.router.run('ip', ['-6', 'address', 'show', 'dev', 'uplink0'])).includes('dadfailed'),
  );
  t.notMatch((await site.run()).output, /^info [-+~]/m, 'which is for dhcp6 to decline, not to be tried again');
});

t.test('L-17: neighbours hear of a new address', needs('tcpdump'), async (t) => {
  const site = new Ipv6Site(t, 'na');
  t.equal(await site.once(), 0);
  const capture = await Capture.start(site.client, 'eth0', 'arp or icmp6');
  site.delegate({ prefix: '2001:db8:a::/56' });
  t.equal(await site.once(), 0);
  const own = Buffer.from('20010db8000a00000000000000000001', 'hex');
  await capture.packet('an advertisement to all nodes', 20_000, ({ frame: { ipv6 } }) => {
    const payload = ipv6?.payload;
    if (payload?.[0] !== 136 || String(ipv6?.destination) !== 'ff02::1') return false;
    // R: a router; O: what was known before is to be forgotten (RFC 4861 section 4.4).
    return Buffer.from(payload.subarray(8, 24)).equals(own) && ((payload[4] as number) & 0xa0) === 0xa0;
  });
});
