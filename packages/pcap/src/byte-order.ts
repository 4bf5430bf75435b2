import { ByteWriter, DecodeError, EncodeError } from '@router7/wire';
import { bitField } from './bit-field.ts';

/** Which octet of a number comes first. A capture has the order of the machine that recorded it. */
export type ByteOrder = 'little' | 'big';

/** A checked cursor over numbers of either byte order. (`ByteReader` knows only that of the network, which is big.) */
export class OrderedReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #base: number;
  #position = 0;

  /** @param base offset of `bytes[0]` in the file, for errors */
  constructor(bytes: Uint8Array, order: ByteOrder, base: number = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = order === 'little';
    this.#base = base;
  }

  /** Where the next octet is in the file. */
  get offset(): number {
    return this.#base + this.#position;
  }

  /** Octets that have not been read. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  /** @throws DecodeError `truncated` */
  u16(): number {
    return this.#view.getUint16(this.#take(2), this.#little);
  }

  /** @throws DecodeError `truncated` */
  u32(): number {
    return this.#view.getUint32(this.#take(4), this.#little);
  }

  /** @throws DecodeError `truncated` */
  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), this.#little);
  }

  /** Reads octets; the result is a view of the input. @throws DecodeError `truncated` */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Reads octets and passes over what pads them to a multiple of four. @throws DecodeError `truncated` */
  padded(length: number): Uint8Array {
    const bytes = this.bytes(length);
    this.#take(-length & 3);
    return bytes;
  }

  #take(length: number): number {
    const at = this.#position;
    if (length > this.remaining) {
      throw new DecodeError('truncated', `${length} octets wanted, ${this.remaining} there`, this.offset);
    }
    this.#position = at + length;
    return at;
  }
}

/** Writes numbers of either byte order, each checked to fit its field. */
export class OrderedWriter {
  readonly #writer: ByteWriter;
  readonly #little: boolean;

  /** @param capacity octets to allocate at first; a hint */
  constructor(order: ByteOrder, capacity: number) {
    this.#writer = new ByteWriter(capacity);
    this.#little = order === 'little';
  }

  /** Octets written so far. */
  get length(): number {
    return this.#writer.length;
  }

  /** @throws EncodeError `out-of-range` */
  u16(value: number): void {
    this.#writer.u16(this.#little ? swap16(bitField('number', value, 16)) : value);
  }

  /** @throws EncodeError `out-of-range` */
  u32(value: number): void {
    this.#writer.u32(this.#little ? swap32(bitField('number', value, 32)) : value);
  }

  /** @throws EncodeError `out-of-range` */
  u64(value: bigint): void {
    if (BigInt.asUintN(64, value) !== value) throw new EncodeError('out-of-range', `${value} does not fit 64 bits`);
    const high = Number(value >> 32n);
    const low = Number(value & 0xffff_ffffn);
    this.u32(this.#little ? low : high);
    this.u32(this.#little ? high : low);
  }

  /** Writes octets as they are. */
  bytes(value: Uint8Array): void {
    this.#writer.bytes(value);
  }

  /** Writes octets, and zeros up to a multiple of four. */
  padded(value: Uint8Array): void {
    this.#writer.bytes(value);
    this.#writer.fill(-value.length & 3);
  }

  /** Overwrites a 32-bit number that was written before. */
  patchU32(position: number, value: number): void {
    this.#writer.patchU32(position, this.#little ? swap32(bitField('number', value, 32)) : value);
  }

  /** What was written, as a copy. */
  finish(): Uint8Array {
    return this.#writer.finish();
  }
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8);
}

function swap32(value: number): number {
  return ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
