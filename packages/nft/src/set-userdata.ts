import { ByteReader, ByteWriter, DecodeError } from '@router7/wire';
import { swap32 } from './attribute-slice.ts';
import { decodeUserdata, encodeUserdata, readText, textEntry, type UserdataEntry } from './userdata.ts';

const KEY_BYTE_ORDER = 0;
const DATA_BYTE_ORDER = 1;
const MERGE_ELEMENTS = 2;
const KEY_TYPEOF = 3;
const DATA_TYPEOF = 4;
const DATA_INTERVAL = 6;
const SET_COMMENT = 7;
const known: ReadonlySet<number> = new Set([
  ...[KEY_BYTE_ORDER, DATA_BYTE_ORDER, MERGE_ELEMENTS, KEY_TYPEOF, DATA_TYPEOF, DATA_INTERVAL, SET_COMMENT],
]);

/** How numbers lie in a key or in data; `none` for concatenations and verdicts. */
export const ByteOrder = { none: 0, host: 1, network: 2 } as const;

/** What the nft program keeps with a set, opaque to the kernel (enum nftnl_udata_set_types of libnftnl). */
export interface SetUserdata {
  /** One of {@link ByteOrder}. */
  readonly keyByteOrder?: number;
  /** For a map; one of {@link ByteOrder}. */
  readonly dataByteOrder?: number;
  /** `auto-merge`: nft joins intervals that touch when elements are added. */
  readonly autoMerge?: boolean;
  /** The expression that `typeof` was given for the key; and of each field of a concatenation. Opaque here. */
  readonly keyTypeof?: Uint8Array;
  /** The same for the data of a map. */
  readonly dataTypeof?: Uint8Array;
  /** For a map: whether its data are intervals. */
  readonly dataInterval?: boolean;
  readonly comment?: string;
  /** Entries without a name here. */
  readonly other?: readonly UserdataEntry[];
}

/**
 * The userdata of a set or map, for {@link NftSet.userdata}.
 *
 * @throws EncodeError `too-long` or `bad-value`
 */
export function encodeSetUserdata(data: SetUserdata): Uint8Array {
  const entries: UserdataEntry[] = [];
  const number = (type: number, value: number | undefined): void => {
    if (value !== undefined) entries.push({ type, value: hostNumber(value) });
  };
  const octets = (type: number, value: Uint8Array | undefined): void => {
    if (value !== undefined) entries.push({ type, value });
  };
  number(KEY_BYTE_ORDER, data.keyByteOrder);
  number(DATA_BYTE_ORDER, data.dataByteOrder);
  if (data.autoMerge === true) number(MERGE_ELEMENTS, 1);
  octets(KEY_TYPEOF, data.keyTypeof);
  octets(DATA_TYPEOF, data.dataTypeof);
  if (data.dataInterval !== undefined) number(DATA_INTERVAL, data.dataInterval ? 1 : 0);
  if (data.comment !== undefined) entries.push(textEntry(SET_COMMENT, data.comment));
  return encodeUserdata([...entries, ...(data.other ?? [])]);
}

/** What {@link NftSet.userdata} says; nothing when another program wrote something else there. */
export function decodeSetUserdata(userdata: Uint8Array): SetUserdata {
  try {
    return readSetUserdata(decodeUserdata(userdata));
  } catch (error) {
    // Userdata is whatever its writer liked: not to understand it is no fault of the message.
    if (error instanceof DecodeError) return {};
    throw error;
  }
}

function readSetUserdata(entries: readonly UserdataEntry[]): SetUserdata {
  const find = (type: number): Uint8Array | undefined => entries.find((entry) => entry.type === type)?.value;
  const number = (type: number): number | undefined => {
    const value = find(type);
    return value?.length === 4 ? swap32(new ByteReader(value).u32()) : undefined;
  };
  const [keyByteOrder, dataByteOrder] = [number(KEY_BYTE_ORDER), number(DATA_BYTE_ORDER)];
  const [merge, dataInterval] = [number(MERGE_ELEMENTS), number(DATA_INTERVAL)];
  const [keyTypeof, dataTypeof, text] = [find(KEY_TYPEOF), find(DATA_TYPEOF), find(SET_COMMENT)];
  const comment = text && readText(text);
  const other = entries.filter(({ type }) => !known.has(type));
  return {
    ...(keyByteOrder !== undefined && { keyByteOrder }),
    ...(dataByteOrder !== undefined && { dataByteOrder }),
    ...(merge !== undefined && { autoMerge: merge !== 0 }),
    ...(keyTypeof !== undefined && { keyTypeof }),
    ...(dataTypeof !== undefined && { dataTypeof }),
    ...(dataInterval !== undefined && { dataInterval: dataInterval !== 0 }),
    ...(comment !== undefined && { comment }),
    ...(other.length > 0 && { other }),
  };
}

/** A number as libnftnl writes it into userdata: 4 octets in host order. */
function hostNumber(value: number): Uint8Array {
  const writer = new ByteWriter(4);
  writer.u32(swap32(value));
  return writer.finish();
}
