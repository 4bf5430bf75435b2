import { EncodeError } from '@router7/wire';
import { Register } from '../expressions/codec.ts';
import { NumgenType } from '../expressions/numgen.ts';
import { PayloadBase } from '../expressions/payload.ts';
import { SocketKey } from '../expressions/socket.ts';
import { extensionFields } from './extension-fields.ts';
import { bitField, bitsType, type Field } from './field.ts';
import type { FieldName } from './field-name.ts';
import { headerFields } from './header-fields.ts';
import { metaFields } from './meta-fields.ts';
import { valueTypes } from './value-type.ts';

/** The fields there are, by name: nft's own words with dots for blanks. */
export const fields: { readonly [F in FieldName]: Field } = { ...headerFields, ...extensionFields, ...metaFields };

const register = Register.r1;
const parsed = new Map<string, readonly Field[]>();
const KNOWN_MAX = 1000;

/**
 * The fields of a name: one, or with ` . ` between them the several of a concatenation. Beside those of {@link fields}
 * there are `numgen inc mod 2`, `jhash ip.saddr . tcp.dport mod 8 seed 0x1`, `symhash mod 2`, `@th,0,16` and
 * `socket cgroupv2 level 2`.
 *
 * @throws EncodeError `bad-value` when there is no such field
 */
export function fieldsOf(name: string): readonly Field[] {
  if (Object.hasOwn(fields, name)) return [fields[name as FieldName]];
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const found = splitFields(name).map(parseField);
  if (parsed.size < KNOWN_MAX) parsed.set(name, found);
  return found;
}

/** Cuts at ` . `, but not inside of what is hashed. */
function splitFields(name: string): string[] {
  const parts: string[] = [];
  for (const part of name.split(/\s+\.\s+/)) {
    const last = parts.at(-1);
    if (last?.startsWith('jhash ') && !/ mod /.test(last)) parts[parts.length - 1] = `${last} . ${part}`;
    else parts.push(part);
  }
  return parts;
}

function parseField(name: string): Field {
  if (Object.hasOwn(fields, name)) return fields[name as FieldName];
  const field = parseNumgen(name) ?? parseHash(name) ?? parseRaw(name) ?? parseCgroup(name);
  if (field === undefined) throw new EncodeError('bad-value', `${JSON.stringify(name)} is not a field`);
  return field;
}

function parseNumgen(name: string): Field | undefined {
  const found = /^numgen (inc|random) mod (\d+)(?: offset (\d+))?$/.exec(name);
  if (found === null) return undefined;
  const [, kind, modulus, offset = 0] = found;
  const type = kind === 'inc' ? NumgenType.incremental : NumgenType.random;
  const load = { kind: 'numgen', register, type, modulus: Number(modulus), offset: Number(offset) } as const;
  return { type: valueTypes.hostWord, needs: [], load };
}

function parseHash(name: string): Field | undefined {
  const found = /^(symhash|jhash (.+)) mod (\d+)(?: seed (0x[\da-f]+|\d+))?(?: offset (\d+))?$/i.exec(name);
  if (found === null) return undefined;
  const [, , source, modulus, seed, offset = 0] = found;
  const result = { kind: 'hash', register, modulus: Number(modulus), offset: Number(offset) } as const;
  const type = valueTypes.hostWord;
  if (source === undefined) {
    if (seed !== undefined) throw new EncodeError('bad-value', 'symhash has no seed');
    return { type, needs: [], load: { ...result, type: 'symmetric' } };
  }
  const of = fieldsOf(source);
  const length =
    of.length === 1 ? (of[0]?.type.length ?? 0) : of.reduce((sum, f) => sum + ((f.type.length + 3) & ~3), 0);
  const seeded = seed === undefined ? {} : { seed: Number(seed) };
  const load = { ...result, type: 'jenkins', source: Register.r2, length, ...seeded } as const;
  return { type, needs: of.flatMap(({ needs }) => needs), load, of };
}

/** `@th,16,16`: bits from the start of a header. */
function parseRaw(name: string): Field | undefined {
  const found = /^@(ll|nh|th|ih),(\d+),(\d+)$/.exec(name);
  if (found === null) return undefined;
  const bases = { ll: PayloadBase.link, nh: PayloadBase.network, th: PayloadBase.transport, ih: PayloadBase.inner };
  const base = bases[found[1] as keyof typeof bases];
  const [offset, width] = [Number(found[2]), Number(found[3])];
  if (width === 0 || width > 128) throw new EncodeError('out-of-range', `${name}: 1 to 128 bits`);
  const load = (at: number, length: number) => {
    return { kind: 'payload', operation: 'load', register, base, offset: at, length } as const;
  };
  if (offset % 8 === 0 && width % 8 === 0) {
    return { type: bitsType(width), needs: [], load: load(offset / 8, width / 8) };
  }
  if (width > 32) throw new EncodeError('out-of-range', `${name}: more than 32 bits that are not whole octets`);
  return bitField(load, offset, width, []);
}

function parseCgroup(name: string): Field | undefined {
  const level = /^socket cgroupv2 level (\d+)$/.exec(name)?.[1];
  if (level === undefined) return undefined;
  const load = { kind: 'socket', register, key: SocketKey.cgroupv2, level: Number(level) } as const;
  return { type: valueTypes.cgroupsv2, needs: [], load };
}
