export {
  ArpOperation,
  type ArpPacket,
  decodeArp,
  type EthernetArpPacket,
  encodeArp,
  type RawArpPacket,
} from './arp.ts';
export type { ByteOrder } from './byte-order.ts';
export { CaptureReader, type CaptureReaderOptions, readCapture } from './capture-reader.ts';
export type { CapturedPacket, CaptureRecord } from './capture-record.ts';
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
export { LinkType } from './link-type.ts';
export {
  decodePcapHeader,
  encodePcapHeader,
  encodePcapRecord,
  MAXIMUM_SNAP_LENGTH,
  type PcapHeader,
  type PcapRecord,
} from './pcap-file.ts';
export { type PacketToWrite, PcapWriter, type PcapWriterOptions } from './pcap-writer.ts';
export { type Block, type BlockContext, BlockType, decodeBlock, encodeBlock } from './pcapng/block.ts';
export { type EnhancedPacketBlock, PacketOptionCode } from './pcapng/enhanced-packet.ts';
export { type InterfaceDescriptionBlock, InterfaceOptionCode } from './pcapng/interface-description.ts';
export { optionTexts, type PcapngOption, PcapngOptionCode, textOption } from './pcapng/option.ts';
export type { RawBlock } from './pcapng/raw-block.ts';
export { type SectionHeaderBlock, SectionOptionCode } from './pcapng/section-header.ts';
export type { SimplePacketBlock } from './pcapng/simple-packet.ts';
export {
  MICROSECONDS,
  nanosecondsToTicks,
  type TimestampScale,
  ticksToNanoseconds,
  timestampScale,
  timestampScaleOptions,
} from './pcapng/timestamp.ts';
export {
  type InterfaceToWrite,
  type PcapngPacketToWrite,
  PcapngWriter,
  type PcapngWriterOptions,
} from './pcapng/writer.ts';
export { type Engine, type ReplayedOutput, type ReplayOptions, replay, type Timeout } from './replay.ts';
export { type AddressPair, decodeUdp, encodeUdp, type UdpDatagram, type UdpDecodeOptions, writeUdp } from './udp.ts';
