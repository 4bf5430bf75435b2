import { fromHex, toHex } from '@router7/wire';

/** Octets from rows of hexadecimal digits, one row for a field. */
export function bytes(...rows: readonly string[]): Uint8Array {
  return fromHex(rows.join(' '));
}

/** Octets as text, four to a line, so that a mismatch shows itself as a short difference. */
export function lines(octets: Uint8Array): string[] {
  return toHex(octets).match(/.{1,8}/g) ?? [];
}
