import type { Expression } from '../expression.ts';
import type { MapEntries } from './anonymous-set.ts';
import type { Duration } from './duration.ts';
import type { TcpOptionName } from './field-name.ts';
import type { ObjectTypeName } from './map-data.ts';
import type { Count, QuotaDefinition, RateLimit, SynproxyDefinition } from './object-definition.ts';
import type { ElementState, MapDefinition, SetDefinition } from './set-definition.ts';
import type { Values } from './value.ts';
import type { Scalar } from './value-type.ts';

/**
 * A value that a statement uses.
 *
 * - a value
 * - `{ key, map }`: what a map leads to from a field of the packet (`tcp dport map @ports`, `ip saddr . tcp dport map
 *   { 10.0.0.1 . 80 : 5 }`). The map is the name of one, or its entries. `data` is its type when the table has no such map
 * - `{ field }`: a field of the packet (`ct mark`), with `and`, `or`, `xor`, `shl` or `shr` carried out on it in this order
 */
export type Operand = Scalar | MapOperand | FieldOperand;

/** What a map leads to. */
export interface MapOperand {
  readonly key: string;
  /** The bits of the key that are looked at: `tcp flags & (fin | syn) map { ... }`. */
  readonly of?: Values;
  readonly map: string | MapEntries;
  readonly data?: string;
}

/** A field of the packet, and what is done with its bits. */
export interface FieldOperand {
  readonly field: string;
  readonly and?: Scalar;
  readonly or?: Scalar;
  readonly xor?: Scalar;
  readonly shl?: number;
  readonly shr?: number;
}

/** A fate for the packet, or something done with it on its way; plain data. */
export type Statement =
  | { readonly statement: 'accept' | 'drop' | 'continue' | 'return' | 'notrack' | 'last' }
  | { readonly statement: 'jump' | 'goto'; readonly chain: string }
  | { readonly statement: 'vmap'; readonly key: string; readonly of?: Values; readonly map: string | MapEntries }
  | {
      readonly statement: 'counter';
      readonly counter?: string;
      readonly packets?: Count;
      readonly bytes?: Count;
    }
  | { readonly statement: 'limit'; readonly limit: RateLimit }
  | { readonly statement: 'quota'; readonly quota: QuotaDefinition }
  | { readonly statement: 'ct-count'; readonly count: number; readonly over?: boolean }
  | ObjectStatement
  | { readonly statement: 'log'; readonly log: LogOptions }
  | { readonly statement: 'masquerade'; readonly options: NatOptions }
  | { readonly statement: 'dnat' | 'snat'; readonly address?: Operand; readonly options: NatOptions }
  | { readonly statement: 'redirect'; readonly options: NatOptions }
  | { readonly statement: 'tproxy'; readonly address?: Scalar; readonly port?: number }
  | { readonly statement: 'dup' | 'fwd'; readonly to?: Operand; readonly device?: Operand }
  | { readonly statement: 'queue'; readonly queue: QueueOptions }
  | { readonly statement: 'reject'; readonly reason?: RejectReason }
  | { readonly statement: 'set'; readonly field: string; readonly value: Operand }
  | { readonly statement: 'reset'; readonly option: TcpOptionName | number }
  | { readonly statement: 'clamp-mss'; readonly size: number | 'route' }
  | { readonly statement: 'synproxy'; readonly synproxy: SynproxyDefinition }
  | { readonly statement: 'flow'; readonly flowtable: string }
  | ElementStatement
  | {
      readonly statement: 'expressions';
      readonly expressions: readonly (Expression | string)[];
      /** The anonymous sets that they name. */
      readonly sets?: { readonly [name: string]: SetDefinition | MapDefinition };
    }
  | { readonly statement: 'comment'; readonly text: string };

/** Uses a named object of the table, or the one that a map of objects leads to. */
export interface ObjectStatement {
  readonly statement: 'object';
  readonly type: ObjectTypeName;
  readonly name?: string;
  readonly key?: string;
  readonly map?: string | MapEntries;
}

/** Changes a set from within a rule. */
export interface ElementStatement {
  readonly statement: 'element';
  readonly operation: 'add' | 'update' | 'delete';
  readonly set: string;
  readonly key: string;
  readonly data?: Operand;
  readonly timeout?: Duration;
  readonly states?: readonly ElementState[];
}

/** What is written to the kernel's log, or with `group` to a listener on NFLOG. */
export interface LogOptions {
  readonly prefix?: string;
  readonly level?: 'emerg' | 'alert' | 'crit' | 'err' | 'warn' | 'notice' | 'info' | 'debug' | 'audit';
  readonly group?: number;
  /** Octets of the packet that are handed to the group. */
  readonly snaplen?: number;
  readonly queueThreshold?: number;
  /** What is logged beside. */
  readonly flags?: readonly LogFlagName[];
}

/** `log flags ...`. */
export type LogFlagName = 'tcp sequence' | 'tcp options' | 'ip options' | 'skuid' | 'ether';

/** How ports are chosen. */
export interface NatOptions {
  /** `8080`, `8040-8060`, or what a map leads to; the rule has to have matched a transport protocol. */
  readonly port?: number | string | MapOperand;
  readonly random?: boolean;
  readonly fullyRandom?: boolean;
  readonly persistent?: boolean;
}

/** Which program in user space decides. */
export interface QueueOptions {
  /** `0`, `1-3`, or what a map or a hash leads to. */
  readonly number?: Operand;
  /** Goes on as if accepted when nobody listens. */
  readonly bypass?: boolean;
  /** By the processor, not by the flow. */
  readonly fanout?: boolean;
}

/** What the sender is told; `icmpx` in a table of the family inet fits both IP versions. */
export type RejectReason = 'tcp reset' | `icmp ${string}` | `icmpv6 ${string}` | `icmpx ${string}`;

export type { RateLimit } from './object-definition.ts';
