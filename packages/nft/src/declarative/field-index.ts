import type { Expression } from '../expression.ts';
import { NumgenType } from '../expressions/numgen.ts';
import { PayloadBase } from '../expressions/payload.ts';
import { SocketKey } from '../expressions/socket.ts';
import type { Dependency, Field, Load } from './field.ts';
import { fields, fieldsOf } from './field-table.ts';

/** A field and its name. */
export interface NamedField {
  readonly name: string;
  readonly field: Field;
}

/** What a rule has made known of its packets so far. */
export type Known = ReadonlyMap<Dependency['on'], number>;

/** A text that loads of the same thing have in common, into whatever register. */
function loadKey(load: Load): string {
  const plain = { ...load, register: 0 };
  return Object.entries(plain)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join();
}

let index: Map<string, NamedField[]> | undefined;

/** Fields by what loads them; several have the same place in headers of different protocols. */
function byLoad(): Map<string, NamedField[]> {
  if (index !== undefined) return index;
  index = new Map();
  for (const [name, field] of Object.entries<Field>(fields)) {
    const key = loadKey(field.load);
    const list = index.get(key);
    if (list === undefined) index.set(key, [{ name, field }]);
    else list.push({ name, field });
  }
  return index;
}

/**
 * The field that an expression loads. Of several at one place it is one of a protocol that the rule has tested, else one
 * that needs none.
 *
 * @param mask what is left of it afterwards: fields of bits are told by it
 */
export function fieldOf(load: Load, known: Known, mask?: Uint8Array): NamedField | undefined {
  const candidates = (byLoad().get(loadKey(load)) ?? []).filter(
    ({ field }) => String(field.bits?.mask) === String(mask),
  );
  const fits = ({ field }: NamedField): boolean => isKnown(field, known);
  const fitting = candidates.filter(fits).toSorted((a, b) => b.field.needs.length - a.field.needs.length);
  return fitting[0] ?? parameterized(load, mask);
}

/** Whether a rule has made known all that a field needs; a type of ICMP message may still be tested for it. */
export function isKnown({ needs }: Field, known: Known): boolean {
  return needs.every(({ on, value, or }) => {
    const found = known.get(on);
    return found === undefined ? on === 'icmpType' : found === value || found === or;
  });
}

/** The field of addresses whose beginning is loaded. */
export function prefixFieldOf(load: Load, known: Known): NamedField | undefined {
  if (load.kind !== 'payload') return undefined;
  for (const length of [4, 16]) {
    if (length <= load.length) continue;
    const found = fieldOf({ ...load, length }, known);
    if (found !== undefined && (found.field.type.name === 'ipv4_addr' || found.field.type.name === 'ipv6_addr')) {
      return found;
    }
  }
  return undefined;
}

const bases: { readonly [base: number]: string } = {
  [PayloadBase.link]: 'll',
  [PayloadBase.network]: 'nh',
  [PayloadBase.transport]: 'th',
  [PayloadBase.inner]: 'ih',
};

/** Fields whose names have numbers in them. */
function parameterized(load: Load, mask: Uint8Array | undefined): NamedField | undefined {
  const name = mask === undefined ? nameOf(load) : nameOfBits(load, mask);
  const field = name === undefined ? undefined : fieldsOf(name)[0];
  if (name === undefined || field === undefined || String(field.bits?.mask) !== String(mask)) return undefined;
  return { name, field };
}

/** `@nh,4,4`: bits that stand side by side. */
function nameOfBits(load: Load, mask: Uint8Array): string | undefined {
  const base = load.kind === 'payload' ? bases[load.base] : undefined;
  if (load.kind !== 'payload' || base === undefined || load.length > 4) return undefined;
  const ones = mask.reduce((text, octet) => text + octet.toString(2).padStart(8, '0'), '');
  const [, before = '', bits = ''] = /^(0*)(1+)0*$/.exec(ones) ?? [];
  return bits === '' ? undefined : `@${base},${8 * load.offset + before.length},${bits.length}`;
}

function nameOf(load: Load): string | undefined {
  switch (load.kind) {
    case 'payload': {
      const base = bases[load.base];
      return base === undefined || load.length > 16 ? undefined : `@${base},${load.offset * 8},${load.length * 8}`;
    }
    case 'numgen': {
      const type = load.type === NumgenType.incremental ? 'inc' : 'random';
      return `numgen ${type} mod ${load.modulus}${load.offset === 0 ? '' : ` offset ${load.offset}`}`;
    }
    case 'hash':
      if (load.type !== 'symmetric') return undefined;
      return `symhash mod ${load.modulus}${load.offset === 0 ? '' : ` offset ${load.offset}`}`;
    case 'socket':
      return load.key === SocketKey.cgroupv2 ? `socket cgroupv2 level ${load.level}` : undefined;
    default:
      return undefined;
  }
}

/** Whether an expression puts something of the packet into a register. */
export function isLoad(expression: Expression): expression is Load {
  switch (expression.kind) {
    case 'meta':
    case 'ct':
    case 'payload':
    case 'exthdr':
      return expression.operation === 'load';
    case 'fib':
    case 'rt':
    case 'socket':
    case 'osf':
    case 'xfrm':
    case 'numgen':
    case 'hash':
      return true;
    default:
      return false;
  }
}
