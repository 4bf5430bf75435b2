import { encodeIpv6, encodeUdp } from '@router7/pcap';
import { Ipv6Address, internetChecksum, pseudoHeaderSumV6 } from '@router7/wire';
import t, { type Test } from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture } from './capture.ts';
import { At, FirewallSite } from './firewall-site.ts';
import { needs } from './installed.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

const UPLINK = {
  hardware_addr: HardwareAddress.uplink,
  name: 'uplink0',
  extra_addrs: [`${At.wan6}/64`],
  extra_routes: [{ destination: '::/0', gateway: At.isp6 }],
};
const LAN = { hardware_addr: HardwareAddress.lan, name: 'lan0', addr: `${At.lan}/24` };
const HOME = '2001:db8:42::/48';
const NEXT = '2001:db8:43::/48';

/** A {@link FirewallSite} whose home has its IPv6 prefix by delegation. */
class DelegatedSite extends FirewallSite {
  constructor(t: Test, name: string) {
    super(t, name, [UPLINK, LAN]);
    this.writePerm('ipv6.json', { interfaces: { lan0: { subnet: 1 } } });
    this.isp.ip(`-6 route add ${NEXT} via ${At.wan6} dev wan onlink`);
  }

  /** Says what is delegated, and has netconfigd apply it. */
  async delegate(...prefixes: readonly string[]): Promise<void> {
    const end = new Date(Date.now() + 3_600_000).toISOString();
    const times = { t1: end, t2: end, preferred_until: end, valid_until: end };
    await this.isp.run('mkdir', ['-p', `${this.perm}/dhcp6/wire`]);
    this.writePerm('dhcp6/wire/lease.json', {
      ...{ valid_until: end, prefixes: [], dns: [] },
      delegations: prefixes.map((prefix) => ({ prefix, iaid: 1, ...times })),
    });
    await this.netconfigd();
  }

  /** Starts netconfigd's first run, and the provider's forwarding. */
  async begin(): Promise<void> {
    await this.isp.run('sysctl', ['-qw', 'net.ipv6.conf.all.forwarding=1']);
    await this.netconfigd();
    this.router.ip(`-6 address replace ${At.wan6}/64 dev uplink0 nodad`);
  }
}

/** Not every ping knows what it is called. */
const CODE_5 = /Destination unreachable: (Unknown code 5|Source address failed)/;

const ping = (site: FirewallSite, ...args: string[]): Promise<string> =>
  site.client.run('ping', ['-c', '2', '-W', '1', ...args]).then(
    (text) => text,
    (error: { stdout?: string }) => error.stdout ?? '',
  );

t.test('G-3: nothing is forwarded before the home has a prefix, which is told', async (t) => {
  const site = new DelegatedSite(t, 'g3');
  await site.begin();
  // Somebody has seen to it that the way back would be there.
  site.router.ip('-6 route add 2001:db8:42:1::/64 dev lan0');
  site.client.ip(`-6 route replace default via ${await linkLocal(site)} dev eth0`);
  t.match(await ping(site, At.internet6), /Destination unreachable: No route/);
  t.ok((await site.counted('drop-no-prefix')) > 0);
  const before = await site.counted('drop-no-prefix');
  await site.internet.run('ping', ['-c', '1', '-W', '1', At.client6]).catch(() => '');
  t.equal(await site.counted('drop-no-prefix'), before + 1, 'nor from outside');
  await site.delegate(HOME);
  await until('with a prefix it is', 20_000, async () => (await ping(site, At.internet6)).includes(' 0% packet loss'));
});

t.test('LPD-6, WAA-9: behind a router of the home, and to whichever address of this one', async (t) => {
  const site = new DelegatedSite(t, 'lpd6');
  await site.begin();
  await site.delegate(HOME);
  site.client.ip(`-6 route replace default via ${await linkLocal(site)} dev eth0`);
  await until('the way out', 20_000, async () => (await ping(site, At.internet6)).includes(' 0% packet loss'));
  // As dhcp6d does it (LPD-5).
  const behind = '2001:db8:42:f1::1';
  site.client.ip(`-6 address add ${behind}/128 dev lo`);
  site.router.ip(`-6 route add 2001:db8:42:f0::/60 via ${At.client6} dev lan0 proto 117`);
  t.match(await ping(site, '-I', behind, At.internet6), / 0% packet loss/);
  await site.netconfigd();
  t.match(await ping(site, '-I', behind, At.internet6), / 0% packet loss/, 'also after a run of netconfigd');
  t.match(await ping(site, At.wan6), / 0% packet loss/, 'the address of the uplink, from home');
  // G-2, WPD-5: what is for no link comes to an end here, with an answer.
  t.match(await ping(site, '2001:db8:42:77::1'), /Destination unreachable: No route/);
});

t.test('S-3: what comes in a tunnel that nobody has asked for is not let in', needs('tcpdump'), async (t) => {
  const site = new DelegatedSite(t, 's3');
  await site.begin();
  await site.delegate(HOME);
  site.client.ip(`-6 route replace default via ${await linkLocal(site)} dev eth0`);
  await until('the way out', 20_000, async () => (await ping(site, At.internet6)).includes(' 0% packet loss'));
  const capture = await Capture.start(site.client, 'eth0', `ip6 src ${At.internet6}`);
  const before = await site.counted('drop-unsolicited');
  const inner = udp(At.internet6, At.client6, 'inner');
  // IPv6 and IPv4 in IPv6, and GRE (RFC 2473, RFC 2784).
  const tunnels = [41, 4, 47].map((nextHeader) => ipv6(At.internet6, At.client6, nextHeader, inner));
  const honest = ipv6(At.internet6, At.client6, 58, echoRequest());
  await site.send(site.isp, 'wan', HardwareAddress.uplink, [...tunnels, honest]);
  await capture.packet('the honest one', 15_000, ({ frame }) => frame.ipv6?.nextHeader === 58);
  const others = capture.packets.filter(({ frame }) => frame.ipv6 !== undefined && frame.ipv6.nextHeader !== 58);
  t.same(others, []);
  t.equal((await site.counted('drop-unsolicited')) - before, tunnels.length);
});

// Covers: RFC 6092 REC-4, RFC 5095
t.test(
  'from outside: a routing header also in a known flow, sources of the home, extension headers',
  needs('tcpdump'),
  async (t) => {
    const site = new DelegatedSite(t, 'headers');
    await site.begin();
    await site.delegate(HOME);
    const own = await linkLocal(site);
    site.client.ip(`-6 route replace default via ${own} dev eth0`);
    await until('the way out', 20_000, async () => (await ping(site, At.internet6)).includes(' 0% packet loss'));
    const listener = site.router.start('listener', process.execPath, ['-e', LISTEN_4242]);
    await listener.line(/^ready$/, 15_000);
    const asked = await Capture.start(site.isp, 'wan', 'udp dst port 9');
    await site.send(site.client, 'eth0', HardwareAddress.lan, [udp(At.client6, At.internet6, 'question')]);
    await asked.packet('the question', 15_000, () => true);
    const capture = await Capture.start(site.client, 'eth0', 'ip6');
    const [forbidden, spoofed] = [await site.counted('drop-forbidden'), await site.counted('drop-spoofed')];
    const answer = (text: string, to: string = At.client6): Uint8Array => udpDatagram(At.internet6, to, text, 9, 4242);
    const unsolicited = (text: string, to: string = At.client6): Uint8Array =>
      udpDatagram(At.internet6, to, text, 7, 4242);
    const header =
      (from: number, ...octets: number[]): ((inner: Uint8Array, to?: string) => Uint8Array) =>
      (inner, to = At.client6) =>
        ipv6(At.internet6, to, from, Buffer.concat([Uint8Array.of(17, ...octets), inner]));
    const routing = header(43, 0, 0, 0, 0, 0, 0, 0);
    const fragment = (offset: number, more: number) =>
      header(44, 0, offset >> 5, ((offset << 3) & 0xff) | more, 0, 0, 0, 7);
    const padding = [0, 1, 4, 0, 0, 0, 0];
    const LAN6 = '2001:db8:42:1::1';
    const attacks = [
      routing(answer('attack: routing header in a known flow')),
      udp(At.other6, At.client6, 'attack: from within'),
      udp('fe80::99', At.client6, 'attack: link-local'),
      udp('::1', At.client6, 'attack: loopback'),
      udp(At.isp6, own, 'attack: link-local destination'),
      header(0, ...padding)(unsolicited('attack: hop by hop')),
      header(60, ...padding)(unsolicited('attack: destination options')),
      fragment(0, 0)(unsolicited('attack: atomic fragment')),
      fragment(0, 1)(unsolicited('attack: first fragment')),
      fragment(2, 0)(unsolicited('attack: last fragment')),
      routing(unsolicited('attack: routing header')),
      ipv6(At.internet6, LAN6, 17, unsolicited('attack: the router', LAN6)),
      routing(unsolicited('attack: the router', LAN6), LAN6),
      header(44, 0, 0, 0, 0, 0, 0, 8)(unsolicited('attack: the router', LAN6), LAN6),
    ];
    await site.send(site.isp, 'wan', HardwareAddress.uplink, [
      ...attacks,
      ipv6(At.internet6, At.client6, 17, answer('answer')),
    ]);
    await capture.packet('the answer', 15_000, () => texts(capture).includes('answer'));
    const came = capture.packets.map(({ frame }) => Buffer.from(frame.ipv6?.payload ?? []).toString('latin1'));
    t.same(
      came.flatMap((text) => /attack.*/.exec(text) ?? []),
      [],
    );
    t.ok((await site.counted('drop-forbidden')) > forbidden, 'the routing header is counted');
    t.ok((await site.counted('drop-spoofed')) > spoofed, 'and the source of the home');
    t.notOk(
      listener.output.some((line) => line.includes('attack')),
      'none for the router',
    );
  },
);

t.test('L-14: who goes on with an address of a prefix that is gone is told, also in a known flow', async (t) => {
  const site = new DelegatedSite(t, 'l14');
  await site.begin();
  await site.delegate(HOME);
  site.client.ip(`-6 route replace default via ${await linkLocal(site)} dev eth0`);
  await until('the way out', 20_000, async () => (await ping(site, At.internet6)).includes(' 0% packet loss'));
  const flow = site.client.start('ping', 'ping', ['-i', '0.2', '-n', At.internet6]);
  await flow.line(/icmp_seq=2 /, 15_000);
  await site.delegate(NEXT);
  await flow.line(CODE_5, 15_000);
  t.match(await ping(site, At.internet6), CODE_5, 'and in a new one');
  t.ok((await site.counted('drop-stale-prefix')) > 0);
  site.client.ip('-6 address add 2001:db8:43:1::c1/64 dev eth0 nodad');
  t.match(
    await ping(site, '-I', '2001:db8:43:1::c1', At.internet6),
    / 0% packet loss/,
    'not with one of the new prefix',
  );
});

t.test('S-2, ULA-4: nothing leaves with a source that is not of the delegated prefix', needs('tcpdump'), async (t) => {
  const site = new DelegatedSite(t, 's2');
  await site.begin();
  await site.delegate(HOME);
  const { ula = '' } = JSON.parse(site.readPerm('netconfig/subnets.json') ?? '{}') as { ula?: string };
  t.match(ula, /^fd/);
  const capture = await Capture.start(site.isp, 'wan', 'udp dst port 9');
  const sources = [
    '2001:db8:bad::1',
    // Delegated, but of no link.
    '2001:db8:42:7::1',
    // The unique local prefix's own link.
    ula.replace('::/48', ':1::77'),
    'fe80::77',
    '2001:db8:100::77',
  ];
  const packets = [...sources, At.client6].map((source) => udp(source, At.internet6, source));
  await site.send(site.client, 'eth0', HardwareAddress.lan, packets);
  await capture.packet('the honest one', 15_000, () => texts(capture).includes(At.client6));
  t.same(texts(capture), [At.client6]);
});

t.test('D6C-24: answers to the DHCPv6 client come in from whatever port, but to nobody else', async (t) => {
  const site = new DelegatedSite(t, 'd6c24');
  await site.begin();
  const listener = site.router.start('listener', process.execPath, ['-e', LISTEN]);
  await listener.line(/^ready$/, 15_000);
  const target = await linkLocal(site, 'uplink0');
  const send = ['-e', SEND, `${target}%wan`];
  await site.isp.run(process.execPath, send);
  await listener.line(/^546 from 547$/, 15_000);
  await listener.line(/^546 from 4000$/, 15_000);
  t.notOk(listener.output.some((line) => line.startsWith('547')));
});

const LISTEN_4242 = `
const socket = require('dgram').createSocket('udp6');
socket.on('message', (text) => console.log(String(text)));
socket.bind(4242, '::', () => console.log('ready'));`;

const LISTEN = `
let waiting = 2;
for (const port of [546, 547]) {
  const socket = require('dgram').createSocket('udp6');
  socket.on('message', (_, from) => console.log(port + ' from ' + from.port));
  socket.bind(port, '::', () => { if (--waiting === 0) console.log('ready'); });
}`;

/** To port 547 first: what had come to it would have come before. */
const SEND = `
const [, address] = process.argv;
for (const port of [547, 4000]) {
  const socket = require('dgram').createSocket('udp6');
  socket.bind(port, '::', () => socket.send('x', 547, address, () => socket.send('x', 546, address, () => socket.close())));
}`;

/** The router's link-local address, once it is usable. */
async function linkLocal(site: FirewallSite, device: string = 'lan0'): Promise<string> {
  return until(`${device}: a link-local address`, 15_000, async () => {
    const text = await site.router.run('ip', ['-6', 'address', 'show', 'dev', device, 'scope', 'link', '-tentative']);
    return /inet6 (fe80[^/]+)/.exec(text)?.[1];
  });
}

function udp(from: string, to: string, text: string): Uint8Array {
  const pair = { source: Ipv6Address.parse(from), destination: Ipv6Address.parse(to) };
  const datagram = { sourcePort: 4242, destinationPort: 9, hasChecksum: true, payload: Buffer.from(text) };
  return ipv6(from, to, 17, encodeUdp(datagram, pair));
}

function udpDatagram(from: string, to: string, text: string, sourcePort: number, destinationPort: number): Uint8Array {
  const pair = { source: Ipv6Address.parse(from), destination: Ipv6Address.parse(to) };
  return encodeUdp({ sourcePort, destinationPort, hasChecksum: true, payload: Buffer.from(text) }, pair);
}

function ipv6(from: string, to: string, nextHeader: number, payload: Uint8Array): Uint8Array {
  return encodeIpv6({
    ...{ trafficClass: 0, flowLabel: 0, hopLimit: 64, extensionHeaders: [], nextHeader, payload },
    ...{ source: Ipv6Address.parse(from), destination: Ipv6Address.parse(to) },
  });
}

/** From the Internet to the client, with its checksum. */
function echoRequest(): Uint8Array {
  const message = Uint8Array.of(128, 0, 0, 0, 0, 1, 0, 1);
  const pair = { source: Ipv6Address.parse(At.internet6), destination: Ipv6Address.parse(At.client6) };
  const sum = internetChecksum(message, pseudoHeaderSumV6(pair.source, pair.destination, 58, message.length));
  message.set([sum >> 8, sum & 255], 2);
  return message;
}

/** What the UDP packets said that a capture has seen, behind the header of eight octets. */
function texts(capture: Capture): readonly string[] {
  return capture.packets.flatMap(({ frame: { ipv6 } }) =>
    ipv6?.nextHeader === 17 ? [Buffer.from(ipv6.payload.subarray(8)).toString()] : [],
  );
}
