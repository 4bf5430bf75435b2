import { EncodeError, fromHex } from '@router7/wire';
import { decodeExpression, type Expression } from '../expression.ts';
import { ByteorderOperation } from '../expressions/byteorder.ts';
import { Register } from '../expressions/codec.ts';
import { VerdictCode } from '../expressions/data.ts';
import { ExthdrHeader } from '../expressions/exthdr.ts';
import { QueueFlag } from '../expressions/queue.ts';
import { RejectType } from '../expressions/reject.ts';
import { RtKey } from '../expressions/rt.ts';
import { SetFlag } from '../set.ts';
import { ObjectType } from '../stateful-object.ts';
import { addAnonymousMap } from './anonymous-set.ts';
import { tcpOptions } from './extension-fields.ts';
import { NfProto } from './field.ts';
import { fieldsOf } from './field-table.ts';
import { loadOnly } from './key-load.ts';
import { keyTypeOf } from './key-type.ts';
import { objectTypes } from './map-data.ts';
import { compileCopy, compileMasquerade, compileNat, compileTproxy, portRange } from './nat-statement.ts';
import { compileLimit, compileQuota, compileSynproxy, count } from './object-definition.ts';
import { isField, isMap, loadMap, loadOperand } from './operand.ts';
import { type RuleContext, SetIds } from './rule-context.ts';
import { compileSet } from './set-definition.ts';
import { compileElement, compileSetField } from './set-statement.ts';
import { mismatch } from './shape.ts';
import type { LogFlagName, LogOptions, ObjectStatement, QueueOptions, RejectReason, Statement } from './statement.ts';
import { statementShapes } from './statement-shape.ts';
import { icmpRejectCodes, icmpv6RejectCodes, icmpxRejectCodes, logLevels, protocols } from './symbols.ts';
import { valueTypes } from './value-type.ts';

const TCP_OPTION_MAXSEG = 2;
const register = Register.r1;

type Compilers = {
  readonly [S in Exclude<Statement['statement'], 'comment'>]: (
    context: RuleContext,
    statement: Extract<Statement, { readonly statement: S }>,
  ) => void;
};

const verdict: Compilers['accept'] = (context, { statement }) => {
  if (statement === 'notrack' || statement === 'last') return;
  emitVerdict(context, VerdictCode[statement]);
};

const compilers: Compilers = {
  ...{ accept: verdict, drop: verdict, continue: verdict, return: verdict },
  notrack: (context) => context.emit({ kind: 'notrack' }),
  last: (context) => context.emit({ kind: 'last' }),
  jump: (context, { chain }) => emitVerdict(context, VerdictCode.jump, chain),
  goto: (context, { chain }) => emitVerdict(context, VerdictCode.goto, chain),
  vmap: (context, { statement: _, ...operand }) => loadMap(context, operand, { kind: 'verdict' }, Register.verdict),
  counter(context, { counter, packets = 0n, bytes = 0n }) {
    if (counter === undefined) context.emit({ kind: 'counter', packets: count(packets), bytes: count(bytes) });
    else context.emit({ kind: 'objref', type: ObjectType.counter, name: counter });
  },
  limit: (context, { limit }) => context.emit(compileLimit(limit)),
  quota: (context, { quota }) => context.emit(compileQuota(quota)),
  'ct-count': (context, { count: most, over }) => {
    context.emit({ kind: 'connlimit', count: most, inverted: over === true });
  },
  object: compileObject,
  log: (context, { log }) => compileLog(context, log),
  masquerade: (context, { options }) => compileMasquerade(context, 'masquerade', options),
  redirect: (context, { options }) => compileMasquerade(context, 'redirect', options),
  ...{ dnat: compileNat, snat: compileNat, dup: compileCopy, fwd: compileCopy },
  tproxy: compileTproxy,
  queue: (context, { queue }) => compileQueue(context, queue),
  reject: (context, { reason }) => context.emit({ kind: 'reject', ...compileReason(context, reason) }),
  set: (context, { field, value }) => compileSetField(context, field, value),
  reset(context, { option }) {
    const type = typeof option === 'number' ? option : Object.hasOwn(tcpOptions, option) ? tcpOptions[option] : -1;
    if (!(type >= 0 && type <= 255)) throw new EncodeError('bad-value', `${option} is no TCP option`);
    context.emit({ kind: 'exthdr', operation: 'reset', header: ExthdrHeader.tcpOption, type });
  },
  'clamp-mss': (context, { size }) => compileClamp(context, size),
  synproxy: (context, { synproxy }) => context.emit(compileSynproxy(synproxy)),
  flow: (context, { flowtable }) => context.emit({ kind: 'flowOffload', flowtable }),
  element: compileElement,
  expressions: compileExpressions,
};

/** Appends the expressions of a statement. @throws EncodeError */
export function compileStatement(context: RuleContext, statement: Exclude<Statement, { statement: 'comment' }>): void {
  const name = statement.statement;
  if (typeof name !== 'string') mismatch('statement', name, 'a text');
  if (!Object.hasOwn(compilers, name)) throw new EncodeError('bad-value', `${JSON.stringify(name)} is no statement`);
  statementShapes[name](statement, '');
  const compile = compilers[name] as (context: RuleContext, statement: Statement) => void;
  compile(context, statement);
}

function compileExpressions(
  context: RuleContext,
  { expressions, sets = {} }: Extract<Statement, { readonly statement: 'expressions' }>,
): void {
  for (const each of expressions) {
    const expression = typeof each === 'string' ? decodeExpression(fromHex(each)) : each;
    const named = 'set' in expression && Object.hasOwn(sets, expression.set) ? sets[expression.set] : undefined;
    if (named === undefined) {
      context.emit(expression);
      continue;
    }
    const where = { family: context.family, table: context.table };
    const { set, elements } = compileSet(where, '', named, new SetIds());
    const { kind: _, family: __, table: ___, name: ____, id: _____, size: ______, ...attributes } = set;
    const flags = set.flags | SetFlag.anonymous | SetFlag.constant;
    const made = context.addSet({ ...attributes, flags }, elements.elements);
    context.emit({ ...expression, set: made.set.name, setId: made.set.id ?? 0 } as Expression);
  }
}

function emitVerdict(context: RuleContext, code: number, chain?: string): void {
  const data = { verdict: { code, ...(chain !== undefined && { chain }) } };
  context.emit({ kind: 'immediate', register: Register.verdict, data });
}

function compileObject(context: RuleContext, { type, name, key, map }: ObjectStatement): void {
  if (!Object.hasOwn(objectTypes, type)) throw new EncodeError('bad-value', `${type} is no type of objects`);
  const objectType = objectTypes[type];
  if (name !== undefined) {
    context.emit({ kind: 'objref', type: objectType, name });
    return;
  }
  if (key === undefined || map === undefined) throw new EncodeError('bad-value', `${type} without a name or a map`);
  const fields = fieldsOf(key);
  for (const { needs } of fields) for (const dependency of needs) context.need(dependency);
  if (typeof map === 'string') {
    loadOnly(context, fields, { shifted: true, ordered: context.namedSet(map)?.ordered ?? false });
    context.emit({ kind: 'objref', source: register, set: map });
    return;
  }
  const { set, type: layout } = addAnonymousMap(context, fields, map, { kind: 'objects', objectType });
  loadOnly(context, fields, { ordered: layout.ordered });
  context.emit({ kind: 'objref', source: register, set: set.name, setId: set.id ?? 0 });
}

/** Bits of `log flags` (NF_LOG_*). */
export const logFlags: { readonly [F in LogFlagName]: number } = {
  ...{ 'tcp sequence': 1, 'tcp options': 2, 'ip options': 4, skuid: 8, ether: 32 },
};

function compileLog(context: RuleContext, options: LogOptions): void {
  const { prefix, level, group, snaplen, queueThreshold, flags } = options;
  if (level !== undefined && group !== undefined) throw new EncodeError('bad-value', 'log has a level or a group');
  if (level !== undefined && !Object.hasOwn(logLevels, level)) throw new EncodeError('bad-value', `log level ${level}`);
  const bits = flags?.map((flag) => {
    if (!Object.hasOwn(logFlags, flag)) throw new EncodeError('bad-value', `log flags ${flag}`);
    return logFlags[flag];
  });
  context.emit({
    kind: 'log',
    ...(prefix !== undefined && { prefix }),
    ...(level !== undefined && { level: logLevels[level] }),
    ...(group !== undefined && { group }),
    ...(snaplen !== undefined && { snaplen }),
    ...(queueThreshold !== undefined && { queueThreshold }),
    ...(bits !== undefined && { flags: bits.reduce((sum, bit) => sum | bit, 0) }),
  });
}

const queueType = keyTypeOf([valueTypes.hostShort]);

function compileQueue(context: RuleContext, { number = 0, bypass, fanout }: QueueOptions): void {
  const flags = (bypass === true ? QueueFlag.bypass : 0) | (fanout === true ? QueueFlag.fanout : 0);
  if (isMap(number)) {
    loadOperand(context, number, queueType, register);
    context.emit({ kind: 'queue', register, flags });
  } else if (isField(number)) {
    loadOnly(context, fieldsOf(number.field), {});
    context.emit({ kind: 'queue', register, flags });
  } else {
    const { first, last } = portRange(String(number));
    context.emit({ kind: 'queue', number: first, total: last - first + 1, flags });
  }
}

function compileReason(context: RuleContext, reason: RejectReason | undefined): { type: number; code: number } {
  if (reason === undefined) {
    const version = context.known('nfproto');
    if (version === undefined) return { type: RejectType.icmpxUnreachable, code: icmpxRejectCodes['port-unreachable'] };
    const codes = version === NfProto.ipv4 ? icmpRejectCodes : icmpv6RejectCodes;
    return { type: RejectType.icmpUnreachable, code: codes['port-unreachable'] };
  }
  if (reason === 'tcp reset') {
    context.need({ on: 'l4proto', value: protocols.tcp });
    return { type: RejectType.tcpReset, code: 0 };
  }
  const [protocol, word = ''] = reason.split(' ');
  if (protocol === 'icmp') {
    context.need({ on: 'nfproto', value: NfProto.ipv4 });
    return { type: RejectType.icmpUnreachable, code: codeOf(icmpRejectCodes, word, reason) };
  }
  if (protocol === 'icmpv6') {
    context.need({ on: 'nfproto', value: NfProto.ipv6 });
    return { type: RejectType.icmpUnreachable, code: codeOf(icmpv6RejectCodes, word, reason) };
  }
  if (protocol !== 'icmpx') throw new EncodeError('bad-value', `${JSON.stringify(reason)} is no reason to reject`);
  return { type: RejectType.icmpxUnreachable, code: codeOf(icmpxRejectCodes, word, reason) };
}

function codeOf(codes: { readonly [word: string]: number }, word: string, reason: string): number {
  const code = Object.hasOwn(codes, word) ? codes[word] : /^\d{1,3}$/.test(word) ? Number(word) : undefined;
  if (code === undefined || code > 255) {
    throw new EncodeError('bad-value', `${JSON.stringify(reason)} is no reason to reject`);
  }
  return code;
}

function compileClamp(context: RuleContext, size: number | 'route'): void {
  if (size === 'route') {
    context.emit({ kind: 'rt', register, key: RtKey.tcpmss });
    const operation = ByteorderOperation.hton;
    context.emit({ kind: 'byteorder', source: register, destination: register, operation, length: 2, size: 2 });
  } else {
    context.emit({ kind: 'immediate', register, data: { value: valueTypes.short.encode(size) } });
  }
  const option = { header: ExthdrHeader.tcpOption, type: TCP_OPTION_MAXSEG, offset: 2, length: 2, flags: 0 } as const;
  context.emit({ kind: 'exthdr', operation: 'set', register, ...option });
}
