import type { Expression } from '../expression.ts';
import { CmpOperator } from '../expressions/cmp.ts';
import { DynsetOperation } from '../expressions/dynset.ts';
import { RangeOperator } from '../expressions/range.ts';
import type { FamilyName } from '../family.ts';
import { type NftSet, SetFlag } from '../set.ts';
import type { SetElement } from '../set-elements.ts';
import { ObjectType } from '../stateful-object.ts';
import type { MapEntries } from './anonymous-set.ts';
import { dataOf, readElements, stateOf } from './decompile-set.ts';
import { formatDuration } from './duration.ts';
import { type Dependency, NfProto } from './field.ts';
import { fieldOf, isLoad, type NamedField, prefixFieldOf } from './field-index.ts';
import { registerType } from './key-load.ts';
import { keyTypeOf } from './key-type.ts';
import { type ObjectTypeName, objectTypes, textOfVerdict } from './map-data.ts';
import type { Condition, Match, Positive, Values } from './match.ts';
import { bitsOf, readComparison, readRange, readValue } from './read-condition.ts';
import { readStatement } from './read-statement.ts';
import { type Content, NoWords, RegisterFile } from './register-file.ts';
import type { MapOperand, Statement } from './statement.ts';
import { etherTypes } from './symbols.ts';
import type { Scalar } from './value.ts';

/** A set and its elements. */
export interface HeldSet {
  readonly set: NftSet;
  readonly elements: readonly SetElement[];
}

/** Where the sets of a table are found by their names. */
export type FindSet = (name: string) => HeldSet | undefined;

/** Reads expressions as conditions and statements; every test is told, also those that nft puts in by itself. */
export class RuleReader {
  readonly parts: (Match | Statement)[] = [];
  readonly registers: RegisterFile = new RegisterFile();
  readonly #expressions: readonly Expression[];
  readonly #find: FindSet;
  readonly #known: Map<Dependency['on'], number> = new Map();
  #at = 0;

  constructor(family: FamilyName, expressions: readonly Expression[], find: FindSet) {
    this.#expressions = expressions;
    this.#find = find;
    const protocol = { ip: NfProto.ipv4, ip6: NfProto.ipv6, arp: NfProto.arp, inet: 0, bridge: 0, netdev: 0 }[family];
    if (protocol !== 0) this.#known.set('nfproto', protocol);
    if (family === 'bridge') this.#known.set('iiftype', 1);
  }

  /** Reads all. @throws NoWords */
  read(): (Match | Statement)[] {
    while (this.#at < this.#expressions.length) this.#readOne(this.#expressions[this.#at++] as Expression);
    return this.parts;
  }

  /** A set of the table. @throws NoWords */
  held(name: string): HeldSet {
    const held = this.#find(name);
    if (held === undefined) throw new NoWords();
    return held;
  }

  #next(): Expression | undefined {
    return this.#expressions[this.#at];
  }

  #readOne(expression: Expression): void {
    if (isLoad(expression)) {
      this.#load(expression);
      return;
    }
    switch (expression.kind) {
      case 'bitwise':
      case 'byteorder':
        this.registers.change(expression);
        break;
      case 'cmp':
        this.#compare(expression);
        break;
      case 'range': {
        const content = this.registers.field(expression.register);
        const range = readRange(content, expression.from, expression.to);
        this.#match(content.field.name, expression.operator === RangeOperator.neq ? { not: range } : range);
        break;
      }
      case 'lookup':
        this.#lookUp(expression);
        break;
      case 'immediate':
        if ('value' in expression.data) {
          this.registers.put(expression.register, { kind: 'value', value: expression.data.value });
        } else this.#verdict(textOfVerdict(expression.data.verdict));
        break;
      case 'objref':
        if ('name' in expression) this.parts.push(namedObject(expression.type, expression.name));
        else this.#objectMap(expression.source, expression.set);
        break;
      case 'dynset':
        this.#element(expression);
        break;
      default:
        this.parts.push(readStatement(this.registers, expression, this.#known));
    }
  }

  #load(load: Extract<Expression, { register: number }> & Parameters<typeof fieldOf>[0]): void {
    const next = this.#next();
    const masked = next?.kind === 'bitwise' && 'mask' in next && next.source === load.register;
    const after = this.#expressions[this.#at + 1];
    const isWrite = after?.kind === 'payload' && after.operation === 'set';
    const bits =
      masked && !isWrite && next.xor.every((octet) => octet === 0) ? fieldOf(load, this.#known, next.mask) : undefined;
    // Bits at a place that has a name are those of the name: `tcp flags & syn`, not `@th,110,1`.
    const named = bits?.name.startsWith('@') === true ? fieldOf(load, this.#known) : undefined;
    if (bits !== undefined && named?.name.startsWith('@') !== false) {
      this.#at++;
      this.registers.put(load.register, { kind: 'field', field: bits });
      return;
    }
    const field =
      load.kind === 'hash' && load.type === 'jenkins'
        ? this.#hashed(load)
        : (fieldOf(load, this.#known) ?? prefixFieldOf(load, this.#known));
    const begins = prefixFieldOf(load, this.#known);
    const prefix = next?.kind === 'cmp' && begins !== undefined && (field === undefined || field.name.startsWith('@'));
    const found = prefix ? begins : field;
    if (found === undefined) throw new NoWords();
    this.registers.put(load.register, { kind: 'field', field: found });
  }

  #hashed(load: Extract<Expression, { kind: 'hash'; type: 'jenkins' }>): NamedField {
    const of = this.registers.fields(load.source, load.length).map(({ field }) => field);
    const seed = load.seed === undefined ? '' : ` seed 0x${load.seed.toString(16)}`;
    const offset = load.offset === 0 ? '' : ` offset ${load.offset}`;
    const name = `jhash ${of.map((each) => each.name).join(' . ')} mod ${load.modulus}${seed}${offset}`;
    const type = fieldOf({ ...load, kind: 'numgen', type: 0 } as never, this.#known)?.field.type;
    if (type === undefined) throw new NoWords();
    return { name, field: { type, needs: [], load, of: of.map(({ field }) => field) } };
  }

  #compare(cmp: Extract<Expression, { kind: 'cmp' }>): void {
    const content = this.registers.field(cmp.register);
    const next = this.#next();
    const isRange = cmp.operator === CmpOperator.gte && next?.kind === 'cmp' && next.operator === CmpOperator.lte;
    if (isRange && next.register === cmp.register) {
      this.#at++;
      this.#match(content.field.name, readRange(content, cmp.value, next.value));
      return;
    }
    this.#match(content.field.name, readComparison(content, cmp));
    if (cmp.operator === CmpOperator.eq && content.mask === undefined) this.#learn(content.field, cmp.value);
  }

  #learn({ field }: NamedField, value: Uint8Array): void {
    if (field.tells === undefined) return;
    const number = value.reduce((sum, octet) => sum * 256 + octet, 0);
    if (field.tells === 'iiftype') this.#known.set('iiftype', value[0] ?? 0);
    else if (value.length === 1) this.#known.set(field.tells, number);
    else {
      if (field.tells === 'etherType') this.#known.set('etherType', number);
      if (number === etherTypes.ip) this.#known.set('nfproto', NfProto.ipv4);
      if (number === etherTypes.ip6) this.#known.set('nfproto', NfProto.ipv6);
      if (number === etherTypes.arp) this.#known.set('nfproto', NfProto.arp);
    }
  }

  #lookUp({ set: name, source, destination, inverted }: Extract<Expression, { kind: 'lookup' }>): void {
    const held = this.#find(name);
    if (destination !== undefined) {
      const operand = this.#mapOperand(source, this.held(name));
      if (destination === 0) this.parts.push({ statement: 'vmap', ...operand });
      else this.registers.put(destination, { kind: 'map', operand, length: this.held(name).set.dataLength ?? 0 });
      return;
    }
    if (held === undefined) throw new NoWords();
    const contents = this.registers.fields(source, held.set.keyLength);
    const key = nameOf(contents);
    const not = (positive: Positive): Condition => (inverted ? { not: positive } : positive);
    const mask = maskOf(contents);
    if (!isAnonymous(held)) {
      this.#match(key, not({ ...mask, set: name }));
      return;
    }
    const values = listOf(held, contents);
    const isBits = contents.length === 1 && contents[0]?.field.field.type.bits === true;
    this.#match(key, not(isBits || mask !== undefined ? { ...mask, in: values } : values));
  }

  #mapOperand(source: number, held: HeldSet): MapOperand {
    const contents = this.registers.fields(source, held.set.keyLength);
    const key = nameOf(contents);
    return { key, ...maskOf(contents), map: isAnonymous(held) ? entriesOf(held, contents) : held.set.name };
  }

  #objectMap(source: number, name: string): void {
    const held = this.held(name);
    const { key, map } = this.#mapOperand(source, held);
    const type = objectTypeName(held.set.objectType ?? 0);
    this.parts.push({ statement: 'object', type, key, map });
  }

  #element(expression: Extract<Expression, { kind: 'dynset' }>): void {
    const { operation, set, keyRegister, dataRegister, timeoutMilliseconds, expressions, inverted } = expression;
    const held = this.held(set);
    if (inverted || isAnonymous(held)) throw new NoWords();
    const word = (Object.keys(DynsetOperation) as (keyof typeof DynsetOperation)[]).find(
      (name) => DynsetOperation[name] === operation,
    );
    const states = expressions.flatMap(stateOf);
    if (word === undefined || states.length < expressions.length) throw new NoWords();
    const data = dataOf(held.set, 0);
    const content = dataRegister === undefined ? undefined : this.registers.get(dataRegister);
    if (content !== undefined && (content.kind !== 'value' || data?.kind !== 'values')) throw new NoWords();
    this.parts.push({
      statement: 'element',
      operation: word,
      set,
      key: nameOf(this.registers.fields(keyRegister, held.set.keyLength)),
      ...(content?.kind === 'value' && data?.kind === 'values' && { data: dataValue(data.type.parts[0], content) }),
      ...(timeoutMilliseconds !== undefined && { timeout: formatDuration(Number(timeoutMilliseconds)) }),
      ...(states.length > 0 && { states }),
    });
  }

  #match(name: string, condition: Condition): void {
    this.parts.push({ [name]: condition } as Match);
  }

  #verdict(text: string | undefined): void {
    if (text === undefined) throw new NoWords();
    const [word = '', chain] = text.split(' ');
    this.parts.push((chain === undefined ? { statement: word } : { statement: word, chain }) as Statement);
  }
}

function dataValue(type: Parameters<typeof readValue>[0] | undefined, content: { readonly value: Uint8Array }): Scalar {
  if (type === undefined) throw new NoWords();
  return readValue(type, content.value);
}

function isAnonymous({ set }: HeldSet): boolean {
  return (set.flags & SetFlag.anonymous) !== 0;
}

type FieldContent = Extract<Content, { kind: 'field' }>;

function nameOf(contents: readonly FieldContent[]): string {
  return contents.map(({ field }) => field.name).join(' . ');
}

/** What is looked at of the one field of a key. */
function maskOf([only, ...more]: readonly FieldContent[]): { readonly of: Values } | undefined {
  if (only?.mask === undefined || more.length > 0) return undefined;
  const type = registerType(only.field.field);
  if (!type.bits) return { of: readValue(type, only.mask) };
  const bits = bitsOf(type, only.mask);
  return { of: bits.length === 1 ? (bits[0] as Scalar) : bits };
}

function keyOf(contents: readonly FieldContent[]) {
  const several = contents.length > 1;
  return keyTypeOf(contents.map(({ field }) => (several ? field.field.type : registerType(field.field))));
}

function listOf({ set, elements }: HeldSet, contents: readonly FieldContent[]): Scalar[] {
  return readElements(set, keyOf(contents), undefined, elements).map(({ key }) => key);
}

function entriesOf({ set, elements }: HeldSet, contents: readonly FieldContent[]): MapEntries {
  const list = readElements(set, keyOf(contents), dataOf(set, 0), elements);
  return Object.fromEntries(list.map(({ key, data }) => [String(key), data as Scalar]));
}

function namedObject(type: number, name: string): Statement {
  if (type === ObjectType.counter) return { statement: 'counter', counter: name };
  return { statement: 'object', type: objectTypeName(type), name };
}

function objectTypeName(type: number): ObjectTypeName {
  const found = Object.entries(objectTypes).find(([, code]) => code === type)?.[0];
  if (found === undefined) throw new NoWords();
  return found as ObjectTypeName;
}
