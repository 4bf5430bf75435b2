import { lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { LanSite } from './lan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

const UPLINK = { hardware_addr: '02:73:53:00:07:00', name: 'uplink0' };
const LAN = { hardware_addr: '02:73:53:00:07:01', name: 'lan0', addr: '192.168.42.1/24' };
const LISTENERS = ['dyndns', 'dnsd', 'diagd', 'backupd', 'captured', 'dhcp4d'];
const FILE = '/tmp/resolv.conf';

t.test('NC-07 /tmp/resolv.conf: made when missing or a symbolic link, else left alone', async (t) => {
  const site = new LanSite(t, 'resolv', { interfaces: [UPLINK, LAN] });
  rmSync(FILE, { force: true });
  t.equal(await site.once(), 0);
  t.equal(readFileSync(FILE, 'utf8'), 'nameserver 192.168.42.1\n');
  writeFileSync(FILE, 'nameserver 203.0.113.53\n');
  t.equal(await site.once(), 0);
  t.equal(readFileSync(FILE, 'utf8'), 'nameserver 203.0.113.53\n', 'a person’s file stays');
  rmSync(FILE);
  writeFileSync('/tmp/elsewhere', 'nameserver 203.0.113.54\n');
  symlinkSync('/tmp/elsewhere', FILE);
  t.equal(await site.once(), 0);
  t.ok(lstatSync(FILE).isFile());
  t.equal(readFileSync(FILE, 'utf8'), 'nameserver 192.168.42.1\n');
  t.equal(readFileSync('/tmp/elsewhere', 'utf8'), 'nameserver 203.0.113.54\n', 'not written through the link');
  t.same(
    readdirSync('/tmp').filter((name) => name.startsWith('resolv.conf')),
    ['resolv.conf'],
  );
});

t.test('NC-07 resolv.conf follows the address of the home, but not when a person wrote it', async (t) => {
  const site = new LanSite(t, 'resolv2', { interfaces: [UPLINK, LAN] });
  rmSync(FILE, { force: true });
  t.equal(await site.once(), 0);
  t.equal(readFileSync(FILE, 'utf8'), 'nameserver 192.168.42.1\n');
  site.configure({ interfaces: [UPLINK, { ...LAN, addr: '192.168.43.1/24' }] });
  t.equal(await site.once(), 0);
  t.equal(readFileSync(FILE, 'utf8'), 'nameserver 192.168.43.1\n');
  // As after a kill between the addresses and the file: only the copy still knows the address before.
  site.configure({ interfaces: [UPLINK, { ...LAN, addr: '192.168.44.1/24' }] });
  site.router.ip('address del 192.168.43.1/24 dev lan0');
  t.equal(await site.once(), 0);
  t.equal(readFileSync(FILE, 'utf8'), 'nameserver 192.168.44.1\n');
});

t.test('NC-08 kernel parameters', async (t) => {
  const site = new LanSite(t, 'sysctl', { interfaces: [UPLINK, LAN] });
  const names = [
    'net.ipv4.ip_forward',
    'net.ipv6.conf.all.forwarding',
    'net.ipv4.icmp_ratelimit',
    'net.ipv6.icmp.ratelimit',
  ];
  const values = async (...more: string[]): Promise<readonly string[]> =>
    (await site.router.run('sysctl', ['-n', ...names, ...more])).trim().split('\n');
  t.not((await values()).join(), '1,1,0,0');
  t.equal(await site.once(), 0);
  t.same(await values('net.ipv6.conf.uplink0.accept_ra', 'net.ipv6.conf.lan0.accept_ra'), [
    '1',
    '1',
    '0',
    '0',
    '2',
    '1',
  ]);
  // As the image leaves links that it switches on before there is a firewall.
  const silent = ['uplink0', 'lan0'].map((name) => `net.ipv6.conf.${name}.addr_gen_mode`);
  await site.router.run('sysctl', ['-qw', ...silent.map((name) => `${name}=1`)]);
  t.equal(await site.once(), 0);
  t.same((await values(...silent)).slice(names.length), ['0', '0'], 'links have addresses of their own');

  const other = new LanSite(t, 'eth', { interfaces: [{ ...UPLINK, name: 'eth0' }, LAN] });
  t.equal(await other.once(), 0);
  t.equal(
    (await other.router.run('sysctl', ['-n', 'net.ipv6.conf.eth0.accept_ra'])).trim(),
    '2',
    'eth0 where there is no uplink0',
  );
});

t.test('NC-09 who is told after a run, and NC-12 a second run writes nothing', needs('nft'), async (t) => {
  const site = new LanSite(t, 'told', { interfaces: [UPLINK, LAN] });
  const others = await Promise.all(
    [...LISTENERS.map((name) => `/user/${name}`), '/user/dhcp4', '/user/init'].map((title) => fake(site, title)),
  );
  const stranger = new LanSite(t, 'stranger', { interfaces: [] });
  const neighbour = await fake(stranger, '/user/dnsd');

  const netconfigd = site.daemon('netconfigd');
  await told(others, 1);
  t.match(netconfigd.output.join('\n'), /firewall applied/);
  for (const program of others) {
    const signals = program.output.filter((line) => line.startsWith('SIG'));
    const wanted = program.name.endsWith('/user/init') ? 'SIGHUP' : 'SIGUSR1';
    if (program.name.endsWith('/user/dhcp4')) t.same(signals, [], 'dhcp4 is not among them');
    else t.ok(signals.length > 0 && signals.every((signal) => signal === wanted), `${program.name} has had ${signals}`);
  }
  t.same(
    neighbour.output.filter((line) => line.startsWith('SIG')),
    [],
    'a daemon of another router is not',
  );
  const monitor = site.router.start('monitor', 'ip', ['monitor', 'link', 'address', 'route']);
  const rules = site.router.start('nft monitor', 'nft', ['monitor']);
  // Named counters are told all the same, and the kernel itself sends a packet now and then.
  const listing = async (): Promise<string> =>
    (await site.router.run('nft', ['--stateless', 'list', 'ruleset'])).replaceAll(/packets \d+ bytes \d+/g, '');
  const before = await listing();
  const counted = counts(others);
  netconfigd.kill('SIGUSR1');
  await until('all are told again', 30_000, () =>
    counts(others).every((count, i) => others[i]?.name.endsWith('/dhcp4') || count > (counted[i] ?? 0)),
  );
  // What comes after in the kernel's own order shows that nothing came before.
  site.router.ip('link add marker type veth peer name marker1');
  await monitor.line(/marker/, 30_000);
  t.same(
    monitor.output.filter((line) => !line.includes('marker') && line.trim() !== '' && !line.startsWith(' ')),
    [],
    'no link, address or route has changed',
  );
  t.equal(await listing(), before);
  t.same(rules.output, [], 'nor a rule');
  await netconfigd.stop();
  // Nor by a process that knows nothing of the one before.
  t.equal(await site.once(), 0);
  await site.router.run('nft', ['add table inet marker']);
  await rules.line(/marker/, 5000);
  t.same(
    rules.output.filter((line) => !line.includes('marker') && !line.startsWith('# new generation')),
    [],
    'nor by a fresh process',
  );
});

t.test('NC-12 a second run reads the kernel’s state, and writes nothing', needs('strace'), async (t) => {
  const site = new LanSite(t, 'traced', { interfaces: [UPLINK, LAN] });
  const traced = '/tmp/netconfigd.strace';
  const trace = [
    '-f',
    '-e',
    'trace=sendmsg,sendto,sendmmsg',
    '-o',
    traced,
    process.execPath,
    '--conditions=@router7/source',
  ];
  const run = async (): Promise<readonly string[]> => {
    const program = site.command('strace', 'strace', [...trace, daemon, '-linger=false']);
    t.equal(await program.exited, 0, program.output.join('; '));
    const messages = readFileSync(traced, 'utf8').matchAll(/nlmsg_type=([\w|]+)/g);
    return [...messages].map(([, type = '']) => type);
  };
  t.match((await run()).join(), /RTM_NEWADDR/, 'the first run shows that the trace tells of what is written');
  const second = await run();
  t.match(second.join(), /RTM_GETLINK.*RTM_GETADDR.*RTM_GETROUTE/);
  t.same(
    second.filter((type) => /^RTM_(NEW|DEL|SET)/.test(type)),
    [],
  );
});

const daemon = fileURLToPath(new URL('daemons/netconfigd.ts', import.meta.resolve('@router7/appliance')));

async function fake(site: LanSite, title: string): Promise<Program> {
  const path = fileURLToPath(new URL('fake-daemon.ts', import.meta.url));
  const program = site.router.startNode(`${site.name} ${title}`, path, [title]);
  await program.line(/^ready$/, 30_000);
  return program;
}

function counts(programs: readonly Program[]): readonly number[] {
  return programs.map((program) => program.output.filter((line) => line.startsWith('SIG')).length);
}

async function told(programs: readonly Program[], times: number): Promise<void> {
  const waited = programs.filter(({ name }) => !name.endsWith('/user/dhcp4'));
  await until('all are told', 30_000, () => counts(waited).every((count) => count >= times));
}
