import { Ipv4Address, Ipv6Address, MacAddress } from '@router7/wire';
import t from 'tap';
import {
  decodeFrame,
  decodeIpv4,
  EtherType,
  encodeArp,
  encodeEthernet,
  encodeIcmpv6,
  encodeIpv4,
  encodeIpv4Udp,
  encodeIpv6,
  encodeUdp,
  type Frame,
  IpProtocol,
} from '../src/index.ts';
import { testHostileBytes } from './golden.ts';

const link = { source: MacAddress.parse('02:73:53:00:ca:fe'), destination: MacAddress.broadcast };
const v6 = { source: Ipv6Address.parse('fe80::1'), destination: Ipv6Address.parse('ff02::1:2') };
const tags = [{ tpid: EtherType.vlan, pcp: 0, dei: false, vid: 10 }];

function frame(etherType: number, payload: Uint8Array, tagged = false): Uint8Array {
  return encodeEthernet({ ...link, tags: tagged ? tags : [], etherType, payload });
}

function ipv6(nextHeader: number, payload: Uint8Array, fragment?: Uint8Array): Uint8Array {
  const extensionHeaders = fragment === undefined ? [] : [{ type: IpProtocol.fragment, data: fragment }];
  return encodeIpv6({ ...v6, trafficClass: 0, flowLabel: 0, hopLimit: 1, extensionHeaders, nextHeader, payload });
}

const dhcp = encodeIpv4Udp({
  source: Ipv4Address.unspecified,
  destination: Ipv4Address.broadcast,
  sourcePort: 68,
  destinationPort: 67,
  payload: Uint8Array.of(1, 1, 6, 0),
});
const dhcp6 = encodeUdp({ sourcePort: 546, destinationPort: 547, hasChecksum: true, payload: Uint8Array.of(1) }, v6);
const solicitation = encodeIcmpv6({ type: 133, code: 0, body: new Uint8Array(4) }, v6);
const arp = encodeArp({
  kind: 'ethernet',
  operation: 1,
  senderHardwareAddress: link.source,
  senderProtocolAddress: Ipv4Address.unspecified,
  targetHardwareAddress: MacAddress.zero,
  targetProtocolAddress: Ipv4Address.parse('192.168.42.23'),
});

const layers = (frame: Frame): string[] => Object.keys(frame);

t.test('takes packets apart', async (t) => {
  const verify = { verifyChecksums: true };
  const four = decodeFrame(frame(EtherType.ipv4, dhcp, true), verify);
  t.strictSame(layers(four), ['ethernet', 'ipv4', 'udp']);
  t.equal(four.ethernet?.tags[0]?.vid, 10);
  t.equal(four.udp?.destinationPort, 67);
  t.strictSame(four.udp?.payload, Uint8Array.of(1, 1, 6, 0));

  const six = decodeFrame(frame(EtherType.ipv6, ipv6(IpProtocol.udp, dhcp6)), verify);
  t.strictSame(layers(six), ['ethernet', 'ipv6', 'udp']);
  t.equal(six.udp?.sourcePort, 546);

  const rs = decodeFrame(frame(EtherType.ipv6, ipv6(IpProtocol.icmpv6, solicitation)), verify);
  t.strictSame(layers(rs), ['ethernet', 'ipv6', 'icmpv6']);
  t.equal(rs.icmpv6?.type, 133);

  const who = decodeFrame(frame(EtherType.arp, arp), verify);
  t.strictSame(layers(who), ['ethernet', 'arp']);
  t.equal(who.arp?.operation, 1);

  t.strictSame(layers(decodeFrame(frame(0x88cc, Uint8Array.of(1)), verify)), ['ethernet'], 'LLDP stays a payload');
});

t.test('starts with IP where the link type has no Ethernet', async (t) => {
  t.strictSame(layers(decodeFrame(dhcp, { start: 'ip', verifyChecksums: true })), ['ipv4', 'udp']);
  const six = ipv6(IpProtocol.icmpv6, solicitation);
  t.strictSame(layers(decodeFrame(six, { start: 'ip', verifyChecksums: true })), ['ipv6', 'icmpv6']);
  t.throws(() => decodeFrame(new Uint8Array(0), { start: 'ip' }), { code: 'truncated' });
  t.throws(() => decodeFrame(Uint8Array.of(0x20), { start: 'ip' }), { code: 'bad-magic' });
});

t.test('looks into no fragment', async (t) => {
  const first = encodeIpv4({ ...decodeIpv4(dhcp), moreFragments: true });
  t.strictSame(layers(decodeFrame(first, { start: 'ip' })), ['ipv4']);
  const last = encodeIpv4({ ...decodeIpv4(dhcp), fragmentOffset: 8 });
  t.strictSame(layers(decodeFrame(last, { start: 'ip' })), ['ipv4']);
  const six = ipv6(IpProtocol.udp, dhcp6, Uint8Array.of(0, 1, 0, 0, 0, 1));
  t.strictSame(layers(decodeFrame(six, { start: 'ip' })), ['ipv6']);
  const atomic = ipv6(IpProtocol.udp, dhcp6, Uint8Array.of(0, 0, 0, 0, 0, 1));
  t.strictSame(layers(decodeFrame(atomic, { start: 'ip', verifyChecksums: true })), ['ipv6', 'udp'], 'RFC 6946');
});

t.test('verifies the checksums of all layers on request, and names the octet of the frame', async (t) => {
  const broken: [string, Uint8Array, number, number][] = [
    ['IPv4 header', frame(EtherType.ipv4, dhcp), 14 + 8, 14 + 10],
    ['UDP over IPv4', frame(EtherType.ipv4, dhcp, true), 18 + 28, 18 + 26],
    ['UDP over IPv6', frame(EtherType.ipv6, ipv6(IpProtocol.udp, dhcp6)), 14 + 48, 14 + 46],
    ['ICMPv6', frame(EtherType.ipv6, ipv6(IpProtocol.icmpv6, solicitation)), 14 + 44, 14 + 42],
    [
      'ICMPv6 behind a fragment header',
      frame(EtherType.ipv6, ipv6(58, solicitation, new Uint8Array(6))),
      14 + 52,
      14 + 50,
    ],
  ];
  for (const [name, bytes, octet, offset] of broken) {
    t.doesNotThrow(() => decodeFrame(bytes, { verifyChecksums: true }), `${name}, whole`);
    bytes[octet] = (bytes[octet] as number) ^ 0x80;
    t.throws(() => decodeFrame(bytes, { verifyChecksums: true }), { code: 'bad-checksum', offset }, name);
    t.doesNotThrow(() => decodeFrame(bytes), `${name}, not verified`);
  }
});

t.test('RFC 8200 section 8.1: behind a routing header the checksum is that of the final destination', async (t) => {
  const routed = (segmentsLeft: number): Uint8Array =>
    encodeIpv6({
      ...v6,
      destination: Ipv6Address.parse('2001:db8::2'),
      trafficClass: 0,
      flowLabel: 0,
      hopLimit: 1,
      extensionHeaders: [{ type: IpProtocol.routing, data: Uint8Array.of(4, segmentsLeft, 0, 0, 0, 0) }],
      nextHeader: IpProtocol.udp,
      payload: dhcp6,
    });
  t.ok(decodeFrame(routed(1), { start: 'ip', verifyChecksums: true }).udp, 'on its way: not verified');
  t.throws(() => decodeFrame(routed(0), { start: 'ip', verifyChecksums: true }), { code: 'bad-checksum' }, 'arrived');
});

t.test('a frame that is a view into larger memory', async (t) => {
  const bytes = frame(EtherType.ipv4, dhcp, true);
  const memory = new Uint8Array(bytes.length + 20);
  memory.set(bytes, 10);
  t.strictSame(decodeFrame(memory.subarray(10, 10 + bytes.length)), decodeFrame(bytes));
  const cut = memory.subarray(10, 10 + 18 + 24);
  t.throws(() => decodeFrame(cut), { code: 'truncated', offset: 18 + 24 });
});

testHostileBytes(
  'a frame',
  [
    frame(EtherType.ipv4, dhcp),
    frame(EtherType.ipv6, ipv6(IpProtocol.udp, dhcp6), true),
    frame(EtherType.ipv6, ipv6(IpProtocol.icmpv6, solicitation, new Uint8Array(6))),
    frame(EtherType.arp, arp),
  ],
  (bytes) => decodeFrame(bytes, { verifyChecksums: bytes.length % 2 === 0 }),
);
testHostileBytes('an IP packet', [dhcp, ipv6(IpProtocol.udp, dhcp6)], (bytes) => decodeFrame(bytes, { start: 'ip' }));
