import { decodeIpv4, type Ipv4Packet } from '@router7/pcap';
import t from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture, type Seen } from './capture.ts';
import { needs } from './installed.ts';
import { echoPacket, IcmpType, icmpError, udpFragments, udpPacket } from './nat-packets.ts';
import { fresh, Nat, NatSite, seenFrom } from './nat-site.ts';

/* RFC 5508, "NAT Behavioral Requirements for ICMP", and fragments, row by row; docs/nat.md has the table. */

t.setTimeout(300_000);
await onStage(import.meta.url);

const PATIENCE = 20_000;
const PORT_UNREACHABLE = [IcmpType.unreachable, 3] as const;
/** A router on the way, which no packet was sent to. */
const ON_THE_WAY = '203.0.113.77';

t.test('ICMP by default', needs('conntrack', 'arping', 'ping'), async (t) => {
  const site = new NatSite(t, 'icmp');
  await site.configured({}, [{ proto: 'udp', port: '9000', dest_addr: Nat.own, dest_port: '9001' }]);
  const peer = { address: Nat.first, port: 3478 };
  const server = await site.servers.udp(peer);
  const [link] = JSON.parse(await site.isp.run('ip', ['-json', 'link', 'show', 'internet0'])) as [{ address: string }];
  const fromOutside = (bytes: Uint8Array): void => site.servers.packet(bytes, link.address);
  const fromHome = (bytes: Uint8Array): void => site.home.packet(bytes, HardwareAddress.lan);

  await t.test('REQ-1: queries pass, with one identifier for all peers', async (t) => {
    const capture = await Capture.start(site.internet, 'eth0', 'arp or icmp');
    const ping = (from: string, to: string): Promise<string> =>
      site.client.run('ping', ['-c', '1', '-W', '10', '-I', from, '-e', '4242', to], PATIENCE);
    for (const to of [Nat.first, Nat.second]) t.match(await ping(Nat.own, to), / 0% packet loss/, to);
    t.match(await ping(Nat.other, Nat.first), / 0% packet loss/, 'another computer with the same identifier');
    await capture.settle();
    const queries = capture.packets.filter(({ frame }) => frame.ipv4?.payload[0] === IcmpType.echo);
    t.ok(queries.every(({ frame }) => String(frame.ipv4?.source) === Nat.outside));
    const [own, ownSecond, other] = queries.map(({ frame }) => word(frame.ipv4?.payload, 4));
    t.same([own, ownSecond], [4242, 4242], 'REQ-1a: independent of the peer');
    t.not(other, 4242, 'another one gets another identifier');
  });

  await t.test('REQ-2: how long a query stays', async (t) => {
    t.equal(await site.sysctl('icmp_timeout'), 60);
  });

  await t.test('REQ-3, REQ-4: an error from outside comes to who has sent, with its own packet in it', async (t) => {
    const socket = await site.home.udp({ address: Nat.own, port: 5000 }, peer);
    const sent = fresh();
    socket.send(sent);
    const outside = await server.text(sent);
    const about = udpPacket(outside, peer, sent);
    const capture = await Capture.start(site.client, 'eth0', 'arp or icmp');

    const broken = icmpError(ON_THE_WAY, Nat.outside, PORT_UNREACHABLE, about);
    broken.set([(broken[22] ?? 0) ^ 0xff], 22);
    fromOutside(broken);
    fromOutside(
      icmpError(ON_THE_WAY, Nat.outside, PORT_UNREACHABLE, udpPacket({ ...outside, port: 5999 }, peer, sent)),
    );
    fromOutside(icmpError(ON_THE_WAY, Nat.outside, PORT_UNREACHABLE, about));

    t.equal((await socket.event('error')).text, 'ECONNREFUSED');
    await capture.settle();
    const errors = errorsIn(capture);
    t.equal(errors.length, 1, 'not the one with a wrong checksum, nor the one about nothing known');
    const { payload, source, destination } = errors[0] as Ipv4Packet;
    t.equal(String(source), ON_THE_WAY, 'RFC 4787 REQ-12a: whoever says so');
    t.equal(String(destination), Nat.own, 'REQ-4c');
    t.same([...payload.subarray(0, 2)], PORT_UNREACHABLE, 'REQ-4b: type and code stay');
    const embedded = decodeIpv4(payload.subarray(8), { verifyChecksum: true });
    t.same([String(embedded.source), word(embedded.payload, 0)], [Nat.own, 5000], 'REQ-4a: what it is about');
    t.same([String(embedded.destination), word(embedded.payload, 2)], [Nat.first, 3478]);

    const again = fresh();
    server.send(again, outside);
    await socket.text(again);
    t.pass('RFC 4787 REQ-12: the mapping is still there');
  });

  await t.test('REQ-5: an error from home goes out as from outside, with what outside knows in it', async (t) => {
    const capture = await Capture.start(site.internet, 'eth0', 'arp or icmp');
    const forwarded = { address: Nat.outside, port: 9000 };
    const caller = await site.servers.udp({ address: Nat.second, port: 6000 }, forwarded);
    fromHome(icmpError(Nat.own, Nat.first, PORT_UNREACHABLE, udpPacket(peer, { address: Nat.own, port: 5998 }, 'x')));
    caller.send(fresh());
    t.equal((await caller.event('error')).text, 'ECONNREFUSED');
    await capture.settle();
    const errors = errorsIn(capture);
    t.equal(errors.length, 1, 'not the one about nothing known');
    const { payload, source } = errors[0] as Ipv4Packet;
    t.equal(String(source), Nat.outside, 'REQ-5c');
    t.same([...payload.subarray(0, 2)], PORT_UNREACHABLE, 'REQ-5b');
    const embedded = decodeIpv4(payload.subarray(8), { verifyChecksum: true });
    t.same([String(embedded.destination), word(embedded.payload, 2)], [Nat.outside, 9000], 'REQ-5a');
  });

  await t.test('REQ-6: an error about a query neither prolongs nor ends it', async (t) => {
    await site.client.run('ping', ['-c', '1', '-W', '10', '-e', '777', Nat.first], PATIENCE);
    const left = async (): Promise<number> => {
      const list = await site.router.run('conntrack', ['-L', '-p', 'icmp']);
      return Number(/^icmp\s+1 (\d+) .*id=777 /m.exec(list)?.[1] ?? -1);
    };
    const before = await left();
    await until('a second passes', PATIENCE, async () => (await left()) < before);
    const capture = await Capture.start(site.client, 'eth0', 'arp or icmp');
    fromOutside(icmpError(ON_THE_WAY, Nat.outside, [IcmpType.unreachable, 1], echoPacket(Nat.outside, Nat.first, 777)));
    await capture.packet('the error', PATIENCE, isError);
    const after = await left();
    t.ok(after >= 0 && after < before, `${after} s, after ${before} s`);
  });

  await t.test('REQ-7: errors come back by a hairpin, too', async (t) => {
    const socket = await site.home.udp({ address: Nat.other, port: 5100 }, { address: Nat.outside, port: 9000 });
    socket.send(fresh());
    t.equal((await socket.event('error')).text, 'ECONNREFUSED');
  });

  await t.test('REQ-10: time exceeded, here and on the way', async (t) => {
    const ping = (hops: number): Promise<string> =>
      site.client.run('sh', ['-c', `ping -n -c 1 -W 10 -t ${hops} ${Nat.first} || true`], PATIENCE);
    t.match(await ping(1), /From 192\.168\.42\.1 .*Time to live exceeded/);
    t.match(await ping(2), /From 198\.51\.100\.1 .*Time to live exceeded/);
  });

  await t.test('answers that nobody asked for do not come in', async (t) => {
    const capture = await Capture.start(site.client, 'eth0', 'arp or icmp or udp');
    const socket = await site.home.udp({ address: Nat.own, port: 5200 });
    const outside = await seenFrom(socket, server, peer);
    fromOutside(echoPacket(Nat.first, Nat.outside, 778, IcmpType.echoReply));
    const text = fresh();
    server.send(text, outside);
    await socket.text(text);
    await capture.settle();
    t.notOk(capture.packets.some(({ frame }) => frame.ipv4?.protocol === 1));
  });

  await t.test('RFC 4787 REQ-14: fragments that come in the wrong order', async (t) => {
    const socket = await site.home.udp({ address: Nat.own, port: 5300 });
    const outside = await seenFrom(socket, server, peer);
    const text = `${'z'.repeat(100)}${fresh()}`;
    for (const fragment of udpFragments(peer, outside, text).toReversed()) fromOutside(fragment);
    await socket.text(text);
    t.pass('come together');
  });
});

function isError({ frame }: Seen): boolean {
  return frame.ipv4?.protocol === 1 && frame.ipv4.payload[0] === IcmpType.unreachable;
}

/** The ICMP errors that passed. */
function errorsIn(capture: Capture): readonly Ipv4Packet[] {
  return capture.packets.filter(isError).flatMap(({ frame: { ipv4 } }) => (ipv4 === undefined ? [] : [ipv4]));
}

/** Two octets in network order. */
function word(bytes: Uint8Array | undefined, at: number): number {
  return ((bytes?.[at] ?? 0) << 8) | (bytes?.[at + 1] ?? 0);
}
