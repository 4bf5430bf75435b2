import type { Attributes, AttributeWriter } from './attribute.ts';
import { type FamilyName, familyName } from './family.ts';
import { decodeComment } from './userdata.ts';

const NFTA_SET_TABLE = 1;
const NFTA_SET_NAME = 2;
const NFTA_SET_FLAGS = 3;
const NFTA_SET_KEY_TYPE = 4;
const NFTA_SET_KEY_LEN = 5;
const NFTA_SET_DESC = 9;
const NFTA_SET_ID = 10;
const NFTA_SET_USERDATA = 13;
const NFTA_SET_HANDLE = 16;
const NFTA_SET_COUNT = 20;
const NFTA_SET_DESC_SIZE = 1;
/** The type of the comment in a set's userdata, unlike in that of other objects. */
const USERDATA_SET_COMMENT = 7;

/** A set's flags (enum nft_set_flags). */
export const SetFlag = {
  anonymous: 0x1,
  constant: 0x2,
  interval: 0x4,
  map: 0x8,
  timeout: 0x10,
  eval: 0x20,
  object: 0x40,
  concat: 0x80,
  expr: 0x100,
} as const;

/** A set of keys that `lookup` asks. */
export interface NftSet {
  readonly kind: 'set';
  readonly family: FamilyName;
  readonly table: string;
  /** For an anonymous set `__set%d`: the kernel fills in a number. */
  readonly name: string;
  /** Bits of {@link SetFlag}. */
  readonly flags: number;
  /** The nft program's number for the key's type; opaque to the kernel. */
  readonly keyType: number;
  /** Octets of a key. */
  readonly keyLength: number;
  /** Elements at most; the kernel chooses the implementation by it. */
  readonly size?: number;
  /** A number that is unique in the transaction: elements and lookups in the same transaction may name it. */
  readonly id?: number;
  /** The byte order and the type of the keys, and the comment, for the nft program. */
  readonly userdata?: Uint8Array;
  /** From `userdata`; only read. */
  readonly comment?: string;
  /** The kernel's number for it; only read. */
  readonly handle?: bigint;
  /** How many elements it has, or intervals; only read, and only of Linux 6.16 and later. */
  readonly count?: number;
}

/** What names a set. */
export type SetKey = Pick<NftSet, 'table' | 'name'>;

/** Writes the attributes of NFT_MSG_NEWSET. @throws EncodeError */
export function writeSet(writer: AttributeWriter, set: NftSet): void {
  writeSetKey(writer, set);
  writer.u32(NFTA_SET_FLAGS, set.flags);
  writer.u32(NFTA_SET_KEY_TYPE, set.keyType);
  writer.u32(NFTA_SET_KEY_LEN, set.keyLength);
  // The kernel insists on the number; 0 is one as good as any for a set that is found by its name.
  writer.u32(NFTA_SET_ID, set.id ?? 0);
  const { size } = set;
  if (size !== undefined) writer.nest(NFTA_SET_DESC, () => writer.u32(NFTA_SET_DESC_SIZE, size));
  if (set.userdata !== undefined) writer.bytes(NFTA_SET_USERDATA, set.userdata);
}

/** Writes what names a set in a request or a deletion. */
export function writeSetKey(writer: AttributeWriter, set: SetKey): void {
  writer.string(NFTA_SET_TABLE, set.table);
  writer.string(NFTA_SET_NAME, set.name);
}

/** Reads the attributes of NFT_MSG_NEWSET. @throws DecodeError */
export function readSet(family: number, attributes: Attributes): NftSet {
  const size = attributes.nested(NFTA_SET_DESC)?.u32(NFTA_SET_DESC_SIZE);
  const id = attributes.u32(NFTA_SET_ID);
  const handle = attributes.u64(NFTA_SET_HANDLE);
  const count = attributes.u32(NFTA_SET_COUNT);
  const userdata = attributes.bytes(NFTA_SET_USERDATA);
  const comment = userdata && decodeComment(userdata, USERDATA_SET_COMMENT);
  return {
    kind: 'set',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_SET_TABLE), 'NFTA_SET_TABLE'),
    name: attributes.need(attributes.string(NFTA_SET_NAME), 'NFTA_SET_NAME'),
    flags: attributes.u32(NFTA_SET_FLAGS) ?? 0,
    keyType: attributes.u32(NFTA_SET_KEY_TYPE) ?? 0,
    keyLength: attributes.need(attributes.u32(NFTA_SET_KEY_LEN), 'NFTA_SET_KEY_LEN'),
    ...(size !== undefined && { size }),
    ...(id !== undefined && { id }),
    ...(userdata !== undefined && { userdata }),
    ...(comment !== undefined && { comment }),
    ...(handle !== undefined && { handle }),
    ...(count !== undefined && { count }),
  };
}
