/** What a message of a server says about an IA that was asked for (RFC 9915 sections 18.2.10.1, 21.4, 21.6, 21.21, 21.22). */
import { Ipv6Prefix } from '@router7/wire';
import { type OptionHolder, optionValue, optionValues, statusOf } from '../message.ts';
import type { IaNa } from '../option.ts';
import { excludedPrefix } from '../options/pd-exclude.ts';
import { StatusCode } from '../status-code.ts';
import { type Lifetimes, secondsOf } from './lease-times.ts';

/** Kinds of IAs that this client asks for, by their options' names. */
export type IaKind = 'iaPd' | 'iaNa';

/** An IA that the client wants to have. */
export interface WantedIa {
  readonly kind: IaKind;
  readonly iaid: number;
}

/** A lease that a server offers or grants. */
export interface GrantedLease extends Lifetimes {
  /** Without host bits; an address has length 128. */
  readonly prefix: Ipv6Prefix;
  readonly excluded: Ipv6Prefix | undefined;
}

/** How something went that is no success. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** What a server says about an IA. */
export interface IaAnswer {
  readonly ia: WantedIa;
  /** Nothing at all: the IA is not there, or it is one that has to be discarded. */
  readonly absent: boolean;
  /** T1 as it came. */
  readonly t1Seconds: number;
  /** T2 as it came. */
  readonly t2Seconds: number;
  /** Leases that can be used. */
  readonly leases: readonly GrantedLease[];
  /** Leases with a valid lifetime of 0. */
  readonly withdrawn: readonly Ipv6Prefix[];
  /** Of the IA itself, and of the leases in it. */
  readonly refusals: readonly Refusal[];
}

/** Leases of one IA that are looked at: a server cannot fill the memory. */
export const MOST_LEASES = 16;

/** Reads what a message says about an IA. Several options with its IAID: the first that is valid counts. */
export function iaAnswer(message: OptionHolder, ia: WantedIa): IaAnswer {
  for (const option of optionValues(message, ia.kind)) {
    if (option.iaid !== ia.iaid) continue;
    // Section 21.4 (and 21.21): "If a client receives an IA_NA with T1 greater than T2 and both T1 and T2 are greater
    // than 0, the client discards the IA_NA option and processes the remainder of the message as though the server had
    // not included the invalid IA_NA option."
    if (option.t1Seconds > option.t2Seconds && option.t2Seconds > 0) continue;
    return answerOf(ia, option);
  }
  return { ia, absent: true, t1Seconds: 0, t2Seconds: 0, leases: [], withdrawn: [], refusals: [] };
}

function answerOf(ia: WantedIa, option: IaNa): IaAnswer {
  const leases: GrantedLease[] = [];
  const withdrawn: Ipv6Prefix[] = [];
  const refusals = refusalOf(option);
  const failed = refusals.length > 0;
  const seen = new Set<string>();
  for (const lease of leasesIn(ia.kind, option).slice(0, MOST_LEASES)) {
    const { prefix, preferredSeconds, validSeconds, holder } = lease;
    if (!isUsable(ia.kind, prefix) || seen.has(prefix.toString())) continue;
    seen.add(prefix.toString());
    const inside = refusalOf(holder);
    refusals.push(...inside);
    // Section 21.6 (and 21.22): "The client MUST discard any addresses for which the preferred lifetime is greater than
    // the valid lifetime."
    if (preferredSeconds > validSeconds) continue;
    // Section 18.2.10.1: "Discard any leases from the IA, as recorded by the client, that have a valid lifetime of 0".
    if (validSeconds === 0) withdrawn.push(prefix);
    // D6C-10: what an operation on one prefix came to stands in that prefix (section 21.22).
    else if (inside.length === 0 && !failed) leases.push(lease);
  }
  return { ia, absent: false, t1Seconds: option.t1Seconds, t2Seconds: option.t2Seconds, leases, withdrawn, refusals };
}

function leasesIn(kind: IaKind, option: IaNa): (GrantedLease & { readonly holder: OptionHolder })[] {
  if (kind === 'iaNa') {
    return optionValues(option, 'iaAddress').map((holder) => ({
      prefix: new Ipv6Prefix(holder.address, 128),
      excluded: undefined,
      ...lifetimesOf(holder),
      holder,
    }));
  }
  return optionValues(option, 'iaPrefix').map((holder) => {
    const prefix = new Ipv6Prefix(holder.prefix.network, holder.prefix.length);
    const exclude = optionValue(holder, 'pdExclude');
    const excluded = exclude === undefined ? undefined : excludedPrefix(prefix, exclude);
    return { prefix, excluded, ...lifetimesOf(holder), holder };
  });
}

function lifetimesOf(lease: {
  readonly preferredLifetimeSeconds: number;
  readonly validLifetimeSeconds: number;
}): Lifetimes {
  return {
    preferredSeconds: secondsOf(lease.preferredLifetimeSeconds),
    validSeconds: secondsOf(lease.validLifetimeSeconds),
  };
}

/** Whether it can be routed to: not ::/0, loopback, link-local or multicast. */
function isUsable(kind: IaKind, { address, length }: Ipv6Prefix): boolean {
  if (kind === 'iaPd' && (length === 0 || length > 127)) return false;
  return !address.isUnspecified && !address.isLoopback && !address.isLinkLocal && !address.isMulticast;
}

/** The status of a message, an IA or a lease when it is no success. */
export function refusalOf(holder: OptionHolder): Refusal[] {
  const status = statusOf(holder);
  if (status === StatusCode.success) return [];
  return [{ status, message: optionValue(holder, 'statusCode')?.message ?? '' }];
}
