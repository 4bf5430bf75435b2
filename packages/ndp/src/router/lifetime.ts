/** 0xffffffff: for ever (RFC 4861 section 4.6.2). */
export const INFINITE_LIFETIME = 0xffff_ffff;

/**
 * How long hosts are told that something lasts. RFC 4861 section 6.2.1 knows two ways, "a time that decrements in real time"
 * and "a fixed time that stays the same in consecutive advertisements"; this is the lesser of both, as RFC 9096 section 3.4
 * wants it.
 */
export interface AdvertisedLifetime {
  /** The most that is told, in seconds; {@link INFINITE_LIFETIME} is for ever. */
  readonly mostSeconds: number;
  /** When it ends, in the engine's monotonic milliseconds; absent: never. */
  readonly until?: number | undefined;
}

/** What is told at a time, in seconds: never more than is left. */
export function secondsAt({ mostSeconds, until }: AdvertisedLifetime, now: number): number {
  if (until === undefined || until === Number.POSITIVE_INFINITY) return mostSeconds;
  // Rounded down, and short of the value that would be for ever.
  const left = Math.min(Math.max(Math.floor((until - now) / 1000), 0), INFINITE_LIFETIME - 1);
  return Math.min(left, mostSeconds);
}

/** When something ends that was told to last so long, in monotonic milliseconds. */
export function endOf(lifetimeSeconds: number, now: number): number {
  return lifetimeSeconds === INFINITE_LIFETIME ? Number.POSITIVE_INFINITY : now + lifetimeSeconds * 1000;
}
