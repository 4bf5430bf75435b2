import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';
import { DefinitionError, located } from '../located.ts';

/*
 * Checks of the form that plain data has, before anything is made of it: it may come from a file. What the values mean is
 * not looked at here.
 */

/** Throws DefinitionError when a value does not have a form. */
export type Shape = (value: unknown, path: string) => void;

/** Objects whose keys are known. */
export type ObjectShape<T> = { readonly [K in keyof T]-?: Shape };

/** Tells that something else is there than was expected. */
export function mismatch(path: string, value: unknown, expected: string): never {
  throw new DefinitionError(path, describe(value), expected);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)}`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const primitive =
  (type: 'string' | 'boolean', expected: string): Shape =>
  (value, path) => {
    if (typeof value !== type) mismatch(path, value, expected);
  };

/** A text. */
export const text: Shape = primitive('string', 'a text');
/** True or false. */
export const truth: Shape = primitive('boolean', 'true or false');
/** A number. */
export const number: Shape = (value, path) => {
  if (typeof value !== 'number' || Number.isNaN(value)) mismatch(path, value, 'a number');
};
/** One of these words and no other: one in upper case, or misspelled, must not be taken for what stands there by default. */
export function word(...words: readonly string[]): Shape {
  return (value, path) => {
    if (!words.includes(value as string)) mismatch(path, value, `one of ${words.join(', ')}`);
  };
}

/** A number, or text for one. */
export const amount: Shape = (value, path) => {
  if (!['number', 'bigint', 'string'].includes(typeof value)) mismatch(path, value, 'a number or a text');
};

const classes = [Ipv4Address, Ipv6Address, Ipv4Prefix, Ipv6Prefix, MacAddress] as const;

/** Whether it is one value of a field. */
export function isScalar(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'number') return true;
  return typeof value === 'object' && classes.some((address) => value instanceof address);
}

/** One value of a field. */
export const scalar: Shape = (value, path) => {
  if (!isScalar(value)) mismatch(path, value, 'a value');
};

/** Whether it is an object that holds other values. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isScalar(value);
}

/** A list of values of one form. */
export function list(each: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return mismatch(path, value, 'a list');
    let index = 0;
    // Paths are made for what is wrong alone: lists have many thousands of values. Holes are as good as undefined.
    located(
      () => `${path}[${index}]`,
      () => {
        for (; index < value.length; index++) each(value[index], '');
      },
    );
  };
}

/** Values of one form under names of any kind. */
export function record(each: Shape): Shape {
  return (value, path) => {
    if (!isPlainObject(value)) return mismatch(path, value, 'an object');
    for (const [name, one] of Object.entries(value)) each(one, join(path, name));
  };
}

/**
 * An object with these keys and no others: those that may be left out are most likely misspelled.
 *
 * @param expected what it is, for people
 * @param needed the keys that may not be left out
 */
export function object<T>(expected: string, keys: ObjectShape<T>, ...needed: (keyof T & string)[]): Shape {
  const shapes = new Map(Object.entries<Shape>(keys));
  return (value, path) => {
    if (!isPlainObject(value)) return mismatch(path, value, expected);
    let name = '';
    located(
      () => join(path, name),
      () => {
        for (name of Object.keys(value)) {
          const shape = shapes.get(name);
          if (shape === undefined) {
            const known = [...shapes.keys()].join(', ');
            throw new DefinitionError(
              '',
              'a key that means nothing here',
              known === '' ? 'no keys' : `one of ${known}`,
            );
          }
          if (value[name] !== undefined) shape(value[name], '');
        }
        for (name of needed) if (value[name] === undefined) shapes.get(name)?.(undefined, '');
      },
    );
  };
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
