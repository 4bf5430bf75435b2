/** A default router's or a route's preference (RFC 4191 section 2.1): a two-bit signed number, here as its bits. */
export const Preference = { medium: 0, high: 1, low: 3 } as const;

/** A value of {@link Preference}; the fourth, 2, is reserved and never comes out of a decoder. */
export type Preference = (typeof Preference)[keyof typeof Preference];
