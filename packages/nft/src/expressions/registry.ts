import { type Bitwise, bitwise } from './bitwise.ts';
import { type Byteorder, byteorder } from './byteorder.ts';
import { type Cmp, cmp } from './cmp.ts';
import type { ExpressionCodec } from './codec.ts';
import { type Counter, counter } from './counter.ts';
import { type Ct, ct } from './ct.ts';
import { type Exthdr, exthdr } from './exthdr.ts';
import { type Fib, fib } from './fib.ts';
import { type Immediate, immediate } from './immediate.ts';
import { type Limit, limit } from './limit.ts';
import { type Log, log } from './log.ts';
import { type Lookup, lookup } from './lookup.ts';
import { type Masquerade, masquerade } from './masquerade.ts';
import { type Meta, meta } from './meta.ts';
import { type Nat, nat } from './nat.ts';
import { type Notrack, notrack } from './notrack.ts';
import { type Objref, objref } from './objref.ts';
import { type Payload, payload } from './payload.ts';
import { type Range, range } from './range.ts';
import { type Redirect, redirect } from './redirect.ts';
import { type Reject, reject } from './reject.ts';
import { type Rt, rt } from './rt.ts';

/** An expression that has a type of its own here. */
export type KnownExpression =
  | Bitwise
  | Byteorder
  | Cmp
  | Counter
  | Ct
  | Exthdr
  | Fib
  | Immediate
  | Limit
  | Log
  | Lookup
  | Masquerade
  | Meta
  | Nat
  | Notrack
  | Objref
  | Payload
  | Range
  | Redirect
  | Reject
  | Rt;

/** Every codec there is; the order says nothing. A new expression is one file and one row here. */
export const expressionCodecs: readonly ExpressionCodec<KnownExpression>[] = [
  bitwise,
  byteorder,
  cmp,
  counter,
  ct,
  exthdr,
  fib,
  immediate,
  limit,
  log,
  lookup,
  masquerade,
  meta,
  nat,
  notrack,
  objref,
  payload,
  range,
  redirect,
  reject,
  rt,
];
