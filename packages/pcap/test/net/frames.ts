import { Ipv4Address, Ipv6Address, MacAddress } from '@router7/wire';
import {
  decodeIpv4,
  EtherType,
  encodeArp,
  encodeEthernet,
  encodeIcmpv6,
  encodeIpv4,
  encodeIpv4Udp,
  encodeIpv6,
  encodeUdp,
  IpProtocol,
  type Ipv6ExtensionHeader,
  type VlanTag,
} from '../../src/index.ts';

export const source: MacAddress = MacAddress.parse('02:73:53:00:ca:fe');
export const destination: MacAddress = MacAddress.parse('d8:58:d7:00:4e:df');
const four = { source: Ipv4Address.parse('192.0.2.1'), destination: Ipv4Address.parse('192.0.2.23') };
const six = { source: Ipv6Address.parse('2001:db8::1'), destination: Ipv6Address.parse('2001:db8::23') };

function ethernet(etherType: number, payload: Uint8Array, tags: VlanTag[] = []): Uint8Array {
  return encodeEthernet({ source, destination, tags, etherType, payload });
}

function ipv6(nextHeader: number, payload: Uint8Array, extensionHeaders: Ipv6ExtensionHeader[] = []): Uint8Array {
  const packet = {
    ...six,
    trafficClass: 0xb8,
    flowLabel: 0x12345,
    hopLimit: 255,
    extensionHeaders,
    nextHeader,
    payload,
  };
  return ethernet(EtherType.ipv6, encodeIpv6(packet));
}

const payload = Uint8Array.from({ length: 101 }, (_, i) => i);
const udp4 = encodeIpv4Udp({ ...four, sourcePort: 40_000, destinationPort: 9, payload, ttl: 16, dontFragment: true });
const udp6 = encodeUdp({ sourcePort: 40_000, destinationPort: 9, hasChecksum: true, payload }, six);
const padding = Uint8Array.of(1, 4, 0, 0, 0, 0);

/** One frame of every kind that this package encodes, with the protocols that tshark must find in it. */
export const frames: readonly { readonly protocols: string; readonly bytes: Uint8Array }[] = [
  { protocols: 'eth:ethertype:ip:udp:data', bytes: ethernet(EtherType.ipv4, udp4) },
  {
    protocols: 'eth:ethertype:arp',
    bytes: ethernet(
      EtherType.arp,
      encodeArp({
        kind: 'ethernet',
        operation: 1,
        senderHardwareAddress: source,
        senderProtocolAddress: four.source,
        targetHardwareAddress: MacAddress.zero,
        targetProtocolAddress: four.destination,
      }),
    ),
  },
  {
    protocols: 'eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp:data',
    bytes: ethernet(EtherType.ipv4, udp4, [
      { tpid: EtherType.serviceVlan, pcp: 1, dei: true, vid: 100 },
      { tpid: EtherType.vlan, pcp: 5, dei: false, vid: 10 },
    ]),
  },
  {
    protocols: 'eth:ethertype:ip:udp:data',
    bytes: ethernet(
      EtherType.ipv4,
      encodeIpv4({
        ...decodeIpv4(udp4),
        dscp: 46,
        ecn: 1,
        identification: 0xbeef,
        dontFragment: false,
        options: [{ type: 148, data: Uint8Array.of(0, 0) }],
      }),
    ),
  },
  {
    protocols: 'eth:ethertype:ip:data',
    bytes: ethernet(
      EtherType.ipv4,
      encodeIpv4({ ...decodeIpv4(udp4), dontFragment: false, fragmentOffset: 1480, payload }),
    ),
  },
  { protocols: 'eth:ethertype:ipv6:udp:data', bytes: ipv6(IpProtocol.udp, udp6) },
  {
    protocols: 'eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:ipv6.fraghdr:udp:data',
    bytes: ipv6(IpProtocol.udp, udp6, [
      { type: IpProtocol.hopByHop, data: padding },
      { type: IpProtocol.destinationOptions, data: padding },
      { type: IpProtocol.fragment, data: Uint8Array.of(0, 0, 1, 2, 3, 4) },
    ]),
  },
  {
    protocols: 'eth:ethertype:ipv6:icmpv6:data',
    bytes: ipv6(
      IpProtocol.icmpv6,
      encodeIcmpv6({ type: 128, code: 0, body: Uint8Array.of(0x12, 0x34, 0, 1, 1, 2, 3) }, six),
    ),
  },
];
