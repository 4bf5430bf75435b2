import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { inGuest } from '../../src/guest/in-guest.ts';
import type { Host } from '../../src/host.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from '../net/installed.ts';
import { LanSite } from '../net/lan-site.ts';

t.setTimeout(1_500_000);

/*
 * WireGuard as netconfigd sets it up, in the words of wg(8), which knows nothing of our code; under Debian's kernel, which
 * has it. Two WanSite networks' worth of hosts: the router, and a peer on the provider's side that is set up by wg itself.
 */
await inGuest(import.meta.url, {
  modules: [
    'wireguard',
    'veth',
    'bridge',
    'nf_tables',
    'nft_ct',
    'nft_masq',
    'nft_fib_inet',
    'nft_limit',
    'nft_reject_inet',
  ],
  timeoutSeconds: 1500,
});
await onStage(import.meta.url);

const SLOW = 240_000;
const UPLINK = { hardware_addr: '02:73:53:00:07:00', name: 'uplink0' };
const LAN = { hardware_addr: '02:73:53:00:07:01', name: 'lan0', addr: '192.168.42.1/24' };
const LEASE = {
  ...{ valid_until: '2018-05-18T23:46:04+02:00', client_ip: '198.51.100.7', subnet_mask: '255.255.255.0' },
  ...{ router: '198.51.100.1', dns: [] },
};
// router7's golden keys.
const PRIVATE = 'gBCV3afBKfW7RycmeZFMpJykvO+58KfSEIyavay90kE=';
const PUBLIC = '3ck9nX4ylfXm0fq4pWJ9n8Jku4fvzIXBVe3BsCNldB8=';
const STRANGER = 'AVU3LodtnFaFnJmMyNNW7cUk4462lqnVULTFkjWYvRo=';

const wg = (input: string, ...words: string[]): string => execFileSync('wg', words, { encoding: 'utf8', input }).trim();

t.test('NC-13 NC-05 WireGuard from wireguard.json', needs('wg', 'dnsmasq', 'ping'), async (t) => {
  const site = new LanSite(t, 'wg', { interfaces: [UPLINK, LAN] });
  const peerKey = wg('', 'genkey');
  const peerPublic = wg(`${peerKey}\n`, 'pubkey');
  const preshared = wg('', 'genpsk');
  const peer = await startPeer(site, peerKey, preshared);
  mkdirSync(join(site.perm, 'dhcp4/wire'), { recursive: true });
  site.writePerm('dhcp4/wire/lease.json', LEASE);

  const tunnel = { name: 'wg0', addr: '10.22.100.1/24', extra_addrs: ['fe80::1/64'] };
  const first = {
    public_key: peerPublic,
    preshared_key: preshared,
    endpoint: '198.51.100.20:51821',
    allowed_ips: ['10.22.100.2/32', '203.0.113.0/24'],
    persistent_keepalive: 25,
  };
  const second = { public_key: STRANGER, allowed_ips: ['10.0.0.0/8', 'fd00:9::/64'] };
  const config = { name: 'wg0', private_key: PRIVATE, port: 51820, fwmark: 7, mtu: 1380, peers: [first, second] };
  const routed = { ...tunnel, extra_routes: [{ destination: '203.0.113.0/24' }] };
  site.configure({ interfaces: [UPLINK, LAN, routed] });
  site.writePerm('wireguard.json', { interfaces: [config] });

  const run = await site.run();
  t.equal(run.status, 0, run.output);
  t.notMatch(run.output, PRIVATE, 'keys are not told');
  t.notMatch(run.output, preshared);
  const dump = await show(site.router);
  t.same(dump[0], [PRIVATE, PUBLIC, '51820', '0x7'], 'the interface as wg tells it');
  t.match(find(dump, peerPublic), [peerPublic, preshared, '198.51.100.20:51821', '10.22.100.2/32,203.0.113.0/24']);
  t.equal(find(dump, peerPublic)?.[7], '25');
  t.match(find(dump, STRANGER), [STRANGER, '(none)', '(none)', '10.0.0.0/8,fd00:9::/64', '0', '0', '0', 'off']);
  t.same(await site.router.addresses('wg0'), ['10.22.100.1/24'], 'addresses in the same run');
  t.equal((await site.links()).get('wg0')?.mtu, 1380);
  await reaches(t, site.router, '10.22.100.2', 'through the tunnel');
  await reaches(t, site.router, '203.0.113.10', 'and what is behind it');

  t.same(changes((await site.run()).output), [], 'a second run has nothing to do');

  // The other peer is another one; the session with the first goes on.
  const received = Number(find(await show(site.router), peerPublic)?.[5]);
  const third = { public_key: PUBLIC_OF_NOBODY, allowed_ips: ['10.0.0.0/8'] };
  site.writePerm('wireguard.json', { interfaces: [{ ...config, fwmark: 0, peers: [first, third] }] });
  const changed = await site.run();
  t.equal(changed.status, 0, changed.output);
  t.same(changes(changed.output), [
    '~ wireguard wg0 fwmark 0',
    `- wireguard wg0 peer ${STRANGER}`,
    `+ wireguard wg0 peer ${PUBLIC_OF_NOBODY} allowed-ips 10.0.0.0/8`,
  ]);
  const after = await show(site.router);
  t.equal(after.length, 3);
  t.equal(find(after, STRANGER), undefined);
  t.equal(after[0]?.[3], 'off');
  t.ok(received > 0 && Number(find(after, peerPublic)?.[5]) >= received, 'what it has received is still counted');
  t.not(find(after, peerPublic)?.[4], '0', 'and it has its session');

  // Everything goes through the tunnel but the tunnel itself.
  site.configure({ interfaces: [UPLINK, LAN, { ...tunnel, extra_routes: [{ destination: '0.0.0.0/0' }] }] });
  const everywhere = { ...first, endpoint: 'peer.example.net:51821', allowed_ips: ['0.0.0.0/0'] };
  site.writePerm('wireguard.json', { interfaces: [{ ...config, peers: [everywhere] }] });
  // Nobody answers for names yet.
  mkdirSync(`/etc/netns/${site.router.name}`, { recursive: true });
  writeFileSync(`/etc/netns/${site.router.name}/resolv.conf`, 'nameserver 198.51.100.1\n');
  const netconfigd = site.daemon('netconfigd');
  await until('the default route', SLOW, async () =>
    (await routes(site)).includes('default dev wg0 proto 114 scope link'),
  );
  t.notOk(
    (await routes(site)).some((line) => line.startsWith('default via')),
    'none besides',
  );
  site.isp.start('dnsmasq', 'dnsmasq', [
    ...['--keep-in-foreground', '--no-resolv', '--no-hosts', '--conf-file=/dev/null', '--user=root', '--pid-file='],
    ...['--listen-address=198.51.100.1', '--bind-interfaces', '--address=/peer.example.net/198.51.100.21'],
  ]);
  await until('the endpoint is resolved', SLOW, async () => {
    return find(await show(site.router), peerPublic)?.[2] === '198.51.100.21:51821';
  });
  // 198.51.100.21 is on the uplink's own subnet. Beyond it:
  await netconfigd.stop();
  await reaches(t, site.router, '203.0.113.10', 'by the tunnel, which is the only way');
  const far = { ...everywhere, endpoint: '192.0.2.20:51821' };
  site.writePerm('wireguard.json', { interfaces: [{ ...config, peers: [far] }] });
  t.equal(await site.once(), 0);
  t.ok((await routes(site)).includes('192.0.2.20 via 198.51.100.1 dev uplink0 proto dhcp src 198.51.100.7'));
  t.notOk((await routes(site)).some((line) => line.startsWith('default via')));
  await reaches(t, site.router, '203.0.113.10', 'also where the other end is behind the provider’s router');

  // No tunnel any more: what we made goes, what somebody else made stays, and the provider is the way again.
  site.router.ip('link add wg9 type wireguard');
  site.configure({ interfaces: [UPLINK, LAN] });
  site.writePerm('wireguard.json', { interfaces: [] });
  t.equal(await site.once(), 0);
  const links = await site.links();
  t.notOk(links.has('wg0'));
  t.ok(links.has('wg9'));
  t.ok((await routes(site)).includes('default via 198.51.100.1 dev uplink0 proto dhcp src 198.51.100.7'));
  t.notOk((await routes(site)).some((line) => line.startsWith('192.0.2.20')));
  t.ok(peer.name.length > 0);
});

/** A key that fits nobody. */
const PUBLIC_OF_NOBODY = 'ScxV5nQsUIaaOp3qdwPqRcgMkR3oR6nyi1tBLUovqBs=';

/** A host on the provider's segment that is the tunnel's other end, with a network behind it. */
async function startPeer(site: LanSite, key: string, preshared: string): Promise<Host> {
  const peer = site.join('peer', '198.51.100.20/24');
  peer.ip('address add 198.51.100.21/24 dev eth0');
  peer.ip('address add 203.0.113.10/32 dev lo');
  // Behind the provider's router as well.
  peer.ip('address add 192.0.2.20/32 dev lo');
  site.isp.ip('route add 192.0.2.20/32 via 198.51.100.20 dev wan');
  await site.isp.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.send_redirects=0']);
  peer.ip('link add wg0 type wireguard');
  writeFileSync('/tmp/peer.key', key);
  writeFileSync('/tmp/peer.psk', preshared);
  await peer.run('wg', [
    ...['set', 'wg0', 'private-key', '/tmp/peer.key', 'listen-port', '51821'],
    ...['peer', PUBLIC, 'preshared-key', '/tmp/peer.psk', 'allowed-ips', '10.22.100.1/32'],
  ]);
  peer.ip('address add 10.22.100.2/24 dev wg0');
  peer.ip('link set wg0 up');
  return peer;
}

/** `wg show wg0 dump`: a line each for the interface and its peers, in fields. */
async function show(host: Host): Promise<readonly (readonly string[])[]> {
  const text = await host.run('wg', ['show', 'wg0', 'dump'], 60_000);
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
}

function find(dump: readonly (readonly string[])[], key: string): readonly string[] | undefined {
  return dump.find(([first]) => first === key);
}

/** What netconfigd says that it has changed. */
function changes(output: string): readonly string[] {
  return [...output.matchAll(/^info ([-+~] .*)$/gm)].map(([, line = '']) => line);
}

async function routes(site: LanSite): Promise<readonly string[]> {
  const text = await site.router.run('ip', ['-4', 'route', 'show'], 60_000);
  return text.split('\n').map((line) => line.trim());
}

async function reaches(t: Test, host: Host, address: string, message: string): Promise<void> {
  t.match(await host.run('ping', ['-c', '1', '-w', '30', address], 60_000), /1 received/, message);
}
