import { Ipv6Address } from '@router7/wire';
import { domainName } from './domain-name.ts';
import { domainNames } from './domain-names.ts';
import {
  flag,
  ipv6,
  ipv6List,
  ipv6ListOrNone,
  octetsOrNone,
  type Shape,
  text,
  u8,
  u16,
  u16List,
  u32,
} from './shape.ts';

/** What a value is like, by the shape's name: for options without a type of their own. */
export interface ShapeValues {
  /** One name in presentation form. */
  readonly domainName: string;
  readonly domainNames: readonly string[];
  readonly flag: true;
  readonly ipv6: Ipv6Address;
  readonly ipv6List: readonly Ipv6Address[];
  readonly ipv6ListOrNone: readonly Ipv6Address[];
  readonly octets: Uint8Array;
  readonly text: string;
  readonly u8: number;
  readonly u16: number;
  readonly u16List: readonly number[];
  readonly u32: number;
}

/** Name of a shape. */
export type ShapeName = keyof ShapeValues;

/** A value together with its shape. */
export type ShapedValue = {
  readonly [S in ShapeName]: { readonly shape: S; readonly value: ShapeValues[S] };
}[ShapeName];

/** The codec of each shape. */
export const genericShapes: { readonly [S in ShapeName]: Shape<ShapeValues[S]> } = {
  domainName,
  domainNames,
  flag,
  ipv6,
  ipv6List,
  ipv6ListOrNone,
  octets: octetsOrNone,
  text,
  u8,
  u16,
  u16List,
  u32,
};

/** Whether a value is of the type that a shape has; its range is the encoder's business. */
export function isShapeValue(shape: ShapeName, value: unknown): boolean {
  switch (shape) {
    case 'flag':
      return value === true;
    case 'domainName':
    case 'text':
      return typeof value === 'string';
    case 'domainNames':
      return isListOf(value, (item) => typeof item === 'string');
    case 'ipv6':
      return value instanceof Ipv6Address;
    case 'ipv6List':
    case 'ipv6ListOrNone':
      return isListOf(value, (item) => item instanceof Ipv6Address);
    case 'octets':
      return value instanceof Uint8Array;
    case 'u16List':
      return isListOf(value, (item) => typeof item === 'number');
    default:
      return typeof value === 'number';
  }
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
