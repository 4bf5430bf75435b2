import { type Bitwise, bitwise } from './bitwise.ts';
import { type Byteorder, byteorder } from './byteorder.ts';
import { type Cmp, cmp } from './cmp.ts';
import type { NestingCodec } from './codec.ts';
import { type Connlimit, connlimit } from './connlimit.ts';
import { type Counter, counter } from './counter.ts';
import { type Ct, ct } from './ct.ts';
import { type Dup, dup } from './dup.ts';
import { type Dynset, dynset } from './dynset.ts';
import { type Exthdr, exthdr } from './exthdr.ts';
import { type Fib, fib } from './fib.ts';
import { type FlowOffload, flowOffload } from './flow-offload.ts';
import { type Fwd, fwd } from './fwd.ts';
import { type Hash, hash } from './hash.ts';
import { type Immediate, immediate } from './immediate.ts';
import { type Inner, inner } from './inner.ts';
import { type Last, last } from './last.ts';
import { type Limit, limit } from './limit.ts';
import { type Log, log } from './log.ts';
import { type Lookup, lookup } from './lookup.ts';
import { type Masquerade, masquerade } from './masquerade.ts';
import { type Meta, meta } from './meta.ts';
import { type Nat, nat } from './nat.ts';
import { type Notrack, notrack } from './notrack.ts';
import { type Numgen, numgen } from './numgen.ts';
import { type Objref, objref } from './objref.ts';
import { type Osf, osf } from './osf.ts';
import { type Payload, payload } from './payload.ts';
import { type Queue, queue } from './queue.ts';
import { type Quota, quota } from './quota.ts';
import { type Range, range } from './range.ts';
import { type Redirect, redirect } from './redirect.ts';
import { type Reject, reject } from './reject.ts';
import { type Rt, rt } from './rt.ts';
import { type Socket, socket } from './socket.ts';
import { type Synproxy, synproxy } from './synproxy.ts';
import { type Tproxy, tproxy } from './tproxy.ts';
import { type Tunnel, tunnel } from './tunnel.ts';
import { type Xfrm, xfrm } from './xfrm.ts';

/** An expression without a type here, or with attributes that its type does not know: kept byte for byte. */
export interface RawExpression {
  readonly kind: 'raw';
  /** The kernel's name. */
  readonly name: string;
  /** The payload of NFTA_EXPR_DATA; absent when there was none. */
  readonly data?: Uint8Array;
}

/** One step of a rule: loads a register, tests one, or acts on the packet. */
export type Expression = KnownExpression | RawExpression;

/** An expression that has a type of its own here. */
export type KnownExpression =
  | Bitwise
  | Byteorder
  | Cmp
  | Connlimit
  | Counter
  | Ct
  | Dup
  | Dynset<Expression>
  | Exthdr
  | Fib
  | FlowOffload
  | Fwd
  | Hash
  | Immediate
  | Inner<Expression>
  | Last
  | Limit
  | Log
  | Lookup
  | Masquerade
  | Meta
  | Nat
  | Notrack
  | Numgen
  | Objref
  | Osf
  | Payload
  | Queue
  | Quota
  | Range
  | Redirect
  | Reject
  | Rt
  | Socket
  | Synproxy
  | Tproxy
  | Tunnel
  | Xfrm;

/** Every codec there is; the order says nothing. A new expression is one file and one row here. */
export const expressionCodecs: readonly NestingCodec<KnownExpression, Expression>[] = [
  bitwise,
  byteorder,
  cmp,
  connlimit,
  counter,
  ct,
  dup,
  dynset<Expression>(),
  exthdr,
  fib,
  flowOffload,
  fwd,
  hash,
  immediate,
  inner<Expression>(),
  last,
  limit,
  log,
  lookup,
  masquerade,
  meta,
  nat,
  notrack,
  numgen,
  objref,
  osf,
  payload,
  queue,
  quota,
  range,
  redirect,
  reject,
  rt,
  socket,
  synproxy,
  tproxy,
  tunnel,
  xfrm,
];
