export {
  ArpOperation,
  type ArpPacket,
  decodeArp,
  type EthernetArpPacket,
  encodeArp,
  type RawArpPacket,
} from './arp.ts';
export {
  decodeEthernet,
  type EthernetFrame,
  EtherType,
  encodeEthernet,
  type VlanTag,
  writeEthernetHeader,
} from './ethernet.ts';
export { decodeFrame, type Frame, type FrameDecodeOptions } from './frame.ts';
export {
  decodeIcmpv6,
  encodeIcmpv6,
  type Icmpv6DecodeOptions,
  type Icmpv6Message,
  type Ipv6AddressPair,
} from './icmpv6.ts';
export { IpProtocol } from './ip-protocol.ts';
export {
  decodeIpv4,
  encodeIpv4,
  finishIpv4,
  type Ipv4DecodeOptions,
  type Ipv4Header,
  type Ipv4Option,
  type Ipv4Packet,
  isIpv4Fragment,
  writeIpv4Header,
} from './ipv4.ts';
export { decodeIpv4Udp, encodeIpv4Udp, type Ipv4UdpDatagram, writeIpv4Udp } from './ipv4-udp.ts';
export {
  decodeIpv6,
  encodeIpv6,
  type Ipv6ExtensionHeader,
  type Ipv6Fragment,
  type Ipv6Packet,
  ipv6Fragment,
  isIpv6Fragment,
} from './ipv6.ts';
export { type AddressPair, decodeUdp, encodeUdp, type UdpDatagram, type UdpDecodeOptions, writeUdp } from './udp.ts';
