/** RFC 4862 section 5.5.3 e): what an advertisement alone cannot cut below. */
const TWO_HOURS_MS = 7_200_000;

/**
 * When an address becomes invalid after another advertisement of its prefix (RFC 4862 section 5.5.3 e), so that a forged
 * one cannot take it away at once. Advertisements here are not authenticated.
 *
 * @param until when it would have become so, in monotonic milliseconds
 * @param received when it is to become so by the advertisement
 */
export function addressValidUntil(until: number, received: number, now: number): number {
  // "1. If the received Valid Lifetime is greater than 2 hours or greater than RemainingLifetime, set the valid lifetime of
  // the corresponding address to the advertised Valid Lifetime."
  if (received - now > TWO_HOURS_MS || received > until) return received;
  // "2. If RemainingLifetime is less than or equal to 2 hours, ignore the Prefix Information option with regards to the
  // valid lifetime".
  if (until - now <= TWO_HOURS_MS) return until;
  // "3. Otherwise, reset the valid lifetime of the corresponding address to 2 hours."
  return now + TWO_HOURS_MS;
}
