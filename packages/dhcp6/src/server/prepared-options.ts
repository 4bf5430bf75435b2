import type { Option } from '../option.ts';
import { encodeOption } from '../option-data.ts';

/**
 * Options of the settings by code, encoded here once and for all: a reply copies their octets. The last of one code counts.
 *
 * @throws EncodeError when a value has no encoding
 */
export function optionsByCode(options: readonly Option[]): ReadonlyMap<number, Option> {
  const byCode = new Map<number, Option>();
  for (const option of options) {
    const { code, data } = encodeOption(option);
    byCode.set(code, { kind: 'raw', code, data });
  }
  return byCode;
}
