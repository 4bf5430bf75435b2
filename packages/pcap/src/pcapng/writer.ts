import { EncodeError } from '@router7/wire';
import type { ByteOrder } from '../byte-order.ts';
import { LinkType } from '../link-type.ts';
import type { PacketToWrite } from '../pcap-writer.ts';
import { encodeBlock } from './block.ts';
import { PacketOptionCode } from './enhanced-packet.ts';
import { type InterfaceDescriptionBlock, InterfaceOptionCode } from './interface-description.ts';
import { type PcapngOption, PcapngOptionCode, textOption } from './option.ts';
import type { RawBlock } from './raw-block.ts';
import { SectionOptionCode } from './section-header.ts';
import { nanosecondsToTicks, type TimestampScale, timestampScaleOptions } from './timestamp.ts';

const NANOSECONDS: TimestampScale = { base: 10, exponent: 9, offsetSeconds: 0n };

/** How a {@link PcapngWriter} writes its section. */
export interface PcapngWriterOptions {
  /** `little` when absent. */
  readonly byteOrder?: ByteOrder;
  /** Name of the program that writes. */
  readonly application?: string;
  readonly comments?: readonly string[];
  /** Further options of the section's header. */
  readonly options?: readonly PcapngOption[];
}

/** An interface to be described. */
export interface InterfaceToWrite {
  /** A `LinkType`; Ethernet when absent. */
  readonly linkType?: number;
  /** Longer packets are cut to so many octets; 0, no limit, when absent. */
  readonly snapLength?: number;
  readonly name?: string;
  readonly comments?: readonly string[];
  /** Unit and start of the timestamps; nanoseconds since 1970 when absent. */
  readonly scale?: TimestampScale;
  /** Further options; those of the scale are made. */
  readonly options?: readonly PcapngOption[];
}

/** A packet to be written into pcapng. */
export interface PcapngPacketToWrite extends PacketToWrite {
  /** What {@link PcapngWriter.interface} said; 0 when absent. */
  readonly interfaceId?: number;
  readonly comments?: readonly string[];
  /** Whether the interface received or sent it; not told when absent. */
  readonly direction?: 'inbound' | 'outbound';
  /** Further options. */
  readonly options?: readonly PcapngOption[];
}

/**
 * Makes a pcapng file of one section, one chunk a call: {@link PcapngWriter.start}, the interfaces (further ones may
 * come at any time), the packets. Files of several sections are several of these, one behind the other.
 */
export class PcapngWriter {
  readonly #byteOrder: ByteOrder;
  readonly #options: PcapngWriterOptions;
  readonly #interfaces: { readonly snapLength: number; readonly scale: TimestampScale }[] = [];

  constructor(options: PcapngWriterOptions = {}) {
    this.#byteOrder = options.byteOrder ?? 'little';
    this.#options = options;
  }

  /** The section's header. @throws EncodeError `out-of-range`, `too-long` or `bad-value` (options) */
  start(): Uint8Array {
    const { application, comments, options } = this.#options;
    return encodeBlock(
      {
        kind: 'section-header',
        byteOrder: this.#byteOrder,
        sectionLength: undefined,
        options: [
          ...commentOptions(comments),
          ...(application === undefined ? [] : [textOption(SectionOptionCode.application, application)]),
          ...(options ?? []),
        ],
      },
      this.#byteOrder,
    );
  }

  /**
   * The description of an interface, and the id by which its packets name it.
   *
   * @throws EncodeError `out-of-range`, `too-long` or `bad-value`
   */
  interface(to: InterfaceToWrite = {}): { readonly id: number; readonly chunk: Uint8Array } {
    const snapLength = to.snapLength ?? 0;
    const scale = to.scale ?? NANOSECONDS;
    const block: InterfaceDescriptionBlock = {
      kind: 'interface-description',
      linkType: to.linkType ?? LinkType.ethernet,
      snapLength,
      options: [
        ...commentOptions(to.comments),
        ...(to.name === undefined ? [] : [textOption(InterfaceOptionCode.name, to.name)]),
        ...timestampScaleOptions(scale, this.#byteOrder),
        ...(to.options ?? []),
      ],
    };
    const chunk = encodeBlock(block, this.#byteOrder);
    return { id: this.#interfaces.push({ snapLength, scale }) - 1, chunk };
  }

  /**
   * A packet, cut to the interface's snap length.
   *
   * @throws EncodeError `bad-value` (interface not described), `out-of-range` (a time that the scale cannot tell),
   *   `too-long`
   */
  packet(to: PcapngPacketToWrite): Uint8Array {
    const interfaceId = to.interfaceId ?? 0;
    const on = this.#interfaces[interfaceId];
    if (on === undefined) throw new EncodeError('bad-value', `interface ${interfaceId} was not described`);
    return encodeBlock(
      {
        kind: 'enhanced-packet',
        interfaceId,
        ticks: nanosecondsToTicks(to.timestamp, on.scale),
        originalLength: to.originalLength ?? to.bytes.length,
        bytes: on.snapLength === 0 ? to.bytes : to.bytes.subarray(0, on.snapLength),
        options: [...commentOptions(to.comments), ...this.#directionOptions(to.direction), ...(to.options ?? [])],
      },
      this.#byteOrder,
    );
  }

  /** Any other block, such as statistics. @throws EncodeError `out-of-range` or `bad-value` */
  block(block: RawBlock): Uint8Array {
    return encodeBlock(block, this.#byteOrder);
  }

  /** The lowest two bits of the flags (draft-ietf-opsawg-pcapng section 4.3.1): 01 inbound, 10 outbound. */
  #directionOptions(direction: PcapngPacketToWrite['direction']): PcapngOption[] {
    if (direction === undefined) return [];
    const bits = direction === 'inbound' ? 1 : 2;
    const data = this.#byteOrder === 'little' ? Uint8Array.of(bits, 0, 0, 0) : Uint8Array.of(0, 0, 0, bits);
    return [{ code: PacketOptionCode.flags, data }];
  }
}

function commentOptions(comments: readonly string[] = []): PcapngOption[] {
  return comments.map((text) => textOption(PcapngOptionCode.comment, text));
}
