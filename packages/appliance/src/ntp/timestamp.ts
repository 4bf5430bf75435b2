/** Seconds from 1900, when NTP's first era begins, to 1970. */
const UNIX_EPOCH_SECONDS = 2_208_988_800;
/** Seconds that a timestamp can count: an era of 136 years. The second one begins in February 2036. */
const ERA_SECONDS = 2 ** 32;

/**
 * The NTP timestamp (RFC 5905 section 6) of a time: 32 bits of seconds since 1900, modulo an era, and 32 bits of fraction.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            Seconds                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            Fraction                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @param time milliseconds since 1970, with a fraction
 */
export function timestampOf(time: number): bigint {
  const seconds = Math.floor(time / 1000);
  const fraction = Math.min(Math.floor(((time - seconds * 1000) / 1000) * 2 ** 32), 2 ** 32 - 1);
  return (BigInt.asUintN(32, BigInt(seconds + UNIX_EPOCH_SECONDS)) << 32n) | BigInt(fraction);
}

/**
 * The time that a timestamp means, in milliseconds since 1970 with a fraction. It does not tell its era: of the times that
 * it can mean, it is the one nearest to another.
 *
 * @param near milliseconds since 1970, within 68 years of what is meant
 */
export function timeOf(timestamp: bigint, near: number): number {
  const seconds = Number(timestamp >> 32n) - UNIX_EPOCH_SECONDS;
  const eras = Math.round((near / 1000 - seconds) / ERA_SECONDS);
  return (seconds + eras * ERA_SECONDS) * 1000 + (Number(timestamp & 0xffff_ffffn) * 1000) / 2 ** 32;
}
