import { ByteReader, ByteWriter, DecodeError, EncodeError } from '@router7/wire';
import { Attributes, AttributeWriter } from './attribute.ts';
import type { NestedExpressions } from './expressions/codec.ts';
import { type Expression, expressionCodecs, type RawExpression } from './expressions/registry.ts';

export type { Expression, RawExpression };

const NFTA_LIST_ELEM = 1;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;

const byName = new Map(expressionCodecs.map((codec) => [codec.name, codec]));
const byKind = new Map<string, (typeof expressionCodecs)[number]>(expressionCodecs.map((codec) => [codec.kind, codec]));

/** The kernel's name of an expression. @throws EncodeError `bad-value` for a kind that does not exist */
export function expressionName(expression: Expression): string {
  if (expression.kind === 'raw') return expression.name;
  const codec = byKind.get(expression.kind);
  if (codec === undefined)
    throw new EncodeError('bad-value', `${JSON.stringify(expression.kind)} is not an expression`);
  return codec.name;
}

/** Writes name and data of one expression. @throws EncodeError */
export function writeExpression(writer: AttributeWriter, expression: Expression): void {
  writer.string(NFTA_EXPR_NAME, expressionName(expression));
  if (expression.kind === 'raw') {
    const { data } = expression;
    if (data !== undefined) writer.nest(NFTA_EXPR_DATA, () => writer.bytesOut.bytes(data));
    return;
  }
  const codec = byKind.get(expression.kind);
  // An expression without attributes has no data at all in the nft program's messages.
  if (expression.kind === 'notrack') return;
  const at = writer.begin();
  codec?.encode(writer, expression, nested);
  writer.end(at, NFTA_EXPR_DATA);
}

/**
 * Reads one expression from its name and data.
 *
 * @throws DecodeError
 */
export function readExpression(attributes: Attributes): Expression {
  return readWith(attributes, nested);
}

/** What stands inside of an expression. The kernel takes nothing there that holds a third level, so this ends. */
const nested: NestedExpressions<Expression> = {
  write: writeExpression,
  read: (attributes) => readWith(attributes, innermost),
};

const innermost: NestedExpressions<Expression> = { write: writeExpression, read: (attributes) => readRaw(attributes) };

function readWith(attributes: Attributes, inside: NestedExpressions<Expression>): Expression {
  const name = readName(attributes);
  const inner = attributes.nested(NFTA_EXPR_DATA) ?? new Attributes(new ByteReader(new Uint8Array()));
  const known = byName.get(name)?.decode(inner, inside);
  return known !== undefined && inner.allRead ? known : readRaw(attributes);
}

function readName(attributes: Attributes): string {
  const name = attributes.need(attributes.string(NFTA_EXPR_NAME), 'NFTA_EXPR_NAME');
  // The kernel's names are words; another would not be written again as it was.
  const behind = (attributes.bytes(NFTA_EXPR_NAME)?.length ?? 0) - name.length;
  if (!/^\w+$/.test(name) || behind > 1)
    throw new DecodeError('bad-value', `${JSON.stringify(name)} is no name of an expression`, 0);
  return name;
}

function readRaw(attributes: Attributes): RawExpression {
  const name = readName(attributes);
  const data = attributes.bytes(NFTA_EXPR_DATA);
  return { kind: 'raw', name, ...(data !== undefined && { data: data.slice() }) };
}

/** Writes a rule's expressions inside `type`. @throws EncodeError */
export function writeExpressions(writer: AttributeWriter, type: number, expressions: readonly Expression[]): void {
  const list = writer.begin();
  for (const expression of expressions) {
    const at = writer.begin();
    writeExpression(writer, expression);
    writer.end(at, NFTA_LIST_ELEM);
  }
  writer.end(list, type);
}

/** Reads a rule's expressions. @throws DecodeError */
export function readExpressions(attributes: Attributes): Expression[] {
  return attributes.list().map((attribute) => readExpression(new Attributes(attribute)));
}

/**
 * The attributes of one expression, its name and its data, as they stand in a rule.
 *
 * @throws EncodeError
 */
export function encodeExpression(expression: Expression): Uint8Array {
  const bytes = new ByteWriter(64);
  writeExpression(new AttributeWriter(bytes), expression);
  return bytes.finish();
}

/**
 * The expression that {@link encodeExpression} made these attributes of.
 *
 * @throws DecodeError
 */
export function decodeExpression(bytes: Uint8Array): Expression {
  return readExpression(new Attributes(new ByteReader(bytes)));
}
