import { EncodeError } from '@router7/wire';

/** nft's number for the type of a concatenation: six bits for each field's type. */
export function concatenatedType(...types: readonly number[]): number {
  return types.reduce((all, type) => all * 64 + type, 0);
}

/** Octets that a field takes in a key of several: registers are of 4. */
export function paddedLength(length: number): number {
  return (length + 3) & ~3;
}

/** `10.0.0.1 . 80`: the octets of a key of several fields, each filled up with zeros to a multiple of 4. */
export function concatenate(fields: readonly Uint8Array[]): Uint8Array {
  const key = new Uint8Array(fields.reduce((sum, { length }) => sum + paddedLength(length), 0));
  let at = 0;
  for (const field of fields) {
    key.set(field, at);
    at += paddedLength(field.length);
  }
  return key;
}

/**
 * The fields of a key, as views; the opposite of {@link concatenate}.
 *
 * @throws EncodeError `bad-value` when the key is not as long as its fields
 */
export function splitConcatenation(key: Uint8Array, fieldLengths: readonly number[]): Uint8Array[] {
  const wanted = fieldLengths.reduce((sum, length) => sum + paddedLength(length), 0);
  if (key.length !== wanted)
    throw new EncodeError('bad-value', `a key of ${key.length} octets for fields of ${wanted}`);
  let at = 0;
  return fieldLengths.map((length) => {
    const field = key.subarray(at, at + length);
    at += paddedLength(length);
    return field;
  });
}
