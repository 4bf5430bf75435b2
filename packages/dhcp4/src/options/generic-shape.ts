import { Ipv4Address, Ipv6Address } from '@router7/wire';
import { dnsName } from './dns-name.ts';
import { dnsNames } from './domain-search.ts';
import {
  boolean,
  flag,
  i32,
  ipv4,
  ipv4List,
  ipv4ListOrNone,
  ipv4PairList,
  ipv6,
  octets,
  type Shape,
  text,
  u8,
  u8List,
  u16,
  u16List,
  u32,
} from './shape.ts';
import { type SubOption, subOptions } from './sub-option.ts';

/** What a value is like, by the shape's name: for options without a type of their own. */
export interface ShapeValues {
  readonly boolean: boolean;
  /** One name in presentation form. */
  readonly dnsName: string;
  readonly dnsNames: readonly string[];
  readonly flag: true;
  readonly i32: number;
  readonly ipv4: Ipv4Address;
  readonly ipv4List: readonly Ipv4Address[];
  readonly ipv4ListOrNone: readonly Ipv4Address[];
  readonly ipv4PairList: readonly (readonly [Ipv4Address, Ipv4Address])[];
  readonly ipv6: Ipv6Address;
  readonly octets: Uint8Array;
  readonly subOptions: readonly SubOption[];
  readonly text: string;
  readonly u8: number;
  readonly u8List: readonly number[];
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
  boolean,
  dnsName,
  dnsNames: dnsNames(false),
  flag,
  i32,
  ipv4,
  ipv4List,
  ipv4ListOrNone,
  ipv4PairList,
  ipv6,
  octets,
  subOptions,
  text,
  u8,
  u8List,
  u16,
  u16List,
  u32,
};

/** Whether a value is of the type that a shape has; its range is the encoder's business. */
export function isShapeValue(shape: ShapeName, value: unknown): boolean {
  switch (shape) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'flag':
      return value === true;
    case 'dnsName':
    case 'text':
      return typeof value === 'string';
    case 'dnsNames':
      return isListOf(value, (item) => typeof item === 'string');
    case 'ipv4':
      return value instanceof Ipv4Address;
    case 'ipv4List':
    case 'ipv4ListOrNone':
      return isListOf(value, isIpv4);
    case 'ipv4PairList':
      return isListOf(value, (item) => isListOf(item, isIpv4) && (item as readonly unknown[]).length === 2);
    case 'ipv6':
      return value instanceof Ipv6Address;
    case 'octets':
      return value instanceof Uint8Array;
    case 'subOptions':
      return isListOf(value, isSubOption);
    case 'u8List':
    case 'u16List':
      return isListOf(value, (item) => typeof item === 'number');
    default:
      return typeof value === 'number';
  }
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isIpv4(item: unknown): boolean {
  return item instanceof Ipv4Address;
}

function isSubOption(item: unknown): boolean {
  const { code, data } = Object(item) as Partial<SubOption>;
  return typeof code === 'number' && data instanceof Uint8Array;
}
