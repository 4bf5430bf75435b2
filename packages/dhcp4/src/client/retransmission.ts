import type { ClientRetryPolicy } from './config.ts';

/**
 * How long to wait for an answer to the n-th message of an exchange, in milliseconds (RFC 2131 section 4.1).
 *
 * "the delay before the first retransmission SHOULD be 4 seconds randomized by the value of a uniform random number
 * chosen from the range -1 to +1 [...] The delay before the next retransmission SHOULD be 8 seconds [...] The
 * retransmission delay SHOULD be doubled with subsequent retransmissions up to a maximum of 64 seconds."
 *
 * @param sent messages sent so far in this exchange, 1 after the first
 */
export function retransmissionDelay(policy: ClientRetryPolicy, sent: number, random: () => number): number {
  // The exponent is bounded as well: 2^1100 is Infinity, and a client may be left alone for years.
  const doubled = policy.initialMs * 2 ** Math.min(Math.max(sent - 1, 0), 30);
  const jitter = (2 * random() - 1) * policy.jitterMs;
  return Math.max(Math.min(doubled, policy.maximumMs) + jitter, LEAST_DELAY_MS);
}

/**
 * How long to wait for an answer in RENEWING (`end` is T2) or REBINDING (`end` is the lease's end), in milliseconds.
 *
 * RFC 2131 section 4.4.5: "the client SHOULD wait one-half of the remaining time until T2 (in RENEWING state) and
 * one-half of the remaining lease time (in REBINDING state), down to a minimum of 60 seconds, before retransmitting".
 * A lease without end has no half: there it is {@link ENDLESS_RENEW_DELAY_MS}.
 */
export function renewalDelay(policy: ClientRetryPolicy, now: number, end: number): number {
  if (end === Number.POSITIVE_INFINITY) return Math.max(ENDLESS_RENEW_DELAY_MS, policy.minimumRenewMs);
  return Math.max((end - now) / 2, policy.minimumRenewMs, LEAST_DELAY_MS);
}

/**
 * How long to stay in INIT after the n-th refusal in a row, in milliseconds. RFC 2131 says nothing about it: the first
 * DHCPNAK is an ordinary event (the cable was moved), and DISCOVER follows at once; a server that goes on refusing
 * what it has just offered gets 1, 2, 4, ... 64 s.
 *
 * @param refusals DHCPNAKs since the last lease, 1 for the first
 */
export function refusalDelay(policy: ClientRetryPolicy, refusals: number): number {
  if (refusals <= 1) return 0;
  return Math.min(1000 * 2 ** Math.min(refusals - 2, 30), Math.max(policy.maximumMs, 1000));
}

/** No policy, however odd, makes the client send without a pause. */
const LEAST_DELAY_MS = 100;

/** Wait between attempts to renew, on request, a lease that never ends. */
const ENDLESS_RENEW_DELAY_MS = 3_600_000;
