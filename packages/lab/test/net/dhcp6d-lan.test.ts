import { mkdirSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { dhclient6 } from './dhclient6-once.ts';
import { buildSite, configure, delegate, leaseOf, readLeases, routesOf, startDaemon } from './dhcp6d-site.ts';
import { needs } from './installed.ts';

t.setTimeout(300_000);
await onStage(import.meta.url);

mkdirSync('/perm', { recursive: true });
configure({ reservations: [{ duid: '00030001020000000072', addr: '::42' }] });
delegate('2001:db8:7::/56');
const site = buildSite();
let daemon = await startDaemon(site);

t.test('dhclient -6 gets an address (D6S-02)', needs('dhclient'), async (t) => {
  const lease = await dhclient6(site.lan, 'a', ['-N']);
  t.match(lease.get('new_ip6_address'), /^2001:db8:7::[1-9a-f][0-9a-f]{3}$/);
  t.equal(lease.get('new_preferred_life'), '2700', 'RFC 9096 section 3.4 (L-16)');
  t.equal(lease.get('new_max_life'), '5400');
  t.equal(lease.get('new_dhcp6_name_servers'), '2001:db8:7::1', 'the router (L-8)');
  t.equal(lease.get('new_dhcp6_domain_search'), 'lan.');
  t.match(await leaseOf(lease.get('new_ip6_address') ?? ''), { duid: '00030001020000000061' });
  const again = await dhclient6(site.lan, 'a', ['-N']);
  t.equal(again.get('new_ip6_address'), lease.get('new_ip6_address'), 'the same again');
  const reserved = await dhclient6(site.lan, 'r', ['-N']);
  t.equal(reserved.get('new_ip6_address'), '2001:db8:7::42', 'reserved for its DUID');
});

t.test('dhclient -6 -S gets parameters (D6S-01, L-10, L-12)', needs('dhclient'), async (t) => {
  await leaseOf('2001:db8:7::42');
  const before = readLeases().length;
  const lease = await dhclient6(site.lan, 's', ['-S']);
  t.equal(lease.get('new_dhcp6_name_servers'), '2001:db8:7::1');
  t.equal(lease.get('new_dhcp6_info_refresh_time'), '2700');
  t.equal(readLeases().length, before, 'and leaves nothing');
});

t.test(
  'dhclient -6 -P gets a prefix, and the router a route to it (D6S-03, LPD-4, LPD-5, LPD-7)',
  needs('dhclient'),
  async (t) => {
    const lease = await dhclient6(site.lan, 'p', ['-P']);
    t.equal(lease.get('new_ip6_prefix'), '2001:db8:7:80::/64');
    await until('the route', 10_000, async () => (await routesOf(site)).length === 1);
    t.strictSame(await routesOf(site), ['2001:db8:7:80::/64 via fe80::2 dev lan0']);
    const wished = await dhclient6(site.lan, 'q', ['-P', '--prefix-len-hint', '60']);
    t.equal(wished.get('new_ip6_prefix'), '2001:db8:7:90::/60', 'a wish is granted');
    await until('the second route', 10_000, async () => (await routesOf(site)).length === 2);
    await dhclient6(site.lan, 'p', ['-P', '-r']);
    await until('one route less', 10_000, async () => (await routesOf(site)).length === 1);
    t.strictSame(await routesOf(site), ['2001:db8:7:90::/60 via fe80::2 dev lan0'], 'released');
  },
);

t.test(
  'leases and routes outlive a restart, and a route that somebody removed comes back (D6S-05)',
  needs('dhclient'),
  async (t) => {
    daemon.kill('SIGTERM');
    await daemon.exited;
    const bound = (): (readonly string[])[] =>
      readLeases()
        .filter(({ state }) => state === undefined)
        .map(({ duid, addresses = [], prefixes = [] }) => [duid, ...addresses, ...prefixes]);
    const before = bound();
    t.equal(before.length, 3);
    site.router.ip('-6 route flush proto 117');
    daemon = await startDaemon(site);
    await until('the route', 10_000, async () => (await routesOf(site)).length === 1);
    const lease = await dhclient6(site.lan, 'q', ['-P']);
    t.equal(lease.get('new_ip6_prefix'), '2001:db8:7:90::/60');
    t.strictSame(bound(), before);
  },
);

t.test('a new prefix: addresses and routes follow (L-13)', needs('dhclient'), async (t) => {
  delegate('2001:db8:8::/56');
  daemon.kill('SIGUSR1');
  await until('no route to what is gone', 10_000, async () => (await routesOf(site)).length === 0);
  const lease = await dhclient6(site.lan, 'q', ['-P']);
  t.equal(lease.get('new_ip6_prefix'), '2001:db8:8:90::/60', 'the same place in the new one');
  await until('the route', 10_000, async () => (await routesOf(site)).length === 1);
  t.strictSame(await routesOf(site), ['2001:db8:8:90::/60 via fe80::2 dev lan0']);
});

t.test('a link without IPv6 is told, and served once it has it', async (t) => {
  await daemon.line(/^warn interface cannot be served interface=old0/, 10_000);
  site.router.ip('link set old0 mtu 1500');
  await daemon.line(/^info serving interfaces=lan0,old0 /, 10_000);
  t.pass();
});

t.test('a damaged dhcp6d.json is told, and what was good goes on', async (t) => {
  writeFileSync('/perm/dhcp6d.json', '{"interfaces": {"lan0": {"addr');
  daemon.kill('SIGUSR1');
  await daemon.line(/^error file unusable .*dhcp6d\.json/, 10_000);
  t.equal((await dhclient6(site.lan, 'r', ['-N'])).get('new_ip6_address'), '2001:db8:8::42');
});

t.test('dhcpcd gets both at once (D6S-02, D6S-03)', needs('dhcpcd'), async (t) => {
  writeFileSync(
    '/tmp/dhcpcd6.conf',
    'noipv6rs\nipv6only\noption dhcp6_name_servers\ninterface eth0\n  ia_na 1\n  ia_pd 2/::/62 -\n',
  );
  const program = site.lan.start('dhcpcd', 'unshare', [
    ...['--mount', '--', 'sh', '-c'],
    'mount -t tmpfs tmpfs /var/lib/dhcpcd && mkdir -p /run/dhcpcd && mount -t tmpfs tmpfs /run/dhcpcd && exec "$@"',
    ...['sh', 'dhcpcd', '-6', '-B', '-d', '-f', '/tmp/dhcpcd6.conf', '--script', '/bin/true', 'eth0'],
  ]);
  const address = await program.line(/adding address 2001:db8:8::/, 30_000);
  t.match(address, /2001:db8:8::[1-9a-f][0-9a-f]{3}\//);
  await program.line(/delegated prefix 2001:db8:8:8[0-9a-f]::\/62/, 30_000);
  await until('its route', 10_000, async () => (await routesOf(site)).length === 2);
  await program.stop();
});

t.test("Kea's perfdhcp finds whole exchanges with addresses and prefixes", needs('perfdhcp'), async (t) => {
  const args = ['-6', '-e', 'address-and-prefix', '-r', '50', '-R', '20', '-p', '2', '-l', 'eth0'];
  const text = await site.lan.run('perfdhcp', args, 20_000).catch((error: { stdout: string }) => error.stdout);
  const received = [...text.matchAll(/received packets: (\d+)/g)].map((match) => Number(match[1]));
  t.ok((received[0] ?? 0) > 50 && (received[1] ?? 0) > 50, text);
  t.notMatch(text, /rejected leases: [1-9]/);
});

t.test('the daemon ends when it is asked to', async (t) => {
  t.equal(await daemon.stop('SIGTERM', 10_000), 0);
});
