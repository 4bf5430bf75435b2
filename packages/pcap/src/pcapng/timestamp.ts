import { DecodeError, EncodeError } from '@router7/wire';
import { type ByteOrder, OrderedReader, OrderedWriter } from '../byte-order.ts';
import { type InterfaceDescriptionBlock, InterfaceOptionCode } from './interface-description.ts';
import type { PcapngOption } from './option.ts';

const NANOSECONDS = 1_000_000_000n;
const BASE_TWO = 0x80;

/** How an interface's timestamps count (draft-ietf-opsawg-pcapng section 4.2, if_tsresol and if_tsoffset). */
export interface TimestampScale {
  /** Ticks of a second: `base` to the power of `exponent`. */
  readonly base: 2 | 10;
  /** 0 to 127. */
  readonly exponent: number;
  /** Seconds that are added to every timestamp; may be negative. */
  readonly offsetSeconds: bigint;
}

/** Microseconds since 1970, what an interface counts that does not say otherwise. */
export const MICROSECONDS: TimestampScale = { base: 10, exponent: 6, offsetSeconds: 0n };

/**
 * The scale of an interface's timestamps.
 *
 * @param base offset of the block in the file, for errors
 * @throws DecodeError `bad-length` for an option of another length than it must have
 */
export function timestampScale(
  { options }: InterfaceDescriptionBlock,
  order: ByteOrder,
  base: number = 0,
): TimestampScale {
  const resolution = fixed(options, InterfaceOptionCode.timestampResolution, 1, base)?.[0];
  const offset = fixed(options, InterfaceOptionCode.timestampOffset, 8, base);
  return {
    base: resolution !== undefined && (resolution & BASE_TWO) !== 0 ? 2 : 10,
    exponent: resolution === undefined ? MICROSECONDS.exponent : resolution & 0x7f,
    offsetSeconds: offset === undefined ? 0n : BigInt.asIntN(64, new OrderedReader(offset, order).u64()),
  };
}

/** The options that announce a scale; none for {@link MICROSECONDS}. @throws EncodeError `out-of-range` */
export function timestampScaleOptions(scale: TimestampScale, order: ByteOrder): PcapngOption[] {
  const options: PcapngOption[] = [];
  const { base, exponent, offsetSeconds } = scale;
  if (!(Number.isInteger(exponent) && exponent >= 0 && exponent <= 127)) {
    throw new EncodeError('out-of-range', `${exponent} is not an exponent from 0 to 127`);
  }
  if (base !== MICROSECONDS.base || exponent !== MICROSECONDS.exponent) {
    const octet = (base === 2 ? BASE_TWO : 0) | exponent;
    options.push({ code: InterfaceOptionCode.timestampResolution, data: Uint8Array.of(octet) });
  }
  if (offsetSeconds !== 0n) {
    if (BigInt.asIntN(64, offsetSeconds) !== offsetSeconds) {
      throw new EncodeError('out-of-range', `an offset of ${offsetSeconds} seconds does not fit 64 bits`);
    }
    const writer = new OrderedWriter(order, 8);
    writer.u64(BigInt.asUintN(64, offsetSeconds));
    options.push({ code: InterfaceOptionCode.timestampOffset, data: writer.finish() });
  }
  return options;
}

/** Nanoseconds since 1970 of a timestamp. What is finer is rounded down. */
export function ticksToNanoseconds(ticks: bigint, scale: TimestampScale): bigint {
  const { base, exponent, offsetSeconds } = scale;
  const nanoseconds =
    base === 2 ? (ticks * NANOSECONDS) >> BigInt(exponent) : (ticks * NANOSECONDS) / 10n ** BigInt(exponent);
  return nanoseconds + offsetSeconds * NANOSECONDS;
}

/**
 * The timestamp of nanoseconds since 1970. What is finer than a tick is rounded down.
 *
 * @throws EncodeError `out-of-range` when it lies before the scale's start or does not fit 64 bits
 */
export function nanosecondsToTicks(nanoseconds: bigint, scale: TimestampScale): bigint {
  const { base, exponent, offsetSeconds } = scale;
  const since = nanoseconds - offsetSeconds * NANOSECONDS;
  const ticks = (since * BigInt(base) ** BigInt(exponent)) / NANOSECONDS;
  if (since < 0n || BigInt.asUintN(64, ticks) !== ticks) {
    throw new EncodeError('out-of-range', `the time ${nanoseconds} cannot be told in this interface's unit`);
  }
  return ticks;
}

function fixed(options: readonly PcapngOption[], code: number, length: number, base: number): Uint8Array | undefined {
  const data = options.find((option) => option.code === code)?.data;
  if (data !== undefined && data.length !== length) {
    throw new DecodeError('bad-length', `interface option ${code} of ${data.length} octets`, base);
  }
  return data;
}
