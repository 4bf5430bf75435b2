import { DecodeError } from '@router7/wire';
import { OrderedReader } from './byte-order.ts';
import type { CapturedPacket } from './capture-record.ts';
import type { ChunkBuffer } from './chunk-buffer.ts';
import { decodePcapHeader, PCAP_HEADER_LENGTH, PCAP_RECORD_HEADER_LENGTH, type PcapHeader } from './pcap-file.ts';

const NANOSECONDS = 1_000_000_000n;

/** Takes the records of a classic pcap file out of a buffer, one at a time. */
export class PcapParser {
  readonly #maximumPacketLength: number;
  #header: PcapHeader | undefined;

  constructor(maximumPacketLength: number) {
    this.#maximumPacketLength = maximumPacketLength;
  }

  /**
   * The next record, or undefined until the buffer holds it whole.
   *
   * @throws DecodeError `bad-magic` or `limit`
   */
  next(buffer: ChunkBuffer): PcapHeader | CapturedPacket | undefined {
    if (this.#header === undefined) {
      const bytes = buffer.take(PCAP_HEADER_LENGTH);
      if (bytes !== undefined) this.#header = decodePcapHeader(bytes);
      return this.#header;
    }
    const start = buffer.peek(PCAP_RECORD_HEADER_LENGTH);
    if (start === undefined) return undefined;
    const { byteOrder, resolution, linkType } = this.#header;
    const reader = new OrderedReader(start, byteOrder, buffer.offset);
    const seconds = reader.u32();
    const fraction = reader.u32();
    const capturedLength = reader.u32();
    const originalLength = reader.u32();
    // libpcap, too, bounds the length by this and not by the file's snap length, which some writers leave too small.
    if (capturedLength > this.#maximumPacketLength) {
      throw new DecodeError('limit', `a packet of ${capturedLength} octets`, buffer.offset + 8);
    }
    const bytes = buffer.take(PCAP_RECORD_HEADER_LENGTH + capturedLength)?.subarray(PCAP_RECORD_HEADER_LENGTH);
    if (bytes === undefined) return undefined;
    const unit = resolution === 'nanoseconds' ? 1 : 1000;
    const timestamp = BigInt(seconds) * NANOSECONDS + BigInt(fraction * unit);
    return { kind: 'packet', timestamp, linkType, originalLength, bytes, interfaceId: 0, comments: [] };
  }
}
