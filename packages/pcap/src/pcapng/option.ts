import { DecodeError, decodeUtf8, EncodeError, encodeUtf8 } from '@router7/wire';
import type { OrderedReader, OrderedWriter } from '../byte-order.ts';

const END_OF_OPTIONS = 0;

/**
 * An option of a pcapng block (draft-ietf-opsawg-pcapng section 3.5), kept raw.
 *
 * ```
 * +-------------------------------+-------------------------------+
 * |         Option Code           |         Option Length         |
 * +-------------------------------+-------------------------------+
 * |          Value, padded to 32 bits                             |
 * ```
 */
export interface PcapngOption {
  readonly code: number;
  /** Without padding. Numbers in it have the byte order of their section. */
  readonly data: Uint8Array;
}

/** Codes of options that any block may have. */
export const PcapngOptionCode = {
  /** A text; may come several times. */
  comment: 1,
} as const;

/**
 * Reads options up to the end of the block or the end-of-options mark, whichever it has.
 *
 * @throws DecodeError `truncated`, `bad-length` (of the mark), `leftover` (octets behind the mark)
 */
export function readOptions(reader: OrderedReader): PcapngOption[] {
  const options: PcapngOption[] = [];
  while (reader.remaining > 0) {
    const at = reader.offset;
    const code = reader.u16();
    const length = reader.u16();
    if (code !== END_OF_OPTIONS) {
      options.push({ code, data: reader.padded(length) });
      continue;
    }
    if (length !== 0) throw new DecodeError('bad-length', `an end of options with ${length} octets`, at + 2);
    if (reader.remaining > 0) {
      throw new DecodeError('leftover', `${reader.remaining} octets behind the end of options`, reader.offset);
    }
  }
  return options;
}

/**
 * Writes options and the mark that ends them; nothing when there are none.
 *
 * @throws EncodeError `out-of-range`, `too-long` (over 65535 octets) or `bad-value` (code 0)
 */
export function writeOptions(writer: OrderedWriter, options: readonly PcapngOption[]): void {
  if (options.length === 0) return;
  for (const { code, data } of options) {
    if (code === END_OF_OPTIONS) throw new EncodeError('bad-value', 'the end of options is written by itself');
    if (data.length > 0xffff) throw new EncodeError('too-long', `a pcapng option of ${data.length} octets`);
    writer.u16(code);
    writer.u16(data.length);
    writer.padded(data);
  }
  writer.u16(END_OF_OPTIONS);
  writer.u16(0);
}

/** An option that holds a text in UTF-8. */
export function textOption(code: number, text: string): PcapngOption {
  return { code, data: encodeUtf8(text) };
}

/** The texts of all options of that code. */
export function optionTexts(options: readonly PcapngOption[], code: number): string[] {
  return options.filter((option) => option.code === code).map(({ data }) => decodeUtf8(data));
}
