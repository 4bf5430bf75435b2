import type { Ipv6Address } from '@router7/wire';
import { optionValue, optionValues, type RouterAdvertisement } from '../message.ts';
import type { RouterConfig } from './config.ts';
import { networkText } from './lasting-option.ts';
import { INFINITE_LIFETIME, secondsAt } from './lifetime.ts';

/** "such comparison SHOULD allow some time skew". */
const SKEW_SECONDS = 10;
/** Routers that are told apart: more of them on one link are not a home's. */
const MOST_ROUTERS = 16;
/** Who was silent for so long is gone, milliseconds: twice the longest interval of RFC 4861 section 6.2.1. */
const FORGET_AFTER_MS = 2 * 1800 * 1000;

/** Compares what other routers advertise with what this one does (RFC 4861 section 6.2.7). */
export class ConsistencyCheck {
  /** What was told of each router, and when it was heard; who was heard longest ago comes first. */
  readonly #told = new Map<bigint, { readonly text: string; readonly heardAt: number }>();

  /** @returns the variables that differ; undefined when there are none, or when they have been told */
  check(config: RouterConfig, router: Ipv6Address, message: RouterAdvertisement, now: number): string[] | undefined {
    const variables = inconsistencies(config, message, now);
    const text = variables.join(' ');
    this.#forget(now);
    const before = this.#told.get(router.value);
    if (before === undefined && (text === '' || this.#told.size >= MOST_ROUTERS)) return undefined;
    this.#told.delete(router.value);
    this.#told.set(router.value, { text, heardAt: now });
    return text === '' || text === before?.text ? undefined : variables;
  }

  /** Makes room: routers that are long gone must not keep the news of another one away. */
  #forget(now: number): void {
    for (const [router, { heardAt }] of this.#told) {
      if (heardAt > now - FORGET_AFTER_MS) return;
      this.#told.delete(router);
    }
  }
}

/**
 * What makes hosts "switch from one value to another with each received advertisement": "the minimum set of information to
 * check", where 0 leaves it to the hosts.
 */
function inconsistencies(config: RouterConfig, message: RouterAdvertisement, now: number): string[] {
  const differing: string[] = [];
  const compare = (name: string, own: number, theirs: number): void => {
    if (own !== 0 && theirs !== 0 && own !== theirs) differing.push(name);
  };
  compare('curHopLimit', config.curHopLimit, message.curHopLimit);
  if (config.managedAddressConfiguration !== message.managedAddressConfiguration) {
    differing.push('managedAddressConfiguration');
  }
  if (config.otherConfiguration !== message.otherConfiguration) differing.push('otherConfiguration');
  compare('reachableTimeMilliseconds', config.reachableTimeMilliseconds, message.reachableTimeMilliseconds);
  compare('retransTimerMilliseconds', config.retransTimerMilliseconds, message.retransTimerMilliseconds);
  compare('linkMtu', config.linkMtu, optionValue(message, 'mtu') ?? 0);
  for (const theirs of optionValues(message, 'prefixInformation')) {
    const network = networkText(theirs.prefix);
    const own = config.prefixes.find(({ prefix }) => networkText(prefix) === network);
    if (own === undefined) continue;
    // Counting down or not, at this moment both should say the same: what is left.
    const valid = secondsAt(own.valid, now);
    if (apart(valid, theirs.validLifetimeSeconds)) differing.push(`${network} valid`);
    if (apart(Math.min(secondsAt(own.preferred, now), valid), theirs.preferredLifetimeSeconds)) {
      differing.push(`${network} preferred`);
    }
  }
  return differing;
}

function apart(a: number, b: number): boolean {
  if (a === INFINITE_LIFETIME || b === INFINITE_LIFETIME) return a !== b;
  return Math.abs(a - b) > SKEW_SECONDS;
}
