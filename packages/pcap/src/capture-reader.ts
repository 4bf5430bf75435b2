import { DecodeError, EncodeError } from '@router7/wire';
import type { CaptureRecord } from './capture-record.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { MAXIMUM_SNAP_LENGTH } from './pcap-file.ts';
import { PcapParser } from './pcap-parser.ts';
import { BlockType } from './pcapng/block.ts';
import { PcapngParser } from './pcapng/parser.ts';

/** How much a {@link CaptureReader} is willing to hold. */
export interface CaptureReaderOptions {
  /** Octets of one packet in classic pcap; 262144 when absent, as in libpcap. */
  readonly maximumPacketLength?: number;
  /** Octets of one block in pcapng; 16 MiB when absent. */
  readonly maximumBlockLength?: number;
}

/**
 * Reads a capture file, classic pcap or pcapng, in chunks of any size.
 *
 * Push a chunk, then poll until undefined comes back; then the chunk may be used again. At the end of the file call
 * {@link CaptureReader.end} and poll once more. Records own their bytes. The reader holds at most what was pushed
 * since it was last drained and one record that is not complete; a record that announces more than the limits is
 * refused before it is buffered.
 */
export class CaptureReader {
  readonly #options: CaptureReaderOptions;
  readonly #buffer = new ChunkBuffer();
  #parser: PcapParser | PcapngParser | undefined;
  #ended = false;
  #failure: DecodeError | undefined;

  constructor(options: CaptureReaderOptions = {}) {
    this.#options = options;
  }

  /** Hands over the next piece of the file. @throws EncodeError `bad-value` after {@link CaptureReader.end} */
  push(chunk: Uint8Array): void {
    if (this.#ended) throw new EncodeError('bad-value', 'the capture has ended');
    if (this.#failure === undefined) this.#buffer.push(chunk);
  }

  /** Says that the file ends here. What is missing then is an error of the next polls. */
  end(): void {
    this.#ended = true;
  }

  /**
   * The next record, or undefined when more bytes are needed or the file has ended.
   *
   * @throws DecodeError `bad-magic`, `bad-length`, `bad-value`, `missing`, `leftover`, `limit`, and `truncated` when
   *   the file ends within a record. All that stands before the fault was handed out by then; each further poll
   *   throws the same error again.
   */
  poll(): CaptureRecord | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const record = this.#next();
      if (record === undefined) this.#buffer.settle();
      return record;
    } catch (error) {
      if (error instanceof DecodeError) this.#failure = error;
      throw error;
    }
  }

  #next(): CaptureRecord | undefined {
    this.#parser ??= this.#detect();
    const record = this.#parser?.next(this.#buffer);
    if (record === undefined && this.#ended && (this.#parser === undefined || this.#buffer.length > 0)) {
      const { offset, length } = this.#buffer;
      throw new DecodeError('truncated', `the file ends ${length} octets into a record`, offset + length);
    }
    return record;
  }

  #detect(): PcapParser | PcapngParser | undefined {
    const start = this.#buffer.peek(4);
    if (start === undefined) return undefined;
    const type = new DataView(start.buffer, start.byteOffset).getUint32(0);
    return type === BlockType.sectionHeader
      ? new PcapngParser(this.#options.maximumBlockLength ?? 16 * 1024 * 1024)
      : new PcapParser(this.#options.maximumPacketLength ?? MAXIMUM_SNAP_LENGTH);
  }
}

/**
 * Reads a capture that is in memory as a whole.
 *
 * @throws DecodeError as {@link CaptureReader.poll} does, behind what was read before the fault
 */
export function* readCapture(bytes: Uint8Array, options?: CaptureReaderOptions): Generator<CaptureRecord, void, void> {
  const reader = new CaptureReader(options);
  reader.push(bytes);
  reader.end();
  for (let record = reader.poll(); record !== undefined; record = reader.poll()) yield record;
}
