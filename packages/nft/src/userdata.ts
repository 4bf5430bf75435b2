import { ByteReader, ByteWriter, DecodeError, decodeUtf8, EncodeError, encodeUtf8 } from '@router7/wire';

/**
 * What the nft program keeps in the kernel beside an object, opaque to the kernel: entries of type (1 octet), length
 * (1 octet), value. Tables, chains, rules, stateful objects and set elements have their comment under type 0.
 */
export interface UserdataEntry {
  readonly type: number;
  readonly value: Uint8Array;
}

/** The type of a comment in the userdata of tables, chains, rules, objects and elements. */
const USERDATA_COMMENT = 0;
/** Octets of a comment at most, without the zero that ends it: the nft program refuses longer ones. */
export const COMMENT_MAX = 127;
/** Octets of userdata at most (NFT_USERDATA_MAXLEN). */
const USERDATA_MAX = 256;

/** @throws EncodeError `too-long` */
export function encodeUserdata(entries: readonly UserdataEntry[]): Uint8Array {
  const writer = new ByteWriter(64);
  for (const { type, value } of entries) {
    if (value.length > 0xff) throw new EncodeError('too-long', `userdata ${type} has ${value.length} octets`);
    writer.u8(type);
    writer.u8(value.length);
    writer.bytes(value);
  }
  if (writer.length > USERDATA_MAX) throw new EncodeError('too-long', `userdata has ${writer.length} octets`);
  return writer.finish();
}

/** @throws DecodeError `truncated` */
export function decodeUserdata(userdata: Uint8Array): UserdataEntry[] {
  const reader = new ByteReader(userdata);
  const entries: UserdataEntry[] = [];
  while (reader.remaining > 0) {
    const type = reader.u8();
    entries.push({ type, value: reader.bytes(reader.u8()) });
  }
  return entries;
}

/**
 * A userdata entry with a text and its closing zero.
 *
 * @throws EncodeError `too-long` for more than 127 octets, `bad-value` for a zero octet inside
 */
export function textEntry(type: number, text: string): UserdataEntry {
  const value = encodeUtf8(`${text}\0`);
  if (value.indexOf(0) !== value.length - 1) throw new EncodeError('bad-value', 'a comment with a zero octet');
  if (value.length > COMMENT_MAX + 1) {
    throw new EncodeError('too-long', `a comment of ${value.length - 1} octets, ${COMMENT_MAX} are allowed`);
  }
  return { type, value };
}

/** The text of an entry that ends with a zero octet; undefined for one that does not. @throws DecodeError */
export function readText(value: Uint8Array): string | undefined {
  return value.at(-1) === 0 ? decodeUtf8(value.subarray(0, -1)) : undefined;
}

/** The userdata that makes `nft list` print `comment "..."`. */
export function encodeComment(comment: string): Uint8Array {
  return encodeUserdata([textEntry(USERDATA_COMMENT, comment)]);
}

/** The comment in userdata; undefined when there is none, or when another program wrote something else there. */
export function decodeComment(userdata: Uint8Array, type: number = USERDATA_COMMENT): string | undefined {
  try {
    const value = decodeUserdata(userdata).find((entry) => entry.type === type)?.value;
    return value && readText(value);
  } catch (error) {
    // Userdata is whatever its writer liked: not to understand it is no fault of the message.
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
