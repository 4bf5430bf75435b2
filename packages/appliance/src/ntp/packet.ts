import { ByteReader, ByteWriter, DecodeError } from '@router7/wire';

/** Leap indicator (RFC 5905 figure 9). */
export const Leap = {
  noWarning: 0,
  /** The last minute of the day has 61 seconds. */
  insert: 1,
  /** It has 59. */
  remove: 2,
  /** The server's own clock is not synchronized. */
  unknown: 3,
} as const;

/** Association modes (RFC 5905 figure 10) that a client of a server meets. */
export const Mode = { client: 3, server: 4 } as const;

/** Protocol version that is spoken here. */
export const VERSION = 4;

/** Port of servers. */
export const NTP_PORT = 123;

/** What chrony, and others that tell nothing, say about how exact their clocks are. */
const HIDDEN_PRECISION = 0x20;

/** Octets of a packet without extension fields. */
const HEADER = 48;

/**
 * A packet of NTP (RFC 5905 section 7.3).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |LI | VN  |Mode |    Stratum     |     Poll      |  Precision   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Root Delay                            |
 * |                         Root Dispersion                       |
 * |                          Reference ID                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Reference Timestamp (64)                  |
 * |                      Origin Timestamp (64)                    |
 * |                      Receive Timestamp (64)                   |
 * |                      Transmit Timestamp (64)                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * .                Extension fields, key and digest               .
 * ```
 */
export interface NtpPacket {
  /** {@link Leap} */
  readonly leap: number;
  readonly version: number;
  /** {@link Mode} */
  readonly mode: number;
  /** 1 to 15 hops from a reference clock; 0: a kiss code, 16: not synchronized. */
  readonly stratum: number;
  /** log2 of the seconds between two questions, signed. */
  readonly poll: number;
  /** log2 of the seconds that the clock can tell apart, signed. */
  readonly precision: number;
  /** Round trip to the reference clock, seconds in steps of 2^-16. */
  readonly rootDelaySeconds: number;
  /** How wrong the server's clock may be beside that, seconds in steps of 2^-16. */
  readonly rootDispersionSeconds: number;
  /** Four octets; of a kiss code its letters. */
  readonly referenceId: number;
  /** When the server's clock was set last. Timestamps are as of `timestampOf`; 0 is unknown. */
  readonly referenceTimestamp: bigint;
  /** What the question had as transmit timestamp. */
  readonly originTimestamp: bigint;
  /** When the question came. */
  readonly receiveTimestamp: bigint;
  /** When this packet left. */
  readonly transmitTimestamp: bigint;
  /** Extension fields (RFC 7822), key and digest as they are: nothing is asked for that would be in them. */
  readonly extension: Uint8Array;
}

/** Reads a packet. `extension` is a view of `bytes`. @throws DecodeError `truncated`, `bad-length` */
export function decodePacket(bytes: Uint8Array): NtpPacket {
  const reader = new ByteReader(bytes);
  const flags = reader.u8();
  const packet = {
    leap: flags >>> 6,
    version: (flags >>> 3) & 7,
    mode: flags & 7,
    stratum: reader.u8(),
    poll: (reader.u8() << 24) >> 24,
    precision: (reader.u8() << 24) >> 24,
    rootDelaySeconds: reader.u32() / 65536,
    rootDispersionSeconds: reader.u32() / 65536,
    referenceId: reader.u32(),
    referenceTimestamp: reader.u64(),
    originTimestamp: reader.u64(),
    receiveTimestamp: reader.u64(),
    transmitTimestamp: reader.u64(),
    extension: reader.rest(),
  };
  // Extension fields are padded to 4 octets (RFC 7822 section 3), and so are keys and digests.
  if (packet.extension.length % 4 !== 0) {
    throw new DecodeError('bad-length', `${packet.extension.length} octets of extension fields`, HEADER);
  }
  return packet;
}

/** Writes a packet. @throws EncodeError */
export function encodePacket(packet: NtpPacket): Uint8Array {
  const writer = new ByteWriter(HEADER + packet.extension.length);
  writer.u8((packet.leap << 6) | (packet.version << 3) | packet.mode);
  writer.u8(packet.stratum);
  writer.u8(packet.poll & 0xff);
  writer.u8(packet.precision & 0xff);
  writer.u32(Math.round(packet.rootDelaySeconds * 65536));
  writer.u32(Math.round(packet.rootDispersionSeconds * 65536));
  writer.u32(packet.referenceId);
  writer.u64(packet.referenceTimestamp);
  writer.u64(packet.originTimestamp);
  writer.u64(packet.receiveTimestamp);
  writer.u64(packet.transmitTimestamp);
  writer.bytes(packet.extension);
  return writer.finish();
}

/**
 * A question that tells nothing about who asks: neither the time here (RFC 4330 section 5 leaves it to the client what it
 * puts there) nor how well it is known.
 *
 * @param cookie 64 random bits, which the answer has to repeat: who does not see the question cannot answer it
 */
export function question(cookie: bigint): NtpPacket {
  return {
    leap: Leap.noWarning,
    version: VERSION,
    mode: Mode.client,
    stratum: 0,
    poll: 0,
    precision: HIDDEN_PRECISION,
    rootDelaySeconds: 0,
    rootDispersionSeconds: 0,
    referenceId: 0,
    referenceTimestamp: 0n,
    originTimestamp: 0n,
    receiveTimestamp: 0n,
    transmitTimestamp: cookie,
    extension: new Uint8Array(0),
  };
}

/** The letters of a kiss code (RFC 5905 section 7.4), `DENY`; what is no letter or digit becomes a dot. */
export function kissCode(packet: NtpPacket): string {
  const octets = [24, 16, 8, 0].map((shift) => (packet.referenceId >>> shift) & 0xff);
  const text = String.fromCharCode(...octets.filter((octet) => octet !== 0));
  return text.replace(/[^A-Za-z0-9]/g, '.');
}
