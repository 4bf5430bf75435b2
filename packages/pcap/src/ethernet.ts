import { ByteReader, ByteWriter, EncodeError, type MacAddress } from '@router7/wire';
import { bitField } from './bit-field.ts';

/** EtherTypes (RFC 9542 appendix B.1) that this package knows. Others stay plain numbers. */
export const EtherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  ipv6: 0x86dd,
  /** A customer's tag, IEEE 802.1Q. */
  vlan: 0x8100,
  /** A provider's tag, IEEE 802.1ad, outside of the customer's. */
  serviceVlan: 0x88a8,
} as const;

/**
 * One tag of IEEE 802.1Q or 802.1ad.
 *
 * ```
 * +-------------------------------+-----+-+-----------------------+
 * |   TPID: 0x8100 or 0x88a8      | PCP |D|          VID          |
 * +-------------------------------+-----+-+-----------------------+
 * ```
 */
export interface VlanTag {
  /** Tag protocol: `EtherType.vlan` or `EtherType.serviceVlan`. */
  readonly tpid: number;
  /** Priority code point, 0 to 7. */
  readonly pcp: number;
  /** Drop eligible indicator. */
  readonly dei: boolean;
  /** VLAN identifier, 0 to 4095; 0 carries a priority only. */
  readonly vid: number;
}

/** An Ethernet II frame without preamble and frame check sequence (RFC 894, IEEE 802.3 clause 3). */
export interface EthernetFrame {
  readonly destination: MacAddress;
  readonly source: MacAddress;
  /** VLAN tags, outermost first; mostly none. */
  readonly tags: readonly VlanTag[];
  /** What the payload is. A number up to 1500 is no type but the length of an IEEE 802.2 LLC frame. */
  readonly etherType: number;
  /** All that follows, with the padding that short frames get: only the payload's own length tells it apart. */
  readonly payload: Uint8Array;
}

/**
 * Decodes an Ethernet II frame with any number of VLAN tags.
 *
 * @throws DecodeError `truncated`
 */
export function decodeEthernet(bytes: Uint8Array): EthernetFrame {
  const reader = new ByteReader(bytes);
  const destination = reader.mac();
  const source = reader.mac();
  const tags: VlanTag[] = [];
  let etherType = reader.u16();
  while (isTagType(etherType)) {
    const control = reader.u16();
    tags.push({ tpid: etherType, pcp: control >>> 13, dei: (control & 0x1000) !== 0, vid: control & 0xfff });
    etherType = reader.u16();
  }
  return { destination, source, tags, etherType, payload: reader.rest() };
}

/**
 * Encodes an Ethernet II frame. Short ones are not padded: network cards do that.
 *
 * @throws EncodeError `out-of-range`, or `bad-value` for a tag whose `tpid` is none
 */
export function encodeEthernet(frame: EthernetFrame): Uint8Array {
  const writer = new ByteWriter(14 + 4 * frame.tags.length + frame.payload.length);
  writeEthernetHeader(writer, frame);
  writer.bytes(frame.payload);
  return writer.finish();
}

/**
 * Writes what precedes the payload, for who writes the payload into the same writer.
 *
 * @throws EncodeError `out-of-range`, or `bad-value` for a tag whose `tpid` is none
 */
export function writeEthernetHeader(writer: ByteWriter, header: Omit<EthernetFrame, 'payload'>): void {
  writer.mac(header.destination);
  writer.mac(header.source);
  for (const { tpid, pcp, dei, vid } of header.tags) {
    if (!isTagType(tpid)) throw new EncodeError('bad-value', `0x${tpid.toString(16)} does not announce a VLAN tag`);
    writer.u16(tpid);
    writer.u16((bitField('priority', pcp, 3) << 13) | (dei ? 0x1000 : 0) | bitField('VLAN', vid, 12));
  }
  writer.u16(header.etherType);
}

function isTagType(etherType: number): boolean {
  return etherType === EtherType.vlan || etherType === EtherType.serviceVlan;
}
