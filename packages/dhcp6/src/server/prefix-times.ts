import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { LifetimePrefix, ServerConfig } from './config.ts';
import { lifetimes, renewalTimes } from './grant.ts';
import { stillValid } from './link.ts';

/** Milliseconds by which what is told is made anew early: times may have a fraction that gets lost. */
const MARGIN = 1;

/** A prefix of a link, or a delegation, with what clients are told of it now. */
export interface TimedPrefix {
  readonly network: Ipv6Address;
  readonly preferred: number;
  readonly valid: number;
}

/**
 * What the clients of a link, or those with prefixes, are told now: the same for all whose messages came together, so it is
 * made once for them.
 */
export class PrefixTimes {
  /** What a client has its place in; the same object as long as these are the same. */
  networks: readonly Ipv6Prefix[] = [];
  prefixes: readonly TimedPrefix[] = [];
  t1Seconds = 0;
  t2Seconds = 0;
  /** The longest valid lifetime. */
  validSeconds = 0;
  /** How many /64s there are in each of the delegations. */
  room = 0;
  /** There is something to be told, and all of it is in force and fits its fields. */
  isUsable = false;
  readonly #config: ServerConfig;
  readonly #all: readonly LifetimePrefix[];
  #valid: readonly LifetimePrefix[] | undefined;
  /** Before this time all of it is the same; -Infinity when that is not known. */
  #until = -Infinity;

  constructor(config: ServerConfig, all: readonly LifetimePrefix[]) {
    this.#config = config;
    this.#all = all;
  }

  /** Makes it what is told at this time, which is not before the last one. */
  update(now: number): void {
    if (now < this.#until) return;
    const config = this.#config;
    const valid = stillValid(this.#all, now);
    if (valid.length !== this.#valid?.length || valid.some((prefix, at) => prefix !== this.#valid?.[at])) {
      this.networks = valid.map(({ prefix }) => prefix);
      this.room = Math.min(...this.networks.map(({ length }) => 2 ** (64 - length)));
      this.#valid = valid;
    }
    this.prefixes = valid.map((each) => ({ network: each.prefix.network, ...lifetimes(config, each, now) }));
    this.validSeconds = Math.max(...this.prefixes.map((each) => each.valid));
    const { t1Seconds, t2Seconds } = renewalTimes(config, valid, now);
    this.t1Seconds = t1Seconds;
    this.t2Seconds = t2Seconds;
    this.#until = Math.min(...valid.map((each) => unchangedUntil(config, each, now)));
    this.isUsable =
      valid.length > 0 && this.prefixes.every((each) => isU32(each.preferred) && isU32(each.valid) && each.valid > 0);
  }
}

/** Before this time a client is told the same lifetimes of a prefix that is valid as now. */
function unchangedUntil(
  { preferredLifetimeSeconds, validLifetimeSeconds }: ServerConfig,
  { preferredUntil, validUntil }: LifetimePrefix,
  now: number,
): number {
  const change = (until: number, most: number): number => {
    const seconds = Math.min(Math.floor((until - now) / 1000), most);
    return seconds < 0 || until === Infinity ? Infinity : until - Math.max(seconds, 1) * 1000 - MARGIN;
  };
  return Math.min(change(preferredUntil, preferredLifetimeSeconds), change(validUntil, validLifetimeSeconds));
}

function isU32(value: number): boolean {
  return value >>> 0 === value;
}
