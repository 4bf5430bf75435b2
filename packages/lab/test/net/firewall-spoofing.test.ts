import { encodeIpv6, encodeUdp } from '@router7/pcap';
import { Ipv6Address } from '@router7/wire';
import t from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import type { Host } from '../../src/host.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture } from './capture.ts';
import { At, FirewallSite } from './firewall-site.ts';
import { needs } from './installed.ts';
import { udpPacket } from './nat-packets.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

const OWN_PORT = 4242;
const UDP = 17;

/** A UDP packet of either IP version. */
function udp(
  [from, fromPort]: readonly [string, number],
  [to, toPort]: readonly [string, number],
  text: string,
): Uint8Array {
  const payload = Buffer.from(text);
  if (!from.includes(':')) return udpPacket({ address: from, port: fromPort }, { address: to, port: toPort }, text);
  const pair = { source: Ipv6Address.parse(from), destination: Ipv6Address.parse(to) };
  const datagram = { sourcePort: fromPort, destinationPort: toPort, hasChecksum: true, payload };
  return encodeIpv6({
    ...{ trafficClass: 0, flowLabel: 0, hopLimit: 64, extensionHeaders: [], nextHeader: UDP, ...pair },
    payload: encodeUdp(datagram, pair),
  });
}

/** What the UDP packets said that a capture has seen, behind the header of eight octets. */
function textsOf(capture: Capture): readonly string[] {
  return capture.packets
    .map(({ frame }) => frame.ipv4 ?? frame.ipv6)
    .filter((packet) => packet !== undefined)
    .map(({ payload }) => Buffer.from(payload.subarray(8)).toString());
}

/*
 * Packets of a known flow are not asked for the way back again: they have to come by the side that the flow's own come by.
 */
t.test('FW-22 a known flow opens no door to sources of the home', needs('tcpdump', 'conntrack'), async (t) => {
  const site = new FirewallSite(t, 'spoof');
  await site.configure();
  await site.listen(site.internet, [], [9]);
  await site.listen(site.router, [], [53]);

  for (const [home, lan, wan, peer] of [
    [At.client, At.lan, At.wan, At.internet],
    [At.client6, At.lan6, At.wan6, At.internet6],
  ] as const) {
    const family = home.includes(':') ? 'IPv6' : 'IPv4';
    const own = [home, OWN_PORT] as const;
    const fromHome = (from: Host, packet: Uint8Array): Promise<void> =>
      site.send(from, 'eth0', HardwareAddress.lan, [packet]);
    const fromOutside = (...packets: readonly Uint8Array[]): Promise<void> =>
      site.send(site.isp, 'wan', HardwareAddress.uplink, packets);
    const established = async (port: number): Promise<void> => {
      const flow = ['-f', family.toLowerCase(), '-p', 'udp', '--src', home, '--dport', String(port)];
      await until(`${family}, port ${port}: answered`, 15_000, async () => {
        const list = await site.router.run('conntrack', ['-L', ...flow]);
        return list.includes(`sport=${OWN_PORT}`) && !list.includes('UNREPLIED');
      });
    };

    const dropped = (count: number): Promise<unknown> =>
      until(`${count} dropped`, 15_000, async () => (await site.counted('drop-spoofed')) === count);

    await t.test(`${family}: from outside, in the direction of the home's own packets`, async (t) => {
      await fromHome(site.client, udp(own, [peer, 9], 'hello'));
      await established(9);
      const before = await site.counted('drop-spoofed');
      const capture = await Capture.start(site.internet, 'eth0', 'udp dst port 9');
      await fromOutside(udp(own, [peer, 9], 'spoofed'), udp(own, [peer, 9], 'spoofed'));
      await fromHome(site.client, udp(own, [peer, 9], 'honest'));
      await capture.packet('the honest one', 15_000, () => textsOf(capture).includes('honest'));
      t.same(textsOf(capture), ['honest']);
      await dropped(before + 2);
    });

    await t.test(`${family}: from outside, to the router itself`, async (t) => {
      await fromHome(site.client, udp(own, [lan, 53], 'hello'));
      await established(53);
      const before = await site.counted('drop-spoofed');
      const capture = await Capture.start(site.client, 'eth0', 'udp src port 53');
      await fromOutside(udp(own, [lan, 53], 'spoofed'));
      await dropped(before + 1);
      await fromHome(site.client, udp(own, [lan, 53], 'honest'));
      await capture.packet('the answer to the honest one', 15_000, () => true);
      t.equal(capture.packets.length, 1, 'and none before it');
    });

    // By IPv4 the kernel itself takes no packet that says it comes from here.
    await t.test(`${family}: from outside, as the router's address there that the home talks to`, async (t) => {
      const asking = [home, OWN_PORT + 1] as const;
      const before = await site.counted('drop-spoofed');
      const capture = await Capture.start(site.client, 'eth0', `udp src port 53 and dst port ${OWN_PORT + 1}`);
      const answers = (count: number): Promise<unknown> =>
        capture.packet(`${count} answers`, 15_000, () => capture.packets.length >= count);
      await fromHome(site.client, udp(asking, [wan, 53], 'hello'));
      await answers(1);
      await fromOutside(udp([wan, 53], asking, 'spoofed'));
      await fromHome(site.client, udp(asking, [wan, 53], 'honest'));
      await answers(2);
      t.notOk(textsOf(capture).includes('spoofed'));
      if (family === 'IPv6') await dropped(before + 1);
    });

    await t.test(`${family}: from home, in the direction of the answers from outside`, async (t) => {
      const outside = family === 'IPv4' ? wan : home;
      const before = await site.counted('drop-spoofed');
      const capture = await Capture.start(site.client, 'eth0', 'udp src port 9');
      await fromHome(site.other, udp([peer, 9], [outside, OWN_PORT], 'spoofed'));
      await dropped(before + 1);
      await fromOutside(udp([peer, 9], [outside, OWN_PORT], 'honest'));
      await capture.packet('the honest one', 15_000, () => textsOf(capture).includes('honest'));
      t.same(textsOf(capture), ['honest']);
    });
  }
});
