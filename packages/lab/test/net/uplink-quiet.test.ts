import t from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture, type Seen } from './capture.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

/** What a host that looks for its place on a link has to say, in the words of {@link describe}. */
const EXPECTED = [
  /^ARP$/,
  /^IPv4 UDP 67$/,
  // RFC 3376: membership of multicast groups.
  /^IPv4 protocol 2$/,
  /^IPv6 UDP 547$/,
  // RFC 4861 and RFC 3810: solicitations, neighbours, listeners.
  /^IPv6 ICMPv6 (133|135|136|143)$/,
];

function describe({ frame: { arp, ipv4, ipv6, udp, icmpv6 } }: Seen): string {
  if (arp !== undefined) return 'ARP';
  const family = ipv4 === undefined ? 'IPv6' : 'IPv4';
  if (udp !== undefined) return `${family} UDP ${udp.destinationPort}`;
  if (icmpv6 !== undefined) return `${family} ICMPv6 ${icmpv6.type}`;
  return `${family} protocol ${ipv4?.protocol ?? ipv6?.nextHeader}`;
}

t.test('WPD-7: no routing protocol is spoken on the WAN', needs('tcpdump'), async (t) => {
  const site = new WanSite(t, 'quiet', { address: '' });
  const capture = await Capture.start(site.isp, 'customer0', `ether src ${HardwareAddress.uplink}`);
  const supervisor = site.supervisor();
  await until('both DHCP clients ask', 60_000, () => {
    const said = capture.packets.map(describe);
    return said.includes('IPv4 UDP 67') && said.includes('IPv6 UDP 547');
  });

  await t.test('G-1, G-2: it answers an echo request as an IPv6 node', needs('ping'), async (t) => {
    const address = await until('its link-local address', 20_000, async () => {
      const text = await site.router.run('ip', ['-6', 'address', 'show', 'dev', 'uplink0', 'scope', 'link']);
      return /inet6 (fe80:\S+)\/64 scope link (?!.*tentative)/.exec(text)?.[1];
    });
    t.match(await site.isp.run('ping', ['-6', '-c', '1', '-w', '10', `${address}%wan`]), / 1 received/);
    t.ok(await capture.packet('the answer', 10_000, (seen) => describe(seen) === 'IPv6 ICMPv6 129'), 'RFC 4443 4.2');
  });

  const said = new Set(capture.packets.map(describe));
  said.delete('IPv6 ICMPv6 129');
  t.same(
    [...said].filter((what) => !EXPECTED.some((pattern) => pattern.test(what))),
    [],
    'it says nothing that a host does not have to say',
  );
  await supervisor.stop();
});
