import { ByteWriter, EncodeError, errorWithin } from '@router7/wire';
import type { Option } from './option.ts';
import { codecByName } from './option-codec.ts';

/**
 * Code and octets of an option, as a file or another protocol wants them: whole, even when a message has to split it.
 *
 * @throws EncodeError when the value has no encoding
 */
export function encodeOption(option: Option): { readonly code: number; readonly data: Uint8Array } {
  if (option.kind === 'raw' || option.kind === 'malformed') return { code: option.code, data: option.data };
  const codec = codecByName.get(option.kind);
  if (codec === undefined) throw new EncodeError('bad-value', `there is no option of the name ${option.kind}`);
  const writer = new ByteWriter(64);
  try {
    codec.encode(writer, option.value);
  } catch (error) {
    throw errorWithin(option.kind, error);
  }
  return { code: codec.code, data: writer.finish() };
}
