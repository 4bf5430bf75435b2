import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { LAN_LINK_LOCAL, RadvdSite } from './radvd-site.ts';

t.setTimeout(180_000);
await onStage(import.meta.url);

const ULA = 'fd12:3456:789a::/48';
const site = new RadvdSite();
site.write('/perm/netconfig/subnets.json', { subnets: { lan0: 0, lan1: 7 }, ula: ULA });
site.delegate(['2001:db8:100::/56']);
site.defaultRoute(true);

t.test(
  'RA-08, RA-09, RA-11, RA-14, RA-15, L-1, L-3, L-11: each LAN hears of its own prefixes and of all',
  needs('rdisc6'),
  async (t) => {
    site.write('/perm/ipv6.json', {
      radvd: { interfaces: { lan1: { preference: 'low', managed: true, domains: [] } } },
    });
    const radvd = await site.start();
    const home = await site.rdisc6();
    t.match(home, /Stateful address conf. {4}: {11}No\n/, 'L-9: M off');
    t.match(home, /Stateful other conf. {6}: {10}Yes\n/, 'L-8: O on');
    t.match(home, /Router preference {9}: {7}medium\n/);
    t.match(home, /Router lifetime {11}: {9}2700 /, 'L-16: 45 minutes');
    t.match(home, /Prefix {19}: 2001:db8:100::\/64\n/);
    t.match(home, /Prefix {19}: fd12:3456:789a::\/64\n/, 'ULA-1');
    t.match(home, /Route {20}: 2001:db8:100::\/56\n/, 'L-3: the whole delegation leads here');
    t.match(home, /Route {20}: fd12:3456:789a::\/48\n/);
    t.match(
      home,
      /Recursive DNS server {5}: fd12:3456:789a::1\n {2}DNS server lifetime {5}: {9}1800 /,
      'RFC 8106: 3 times 600 s',
    );
    t.match(home, /DNS search list {10}: lan \n {2}DNS search list lifetime: {9}1800 /);

    const guest = await site.rdisc6(site.guest);
    t.match(guest, /Stateful address conf. {4}: {10}Yes\n/);
    t.match(guest, /Router preference {9}: {10}low\n/, 'RA-14: a preference of its own');
    t.match(guest, /Prefix {19}: 2001:db8:100:7::\/64\n/, 'RA-14: a prefix of its own');
    t.match(guest, /Prefix {19}: fd12:3456:789a:7::\/64\n/);
    t.notMatch(guest, /DNS search list/);
    t.notMatch(guest, /2001:db8:100::\/64/);
    const routes = await site.host.run('ip', ['-6', 'route', 'show', 'proto', 'ra']);
    t.match(routes, `fd12:3456:789a::/48 via ${LAN_LINK_LOCAL}`, 'hosts take the routes');
    await radvd.stop('SIGKILL');
  },
);

t.test('RA-12, RA-13: what radvdump reads of it', needs('radvdump'), async (t) => {
  const lan0 = {
    pref64: ['64:ff9b::/96'],
    captive_portal: 'https://portal.example/api',
    encrypted_dns: [{ name: 'dns.example', addresses: ['fd12:3456:789a::1'], parameters: '0001000302683200' }],
    prefer_delegation: true,
    mtu: 1480,
    reachable_milliseconds: 30000,
  };
  site.write('/perm/ipv6.json', { radvd: { interfaces: { lan0 } } });
  const dump = site.host.start('radvdump', 'radvdump', []);
  const radvd = await site.start();
  await dump.line(/End of interface definition|^\}; # /, 10_000).catch(() => undefined);
  await until('a whole advertisement', 10_000, () => dump.output.some((line) => line.includes('AdvRDNSSLifetime')));
  const text = dump.output.join('\n');
  t.match(text, /AdvManagedFlag off/);
  t.match(text, /AdvOtherConfigFlag on/);
  t.match(text, /AdvReachableTime 30000/);
  t.match(text, /AdvCurHopLimit 64/);
  t.match(text, /AdvDefaultLifetime 2700/);
  t.match(text, /AdvLinkMTU 1480/);
  t.match(
    text,
    /prefix 2001:db8:100::\/64\s*\{\s*AdvValidLifetime 5400;\s*AdvPreferredLifetime 2700;\s*AdvOnLink on;\s*AdvAutonomous on;/,
  );
  t.match(text, /route 2001:db8:100::\/56/);
  t.match(text, /RDNSS fd12:3456:789a::1/);
  const octets = await captured();
  t.match(octets, /260207080064ff9b0000000000000000/, 'PREF64 of 1800 s, length 96 (RFC 8781)');
  t.match(octets, `2504${Buffer.from('https://portal.example/api').toString('hex')}`, 'captive portal (RFC 8910)');
  t.match(octets, /90..000100000708000d03646e73076578616d706c6500/, 'encrypted DNS (RFC 9463)');
  t.match(octets, /030440d0/, 'L, A and P (RFC 9762)');
  await radvd.stop('SIGKILL');
  await dump.stop();

  /** The octets of an advertisement that the host gets, in hexadecimal. */
  async function captured(): Promise<string> {
    const args = ['-i', 'eth0', '-c', '1', '-x', '--immediate-mode', 'icmp6 and ip6[40] == 134'];
    const text = site.host.run('tcpdump', args, 15_000);
    await until(
      'tcpdump listens',
      5000,
      async () => (await site.host.run('cat', ['/proc/net/packet'])).split('\n').length > 2,
    );
    await site.rdisc6();
    return (await text).replaceAll(/^.*0x[0-9a-f]+:|\s|^[^\t].*$/gm, '');
  }
});

t.test('RA-02, L-7: a link that is to hear nothing is told so, and one that comes back hears again', async (t) => {
  site.write('/perm/ipv6.json', {});
  const radvd = await site.start();
  await radvd.line(/^info advertising interface=lan1 /, 10_000);
  await until('guest has a router', 5000, async () => (await site.defaultRoutes(site.guest)) !== '');
  site.write('/perm/ipv6.json', { radvd: { interfaces: { lan1: { advertise: false } } } });
  radvd.kill('SIGUSR1');
  await until('guest has none', 8000, async () => (await site.defaultRoutes(site.guest)) === '');
  t.match(await site.defaultRoutes(), /^default via fe80/, 'the other link goes on');
  site.write('/perm/ipv6.json', {});

  t.comment('a link that goes and comes, with another number');
  site.router.ip('link del lan0');
  await radvd.line(/^info not advertising any more interface=lan0/, 5000);
  site.plugHost();
  await site.address('2001:db8:100:0:', false, 10_000);
  t.match(await site.defaultRoutes(), /^default via fe80/);
  t.equal(radvd.status, undefined);

  t.comment('a link that goes down and up');
  site.router.ip('link set lan1 down');
  await radvd.line(/^info not advertising any more interface=lan1/, 5000);
  site.guest.ip('-6 route flush default');
  site.router.ip('link set lan1 up');
  await until('guest has a router', 8000, async () => (await site.defaultRoutes(site.guest)) !== '');
  await radvd.stop('SIGKILL');
});

t.test('L-7: settings that contradict themselves leave the home its router', async (t) => {
  const radvd = await site.start();
  site.write('/perm/ipv6.json', { radvd: { min_interval_seconds: 599, hop_limit: 77 } });
  radvd.kill('SIGUSR1');
  await radvd.line(/^error cannot advertise as wanted .*minRtrAdvIntervalSeconds: found 599, expected 3 to 450/, 5000);
  site.delegate(['2001:db8:200::/56']);
  radvd.kill('SIGUSR1');
  await site.address('2001:db8:200:', false, 8000);
  t.match(await site.rdisc6(), /Hop limit {17}: {11}64 /, 'as before, with what has changed since');
  site.write('/perm/ipv6.json', '{');
  radvd.kill('SIGUSR1');
  await radvd.line(/^error .*\/perm\/ipv6.json: found .*, expected JSON/, 5000);
  await radvd.stop('SIGKILL');
  const again = await site.start();
  t.match(await site.rdisc6(), /Prefix {19}: 2001:db8:200::\/64\n/);
  await again.stop('SIGKILL');
});
