import { EncodeError } from '@router7/wire';

/** A default router's or a route's preference (RFC 4191 section 2.1): a two-bit signed number, here as its bits. */
export const Preference = { medium: 0, high: 1, low: 3 } as const;

/** A value of {@link Preference}; the fourth, 2, is reserved and never comes out of a decoder. */
export type Preference = (typeof Preference)[keyof typeof Preference];

/** The bits that a preference may not have: "Reserved - MUST NOT be sent". */
const RESERVED = 2;

/** Reads two bits, or undefined for the reserved value, which fields differ about. */
export function preferenceOf(bits: number): Preference | undefined {
  return bits === RESERVED ? undefined : (bits as Preference);
}

/** The bits of a preference. @throws EncodeError `bad-value` when it is none, which the types rule out */
export function preferenceBits(preference: Preference): number {
  if (!(preference === 0 || preference === 1 || preference === 3)) {
    throw new EncodeError('bad-value', `${preference} is not a preference`);
  }
  return preference;
}
