import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageType, optionValues } from '@router7/dhcp6';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { servers6 } from './dhcp6-servers.ts';
import { needs } from './installed.ts';
import { Wan6Site } from './wan6-site.ts';

t.setTimeout(300_000);
await onStage(import.meta.url);
t.jobs = 4;

const LONG = { preferred: 300, valid: 400, t1: 100, t2: 200 } as const;
const PREFIX = '2001:db8:4200::/56';
const fakeDaemon = fileURLToPath(new URL('fake-daemon.ts', import.meta.url));

t.test(
  'D6C-25 D6C-12 kea: carrier lost and back: Rebind; without a link-local address nothing is sent',
  needs('kea-dhcp6', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'link');
    const capture = await site.capture6();
    await servers6.kea(site.isp, LONG);
    // Duplicate address detection takes its time, and some address has to be there to be detected.
    await site.router.run('sysctl', ['-qw', 'net.ipv6.conf.uplink0.addr_gen_mode=1']);
    site.router.ip('address flush dev uplink0');
    const dhcp6 = site.dhcp6();
    await until('it looks', 20_000, () => dhcp6.output.some((line) => line.includes('listening')));
    t.equal(capture.messages().length, 0);
    t.notOk(dhcp6.output.some((line) => line.includes('started')));
    const added = Date.now();
    site.router.ip('address add fe80::77/64 dev uplink0');
    await site.leased6(30_000);
    const [solicit] = capture.messages(MessageType.solicit);
    t.equal(String(solicit?.frame.ipv6?.source), 'fe80::77');
    t.ok((solicit?.at ?? 0) - added > 900, 'after duplicate address detection');

    site.isp.ip('link set customer0 down');
    await until('it is told', 20_000, () => dhcp6.output.at(-1)?.includes('state=init'));
    t.same(site.prefixes(), [PREFIX], 'the lease stays in use');
    const before = Date.now();
    site.isp.ip('link set customer0 up');
    const rebind = await capture.message('a Rebind', MessageType.rebind, 20_000, ({ at }) => at > before);
    t.ok(rebind.at - before < 5000, `soon after the carrier: ${(rebind.at - before).toFixed(0)} ms`);
    await dhcp6.line(/configuration how=reboot/, 20_000);

    // The interface itself goes, and comes again.
    site.router.ip('link del uplink0');
    await dhcp6.line(/interface gone or changed/, 20_000);
    const again = Date.now();
    site.plug('uplink0');
    site.router.ip('link set uplink0 up');
    await site.leased6(30_000, ({ received_at = '' }) => Date.parse(received_at) > again);
    t.same(site.prefixes(), [PREFIX]);
  },
);

t.test(
  'D6C-14 kea: an address that somebody else has is declined, and another one obtained',
  needs('kea-dhcp6', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'twin', {});
    const capture = await site.capture6();
    await servers6.kea(site.isp, { ...LONG, addresses: true });
    const dhcp6 = site.dhcp6();
    const lease = await site.leased6(30_000, ({ addresses = [] }) => addresses.length > 0);
    const address = lease.addresses?.[0]?.address ?? '';
    const rival = site.join('rival', '198.51.100.9/24');
    rival.ip(`address add ${address}/64 dev eth0 nodad`);
    // As netconfigd does it.
    site.router.ip(`address add ${address}/128 dev uplink0`);
    const decline = await capture.message('a Decline', MessageType.decline, 20_000);
    const [ia] = optionValues(decline.message6, 'iaNa');
    t.equal(String(ia && optionValues(ia, 'iaAddress')[0]?.address), address);
    await dhcp6.line(/lease lost why=declined/, 20_000);
    const other = await site.leased6(
      30_000,
      ({ addresses = [] }) => addresses.length > 0 && addresses[0]?.address !== address,
    );
    t.same(site.prefixes(), [PREFIX], 'the prefix is none the worse for it');
    t.not(other.addresses?.[0]?.address, address);
  },
);

t.test(
  'D6C-22 D6C-26 kea: netconfigd, radvd and dhcp6d are told, and the metrics count',
  needs('kea-dhcp6', 'curl'),
  async (t) => {
    const site = new Wan6Site(t, 'told');
    const listeners = ['netconfigd', 'radvd', 'dhcp6d', 'radvd2'].map((name) =>
      site.router.startNode(`fake ${name}`, fakeDaemon, [`/user/${name}`]),
    );
    await Promise.all(listeners.map((listener) => listener.line(/ready/, 20_000)));
    await servers6.kea(site.isp, LONG);
    const dhcp6 = site.dhcp6();
    await site.leased6(30_000);
    const [netconfigd, radvd, dhcp6d, other] = listeners;
    for (const listener of [netconfigd, radvd, dhcp6d]) await listener?.line(/SIGUSR1/, 10_000);
    t.notOk(other?.output.includes('SIGUSR1'), 'nobody else is');
    await dhcp6.line(/listening.*8546/, 10_000);
    const text = await site.router.run('curl', ['-s', 'http://127.0.0.1:8546/metrics']);
    for (const line of ['dhcp6_sent{type="solicit"} 1', 'dhcp6_received{type="reply"} 1', 'dhcp6_prefixes 1']) {
      t.ok(text.includes(line), line);
    }
    const before = netconfigd?.output.length;
    dhcp6.kill('SIGUSR1');
    await until('told of the renewal', 10_000, () => (netconfigd?.output.length ?? 0) > (before ?? 0));
  },
);

t.test(
  'D6C-02 D6C-21 kea: the DUID of the file, verbatim; SIGUSR2 without a lease; SIGTERM gives nothing back',
  needs('kea-dhcp6', 'tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'duid');
    const capture = await site.capture6();
    const fiber7 = Buffer.from('000a000300014c5e0c41bf39', 'hex');
    mkdirSync(join(site.perm, 'dhcp6'));
    writeFileSync(join(site.perm, 'dhcp6/duid'), fiber7);
    const idle = site.dhcp6();
    await capture.message('a Solicit', MessageType.solicit, 20_000);
    idle.kill('SIGUSR2');
    t.equal(await idle.exited, 125, 'SIGUSR2 without a lease');
    await servers6.kea(site.isp, LONG);
    const dhcp6 = site.dhcp6();
    await site.leased6(30_000);
    for (const { message6 } of capture.messages()) {
      t.same(Buffer.from(optionValues(message6, 'clientIdentifier')[0] ?? []), fiber7);
    }
    t.equal(await dhcp6.stop(), 0);
    await capture.settle();
    t.equal(capture.messages(MessageType.release).length, 0);
    t.same(site.prefixes(), [PREFIX]);
  },
);
