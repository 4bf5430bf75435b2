/** Which server's Advertise is taken (RFC 9915 section 18.2.9, D6C-08). */
import { bytesEqual } from '@router7/wire';
import { optionValue } from '../message.ts';
import type { ClientServerMessage } from '../option.ts';
import { StatusCode } from '../status-code.ts';
import type { IaWish } from './client-message.ts';
import type { ClientConfig } from './config.ts';
import { type IaAnswer, iaAnswer, refusalOf, type WantedIa } from './ia-answer.ts';

/** What one server would give. */
export interface Advertise {
  readonly serverIdentifier: Uint8Array;
  /** Option 7; 0 when it is absent (section 21.8). */
  readonly preference: number;
  /** By wanted IA, in their order. */
  readonly answers: readonly IaAnswer[];
  /** How many options it has besides: of two servers that give the same, the one that tells more is the better one. */
  readonly options: number;
}

/** Advertises that are compared at most: a hostile link cannot fill the memory. */
const MOST_ADVERTISES = 16;

/** Option 7's value that ends the wait for other servers (section 18.2.1). */
export const HIGHEST_PREFERENCE = 255;

/** Reads an Advertise. */
export function advertiseFrom(
  message: ClientServerMessage,
  serverIdentifier: Uint8Array,
  wanted: readonly WantedIa[],
): Advertise {
  return {
    serverIdentifier,
    preference: optionValue(message, 'preference') ?? 0,
    answers: wanted.map((ia) => iaAnswer(message, ia)),
    options: message.options.length,
  };
}

/**
 * Whether there is anything in it to ask for. Section 18.2.9: "The client MUST ignore any Advertise message that contains
 * no addresses [...] and no delegated prefixes".
 */
export function isUsable(advertise: Advertise, config: ClientConfig): boolean {
  const gives = (kind: string): boolean => countOf(advertise, kind) > 0;
  if (config.addressPolicy === 'force' && config.addresses.length > 0) return gives('iaNa');
  return gives('iaPd') || gives('iaNa');
}

/** Whether the server has refused a prefix: another hint may be more to its liking (D6C-13). */
export function refusesPrefix(message: ClientServerMessage, advertise: Advertise): boolean {
  const status = [...refusalOf(message), ...advertise.answers.flatMap(({ refusals }) => refusals)];
  const refused = status.some((refusal) => refusal.status === StatusCode.noPrefixAvail);
  const prefixes = advertise.answers.filter(({ ia }) => ia.kind === 'iaPd');
  return refused || (prefixes.length > 0 && prefixes.every(({ leases }) => leases.length === 0));
}

/** Adds an Advertise to those collected; of one server the latest counts. */
export function addAdvertise(advertises: readonly Advertise[], advertise: Advertise): readonly Advertise[] {
  const others = advertises.filter((other) => !bytesEqual(other.serverIdentifier, advertise.serverIdentifier));
  return others.length >= MOST_ADVERTISES ? others : [...others, advertise];
}

/**
 * The best one. Section 18.2.9: "Those Advertise messages with the highest server preference value SHOULD be preferred
 * over all other Advertise messages. The client MAY choose a less preferred server if that server has a better set of
 * advertised parameters, such as the available set of IAs".
 *
 * So: a server that has not failed before one that has; one that delegates a prefix, without which there is no network to
 * give on; preference; how many of the IAs are served; the leases that were held before; the larger prefix; more options;
 * and the earlier one.
 *
 * @param failuresOf how often a server has advertised and then refused or gone silent
 * @param wishes what was asked for
 */
export function chooseAdvertise(
  advertises: readonly Advertise[],
  failuresOf: (serverIdentifier: Uint8Array) => number,
  wishes: readonly IaWish[],
): Advertise | undefined {
  const rank = (advertise: Advertise): readonly number[] => [
    -failuresOf(advertise.serverIdentifier),
    countOf(advertise, 'iaPd') > 0 ? 1 : 0,
    advertise.preference,
    countOf(advertise, 'iaPd') + countOf(advertise, 'iaNa'),
    matches(advertise, wishes),
    -shortestPrefix(advertise),
    advertise.options,
  ];
  let best: Advertise | undefined;
  let bestRank: readonly number[] = [];
  for (const advertise of advertises) {
    const ownRank = rank(advertise);
    if (best === undefined || isAbove(ownRank, bestRank)) {
      best = advertise;
      bestRank = ownRank;
    }
  }
  return best;
}

/** How many IAs of a kind it has leases for. */
function countOf(advertise: Advertise, kind: string): number {
  return advertise.answers.filter(({ ia, leases }) => ia.kind === kind && leases.length > 0).length;
}

function matches(advertise: Advertise, wishes: readonly IaWish[]): number {
  let count = 0;
  for (const [i, { leases }] of advertise.answers.entries()) {
    const wished = wishes[i]?.leases ?? [];
    count += leases.filter(({ prefix }) => wished.some((wish) => wish.equals(prefix))).length;
  }
  return count;
}

function shortestPrefix(advertise: Advertise): number {
  const prefixes = advertise.answers.filter(({ ia }) => ia.kind === 'iaPd').flatMap(({ leases }) => leases);
  return Math.min(128, ...prefixes.map(({ prefix }) => prefix.length));
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}
