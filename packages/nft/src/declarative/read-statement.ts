import { Ipv4Address, Ipv6Address } from '@router7/wire';
import type { Expression } from '../expression.ts';
import { NatFlag } from '../expressions/nat.ts';
import { QueueFlag } from '../expressions/queue.ts';
import { RejectType } from '../expressions/reject.ts';
import { SynproxyFlag } from '../expressions/synproxy.ts';
import { canonical } from './canonical.ts';
import { logFlags } from './compile-statement.ts';
import { rateOf, stateOf } from './decompile-set.ts';
import { tcpOptions } from './extension-fields.ts';
import type { Field } from './field.ts';
import { fieldOf, isKnown, type Known } from './field-index.ts';
import type { TcpOptionName } from './field-name.ts';
import { fields } from './field-table.ts';
import { registerType } from './key-load.ts';
import { readValue } from './read-condition.ts';
import { NoWords, type RegisterFile } from './register-file.ts';
import type { LogFlagName, LogOptions, NatOptions, Operand, RejectReason, Statement } from './statement.ts';
import { icmpRejectCodes, icmpv6RejectCodes, icmpxRejectCodes, logLevels } from './symbols.ts';
import type { Scalar, ValueType } from './value.ts';
import { valueTypes } from './value-type.ts';

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

/** The statement that an expression is, with what lies in the registers. @throws NoWords */
export function readStatement(registers: RegisterFile, expression: Expression, known: Known): Statement {
  switch (expression.kind) {
    case 'counter': {
      const { packets, bytes } = expression;
      if (packets === 0n && bytes === 0n) return { statement: 'counter' };
      return { statement: 'counter', packets: String(packets), bytes: String(bytes) };
    }
    case 'limit': {
      const limit = rateOf(expression);
      if (limit === undefined) throw new NoWords();
      return { statement: 'limit', limit };
    }
    case 'quota': {
      const [state] = stateOf(expression);
      if (state === undefined || !('quota' in state)) throw new NoWords();
      return { statement: 'quota', quota: state.quota };
    }
    case 'connlimit':
      return { statement: 'ct-count', count: expression.count, ...(expression.inverted && { over: true }) };
    case 'last':
    case 'notrack':
      return { statement: expression.kind };
    case 'log':
      return { statement: 'log', log: readLog(expression) };
    case 'masquerade':
    case 'redirect':
      return { statement: expression.kind, options: readPorts(registers, plainNat(expression)) };
    case 'nat':
      return readNat(registers, plainNat(expression));
    case 'tproxy':
      return readTproxy(registers, expression);
    case 'queue':
      return readQueue(registers, expression);
    case 'dup':
    case 'fwd':
      return readCopy(registers, expression);
    case 'reject':
      return { statement: 'reject', reason: readReason(expression, known) };
    case 'synproxy':
      return { statement: 'synproxy', synproxy: readSynproxy(expression) };
    case 'flowOffload':
      return { statement: 'flow', flowtable: expression.flowtable };
    case 'meta':
    case 'ct':
    case 'exthdr':
    case 'payload':
      return readSet(registers, expression, known);
    default:
      throw new NoWords();
  }
}

function plainNat<E extends Of<'nat' | 'masquerade' | 'redirect'>>(expression: E): E {
  return canonical(expression) as E;
}

function readLog({ level, flags, ...rest }: Of<'log'>): LogOptions {
  const word = Object.entries(logLevels).find(([, code]) => code === level)?.[0] as LogOptions['level'];
  const names = (Object.keys(logFlags) as LogFlagName[]).filter((name) => ((flags ?? 0) & logFlags[name]) !== 0);
  const { kind: _, ...options } = rest;
  return { ...options, ...(word !== undefined && { level: word }), ...(names.length > 0 && { flags: names }) };
}

/** A register as a value of a type, as what a map leads to, or as a field of the packet. */
function operand(registers: RegisterFile, register: number, type: ValueType): Operand {
  const content = registers.get(register);
  if (content.kind === 'value') return readValue(type, content.value);
  if (content.kind === 'map') return content.operand;
  const { field, mask, xor, shl, shr, ordered } = content;
  if (ordered === true) throw new NoWords();
  const bits = mask === undefined || xor === undefined ? {} : bitOperations(type, mask, xor);
  const shifts = { ...(shl !== undefined && { shl }), ...(shr !== undefined && { shr }) };
  return { field: field.name, ...bits, ...shifts };
}

/** The kernel's one mask and one xor as `and`, `or` and `xor`. */
function bitOperations(type: ValueType, mask: Uint8Array, xor: Uint8Array): { [word: string]: Scalar } {
  const or = xor.map((octet, i) => octet & ~(mask[i] as number));
  const flip = xor.map((octet, i) => octet & (mask[i] as number));
  const cuts = mask.some((octet, i) => (octet | (or[i] as number)) !== 0xff);
  const some = (bytes: Uint8Array): boolean => bytes.some((octet) => octet !== 0);
  return {
    ...(cuts && { and: readValue(type, mask) }),
    ...(some(or) && { or: readValue(type, or) }),
    ...(some(flip) && { xor: readValue(type, flip) }),
  };
}

function readPorts(
  registers: RegisterFile,
  { flags, portMin, portMax }: { readonly flags: number; readonly portMin?: number; readonly portMax?: number },
): NatOptions {
  const options: { -readonly [O in keyof NatOptions]: NatOptions[O] } = {};
  if ((flags & NatFlag.random) !== 0) options.random = true;
  if ((flags & NatFlag.fullyRandom) !== 0) options.fullyRandom = true;
  if ((flags & NatFlag.persistent) !== 0) options.persistent = true;
  if (portMin !== undefined) {
    const first = operand(registers, portMin, valueTypes.inet_service);
    const last = portMax === undefined ? undefined : operand(registers, portMax, valueTypes.inet_service);
    if (typeof first === 'object' && !('map' in first)) throw new NoWords();
    options.port = last === undefined ? (first as NonNullable<NatOptions['port']>) : `${first}-${last}`;
  }
  return options;
}

function readNat(registers: RegisterFile, nat: Of<'nat'>): Statement {
  const { type: statement, family, addressMin, addressMax } = nat;
  if (addressMin === undefined) return { statement, options: readPorts(registers, nat) };
  const type = family === 'ip6' ? valueTypes.ipv6_addr : valueTypes.ipv4_addr;
  const first = operand(registers, addressMin, type);
  if (typeof first === 'object' && 'map' in first) {
    const content = registers.get(addressMin);
    const { portMin, ...rest } = nat;
    // Address and port come out of one map, side by side.
    const together = content.kind === 'map' && content.length > type.length;
    return { statement, address: first, options: readPorts(registers, together ? rest : nat) };
  }
  const last = addressMax === undefined ? undefined : operand(registers, addressMax, type);
  const address = last === undefined ? first : `${first}-${last}`;
  return { statement, address, options: readPorts(registers, nat) };
}

function readTproxy(registers: RegisterFile, { addressRegister, portRegister }: Of<'tproxy'>): Statement {
  const content = addressRegister === undefined ? undefined : registers.get(addressRegister);
  if (content !== undefined && content.kind !== 'value') throw new NoWords();
  const address = content && String((content.value.length === 16 ? Ipv6Address : Ipv4Address).fromBytes(content.value));
  const port = portRegister === undefined ? undefined : operand(registers, portRegister, valueTypes.inet_service);
  if (port !== undefined && typeof port !== 'number') throw new NoWords();
  return { statement: 'tproxy', ...(address !== undefined && { address }), ...(port !== undefined && { port }) };
}

function readQueue(registers: RegisterFile, { number, total = 1, register, flags }: Of<'queue'>): Statement {
  const range = number === undefined ? undefined : total > 1 ? `${number}-${number + total - 1}` : number;
  const found = register === undefined ? range : operand(registers, register, valueTypes.hostShort);
  if (found === undefined) throw new NoWords();
  const bypass = (flags & QueueFlag.bypass) !== 0 && { bypass: true };
  const fanout = (flags & QueueFlag.fanout) !== 0 && { fanout: true };
  return { statement: 'queue', queue: { ...(found !== 0 && { number: found }), ...bypass, ...fanout } };
}

function readCopy(registers: RegisterFile, { kind, addressRegister, deviceRegister }: Of<'dup' | 'fwd'>): Statement {
  const isV6 = (register: number): boolean => {
    const content = registers.get(register);
    return content.kind === 'value' && content.value.length === 16;
  };
  const to =
    addressRegister === undefined
      ? undefined
      : operand(registers, addressRegister, isV6(addressRegister) ? valueTypes.ipv6_addr : valueTypes.ipv4_addr);
  const device = deviceRegister === undefined ? undefined : operand(registers, deviceRegister, valueTypes.iface_index);
  return { statement: kind, ...(to !== undefined && { to }), ...(device !== undefined && { device }) };
}

function readReason({ type, code }: Of<'reject'>, known: Known): RejectReason {
  if (type === RejectType.tcpReset) return 'tcp reset';
  const word = (codes: { readonly [word: string]: number }): string | number =>
    Object.entries(codes).find(([, number]) => number === code)?.[0] ?? code;
  if (type === RejectType.icmpxUnreachable) return `icmpx ${word(icmpxRejectCodes)}`;
  return known.get('nfproto') === 10 ? `icmpv6 ${word(icmpv6RejectCodes)}` : `icmp ${word(icmpRejectCodes)}`;
}

function readSynproxy({
  mss,
  windowScale,
  flags,
}: Of<'synproxy'>): Extract<Statement, { statement: 'synproxy' }>['synproxy'] {
  return {
    ...((flags & SynproxyFlag.mss) !== 0 && { mss }),
    ...((flags & SynproxyFlag.windowScale) !== 0 && { wscale: windowScale }),
    ...((flags & SynproxyFlag.timestamp) !== 0 && { timestamp: true }),
    ...((flags & SynproxyFlag.sackPermitted) !== 0 && { sackPerm: true }),
  };
}

function readSet(
  registers: RegisterFile,
  expression: Of<'meta' | 'ct' | 'exthdr' | 'payload'>,
  known: Known,
): Statement {
  if (expression.operation === 'reset') {
    const name = Object.entries(tcpOptions).find(([, number]) => number === expression.type)?.[0];
    return { statement: 'reset', option: (name as TcpOptionName | undefined) ?? expression.type };
  }
  const content = registers.get(expression.register);
  if (expression.kind === 'payload') {
    if (content.kind === 'field' && content.mask !== undefined && content.xor !== undefined) {
      return readBitsSet(expression, content.mask, content.xor, known);
    }
    const { checksum: _, ...place } = expression;
    const field = fieldOf({ ...place, operation: 'load' }, known);
    if (field === undefined) throw new NoWords();
    return { statement: 'set', field: field.name, value: operand(registers, expression.register, field.field.type) };
  }
  if (expression.kind === 'exthdr' && content.kind === 'field' && content.field.name === 'rt.mtu') {
    return { statement: 'clamp-mss', size: 'route' };
  }
  const field = fieldOf({ ...expression, operation: 'load' }, known);
  if (field === undefined) throw new NoWords();
  const value = operand(registers, expression.register, registerType(field.field));
  return { statement: 'set', field: field.name, value };
}

/** A write of some bits: what was around them is written back as it was. */
function readBitsSet(write: Of<'payload'>, mask: Uint8Array, xor: Uint8Array, known: Known): Statement {
  for (const [name, field] of Object.entries<Field>(fields)) {
    const { load } = field;
    if (load.kind !== 'payload' || load.base !== write.base) continue;
    if (!isKnown(field, known)) continue;
    const before = load.offset - write.offset;
    if (before < 0 || before + load.length > write.length) continue;
    const own = field.bits?.mask ?? new Uint8Array(load.length).fill(0xff);
    const kept = new Uint8Array(write.length).fill(0xff);
    kept.set(
      own.map((octet) => ~octet & 0xff),
      before,
    );
    if (String(kept) !== String(mask)) continue;
    const value = readValue(registerType(field), xor.slice(before, before + load.length));
    return { statement: 'set', field: name, value };
  }
  throw new NoWords();
}
