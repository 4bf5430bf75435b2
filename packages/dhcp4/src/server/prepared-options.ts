import { ByteWriter, EncodeError } from '@router7/wire';
import type { Option } from '../option.ts';
import { OptionCode } from '../option-areas.ts';
import { codecByName } from '../option-codec.ts';

/**
 * Options of the settings by code. Known ones are encoded here once and for all: a reply copies their octets.
 *
 * @throws EncodeError when a value has no encoding
 */
export function optionsByCode(options: readonly Option[]): ReadonlyMap<number, Option> {
  const byCode = new Map<number, Option>();
  const writer = new ByteWriter();
  for (const option of options) {
    if (option.kind === 'raw' || option.kind === 'malformed') {
      const { code } = option;
      if (code === OptionCode.pad || code === OptionCode.overload || code === OptionCode.end) {
        throw new EncodeError('bad-value', `option ${code} is written where it is needed, not on request`);
      }
      byCode.set(code, option);
      continue;
    }
    const codec = codecByName.get(option.kind);
    if (codec === undefined) continue;
    writer.reset();
    codec.encode(writer, option.value);
    byCode.set(codec.code, { kind: 'raw', code: codec.code, data: writer.finish() });
  }
  return byCode;
}
