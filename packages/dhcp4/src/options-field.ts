import { type ByteWriter, EncodeError, errorWithin } from '@router7/wire';
import type { Option } from './option.ts';
import { OptionCode } from './option-areas.ts';
import { codecByName } from './option-codec.ts';

/** What the length octet of an option can tell. */
const MAX_OPTION_LENGTH = 255;

/**
 * Writes options without the end option: the message type first, relay agent information last, the others as given.
 *
 * @throws EncodeError `bad-value` (also a raw option 0, 52 or 255), `out-of-range`, `too-long`
 */
export function writeOptions(writer: ByteWriter, options: readonly Option[]): void {
  let relayed = false;
  // The type first: it is what every reader of the message needs, and must not be lost in an overloaded field.
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as Option;
    if (isCode(option, 'dhcpMessageType', OptionCode.messageType)) writeOption(writer, option);
    else if (isCode(option, 'relayAgentInformation', OptionCode.relayAgentInformation)) relayed = true;
  }
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as Option;
    if (isCode(option, 'dhcpMessageType', OptionCode.messageType)) continue;
    if (relayed && isCode(option, 'relayAgentInformation', OptionCode.relayAgentInformation)) continue;
    writeOption(writer, option);
  }
  if (!relayed) return;
  // RFC 3046 2.2: the option is the last one of a reply, so that the relay agent can cut it off.
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as Option;
    if (isCode(option, 'relayAgentInformation', OptionCode.relayAgentInformation)) writeOption(writer, option);
  }
}

function isCode(option: Option, name: string, code: number): boolean {
  return option.kind === name || ((option.kind === 'raw' || option.kind === 'malformed') && option.code === code);
}

function writeOption(writer: ByteWriter, option: Option): void {
  if (option.kind === 'raw' || option.kind === 'malformed') {
    const { code, data } = option;
    if (code === OptionCode.pad || code === OptionCode.overload || code === OptionCode.end) {
      throw new EncodeError('bad-value', `option ${code} is written where it is needed, not on request`);
    }
    writePieces(writer, code, data);
    return;
  }
  const codec = codecByName.get(option.kind);
  if (codec === undefined) throw new EncodeError('bad-value', `there is no option of the name ${option.kind}`);
  writer.u8(codec.code);
  const at = writer.length;
  writer.u8(0);
  try {
    codec.encode(writer, option.value);
  } catch (error) {
    throw errorWithin(option.kind, error);
  }
  const length = writer.length - at - 1;
  if (length <= MAX_OPTION_LENGTH) {
    writer.patchU8(at, length);
    return;
  }
  const data = writer.view().slice(at + 1);
  writer.truncate(at - 1);
  writePieces(writer, codec.code, data);
}

/** Writes an option's octets, split behind every 255th one (RFC 3396 section 6). */
function writePieces(writer: ByteWriter, code: number, data: Uint8Array): void {
  let at = 0;
  do {
    const length = Math.min(data.length - at, MAX_OPTION_LENGTH);
    writer.u8(code);
    writer.u8(length);
    writer.bytes(length === data.length ? data : data.subarray(at, at + length));
    at += length;
  } while (at < data.length);
}
