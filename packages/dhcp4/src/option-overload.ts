import { type ByteWriter, DecodeError, EncodeError } from '@router7/wire';
import { type Area, FILE, OPTIONS_OFFSET, OptionCode, Overload, SNAME } from './option-areas.ts';

/** An option with all its pieces put together. */
export interface GatheredOption {
  readonly code: number;
  readonly data: Uint8Array;
  /** Where its first piece lies in the message. */
  readonly offset: number;
}

/** What {@link gatherOptions} found. */
export interface GatheredOptions {
  /** In the order of their first occurrence. */
  readonly options: readonly GatheredOption[];
  /** Value of option 52, 0 when absent. */
  readonly overload: number;
}

/**
 * Gathers the options of a message from all fields that hold some.
 *
 * RFC 3396 section 5: the pieces of an option are put together in the order options, `file`, `sname`, whatever option it
 * is: "DHCP protocol agents MUST use this method whenever they receive a DHCP packet containing more than one
 * occurrence of a certain type of option".
 *
 * @throws DecodeError `truncated`; `bad-length` or `bad-value` of option 52
 */
export function gatherOptions(bytes: Uint8Array): GatheredOptions {
  const pieces = new Map<number, GatheredOption[]>();
  gatherArea(bytes, { offset: OPTIONS_OFFSET, length: bytes.length - OPTIONS_OFFSET }, pieces);
  const overload = overloadOf(pieces.get(OptionCode.overload));
  if (overload & Overload.file) gatherArea(bytes, FILE, pieces);
  if (overload & Overload.sname) gatherArea(bytes, SNAME, pieces);
  pieces.delete(OptionCode.overload);
  return { options: Array.from(pieces.values(), concatenate), overload };
}

function gatherArea(bytes: Uint8Array, area: Area, pieces: Map<number, GatheredOption[]>): void {
  const end = area.offset + area.length;
  let at = area.offset;
  while (at < end) {
    const offset = at;
    const code = bytes[at++] as number;
    if (code === OptionCode.pad) continue;
    if (code === OptionCode.end) return;
    // The octet behind a code at the very end belongs to the next field, if to anything.
    const length = at < end ? (bytes[at++] as number) : end;
    if (length > end - at) throw new DecodeError('truncated', `option ${code} is cut off`, offset);
    const piece = { code, data: bytes.subarray(at, at + length), offset: at };
    const known = pieces.get(code);
    if (known === undefined) pieces.set(code, [piece]);
    else known.push(piece);
    at += length;
  }
}

function overloadOf(pieces: readonly GatheredOption[] | undefined): number {
  if (pieces === undefined) return 0;
  const { data, offset } = concatenate(pieces);
  if (data.length !== 1) throw new DecodeError('bad-length', `option overload has ${data.length} octets`, offset);
  const value = data[0] as number;
  if (value < 1 || value > 3) throw new DecodeError('bad-value', `option overload is ${value}`, offset);
  return value;
}

function concatenate(pieces: readonly GatheredOption[]): GatheredOption {
  const first = pieces[0] as GatheredOption;
  if (pieces.length === 1) return first;
  const data = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.data.length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece.data, at);
    at += piece.data.length;
  }
  return { code: first.code, data, offset: first.offset };
}

/** A field that options are put into, with its end option accounted for. */
class Field {
  readonly octets: number[] = [];
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get room(): number {
    return this.#capacity - this.octets.length;
  }

  put(code: number, data: Uint8Array): void {
    this.octets.push(code, data.length, ...data);
  }
}

/** Code and length of option 52, and its value. */
const OVERLOAD_SIZE = 3;

/**
 * Distributes the options at the end of the writer over the options field, `file` and `sname`, so that the message gets
 * no larger than allowed. Options stay whole as long as one of the fields has room for them; the others are split
 * (RFC 3396 section 7: pieces in the order options, `file`, `sname`).
 *
 * @param writer holds the message from `start` on, the end option included; at return as well
 * @throws EncodeError `too-long` when there is not enough room
 */
export function overloadOptions(
  writer: ByteWriter,
  start: number,
  maximumSize: number,
  fileIsFree: boolean,
  snameIsFree: boolean,
): void {
  const encoded = writer.view().slice(start + OPTIONS_OFFSET);
  const pieces = new Map<number, GatheredOption[]>();
  gatherArea(encoded, { offset: 0, length: encoded.length }, pieces);
  const options = Array.from(pieces.values(), concatenate);

  // RFC 3046 2.2: "Servers SHALL NOT place the echoed Relay Agent Information option in the overloaded sname or file
  // fields." It is kept out of the distribution; room for it stays.
  const relayed = options.find(({ code }) => code === OptionCode.relayAgentInformation);
  const reserved = OVERLOAD_SIZE + 1 + (relayed === undefined ? 0 : sizeOf(relayed));
  const main = new Field(maximumSize - OPTIONS_OFFSET - reserved);
  const file = new Field(fileIsFree ? FILE.length - 1 : 0);
  const sname = new Field(snameIsFree ? SNAME.length - 1 : 0);
  const fields = [main, file, sname];
  distribute(
    options.filter((option) => option !== relayed),
    fields,
  );

  const flags = (file.octets.length > 0 ? Overload.file : 0) | (sname.octets.length > 0 ? Overload.sname : 0);
  if (relayed !== undefined) putPieces(relayed, main, Number.POSITIVE_INFINITY);
  writer.truncate(start + OPTIONS_OFFSET);
  const octets = main.octets;
  if (pieces.has(OptionCode.messageType) && octets[0] !== OptionCode.messageType) {
    throw new EncodeError('too-long', `there is no room for the message type in ${maximumSize} octets`);
  }
  const behindType = octets[0] === OptionCode.messageType ? 2 + (octets[1] as number) : 0;
  for (let i = 0; i < behindType; i++) writer.u8(octets[i] as number);
  if (flags !== 0) {
    writer.u8(OptionCode.overload);
    writer.u8(1);
    writer.u8(flags);
  }
  for (let i = behindType; i < octets.length; i++) writer.u8(octets[i] as number);
  writer.u8(OptionCode.end);
  if (flags & Overload.file) fillField(writer, start, FILE, file);
  if (flags & Overload.sname) fillField(writer, start, SNAME, sname);
}

/** Puts each option whole into the first field with room for it, then splits what found none. */
function distribute(options: readonly GatheredOption[], fields: readonly Field[]): void {
  const large: GatheredOption[] = [];
  for (const option of options) {
    const field = fields.find(({ room }) => room >= sizeOf(option));
    if (field === undefined) large.push(option);
    else putPieces(option, field, field.room);
  }
  for (const option of large) {
    let rest = option;
    for (const field of fields) {
      if (rest.data.length === 0) break;
      const written = putPieces(rest, field, field.room);
      rest = { ...rest, data: rest.data.subarray(written) };
    }
    if (rest.data.length > 0 || option.data.length === 0) {
      throw new EncodeError('too-long', `there is no room for option ${option.code}`);
    }
  }
}

/** Octets of an option with the code and length of each of its pieces. */
function sizeOf({ data }: GatheredOption): number {
  return data.length + 2 * Math.max(1, Math.ceil(data.length / 255));
}

/** Puts as much of an option into a field as `room` allows; tells how many octets of its data that was. */
function putPieces({ code, data }: GatheredOption, field: Field, room: number): number {
  let at = 0;
  let left = room;
  do {
    const length = Math.min(data.length - at, 255, left - 2);
    if (length < 0 || (length === 0 && data.length > 0)) break;
    field.put(code, data.subarray(at, at + length));
    at += length;
    left -= length + 2;
  } while (at < data.length);
  return at;
}

/** Overwrites a field of the message with options, an end option and pads. */
function fillField(writer: ByteWriter, start: number, area: Area, { octets }: Field): void {
  for (let i = 0; i < area.length; i++) {
    const end = i === octets.length ? OptionCode.end : OptionCode.pad;
    writer.patchU8(start + area.offset + i, octets[i] ?? end);
  }
}
