import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { GUEST, Ipv6Site, LAN, UPLINK } from './ipv6-site.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);
t.jobs = 2;

const A = '2001:db8:a::/56';
const B = '2001:db8:b::/56';

t.test("NC-06 router7's lease: its first 64 bits, ::1, for as long as the lease is there", async (t) => {
  const site = new Ipv6Site(t, 'router7', [UPLINK, LAN]);
  const lease = (...prefixes: (readonly [string, string])[]) => ({
    valid_until: '2018-05-18T23:46:04+02:00',
    prefixes: prefixes.map(([IP, Mask]) => ({ IP, Mask })),
    dns: null,
  });
  // router7's golden one, a /48.
  site.writePerm('dhcp6/wire/lease.json', lease(['2a02:168:4a00::', '////////AAAAAAAAAAAAAA==']));
  t.equal(await site.once(), 0);
  t.same(await site.delegatedAddresses('lan0'), ['2a02:168:4a00::1/64']);
  t.ok((await site.global('lan0')).every(({ valid }) => valid === Number.POSITIVE_INFINITY));
  site.writePerm('dhcp6/wire/lease.json', lease(['2001:db8:1:ff00::', '/////////wAAAAAAAAAAAA==']));
  t.equal(await site.once(), 0);
  t.same(await site.delegatedAddresses('lan0'), ['2001:db8:1:ff00::1/64'], 'the one before is gone');
  site.writePerm('dhcp6/wire/lease.json', '{"prefixes":7}');
  t.equal(await site.once(), 1);
  t.same(
    await site.delegatedAddresses('lan0'),
    ['2001:db8:1:ff00::1/64'],
    'a file that cannot be read changes nothing',
  );
  rmSync(join(site.perm, 'dhcp6/wire/lease.json'));
  t.equal(await site.once(), 0);
  t.same(await site.delegatedAddresses('lan0'), []);
});

t.test('NC-06, L-2, WPD-5, LPD-3: each link has its prefix with its lifetimes, the rest is unreachable', async (t) => {
  const site = new Ipv6Site(t, 'links');
  site.delegate({ prefix: A });
  t.equal(await site.once(), 0);
  t.same(await site.delegatedAddresses('lan0'), ['2001:db8:a::1/64']);
  t.same(await site.delegatedAddresses('guest0'), ['2001:db8:a:1::1/64']);
  for (const { address, valid, preferred } of await site.global('lan0')) {
    if (address.startsWith('fd')) continue;
    t.ok(valid > 3500 && valid <= 3600, `valid ${valid}`);
    t.ok(preferred > 1700 && preferred <= 1800, `preferred ${preferred}`);
  }
  await t.rejects(site.router.run('ip', ['-6', 'route', 'get', '2001:db8:a:77::1']), /unreachable|No route/);
  const known = await site.router.run('ip', ['-6', 'route', 'get', '2001:db8:a:1::77']);
  t.match(known, /dev guest0/);

  // A router of the home that dhcp6d has delegated to (LPD-5).
  site.router.ip('-6 route add 2001:db8:a:f0::/60 via fe80::77 dev lan0 proto 117');
  t.match((await site.run()).output, /^(?!.*^info [-+~])/ms, 'a second run has nothing to do');
  t.match(await site.router.run('ip', ['-6', 'route', 'get', '2001:db8:a:f1::1']), /via fe80::77/);

  // Another link comes, one goes: the numbers of the others stay.
  site.configure({ interfaces: [UPLINK, GUEST] });
  t.equal(await site.once(), 0);
  t.same(await site.delegatedAddresses('lan0'), []);
  t.same(await site.delegatedAddresses('guest0'), ['2001:db8:a:1::1/64']);
  t.same(site.subnets().subnets, { lan0: 0, guest0: 1 });
});

t.test('NC-06: on a new prefix the old address goes at once, and the way to its hosts ends by itself', async (t) => {
  const site = new Ipv6Site(t, 'changed');
  site.delegate({ prefix: A, preferred: 10, valid: 10 });
  const netconfigd = site.daemon('netconfigd');
  await until('the first prefix', 30_000, async () => (await site.delegatedAddresses('lan0')).length === 1);
  site.delegate({ prefix: B });
  netconfigd.kill('SIGUSR1');
  await until('the second prefix alone', 30_000, async () => {
    const addresses = await site.delegatedAddresses('lan0');
    return addresses.length === 1 && addresses[0] === '2001:db8:b::1/64';
  });
  const stale = (routes: readonly string[]): readonly string[] => routes.filter((line) => line.includes('proto 118'));
  await until('the way that the kernel made is gone', 20_000, async () => {
    const own = (await site.routes6()).filter((line) => line.startsWith('2001:db8:a:'));
    return own.length === 2 && own.every((line) => line.includes('proto 118'));
  });
  const [route] = stale(await site.routes6());
  t.match(route, /^2001:db8:a::\/64 dev lan0 .*expires \d+sec/);
  t.ok(Number(/expires (\d+)sec/.exec(route ?? '')?.[1]) <= 10);
  await until('what is left of each', 20_000, async () => {
    const rest = (await site.routes6()).filter((line) => line.startsWith('unreachable 2001:'));
    return rest.length === 1 && rest[0]?.startsWith('unreachable 2001:db8:b::/56');
  });
  const toHost = ['-6', 'route', 'get', '2001:db8:a::77'];
  t.match(await site.router.run('ip', toHost), /dev lan0/);
  // The kernel lists it until it next tidies up, but does not use it any more.
  await until('it ends', 20_000, () =>
    site.router.run('ip', toHost).then(
      () => false,
      () => true,
    ),
  );
  t.equal(netconfigd.status, undefined);
  t.notMatch(netconfigd.output.join('\n'), /^error/m);
});

t.test('the kernel alone drops a prefix that nobody renews any more', async (t) => {
  const site = new Ipv6Site(t, 'ends');
  site.delegate({ prefix: A, preferred: 3, valid: 8 });
  t.equal(await site.once(), 0);
  t.same(await site.delegatedAddresses('guest0'), ['2001:db8:a:1::1/64']);
  await until('it is deprecated', 20_000, async () =>
    (await site.router.run('ip', ['-6', 'address', 'show', 'dev', 'guest0'])).includes('deprecated'),
  );
  await until('it is gone', 20_000, async () => (await site.delegatedAddresses('guest0')).length === 0);
  await t.rejects(site.router.run('ip', ['-6', 'route', 'get', '2001:db8:a:1::77']), /No route/, 'and the way to it');
});

t.test('a prefix that ends takes what is left of it with it, without a signal', async (t) => {
  const site = new Ipv6Site(t, 'rest');
  site.delegate({ prefix: A, preferred: 6, valid: 6 });
  const netconfigd = site.daemon('netconfigd');
  const rest = async (): Promise<number> =>
    (await site.routes6()).filter((line) => line.startsWith('unreachable 2001:db8:a::/56')).length;
  await until('the rest is unreachable', 30_000, async () => (await rest()) === 1);
  await until('no more', 30_000, async () => (await rest()) === 0);
  t.equal(netconfigd.status, undefined);
});

t.test('ULA-1, ULA-2, ULA-3, RA-08: made once, kept, and configurable', async (t) => {
  const site = new Ipv6Site(t, 'ula');
  t.equal(await site.once(), 0);
  const { ula = '' } = site.subnets();
  t.match(ula, /^fd[0-9a-f:]+::\/48$/);
  const start = ula.replace(/::\/48$/, '');
  const addresses = async (device: string): Promise<readonly string[]> =>
    (await site.global(device)).map(({ address }) => address);
  t.same(await addresses('lan0'), [`${start}::1/64`]);
  t.same(await addresses('guest0'), [`${start}:1::1/64`]);
  t.equal(await site.once(), 0);
  t.equal(site.subnets().ula, ula, 'the same after another start');
  site.delegate({ prefix: A });
  t.equal(await site.once(), 0);
  t.same(await addresses('lan0'), ['2001:db8:a::1/64', `${start}::1/64`], 'beside a delegated one');
  site.writePerm('ipv6.json', { ula: 'fd00:1:2::/48', interfaces: { guest0: { subnet: 0x77 } } });
  t.equal(await site.once(), 0);
  t.same(await addresses('lan0'), ['2001:db8:a::1/64', 'fd00:1:2::1/64']);
  t.same(await addresses('guest0'), ['2001:db8:a:77::1/64', 'fd00:1:2:77::1/64']);
  site.writePerm('ipv6.json', '{"ula":"fd00::/8"}');
  const { status, output } = await site.run();
  t.equal(status, 1);
  t.match(output, /ipv6\.json: ula: found "fd00::\/8", expected "auto", "off" or a prefix of 48 bits in fd00::\/8/);
  t.same(await addresses('lan0'), ['2001:db8:a::1/64', 'fd00:1:2::1/64'], 'the last good one goes on');
  site.writePerm('ipv6.json', { ula: 'off' });
  t.equal(await site.once(), 0);
  t.same(await addresses('lan0'), ['2001:db8:a::1/64']);
  rmSync(join(site.perm, 'ipv6.json'));
  t.equal(await site.once(), 0);
  t.same(await addresses('lan0'), ['2001:db8:a::1/64', `${start}::1/64`], 'and the one of this home comes back');
});

t.test('WPD-3, D6C-15: several prefixes of 64 bits, one for each link, and what is missing is said once', async (t) => {
  const site = new Ipv6Site(t, 'short');
  site.delegate({ prefix: '2001:db8:1::/64' }, { prefix: '2001:db8:2::/64', iaid: 2 });
  t.equal(await site.once(), 0);
  t.same(await site.delegatedAddresses('lan0'), ['2001:db8:1::1/64']);
  t.same(await site.delegatedAddresses('guest0'), ['2001:db8:2::1/64']);
  site.delegate({ prefix: '2001:db8:1::/64' });
  const netconfigd = site.daemon('netconfigd');
  const line = /^warn .*delegated 2001:db8:1::\/64: not enough for 2 networks, none of it for guest0/;
  await netconfigd.line(line, 30_000);
  netconfigd.kill('SIGUSR1');
  await until('nothing is left', 30_000, async () => (await site.delegatedAddresses('guest0')).length === 0);
  t.equal(netconfigd.output.filter((text) => line.test(text)).length, 1);
});

t.test('who serves the home is told when its links or their numbers change, and not at each run', async (t) => {
  const site = new Ipv6Site(t, 'told6');
  const path = fileURLToPath(new URL('fake-daemon.ts', import.meta.url));
  const servers = ['radvd', 'dhcp6d'].map((name) => site.router.startNode(name, path, [`/user/${name}`]));
  await Promise.all(servers.map((server) => server.line(/^ready$/, 30_000)));
  const told = (): readonly number[] => servers.map(({ output }) => output.filter((line) => line === 'SIGUSR1').length);
  const netconfigd = site.daemon('netconfigd');
  await until('both are told', 30_000, () => told().every((count) => count === 1));
  // dhcp6 tells them itself.
  site.delegate({ prefix: A });
  netconfigd.kill('SIGUSR1');
  await until('the prefix', 30_000, async () => (await site.delegatedAddresses('guest0')).length === 1);
  site.writePerm('ipv6.json', { interfaces: { guest0: { subnet: 9 } } });
  netconfigd.kill('SIGUSR1');
  await until('both are told again', 30_000, () => told().every((count) => count >= 2));
  t.same(told(), [2, 2]);
});

t.test('WAA-7: without an address of its own on the uplink, the router calls from one of the home', async (t) => {
  const site = new Ipv6Site(t, 'source');
  site.delegate({ prefix: A });
  t.equal(await site.once(), 0);
  site.router.ip('-6 route add default via fe80::1 dev uplink0');
  await until('duplicate address detection', 20_000, async () => {
    const route = await site.router.run('ip', ['-6', 'route', 'get', '2001:4860:4860::8888']);
    return /src 2001:db8:a:(1:)?:1 /.test(route) || undefined;
  });
});

t.test('NC-12 a second run writes nothing of IPv6, also while lifetimes run down', needs('strace'), async (t) => {
  const site = new Ipv6Site(t, 'traced6');
  site.delegate({ prefix: A });
  const traced = '/tmp/netconfigd6.strace';
  const trace = ['-f', '-e', 'trace=sendmsg,sendto,sendmmsg', '-o', traced, process.execPath];
  const run = async (): Promise<readonly string[]> => {
    const args = [...trace, '--conditions=@router7/source', daemon, '-linger=false'];
    const program = site.command('strace', 'strace', args);
    t.equal(await program.exited, 0, program.output.join('; '));
    return [...readFileSync(traced, 'utf8').matchAll(/nlmsg_type=([\w|]+)/g)].map(([, type = '']) => type);
  };
  t.match((await run()).join(), /RTM_NEWADDR/);
  t.match((await site.delegatedAddresses('lan0')).join(), /2001:db8:a::1/);
  t.same(
    (await run()).filter((type) => /^RTM_(NEW|DEL|SET)/.test(type)),
    [],
  );
});

const daemon = fileURLToPath(new URL('daemons/netconfigd.ts', import.meta.resolve('@router7/appliance')));
