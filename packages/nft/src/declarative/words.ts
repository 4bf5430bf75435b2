import type { Expression } from '../expression.ts';
import type { MapEntries } from './anonymous-set.ts';
import type { Duration } from './duration.ts';
import type { TcpOptionName } from './field-name.ts';
import type { ObjectTypeName } from './map-data.ts';
import type { QuotaDefinition, RateLimit, SynproxyDefinition } from './object-definition.ts';
import type { ElementState } from './set-definition.ts';
import type {
  LogOptions,
  MapOperand,
  NatOptions,
  Operand,
  QueueOptions,
  RejectReason,
  Statement,
} from './statement.ts';
import type { Scalar } from './value-type.ts';

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

/** `tcp dport vmap { 22 : accept, 80-90 : jump web, * : drop }`, or with a name `tcp dport vmap @ports`. */
export function vmap(key: string, map: string | MapEntries): Statement {
  return { statement: 'vmap', key, map };
}

/** `tcp dport map @ports`: what a map leads to, for statements that use a value. */
export function map(key: string, entries: string | MapEntries): MapOperand {
  return { key, map: entries };
}

/** `counter`, or with a name `counter name "x"`: counts packets and octets. */
export function counter(name?: string): Statement {
  return { statement: 'counter', ...(name !== undefined && { counter: name }) };
}

/** `limit rate 10/second burst 5 packets`, or with a name `limit name "x"`. */
export function limit(rate: RateLimit | string): Statement {
  return typeof rate === 'string' ? named('limit', rate) : { statement: 'limit', limit: rate };
}

/** `quota over 25 mbytes`, or with a name `quota name "x"`. */
export function quota(bytes: QuotaDefinition | string): Statement {
  return typeof bytes === 'string' ? named('quota', bytes) : { statement: 'quota', quota: bytes };
}

/** `ct count over 5`: how many connections there are already that came to this rule. */
export function ctCount(count: number, options: { readonly over?: boolean } = {}): Statement {
  return { statement: 'ct-count', count, ...options };
}

/** `last`: notes when the rule was last used. */
export function last(): Statement {
  return { statement: 'last' };
}

/** `ct helper set "ftp"`: reads along for the connections that this one announces. */
export function ctHelper(name: string): Statement {
  return named('ct helper', name);
}

/** `ct timeout set "long"`. */
export function ctTimeout(name: string): Statement {
  return named('ct timeout', name);
}

/** `ct expectation set "voice"`. */
export function ctExpectation(name: string): Statement {
  return named('ct expectation', name);
}

/** `meta secmark set "ssh"`. */
export function secmark(name: string): Statement {
  return named('secmark', name);
}

/** `synproxy mss 1460 wscale 7 timestamp sack-perm`, or with a name `synproxy name "x"`. */
export function synproxy(options: SynproxyDefinition | string): Statement {
  return typeof options === 'string' ? named('synproxy', options) : { statement: 'synproxy', synproxy: options };
}

/** `counter name ip saddr map @counters`: uses the object that a map leads to. */
export function objectOf(type: ObjectTypeName, key: string, entries: string | MapEntries): Statement {
  return { statement: 'object', type, key, map: entries };
}

function named(type: ObjectTypeName, name: string): Statement {
  return { statement: 'object', type, name };
}

/** `log prefix "..." level ...`. */
export function log(options: LogOptions = {}): Statement {
  return { statement: 'log', log: options };
}

/** `masquerade`: the source becomes this host's address on the way out. */
export function masquerade(options: NatOptions = {}): Statement {
  return { statement: 'masquerade', options };
}

/**
 * `dnat to 10.0.0.1:80`, `dnat to 10.0.0.1-10.0.0.9`, and with a map `dnat to tcp dport map { 80 : 10.0.0.1 }`,
 * `dnat ip addr . port to tcp dport map @forwards`, `dnat to 10.0.0.1:tcp dport map { 8080 : 80 }`.
 */
export function dnat(address: Operand, options: NatOptions = {}): Statement {
  return { statement: 'dnat', address, options };
}

/** `snat to address[:port]`; the same forms as {@link dnat}. */
export function snat(address: Operand, options: NatOptions = {}): Statement {
  return { statement: 'snat', address, options };
}

/** `redirect [to :port]`: the destination becomes this host. */
export function redirect(options: NatOptions = {}): Statement {
  return { statement: 'redirect', options };
}

/** `tproxy to 127.0.0.1:8080`: a socket of this host gets it, without a change of addresses. */
export function tproxy(options: { readonly address?: Scalar; readonly port?: number }): Statement {
  return { statement: 'tproxy', ...options };
}

/** `dup to 10.0.0.1`: sends a copy. In a table of the family netdev only with `device`, an interface's index. */
export function dup(options: { readonly to?: Operand; readonly device?: Operand }): Statement {
  return { statement: 'dup', ...options };
}

/** `fwd to lan0`: sends it out by another interface, given by its index, at once. */
export function fwd(options: { readonly to?: Operand; readonly device: Operand }): Statement {
  return { statement: 'fwd', ...options };
}

/** `queue num 1-3 bypass`: a program in user space decides. */
export function queue(options: QueueOptions = {}): Statement {
  return { statement: 'queue', queue: options };
}

/** `reject [with ...]`; without a reason ICMP port unreachable. */
export function reject(reason?: RejectReason): Statement {
  return { statement: 'reject', ...(reason !== undefined && { reason }) };
}

/** `meta mark set 5`, `ip dscp set cs1`, `meta mark set ct mark and 0xff`, `tcp dport set 80`: writes a field. */
export function set(field: string, value: Operand): Statement {
  return { statement: 'set', field, value };
}

/** `meta mark set 5`, `ct mark set 5`. */
export function setMark(field: 'meta.mark' | 'ct.mark', value: Operand): Statement {
  return { statement: 'set', field, value };
}

/** `reset tcp option sack-perm`: writes over it, so that it is not there. */
export function resetOption(option: TcpOptionName | number): Statement {
  return { statement: 'reset', option };
}

/** `tcp option maxseg size set rt mtu`, or a number: no larger segments than the way lets through. */
export function clampMss(size: number | 'route' = 'route'): Statement {
  return { statement: 'clamp-mss', size };
}

/** `flow add @f`: from now on packets of this flow pass by all chains. */
export function flow(flowtable: string): Statement {
  return { statement: 'flow', flowtable };
}

/** What a rule says of an element that it adds. */
export interface ElementOptions {
  /** In a map: what the key leads to. */
  readonly data?: Operand;
  readonly timeout?: Duration;
  readonly states?: readonly ElementState[];
}

/** `add @x { ip saddr timeout 1m limit rate over 10/second }`: the rule goes on when the element's state lets it. */
export function addElement(name: string, key: string, options: ElementOptions = {}): Statement {
  return { statement: 'element', operation: 'add', set: name, key, ...options };
}

/** `update @x { ip saddr timeout 1m }`: like {@link addElement}, and its time begins again. */
export function updateElement(name: string, key: string, options: ElementOptions = {}): Statement {
  return { statement: 'element', operation: 'update', set: name, key, ...options };
}

/** `delete @x { ip saddr }`. */
export function deleteElement(name: string, key: string): Statement {
  return { statement: 'element', operation: 'delete', set: name, key };
}

/** `notrack`. */
export function notrack(): Statement {
  return { statement: 'notrack' };
}

/** Expressions as they are, for what has no words here; as text: the octets of {@link encodeExpression} in hexadecimal. */
export function expressions(...list: readonly (Expression | string)[]): Statement {
  return { statement: 'expressions', expressions: list };
}

/** `comment "..."`, 127 octets at most: it says nothing to the kernel. */
export function comment(text: string): Statement {
  return { statement: 'comment', text };
}
