import { EncodeError } from '@router7/wire';
import type { ValueType } from './value.ts';

/** A type without words here, by nft's number and its length; its values are `bytes:` and hexadecimal digits. */
export function rawType(code: number, length: number, byteOrder: number): ValueType {
  const name = `type ${code} of ${length} octets in order ${byteOrder}`;
  return {
    ...{ name, code, length, hostOrder: false, bits: false, byteOrder },
    encode(value) {
      throw new EncodeError('bad-value', `${value} is no ${name}: give its octets`);
    },
    decode: () => undefined,
  };
}

/** Reads the name of {@link rawType}; undefined when it is none. */
export function parseRawType(name: string): ValueType | undefined {
  const [, code, length, order] = /^type (\d+) of (\d+) octets in order (\d)$/.exec(name) ?? [];
  return code === undefined ? undefined : rawType(Number(code), Number(length), Number(order));
}
