import { type OptionHolder, optionValue } from '../message.ts';

/** Section 21.24 and 21.25: values outside of these are ignored. Seconds. */
const LEAST = 60;
const MOST = 86_400;

/** SOL_MAX_RT and INF_MAX_RT, by the exchange that they bound. */
type Bounded = 'solicit' | 'informationRequest';

/**
 * How rarely a server wants to be asked (RFC 7083, RFC 9915 sections 21.24 and 21.25).
 *
 * Section 18.2.9: "A client SHOULD only update its SOL_MAX_RT and INF_MAX_RT values if all received Advertise messages
 * that contained the corresponding option specified the same value; otherwise, it should use the default value".
 */
export class MaximumTimes {
  readonly #seconds: Partial<Record<Bounded, number>> = {};
  readonly #advertised: Record<Bounded, Set<number>> = { solicit: new Set(), informationRequest: new Set() };

  /** MRT in milliseconds, unless none was told. */
  of(exchange: Bounded): number | undefined {
    const seconds = this.#seconds[exchange];
    return seconds === undefined ? undefined : 1000 * seconds;
  }

  /** A new round of Advertises begins. */
  begin(): void {
    for (const values of Object.values(this.#advertised)) values.clear();
  }

  /** Takes what an Advertise says, be it of use or not. */
  advertised(message: OptionHolder): void {
    for (const [exchange, seconds] of said(message)) {
      const values = this.#advertised[exchange];
      // More than one is a contradiction already.
      if (values.size < 2) values.add(seconds);
      if (values.size === 1) this.#seconds[exchange] = seconds;
      else delete this.#seconds[exchange];
    }
  }

  /** Takes what a Reply says. */
  replied(message: OptionHolder): void {
    for (const [exchange, seconds] of said(message)) this.#seconds[exchange] = seconds;
  }
}

function said(message: OptionHolder): [Bounded, number][] {
  const all: [Bounded, number | undefined][] = [
    ['solicit', optionValue(message, 'solMaxRt')],
    ['informationRequest', optionValue(message, 'infMaxRt')],
  ];
  return all.filter((pair): pair is [Bounded, number] => pair[1] !== undefined && pair[1] >= LEAST && pair[1] <= MOST);
}
