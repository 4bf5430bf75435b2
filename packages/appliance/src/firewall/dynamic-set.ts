import {
  concatenatedType,
  encodeSetUserdata,
  type NftSet,
  paddedLength,
  SetFlag,
  type ValueTypeName,
  valueTypes,
} from '@router7/nft';
import { TABLE } from './names.ts';

/** A set, or with `data` a map, that rules fill. */
export interface DynamicSetOptions {
  readonly name: string;
  /** Fields of the key. */
  readonly key: readonly ValueTypeName[];
  /** Fields of what a key stands for. */
  readonly data?: readonly ValueTypeName[];
  /** How many elements there may be: what packets can write must have an end. */
  readonly size: number;
  readonly timeoutSeconds: number;
}

/** The set as the kernel knows it. */
export function dynamicSet({ name, key, data, size, timeoutSeconds }: DynamicSetOptions): NftSet {
  const isMap = data !== undefined;
  return {
    ...{ kind: 'set', family: 'inet', table: TABLE, name, size },
    flags: SetFlag.eval | SetFlag.timeout | (isMap ? SetFlag.map : 0),
    ...{ keyType: typeOf(key), keyLength: lengthOf(key) },
    ...(isMap && { dataType: typeOf(data), dataLength: lengthOf(data) }),
    timeoutMilliseconds: BigInt(timeoutSeconds) * 1000n,
    userdata: encodeSetUserdata({}),
  };
}

function typeOf(fields: readonly ValueTypeName[]): number {
  return concatenatedType(...fields.map((field) => valueTypes[field].code));
}

function lengthOf([first, ...more]: readonly ValueTypeName[]): number {
  const length = (field: ValueTypeName | undefined): number => (field === undefined ? 0 : valueTypes[field].length);
  // Only in a key of several fields each of them fills its registers.
  if (more.length === 0) return length(first);
  return [first, ...more].reduce((sum, field) => sum + paddedLength(length(field)), 0);
}
