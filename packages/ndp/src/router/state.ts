import type { RouterConfig } from './config.ts';

/*
 * When advertisements are sent to all nodes (RFC 4861 sections 6.2.4 to 6.2.6).
 *
 *   advertising --- cease ---> ceasing --- the final advertisement ---> ceased
 *
 * In `advertising` two deadlines run beside each other: the interval timer, and the answer to solicitations that have come.
 * Either one sends, and each sending starts the interval timer anew and is the answer to whoever waits.
 */

/** The longest interval between the first advertisements (section 10, like the others). */
const MAX_INITIAL_RTR_ADVERT_INTERVAL_MS = 16_000;
/** How many are first ones. */
const MAX_INITIAL_RTR_ADVERTISEMENTS = 3;
/** The least time between two that all nodes get. */
const MIN_DELAY_BETWEEN_RAS_MS = 3000;
/** The longest time that a solicitation waits for its answer, apart from that. */
const MAX_RA_DELAY_TIME_MS = 500;
/** Of which this may pass until the engine hears of it, and until the answer has left. */
const HANDLING_MS = 30;
/** The longest delay that is chosen at random. */
export const LONGEST_DELAY_MS: number = MAX_RA_DELAY_TIME_MS - HANDLING_MS;

/** What the router is about to do; times are monotonic milliseconds. */
export type RouterState =
  | {
      readonly kind: 'advertising';
      /** The interval timer. */
      readonly nextAt: number;
      /** When all nodes get the answer to solicitations; undefined when there are none. */
      readonly answerAt: number | undefined;
      /** How many of the first advertisements, or the first after a change, are still to come. */
      readonly initialLeft: number;
    }
  | { readonly kind: 'ceasing'; readonly finalAt: number }
  | { readonly kind: 'ceased' };

type Advertising = Extract<RouterState, { readonly kind: 'advertising' }>;
type Intervals = Pick<RouterConfig, 'minRtrAdvIntervalSeconds' | 'maxRtrAdvIntervalSeconds'>;

/**
 * The first advertisements are due: the interface becomes an advertising one, or what it advertises has changed. "In such
 * cases, the router MAY transmit up to MAX_INITIAL_RTR_ADVERTISEMENTS unsolicited advertisements, using the same rules as
 * when an interface becomes an advertising interface" (6.2.4): hosts are to hear of a change at once.
 *
 * @param lastAt when all nodes got the last one
 * @param count how many of them
 */
export function announce(lastAt: number, now: number, count: number = MAX_INITIAL_RTR_ADVERTISEMENTS): Advertising {
  return { kind: 'advertising', nextAt: earliest(lastAt, now), answerAt: undefined, initialLeft: count };
}

/** All nodes have got an advertisement. */
export function afterMulticast(
  state: Advertising,
  intervals: Intervals,
  random: () => number,
  now: number,
): Advertising {
  const { minRtrAdvIntervalSeconds: min, maxRtrAdvIntervalSeconds: max } = intervals;
  // "Whenever a multicast advertisement is sent from an interface, the timer is reset to a uniformly distributed random value
  // between the interface's configured MinRtrAdvInterval and MaxRtrAdvInterval".
  const interval = (min + random() * (max - min)) * 1000;
  const initialLeft = Math.max(state.initialLeft - 1, 0);
  // "if the randomly chosen interval is greater than MAX_INITIAL_RTR_ADVERT_INTERVAL, the timer SHOULD be set to
  // MAX_INITIAL_RTR_ADVERT_INTERVAL instead" for the first few.
  const nextAt = now + (initialLeft > 0 ? Math.min(interval, MAX_INITIAL_RTR_ADVERT_INTERVAL_MS) : interval);
  return { kind: 'advertising', nextAt, answerAt: undefined, initialLeft };
}

/** A solicitation has come that all nodes get the answer to (6.2.6). */
export function solicited(state: Advertising, lastAt: number, random: () => number, now: number): Advertising {
  // "If a single advertisement is sent in response to multiple solicitations, the delay is relative to the first solicitation."
  if (state.answerAt !== undefined) return state;
  // "MUST be delayed by a random time between 0 and MAX_RA_DELAY_TIME seconds".
  const delay = random() * LONGEST_DELAY_MS;
  // "If the router sent a multicast Router Advertisement (solicited or unsolicited) within the last MIN_DELAY_BETWEEN_RAS
  // seconds, schedule the advertisement to be sent at a time corresponding to MIN_DELAY_BETWEEN_RAS plus the random value
  // after the previous advertisement was sent."
  const answerAt = earliest(lastAt, now) + delay;
  // "If the computed value corresponds to a time later than the time the next multicast Router Advertisement is scheduled to
  // be sent, ignore the random delay and send the advertisement at the already-scheduled time."
  return { ...state, answerAt: Math.min(answerAt, state.nextAt) };
}

/** No advertisements any more after a final one (6.2.5), which keeps its distance like any other. */
export function cease(lastAt: number, now: number): RouterState {
  return { kind: 'ceasing', finalAt: earliest(lastAt, now) };
}

/** When all nodes get the next one; undefined when they get none any more. */
export function multicastAt(state: RouterState): number | undefined {
  switch (state.kind) {
    case 'advertising':
      return Math.min(state.nextAt, state.answerAt ?? state.nextAt);
    case 'ceasing':
      return state.finalAt;
    case 'ceased':
      return undefined;
  }
}

/** "consecutive Router Advertisements sent to the all-nodes multicast address MUST be rate limited" (6.2.6). */
function earliest(lastAt: number, now: number): number {
  return Math.max(now, lastAt + MIN_DELAY_BETWEEN_RAS_MS);
}
