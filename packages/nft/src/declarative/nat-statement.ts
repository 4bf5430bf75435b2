import { EncodeError } from '@router7/wire';
import { paddedLength } from '../concatenation.ts';
import { Register } from '../expressions/codec.ts';
import { NatFlag } from '../expressions/nat.ts';
import { NfProto } from './field.ts';
import { registerAt } from './key-load.ts';
import { keyTypeOf } from './key-type.ts';
import { isField, isMap, loadMap, loadOperand, mapDataOf } from './operand.ts';
import type { RuleContext } from './rule-context.ts';
import type { NatOptions, Operand, Statement } from './statement.ts';
import { type Scalar, type ValueType, valueTypes } from './value-type.ts';

const portType = keyTypeOf([valueTypes.inet_service]);

/** `masquerade`, `redirect`. @throws EncodeError */
export function compileMasquerade(context: RuleContext, kind: 'masquerade' | 'redirect', options: NatOptions): void {
  context.emit({ kind, ...compilePorts(context, options, Register.r1) });
}

/** `dnat to ...`, `snat to ...`. @throws EncodeError */
export function compileNat(context: RuleContext, statement: Extract<Statement, { statement: 'dnat' | 'snat' }>): void {
  const { statement: type, address, options } = statement;
  if (address === undefined) {
    const family = context.known('nfproto') === NfProto.ipv6 ? 'ip6' : 'ip';
    context.emit({ kind: 'nat', type, family, ...compilePorts(context, options, Register.r1) });
    return;
  }
  if (isField(address)) throw new EncodeError('bad-value', `${type} to a field of the packet`);
  if (isMap(address)) compileNatMap(context, type, address, options);
  else compileNatAddress(context, type, address, options);
}

function compileNatAddress(context: RuleContext, type: 'dnat' | 'snat', address: Scalar, options: NatOptions): void {
  const text = String(address);
  const isV6 = text.includes(':');
  checkFamily(context, isV6, text);
  const addressType = isV6 ? valueTypes.ipv6_addr : valueTypes.ipv4_addr;
  const [first = '', last] = text.split('-');
  context.emit({ kind: 'immediate', register: Register.r1, data: { value: addressType.encode(first) } });
  let next: number = Register.r2;
  if (last !== undefined) {
    context.emit({ kind: 'immediate', register: next, data: { value: addressType.encode(last) } });
    next = Register.r3;
  }
  const ports = compilePorts(context, options, next);
  const addresses = { addressMin: Register.r1, ...(last !== undefined && { addressMax: Register.r2 }) };
  context.emit({ kind: 'nat', type, family: isV6 ? 'ip6' : 'ip', ...addresses, ...ports });
}

function compileNatMap(
  context: RuleContext,
  type: 'dnat' | 'snat',
  address: Exclude<Operand, Scalar>,
  options: NatOptions,
): void {
  if (!isMap(address)) return;
  const guess = (value: string): string => {
    const [one = ''] = value.split(/\s+\.\s+/);
    const family = one.includes(':') ? 'ipv6_addr' : 'ipv4_addr';
    return one === value ? family : `${family} . inet_service`;
  };
  const data = mapDataOf(context, address, guess);
  const [to, port] = data.kind === 'values' ? data.type.parts : [];
  if (to !== valueTypes.ipv4_addr && to !== valueTypes.ipv6_addr) {
    throw new EncodeError('bad-value', `${type} to what is no address`);
  }
  const isV6 = to === valueTypes.ipv6_addr;
  checkFamily(context, isV6, 'a map');
  loadMap(context, address, data, Register.r1);
  if (port !== undefined) {
    if (options.port !== undefined) throw new EncodeError('bad-value', 'a port in the map and one beside it');
    if (port !== valueTypes.inet_service) throw new EncodeError('bad-value', `a port that is ${port.name}`);
  }
  const ports = compilePorts(context, options, Register.r2);
  const portMin = port === undefined ? {} : { portMin: registerAt(paddedLength((to as ValueType).length)) };
  context.emit({ kind: 'nat', type, family: isV6 ? 'ip6' : 'ip', addressMin: Register.r1, ...ports, ...portMin });
}

function checkFamily({ family }: RuleContext, isV6: boolean, what: string): void {
  const wrong = isV6 ? 'ip' : 'ip6';
  if (family === wrong) throw new EncodeError('bad-value', `${what} in a table of the family ${wrong}`);
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
  const { port } = options;
  if (port === undefined) return { flags };
  flags |= NatFlag.protoSpecified;
  if (isMap(port)) {
    loadOperand(context, port, portType, next);
    needTransport(context);
    return { flags, portMin: next };
  }
  needTransport(context);
  const { first, last } = portRange(port);
  context.emit({ kind: 'immediate', register: next, data: { value: valueTypes.inet_service.encode(first) } });
  if (last === first) return { flags, portMin: next };
  context.emit({ kind: 'immediate', register: next + 1, data: { value: valueTypes.inet_service.encode(last) } });
  return { flags, portMin: next, portMax: next + 1 };
}

/** A port says something only of a packet that has one; the nft program refuses such a rule as well. */
function needTransport(context: RuleContext): void {
  if (!context.hasNamed('l4proto')) {
    throw new EncodeError('bad-value', 'a port needs a match of a transport protocol before it');
  }
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

/** `tproxy to 127.0.0.1:8080`. @throws EncodeError */
export function compileTproxy(context: RuleContext, { address, port }: { address?: Scalar; port?: number }): void {
  if (address === undefined && port === undefined) throw new EncodeError('bad-value', 'tproxy to nowhere');
  needTransport(context);
  const isV6 = String(address).includes(':');
  const known = context.family === 'ip' ? NfProto.ipv4 : context.family === 'ip6' ? NfProto.ipv6 : 0;
  let family: number = known;
  let next: number = Register.r1;
  if (address !== undefined) {
    checkFamily(context, isV6, String(address));
    family = isV6 ? NfProto.ipv6 : NfProto.ipv4;
    const value = (isV6 ? valueTypes.ipv6_addr : valueTypes.ipv4_addr).encode(address);
    context.emit({ kind: 'immediate', register: next, data: { value } });
    next = Register.r2;
  }
  if (port !== undefined) {
    context.emit({ kind: 'immediate', register: next, data: { value: valueTypes.inet_service.encode(port) } });
  }
  const addressRegister = address === undefined ? {} : { addressRegister: Register.r1 };
  context.emit({ kind: 'tproxy', family, ...addressRegister, ...(port !== undefined && { portRegister: next }) });
}

/** `dup to 10.0.0.1 device 3`, `fwd to 3`. @throws EncodeError */
export function compileCopy(context: RuleContext, statement: Extract<Statement, { statement: 'dup' | 'fwd' }>): void {
  const { statement: kind, to, device } = statement;
  const isV6 = String(to).includes(':') || context.family === 'ip6';
  const addressType = keyTypeOf([isV6 ? valueTypes.ipv6_addr : valueTypes.ipv4_addr]);
  const deviceType = keyTypeOf([valueTypes.iface_index]);
  if (kind === 'fwd') {
    if (device === undefined) throw new EncodeError('bad-value', 'fwd to no interface');
    loadOperand(context, device, deviceType, Register.r1);
    if (to !== undefined) loadOperand(context, to, addressType, Register.r2);
    const family = isV6 ? NfProto.ipv6 : NfProto.ipv4;
    context.emit({
      kind,
      deviceRegister: Register.r1,
      ...(to !== undefined && { addressRegister: Register.r2, family }),
    });
    return;
  }
  if (to === undefined && device === undefined) throw new EncodeError('bad-value', 'dup to nowhere');
  if (to !== undefined) loadOperand(context, to, addressType, Register.r1);
  const deviceRegister = to === undefined ? Register.r1 : Register.r2;
  if (device !== undefined) loadOperand(context, device, deviceType, deviceRegister);
  context.emit({
    kind,
    ...(to !== undefined && { addressRegister: Register.r1 }),
    ...(device !== undefined && { deviceRegister }),
  });
}
