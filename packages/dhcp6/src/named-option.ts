import { ByteReader, ByteWriter, EncodeError } from '@router7/wire';
import type { KnownOption, Option, OptionName, OptionValues, RawOption } from './option.ts';
import { genericShapes, isShapeValue, type ShapedValue, type ShapeValues } from './options/generic-shape.ts';
import type { Shape } from './options/shape.ts';
import { optionCode, optionDefinition } from './registry.ts';

/** The value of an option that has no type of its own. */
export type NamedValue = ShapedValue & {
  /** Of the registry; undefined for a code that IANA has not assigned, whose shape is `octets`. */
  readonly name: string | undefined;
};

/**
 * Decodes the value of an option that a message has as `raw`, by the shape that the registry gives it.
 *
 * @throws DecodeError when the octets do not have the shape
 */
export function decodeRawOption(option: RawOption): NamedValue {
  const { name, shape } = optionDefinition(option.code);
  if (shape === undefined) return { name, shape: 'octets', value: option.data };
  const reader = new ByteReader(option.data);
  const value = genericShapes[shape].decode(reader);
  reader.end();
  return { name, shape, value } as NamedValue;
}

/**
 * Makes an option from its name in the registry, or from the code of an unassigned one (whose value is octets).
 * The value of an option with a type of its own goes into the message as it is; any other is encoded at once.
 *
 * @throws EncodeError `bad-value` (no such option, or not a value of its shape), `out-of-range`, `too-long`
 */
export function encodeNamedOption<N extends OptionName>(name: N, value: OptionValues[N]): KnownOption;
export function encodeNamedOption(name: string | number, value: ShapeValues[keyof ShapeValues]): Option;
export function encodeNamedOption(name: string | number, value: unknown): Option {
  const code = typeof name === 'number' ? name : optionCode(name);
  if (code === undefined || !Number.isInteger(code) || code < 1 || code > 0xffff) {
    throw new EncodeError('bad-value', `there is no option ${name} to be set`);
  }
  const definition = optionDefinition(code);
  if (definition.status === 'own') return { kind: definition.name, value } as KnownOption;
  const shape = definition.shape ?? 'octets';
  if (!isShapeValue(shape, value)) throw new EncodeError('bad-value', `option ${name} has a value of shape ${shape}`);
  const writer = new ByteWriter(64);
  (genericShapes[shape] as Shape<unknown>).encode(writer, value);
  return { kind: 'raw', code, data: writer.finish() };
}
