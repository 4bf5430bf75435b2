/** Where time comes from. Tests put a scripted one in its place. */
export interface Clock {
  /** Monotonic time in milliseconds from an arbitrary start: for deadlines. It never jumps. */
  now(): number;
  /** Wall-clock time in milliseconds since 1970 (UTC): for what is written to files. It jumps when NTP sets it. */
  wall(): number;
}

/** The machine's clocks: CLOCK_MONOTONIC, and the wall clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
};
