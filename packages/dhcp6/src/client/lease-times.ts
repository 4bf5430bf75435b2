/** 0xffffffff stands for ever, in lifetimes and in T1 and T2 (RFC 9915 section 7.7). */
export const INFINITE_SECONDS = 0xffff_ffff;

/** Shortest T1 that is believed: a server that grants leases of a second must not make the client spin. */
const SHORTEST_RENEWAL_SECONDS = 5;

/** T1 and T2 of an IA in seconds from when it came; Infinity is never. */
export interface IaTimes {
  readonly renewalSeconds: number;
  readonly rebindingSeconds: number;
}

/** Lifetimes of a lease in seconds from when it came; Infinity is for ever. */
export interface Lifetimes {
  readonly preferredSeconds: number;
  readonly validSeconds: number;
}

/** A time of the wire in seconds, for ever being Infinity. */
export function secondsOf(value: number): number {
  return value === INFINITE_SECONDS ? Number.POSITIVE_INFINITY : value;
}

/**
 * T1 and T2 of an IA, or undefined when it is to be discarded: section 21.4, "If a client receives an IA_NA with T1 greater
 * than T2 and both T1 and T2 are greater than 0, the client discards the IA_NA option".
 *
 * 0 leaves them to the client: half and four fifths of the shortest preferred lifetime, as section 21.4 recommends to
 * servers (D6C-06). A T1 that comes no sooner than the end of a lease is as good as none.
 *
 * @param t1Seconds as it came, 0 and {@link INFINITE_SECONDS} included
 * @param t2Seconds likewise
 * @param leases lifetimes of the IA's leases, none of them of no time at all
 */
export function iaTimes(t1Seconds: number, t2Seconds: number, leases: readonly Lifetimes[]): IaTimes | undefined {
  if (t1Seconds > t2Seconds && t2Seconds > 0) return undefined;
  const valid = Math.min(...leases.map(({ validSeconds }) => validSeconds));
  const preferred = Math.min(
    ...leases.map(({ preferredSeconds }) => preferredSeconds).filter((seconds) => seconds > 0),
  );
  // All are valid only any longer, or there is none: then what is left of that.
  const base = Math.min(preferred, valid);
  const given = (seconds: number): number | undefined => {
    if (seconds === 0) return undefined;
    const time = secondsOf(seconds);
    return time < valid || time === Number.POSITIVE_INFINITY ? time : undefined;
  };
  const t1 = given(t1Seconds);
  const t2 = given(t2Seconds);
  const renewal = t1 ?? (t2 === undefined ? 0.5 * base : Math.min(0.5 * base, 0.625 * t2));
  const renewalSeconds = Math.max(renewal, SHORTEST_RENEWAL_SECONDS);
  // A T1 that never comes is not before the end, and there is nothing behind it to take a part of.
  const behind = (time: number): number => (time < valid ? Math.max(0.8 * base, time + 0.6 * (valid - time)) : time);
  const rebinding = t2 ?? (t1 === undefined ? 0.8 * base : behind(t1));
  return { renewalSeconds, rebindingSeconds: Math.max(rebinding, renewalSeconds) };
}
