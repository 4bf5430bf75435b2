import { EncodeError } from '@router7/wire';

/**
 * Checks a number that shares its octets with others, so that it cannot spill into them.
 *
 * @throws EncodeError `out-of-range`
 */
export function bitField(name: string, value: number, bits: number): number {
  if (!(Number.isInteger(value) && value >= 0 && value < 2 ** bits)) {
    throw new EncodeError('out-of-range', `${name} ${value} does not fit ${bits} bits`);
  }
  return value;
}
