import { ByteWriter } from '@router7/wire';
import { writeOptions } from './message-codec.ts';
import type { Option } from './option.ts';

/** Octets of an option's code and length. */
const HEADER_LENGTH = 4;

/**
 * Code and octets of an option, as a file or another protocol wants them.
 *
 * @throws EncodeError when the value has no encoding
 */
export function encodeOption(option: Option): { readonly code: number; readonly data: Uint8Array } {
  if (option.kind === 'raw' || option.kind === 'malformed') return { code: option.code, data: option.data };
  const writer = new ByteWriter(64);
  writeOptions(writer, [option]);
  const [high, low] = writer.view() as Uint8Array & [number, number];
  return { code: (high << 8) | low, data: writer.view().slice(HEADER_LENGTH) };
}
