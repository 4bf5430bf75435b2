import type { SolicitationPolicy } from './config.ts';

/**
 * Asking for advertisements (RFC 4861 section 6.3.7 with the back-off of RFC 7559 section 2).
 *
 * ```
 *           carrier            delay over         RT over
 *   silent ---------> delayed ----------> waiting --------> waiting
 *                                            |  advertisement with a lifetime
 *                                            v
 *                                          silent
 * ```
 *
 * Deliberate deviation: it starts over when the last default router's lifetime is over, too.
 */
export type Solicitation =
  /** Nothing to ask, or nobody to be asked. */
  | { readonly kind: 'silent' }
  /** "Before a host sends an initial solicitation, it SHOULD delay the transmission for a random amount of time". */
  | { readonly kind: 'delayed'; readonly sendAt: number }
  /** One was sent, and the next follows unless it is answered. */
  | { readonly kind: 'waiting'; readonly retransmissionMs: number; readonly sendAt: number };

/** The state before the first solicitation. */
export function delayed(policy: SolicitationPolicy, random: () => number, now: number): Solicitation {
  return { kind: 'delayed', sendAt: now + random() * policy.maximumDelayMs };
}

/**
 * The state after a solicitation was sent. RFC 7559 section 2 has the algorithm of RFC 8415 section 15 with IRT 4 s, MRT
 * 3600 s, and no end: RT = IRT + RAND*IRT at first, then 2*RTprev + RAND*RTprev, at most MRT + RAND*MRT.
 */
export function afterSending(
  before: Solicitation,
  policy: SolicitationPolicy,
  random: () => number,
  now: number,
): Solicitation {
  const factor = (2 * random() - 1) * 0.1;
  const { initialRetransmissionMs: initial, maximumRetransmissionMs: maximum } = policy;
  let retransmissionMs = initial + factor * initial;
  if (before.kind === 'waiting') {
    retransmissionMs = 2 * before.retransmissionMs + factor * before.retransmissionMs;
    if (retransmissionMs > maximum) retransmissionMs = maximum + factor * maximum;
  }
  return { kind: 'waiting', retransmissionMs, sendAt: now + retransmissionMs };
}
