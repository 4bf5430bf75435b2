import { EncodeError } from '@router7/wire';
import { ByteorderOperation } from '../expressions/byteorder.ts';
import { Register } from '../expressions/codec.ts';
import { CtKey } from '../expressions/ct.ts';
import { VerdictCode } from '../expressions/data.ts';
import { ExthdrHeader } from '../expressions/exthdr.ts';
import { LimitType } from '../expressions/limit.ts';
import { MetaKey } from '../expressions/meta.ts';
import { NatFlag } from '../expressions/nat.ts';
import { RejectType } from '../expressions/reject.ts';
import { RtKey } from '../expressions/rt.ts';
import { ObjectType } from '../stateful-object.ts';
import type { RuleContext } from './rule-context.ts';
import { type NatOptions, portRange, type RateLimit, type RejectReason, type Statement } from './statement.ts';
import { icmpRejectCodes, icmpv6RejectCodes, icmpxRejectCodes, logLevels, nfProtocols, protocols } from './symbols.ts';
import { type Scalar, valueTypes } from './value-type.ts';

const TCP_OPTION_MAXSEG = 2;
const DEFAULT_BURST_PACKETS = 5;
const register = Register.r1;

/** Appends the expressions of a statement. @throws EncodeError */
export function compileStatement(context: RuleContext, statement: Exclude<Statement, { statement: 'comment' }>): void {
  switch (statement.statement) {
    case 'accept':
    case 'drop':
    case 'continue':
    case 'return':
      emitVerdict(context, VerdictCode[statement.statement]);
      break;
    case 'jump':
    case 'goto':
      emitVerdict(context, VerdictCode[statement.statement], statement.chain);
      break;
    case 'notrack':
      context.emit({ kind: 'notrack' });
      break;
    case 'counter':
      if (statement.counter === undefined) context.emit({ kind: 'counter', packets: 0n, bytes: 0n });
      else context.emit({ kind: 'objref', type: ObjectType.counter, name: statement.counter });
      break;
    case 'limit':
      compileLimit(context, statement.limit);
      break;
    case 'log': {
      const { prefix, level, group } = statement.log;
      if (level !== undefined && group !== undefined) throw new EncodeError('bad-value', 'log has a level or a group');
      context.emit({
        kind: 'log',
        ...(prefix !== undefined && { prefix }),
        ...(level !== undefined && { level: logLevels[level] }),
        ...(group !== undefined && { group }),
      });
      break;
    }
    case 'masquerade':
    case 'redirect':
      context.emit({ kind: statement.statement, ...compilePorts(context, statement.options, 1) });
      break;
    case 'dnat':
    case 'snat':
      compileNat(context, statement.statement, statement.address, statement.options);
      break;
    case 'reject':
      context.emit({ kind: 'reject', ...compileReason(context, statement.reason) });
      break;
    case 'set': {
      context.emit({ kind: 'immediate', register, data: { value: valueTypes.mark.encode(statement.value) } });
      if (statement.field === 'ct.mark') context.emit({ kind: 'ct', operation: 'set', key: CtKey.mark, register });
      else context.emit({ kind: 'meta', operation: 'set', key: MetaKey.mark, register });
      break;
    }
    case 'clamp-mss':
      compileClamp(context, statement.size);
      break;
    case 'expressions':
      context.emit(...statement.expressions);
      break;
  }
}

function emitVerdict(context: RuleContext, code: number, chain?: string): void {
  const verdict = { code, ...(chain !== undefined && { chain }) };
  context.emit({ kind: 'immediate', register: Register.verdict, data: { verdict } });
}

const unitSeconds = { second: 1n, minute: 60n, hour: 3600n, day: 86_400n, week: 604_800n } as const;

function compileLimit(context: RuleContext, { rate, per, burst, unit, over }: RateLimit): void {
  if (!Number.isSafeInteger(rate) || rate <= 0) throw new EncodeError('out-of-range', `a rate of ${rate}`);
  const bytes = unit === 'bytes';
  context.emit({
    kind: 'limit',
    rate: BigInt(rate),
    unitSeconds: unitSeconds[per],
    burst: burst ?? (bytes ? 0 : DEFAULT_BURST_PACKETS),
    type: bytes ? LimitType.bytes : LimitType.packets,
    inverted: over === true,
  });
}

/** Loads ports into registers from `next` on, and says which flags follow from the options. */
function compilePorts(
  context: RuleContext,
  options: NatOptions,
  next: number,
): { flags: number; portMin?: number; portMax?: number } {
  let flags = 0;
  if (options.random === true) flags |= NatFlag.random;
  if (options.fullyRandom === true) flags |= NatFlag.fullyRandom;
  if (options.persistent === true) flags |= NatFlag.persistent;
  if (options.port === undefined) return { flags };
  // A port says something only of a packet that has one; the nft program refuses such a rule as well.
  if (!context.hasNamed('l4proto')) {
    throw new EncodeError('bad-value', 'a port needs a match of a transport protocol before it');
  }
  const { first, last } = portRange(options.port);
  context.emit({ kind: 'immediate', register: next, data: { value: valueTypes.inet_service.encode(first) } });
  flags |= NatFlag.protoSpecified;
  if (last === first) return { flags, portMin: next };
  context.emit({ kind: 'immediate', register: next + 1, data: { value: valueTypes.inet_service.encode(last) } });
  return { flags, portMin: next, portMax: next + 1 };
}

function compileNat(context: RuleContext, type: 'dnat' | 'snat', address: Scalar, options: NatOptions): void {
  const family = String(address).includes(':') ? 'ip6' : 'ip';
  const wrong = family === 'ip' ? 'ip6' : 'ip';
  if (context.family === wrong) throw new EncodeError('bad-value', `${address} in a table of the family ${wrong}`);
  const value = (family === 'ip' ? valueTypes.ipv4_addr : valueTypes.ipv6_addr).encode(address);
  context.emit({ kind: 'immediate', register: Register.r1, data: { value } });
  const ports = compilePorts(context, options, Register.r2);
  context.emit({ kind: 'nat', type, family, addressMin: Register.r1, ...ports });
}

function compileReason(context: RuleContext, reason: RejectReason | undefined): { type: number; code: number } {
  if (reason === undefined) {
    const version = context.known('nfproto');
    if (version === undefined) return { type: RejectType.icmpxUnreachable, code: icmpxRejectCodes['port-unreachable'] };
    const codes = version === nfProtocols.ipv4 ? icmpRejectCodes : icmpv6RejectCodes;
    return { type: RejectType.icmpUnreachable, code: codes['port-unreachable'] };
  }
  if (reason === 'tcp reset') {
    context.need({ on: 'l4proto', value: protocols.tcp });
    return { type: RejectType.tcpReset, code: 0 };
  }
  const [protocol, word = ''] = reason.split(' ');
  if (protocol === 'icmp') {
    context.need({ on: 'nfproto', value: nfProtocols.ipv4 });
    return { type: RejectType.icmpUnreachable, code: codeOf(icmpRejectCodes, word, reason) };
  }
  if (protocol === 'icmpv6') {
    context.need({ on: 'nfproto', value: nfProtocols.ipv6 });
    return { type: RejectType.icmpUnreachable, code: codeOf(icmpv6RejectCodes, word, reason) };
  }
  return { type: RejectType.icmpxUnreachable, code: codeOf(icmpxRejectCodes, word, reason) };
}

function codeOf(codes: { readonly [word: string]: number }, word: string, reason: string): number {
  const code = Object.hasOwn(codes, word) ? codes[word] : undefined;
  if (code === undefined) throw new EncodeError('bad-value', `${JSON.stringify(reason)} is no reason to reject`);
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
