import { encodeIcmpv6, encodeIpv6, encodeUdp } from '@router7/pcap';
import { Ipv6Address } from '@router7/wire';
import t from 'tap';
import { scan } from '../../src/attack/scan.ts';
import { HardwareAddress } from '../../src/home.ts';
import { cable } from '../../src/host.ts';
import { onStage } from '../../src/stage.ts';
import { Capture } from './capture.ts';
import { At, FirewallSite, INTERFACES } from './firewall-site.ts';
import { needs } from './installed.ts';
import { udpPacket } from './nat-packets.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

const NOTHING = 'tcp silent, udp silent';
const ALL = 'tcp open, udp open';
const AH = 51;
const ESP = 50;
const HIP = 139;
const ICMPV6 = 58;
const UDP = 17;
const ROUTING = 43;

/** An IPv6 packet; the router is one hop before the client. */
function packet6(source: string, nextHeader: number, payload: Uint8Array, more: object = {}): Uint8Array {
  return encodeIpv6({
    ...{ trafficClass: 0, flowLabel: 0, hopLimit: 64, extensionHeaders: [], nextHeader, payload },
    ...{ source: Ipv6Address.parse(source), destination: Ipv6Address.parse(At.client6) },
    ...more,
  });
}

function udp6(source: string, port: number, destination: string = At.client6, sourcePort: number = 4242): Uint8Array {
  const pair = { source: Ipv6Address.parse(source), destination: Ipv6Address.parse(destination) };
  const datagram = { sourcePort, destinationPort: port, hasChecksum: true, payload: new Uint8Array(8) };
  return packet6(source, UDP, encodeUdp(datagram, pair), { destination: pair.destination });
}

function icmp6(
  source: string,
  type: number,
  body: Uint8Array,
  more: { hopLimit?: number; to?: string } = {},
): Uint8Array {
  const { to = At.client6, hopLimit = 64 } = more;
  const pair = { source: Ipv6Address.parse(source), destination: Ipv6Address.parse(to) };
  const payload = encodeIcmpv6({ type, code: 0, body }, pair);
  return packet6(source, ICMPV6, payload, { destination: pair.destination, hopLimit });
}

/** Sends packets from the provider, and gives what of them came to the client: the numbers of their next headers. */
async function arrived(site: FirewallSite, packets: readonly Uint8Array[]): Promise<readonly (number | undefined)[]> {
  const capture = await Capture.start(site.client, 'eth0', 'ip6 or arp');
  // Behind them comes one that passes: what has not come before it does not come.
  const last = udp6(At.isp6, 500);
  await site.send(site.isp, 'wan', HardwareAddress.uplink, [...packets, last]);
  const isLast = (source: string | undefined): boolean => source === At.isp6;
  await capture.packet('the last packet', 10_000, ({ frame }) => isLast(frame.ipv6?.source.toString()));
  return capture.packets
    .filter(({ frame }) => frame.ipv6 !== undefined && !frame.ipv6.source.isLinkLocal)
    .filter(({ frame }) => frame.ipv6?.destination.toString() === At.client6 && !isLast(frame.ipv6.source.toString()))
    .filter(({ frame }) => frame.ipv6?.source.toString() !== At.lan6)
    .map(({ frame }) => frame.ipv6?.nextHeader);
}

t.test('the default profile between provider and home', needs('tcpdump', 'arping'), async (t) => {
  const site = new FirewallSite(t, 'wall');
  const hairpin = { proto: 'udp', port: '8040', dest_addr: At.other, dest_port: '8041' };
  site.writePerm('portforwardings.json', { forwardings: [hairpin] });
  await site.configure();
  const router = await site.listen(site.router, [22, 53, 80, 8053], [53, 67]);
  const client = await site.listen(site.client, [22, 80], [53, 500, 5353]);
  await site.listen(site.internet, [9], [9]);

  // Covers: S-1
  await t.test('FW-05 nothing comes in that was not asked for, by IPv4 and IPv6', async (t) => {
    const before = await site.counted('drop-unsolicited');
    const doors: [string, number][] = [
      ...([22, 53, 80, 8053] as const).flatMap((port) =>
        [At.wan, At.wan6, At.lan, At.lan6].map((host): [string, number] => [host, port]),
      ),
      ...([22, 53] as const).flatMap((port) => [At.client, At.client6].map((host): [string, number] => [host, port])),
    ];
    const probes = doors.flatMap(([host, port]) =>
      (['tcp', 'udp'] as const).map((protocol) => ({ protocol, host, port })),
    );
    const found = (await Promise.all([site.internet, site.isp].map((host) => scan(host, probes)))).flat();
    t.same([...new Set(found)], ['silent']);
    t.same(
      [...router.output, ...client.output].filter((line) => line !== 'ready'),
      [],
    );
    t.ok((await site.counted('drop-unsolicited')) - before >= found.length, 'each one counted');
  });

  await t.test('FW-05 everything goes out, and its answers come back', async (t) => {
    t.equal(await site.knock(site.client, At.internet, 9), ALL);
    t.equal(await site.knock(site.client, At.internet6, 9), ALL);
    t.equal(await site.knock(site.router, At.internet, 9), ALL, 'the router’s own, too');
    t.equal(await site.knock(site.router, At.internet6, 9), ALL);
  });

  await t.test('FW-13 from home the router’s services are reached, REC-50 from outside none', async (t) => {
    for (const address of [At.lan, At.lan6]) t.equal(await site.knock(site.client, address, 53), ALL, address);
    // By UDP this listener answers from the address that is nearer to the client.
    for (const address of [At.wan, At.wan6]) t.match(await site.knock(site.client, address, 53), /^tcp open/, address);
  });

  await t.test('FW-08 FW-16 errors about known flows pass, those about others do not', async (t) => {
    t.equal(await site.knock(site.client, At.internet, 19), 'tcp refused, udp refused', 'through the NAT');
    t.equal(await site.knock(site.client, At.internet6, 19), 'tcp refused, udp refused');
    const unknown = udp6(At.client6, 12345, At.internet6);
    const body = Uint8Array.of(0, 0, 0, 0, ...unknown);
    const errors = [1, 2, 3, 4].map((type) => icmp6(At.internet6, type, body));
    t.same(await arrived(site, errors), []);
  });

  await t.test('FW-08 REC-19 an error ends no flow', async (t) => {
    const { run } = site.router;
    const flows = (): Promise<string> =>
      run.call(site.router, 'conntrack', ['-L', '-f', 'ipv6', '-p', 'udp', '--src', At.client6, '--dport', '9']);
    await site.knock(site.client, At.internet6, 9);
    const [flow = ''] = (await flows()).split('\n');
    const port = Number(/sport=(\d+)/.exec(flow)?.[1]);
    const pair = { source: Ipv6Address.parse(At.client6), destination: Ipv6Address.parse(At.internet6) };
    const sent = { sourcePort: port, destinationPort: 9, hasChecksum: true, payload: new Uint8Array(5) };
    const about = packet6(At.client6, UDP, encodeUdp(sent, pair), { destination: pair.destination });
    const error = icmp6(At.internet6, 1, Uint8Array.of(0, 0, 0, 0, ...about));
    t.same(await arrived(site, [error]), [ICMPV6], 'the error comes through');
    t.match(await flows(), new RegExp(`sport=${port} dport=9 `), 'and the flow is still known');
  });

  await t.test('FW-09 REC-21, 22, 24, 26: AH, ESP, IKE and HIP come in', async (t) => {
    // An authentication header with three words of its own, before UDP.
    const ah = { type: AH, data: new Uint8Array(10) };
    const inside = udp6('2001:db8:10::77', 501).subarray(40);
    const packets = [
      packet6('2001:db8:10::77', UDP, inside, { extensionHeaders: [ah] }),
      packet6('2001:db8:10::77', ESP, new Uint8Array(16)),
      packet6('2001:db8:10::77', HIP, new Uint8Array(40)),
      udp6('2001:db8:10::77', 500),
      udp6('2001:db8:10::77', 4500),
      udp6('2001:db8:10::77', 501),
    ];
    t.same(await arrived(site, packets), [UDP, ESP, HIP, UDP, UDP], 'all but the last');
  });

  await t.test('FW-06 REC-1 to REC-7: sources, destinations and headers that are not forwarded', async (t) => {
    const before = await Promise.all(
      ['drop-martian', 'drop-spoofed', 'drop-forbidden'].map((name) => site.counted(name)),
    );
    const rh0 = { type: ROUTING, data: Uint8Array.of(0, 0, 0, 0, 0, 0) };
    const packets = [
      ...['fc00::1', 'fd12::1', 'fec0::1', '::ffff:192.0.2.1', '100::1', '2001:10::1', '2001:20::1', '::1'],
      '2001:db8:42:1::77',
      At.client6,
    ].map((source) => udp6(source, 500));
    packets.push(packet6('2001:db8:10::77', UDP, new Uint8Array(8), { extensionHeaders: [rh0] }));
    t.same(await arrived(site, packets), []);
    const after = await Promise.all(
      ['drop-martian', 'drop-spoofed', 'drop-forbidden'].map((name) => site.counted(name)),
    );
    t.ok((after[0] ?? 0) + (after[1] ?? 0) > (before[0] ?? 0) + (before[1] ?? 0) + 6, 'counted as martian or spoofed');
    t.ok((after[2] ?? 0) > (before[2] ?? 0), 'and as forbidden');
  });

  await t.test('FW-06 answers from the home do not come from outside', async (t) => {
    // What the client asks of the router and, by way of it, of another computer of the home.
    const wall = { address: At.wan, port: 8040 };
    const asked = { address: At.client, port: 4243 };
    const questions = [udp6(At.client6, 4242, At.lan6, 4245), udpPacket(asked, wall, 'asked')];
    const capture = await Capture.start(site.other, 'eth0', 'udp or arp');
    await site.send(site.client, 'eth0', HardwareAddress.lan, questions);
    await capture.packet('the question', 10_000, ({ frame }) => String(frame.ipv4?.destination) === At.other);
    const atClient = await Capture.start(site.client, 'eth0', 'udp or arp');
    const before = await site.counted('drop-spoofed');
    const spoofed = [
      udp6(At.lan6, 4245, At.client6, 4242),
      udpPacket({ address: At.other, port: 8041 }, { address: At.wan, port: asked.port }, 'spoofed'),
    ];
    t.same(await arrived(site, spoofed), []);
    const sources = atClient.packets.map(({ frame }) => String((frame.ipv6 ?? frame.ipv4)?.source));
    t.notOk(sources.includes(At.lan6) || sources.includes(At.wan), 'neither as the router nor as who asked it');
    t.equal((await site.counted('drop-spoofed')) - before, spoofed.length);
  });

  await t.test('FW-22 BCP 38: what leaves has a source of ours', async (t) => {
    const capture = await Capture.start(site.isp, 'wan', 'ip6 and udp and (dst port 9 or dst port 67) or arp');
    const sources = ['2001:db8:bad::1', 'fd12::1', At.internet6, At.wan6];
    const packets = [67, 9].flatMap((port) =>
      [...sources, At.client6].map((source) => udp6(source, port, At.internet6)),
    );
    await site.send(site.client, 'eth0', HardwareAddress.lan, packets);
    const isLast = (payload: Uint8Array | undefined): boolean => payload?.[3] === 9;
    await capture.packet('the honest one', 10_000, ({ frame }) => isLast(frame.ipv6?.payload));
    const left = capture.packets.map(({ frame }) => frame.ipv6?.source.toString());
    t.same(
      [...new Set(left)].filter((source) => source !== undefined),
      [At.client6],
    );
  });

  await t.test('ND comes with a hop limit of 255, or not at all', async (t) => {
    const before = await site.counted('drop-neighbor-hop-limit');
    const target = Ipv6Address.parse(At.wan6).toBytes();
    const body = Uint8Array.of(0, 0, 0, 0, ...target);
    const solicitation = (hopLimit: number): Uint8Array => icmp6(At.isp6, 135, body, { hopLimit, to: At.wan6 });
    const capture = await Capture.start(site.isp, 'wan', 'icmp6 or arp');
    await site.send(site.isp, 'wan', HardwareAddress.uplink, [solicitation(254), solicitation(64), solicitation(255)]);
    const isAnswer = (type: number | undefined): boolean => type === 136;
    await capture.packet('an answer', 10_000, ({ frame }) => isAnswer(frame.ipv6?.payload[0]));
    t.equal((await site.counted('drop-neighbor-hop-limit')) - before, 2);
  });

  // Covers: G-2
  await t.test('pings are answered, and let through to IPv6 hosts (RFC 4890 section 4.3.1)', async (t) => {
    for (const address of [At.wan, At.wan6, At.client6]) {
      t.match(await site.internet.run('ping', ['-c', '1', '-W', '2', address]), / 0% packet loss/, address);
    }
    await t.rejects(site.internet.run('ping', ['-c', '1', '-W', '1', At.client]), 'not to private addresses');
  });

  await t.test('an interface that nobody has configured is no home', async (t) => {
    const stranger = site.host('stranger');
    cable(stranger, 'eth0', site.router, 'podman0');
    stranger.ip('address add 10.88.0.2/24 dev eth0');
    stranger.ip('link set eth0 up');
    stranger.ip('route add default via 10.88.0.1');
    site.router.ip('address add 10.88.0.1/24 dev podman0');
    site.router.ip('link set podman0 up');
    t.equal(await site.knock(stranger, '10.88.0.1', 53), NOTHING);
    t.equal(await site.knock(stranger, At.internet, 9), NOTHING);
    t.equal(await site.knock(stranger, At.client, 22), NOTHING);
    t.ok((await site.counted('drop-stranger')) >= 6);
    site.writePerm('firewall.json', { interfaces: { podman0: 'home' } });
    await site.netconfigd();
    t.equal(await site.knock(stranger, '10.88.0.1', 53), ALL, 'unless firewall.json says that it is');
    t.equal(await site.knock(stranger, At.internet, 9), ALL);
  });
});

t.test('what firewall.json changes', needs('tcpdump', 'arping'), async (t) => {
  const site = new FirewallSite(t, 'knobs');
  await site.configure();
  await site.listen(site.router, [22], []);
  await site.listen(site.client, [22, 443], [500]);

  await t.test('FW-13 REC-49 transparent: unsolicited IPv6 comes into the home, and not to the router', async (t) => {
    site.writePerm('firewall.json', { transparent: true });
    await site.netconfigd();
    t.match(await site.knock(site.internet, At.client6, 22), /^tcp open/);
    t.match(await site.knock(site.internet, At.wan6, 22), /^tcp silent/);
    t.match(await site.knock(site.internet, At.lan6, 22), /^tcp silent/);
    t.match(await site.knock(site.internet, At.client, 22), /^tcp silent/, 'nor IPv4');
    t.same(await arrived(site, [udp6('fd12::1', 22), udp6(At.other6, 22)]), [], 'nor what is forbidden');
  });

  await t.test('FW-09 ipsec: false, ping: false', async (t) => {
    site.writePerm('firewall.json', { ipsec: false, ping: false });
    await site.netconfigd();
    t.equal(await site.knock(site.internet, At.client6, 500), NOTHING);
    for (const address of [At.wan, At.wan6, At.client6]) {
      await t.rejects(site.internet.run('ping', ['-c', '1', '-W', '1', address]), address);
    }
  });

  await t.test('pinholes', async (t) => {
    site.writePerm('firewall.json', { pinholes: [{ dest_addr: At.client6, port: '443' }] });
    await site.netconfigd();
    t.match(await site.knock(site.internet, At.client6, 443), /^tcp open/);
    t.match(await site.knock(site.internet, At.client6, 22), /^tcp silent/);
  });

  await t.test('a broken file is told in one line, and what it said before goes on', async (t) => {
    for (const [content, complaint] of [
      ['{ "pinholes": [', /firewall\.json: found .*, expected JSON/],
      [{ ping: 'yes' }, /firewall\.json: ping: found .*yes.*, expected a boolean/],
      [
        { nat: { filtering: 'none' } },
        /firewall\.json: nat\.filtering: found .*none.*, expected one of .*endpoint-indep/,
      ],
    ] as const) {
      site.writePerm('firewall.json', content);
      const program = site.daemon('netconfigd', '-linger=false');
      t.equal(await program.exited, 1);
      t.match(
        program.output.filter((line) => line.includes('firewall.json')),
        [complaint],
      );
      t.match(
        await site.ruleset(),
        /tcp dport 443 goto forwarded comment "firewall.json pinholes\[0\]"/,
        'the pinhole stays',
      );
    }
  });
});

t.test('FW-26 the MSS fits the uplink, in both directions and families', needs('tcpdump', 'arping'), async (t) => {
  const [uplink, lan] = INTERFACES;
  const site = new FirewallSite(t, 'mss', [{ ...uplink, mtu: 1400 }, lan]);
  await site.configure();
  await site.listen(site.internet, [9], []);
  for (const [address, overhead] of [
    [At.internet, 40],
    [At.internet6, 60],
  ] as const) {
    const outside = await Capture.start(site.internet, 'eth0', 'tcp port 9 or ip6 or arp');
    const inside = await Capture.start(site.client, 'eth0', 'tcp port 9 or ip6 or arp');
    t.match(await site.knock(site.client, address, 9), /^tcp open/);
    for (const [capture, flags] of [
      [outside, 0x02],
      [inside, 0x12],
    ] as const) {
      const { frame } = await capture.packet('a SYN', 5000, ({ frame }) => flagsOf(frame.ipv4 ?? frame.ipv6) === flags);
      t.equal(segmentSize(frame.ipv4?.payload ?? frame.ipv6?.payload), 1400 - overhead, `${address} ${flags}`);
    }
  }
});

function flagsOf(
  packet: { payload: Uint8Array; nextHeader?: number; protocol?: number } | undefined,
): number | undefined {
  if ((packet?.nextHeader ?? packet?.protocol) !== 6) return undefined;
  return (packet?.payload[13] ?? 0) & 0x17;
}

/** The option of kind 2, which Linux puts first (RFC 9293 section 3.7.1). */
function segmentSize(tcp: Uint8Array | undefined): number | undefined {
  return tcp?.[20] === 2 ? ((tcp[22] ?? 0) << 8) | (tcp[23] ?? 0) : undefined;
}
