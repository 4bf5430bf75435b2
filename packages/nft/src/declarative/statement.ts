import { EncodeError } from '@router7/wire';
import type { Expression } from '../expression.ts';
import type { Scalar } from './value-type.ts';

/** A fate for the packet, or something done with it on its way; plain data. */
export type Statement =
  | { readonly statement: 'accept' | 'drop' | 'continue' | 'return' | 'notrack' }
  | { readonly statement: 'jump' | 'goto'; readonly chain: string }
  | { readonly statement: 'counter'; readonly counter?: string }
  | { readonly statement: 'limit'; readonly limit: RateLimit }
  | { readonly statement: 'log'; readonly log: LogOptions }
  | { readonly statement: 'masquerade'; readonly options: NatOptions }
  | { readonly statement: 'dnat' | 'snat'; readonly address: Scalar; readonly options: NatOptions }
  | { readonly statement: 'redirect'; readonly options: NatOptions }
  | { readonly statement: 'reject'; readonly reason?: RejectReason }
  | { readonly statement: 'set'; readonly field: 'meta.mark' | 'ct.mark'; readonly value: number }
  | { readonly statement: 'clamp-mss'; readonly size: number | 'route' }
  | { readonly statement: 'expressions'; readonly expressions: readonly Expression[] }
  | { readonly statement: 'comment'; readonly text: string };

/** A token bucket. */
export interface RateLimit {
  /** Packets, or octets with `unit`. */
  readonly rate: number;
  readonly per: 'second' | 'minute' | 'hour' | 'day' | 'week';
  /** Packets (5 when absent) or octets (0 when absent) that may come at once. */
  readonly burst?: number;
  readonly unit?: 'packets' | 'bytes';
  /** Goes on for what exceeds the rate, not for what keeps to it. */
  readonly over?: boolean;
}

/** What is written to the kernel's log, or with `group` to a listener on NFLOG. */
export interface LogOptions {
  readonly prefix?: string;
  readonly level?: 'emerg' | 'alert' | 'crit' | 'err' | 'warn' | 'notice' | 'info' | 'debug' | 'audit';
  readonly group?: number;
}

/** How ports are chosen. */
export interface NatOptions {
  /** `8080` or `8040-8060`; the rule has to have matched a transport protocol. */
  readonly port?: number | string;
  readonly random?: boolean;
  readonly fullyRandom?: boolean;
  readonly persistent?: boolean;
}

/** What the sender is told; `icmpx` in a table of the family inet fits both IP versions. */
export type RejectReason = 'tcp reset' | `icmp ${string}` | `icmpv6 ${string}` | `icmpx ${string}`;

/** `accept`: the packet passes this hook's chain. */
export function accept(): Statement {
  return { statement: 'accept' };
}

/** `drop`: the packet is gone. */
export function drop(): Statement {
  return { statement: 'drop' };
}

/** `jump chain`: the rules of another chain, then back. */
export function jump(chain: string): Statement {
  return { statement: 'jump', chain };
}

/** `goto chain`: the rules of another chain, without coming back. */
export function goTo(chain: string): Statement {
  return { statement: 'goto', chain };
}

/** `return`: back to the chain that jumped here, or to the policy. */
export function returnToCaller(): Statement {
  return { statement: 'return' };
}

/** `counter`, or with a name `counter name "x"`: counts packets and octets. */
export function counter(name?: string): Statement {
  return { statement: 'counter', ...(name !== undefined && { counter: name }) };
}

/** `limit rate 10/second burst 5 packets`. */
export function limit(rate: RateLimit): Statement {
  return { statement: 'limit', limit: rate };
}

/** `log prefix "..." level ...`. */
export function log(options: LogOptions = {}): Statement {
  return { statement: 'log', log: options };
}

/** `masquerade`: the source becomes this host's address on the way out. */
export function masquerade(options: NatOptions = {}): Statement {
  return { statement: 'masquerade', options };
}

/** `dnat to address[:port]`. */
export function dnat(address: Scalar, options: NatOptions = {}): Statement {
  return { statement: 'dnat', address, options };
}

/** `snat to address[:port]`. */
export function snat(address: Scalar, options: NatOptions = {}): Statement {
  return { statement: 'snat', address, options };
}

/** `redirect [to :port]`: the destination becomes this host. */
export function redirect(options: NatOptions = {}): Statement {
  return { statement: 'redirect', options };
}

/** `reject [with ...]`; without a reason ICMP port unreachable. */
export function reject(reason?: RejectReason): Statement {
  return { statement: 'reject', ...(reason !== undefined && { reason }) };
}

/** `meta mark set 5`, `ct mark set 5`. */
export function setMark(field: 'meta.mark' | 'ct.mark', value: number): Statement {
  return { statement: 'set', field, value };
}

/** `tcp option maxseg size set rt mtu`, or a number: no larger segments than the way lets through. */
export function clampMss(size: number | 'route' = 'route'): Statement {
  return { statement: 'clamp-mss', size };
}

/** `notrack`. */
export function notrack(): Statement {
  return { statement: 'notrack' };
}

/** Expressions as they are, for what has no words here. */
export function expressions(...list: readonly Expression[]): Statement {
  return { statement: 'expressions', expressions: list };
}

/** `comment "..."`, 127 octets at most: it says nothing to the kernel. */
export function comment(text: string): Statement {
  return { statement: 'comment', text };
}

/** First and last port of `8080` or `8040-8060`. @throws EncodeError `bad-value` */
export function portRange(port: number | string): { first: number; last: number } {
  const parsed = /^(\d+)(?:-(\d+))?$/.exec(String(port));
  const first = Number(parsed?.[1]);
  const last = Number(parsed?.[2] ?? first);
  if (!(first >= 0 && last >= first && last <= 0xffff)) {
    throw new EncodeError('bad-value', `${JSON.stringify(port)} is no port and no range of ports`);
  }
  return { first, last };
}
