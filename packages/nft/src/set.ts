import { Attributes, type AttributeWriter } from './attribute.ts';
import { type Expression, readExpression, readExpressions, writeExpression, writeExpressions } from './expression.ts';
import { type FamilyName, familyName } from './family.ts';
import { decodeSetUserdata } from './set-userdata.ts';

const NFTA_SET_TABLE = 1;
const NFTA_SET_NAME = 2;
const NFTA_SET_FLAGS = 3;
const NFTA_SET_KEY_TYPE = 4;
const NFTA_SET_KEY_LEN = 5;
const NFTA_SET_DATA_TYPE = 6;
const NFTA_SET_DATA_LEN = 7;
const NFTA_SET_POLICY = 8;
const NFTA_SET_DESC = 9;
const NFTA_SET_ID = 10;
const NFTA_SET_TIMEOUT = 11;
const NFTA_SET_GC_INTERVAL = 12;
const NFTA_SET_USERDATA = 13;
const NFTA_SET_OBJ_TYPE = 15;
const NFTA_SET_HANDLE = 16;
const NFTA_SET_EXPR = 17;
const NFTA_SET_EXPRESSIONS = 18;
const NFTA_SET_COUNT = 20;
const NFTA_SET_DESC_SIZE = 1;
const NFTA_SET_DESC_CONCAT = 2;
const NFTA_SET_FIELD_LEN = 1;
const NFTA_LIST_ELEM = 1;

/** A set's flags (enum nft_set_flags). */
export const SetFlag = {
  /** `{ ... }` in a rule: goes with it. */
  anonymous: 0x1,
  /** `flags constant`: its elements are those that its transaction gives it. */
  constant: 0x2,
  /** `flags interval`: elements are starts and ends, or with `concat` have two keys. */
  interval: 0x4,
  /** A map or a map of verdicts: {@link NftSet.dataType} says of what. */
  map: 0x8,
  /** `flags timeout`: elements may leave by themselves. */
  timeout: 0x10,
  /** `flags dynamic`: rules may add to it. */
  eval: 0x20,
  /** A map of stateful objects: {@link NftSet.objectType} says of what type. */
  object: 0x40,
  /** Keys of several fields, with intervals: {@link NftSet.fieldLengths} is needed. */
  concat: 0x80,
  /** Several expressions for each element. */
  expr: 0x100,
} as const;

/** What the kernel prefers when it chooses how to keep a set: `policy performance`, `policy memory`. */
export const SetPolicy = { performance: 0, memory: 1 } as const;

/** {@link NftSet.dataType} of a map of verdicts (NFT_DATA_VERDICT). */
export const VERDICT_DATA = 0xffff_ff00;

/**
 * A set of keys that `lookup` asks, or a map from keys to data, verdicts or objects.
 *
 * | nft | here |
 * |---|---|
 * | `set s { type ipv4_addr; }` | `flags: 0, keyType: 7, keyLength: 4` |
 * | `set s { type ipv4_addr . inet_service; }` | `keyType: concatenatedType(7, 13), keyLength: 8` |
 * | `set s { type ipv4_addr . inet_service; flags interval; }` | also `flags: interval \| concat, fieldLengths: [4, 2]` |
 * | `map m { type inet_service : ipv4_addr; }` | `flags: map, dataType: 7, dataLength: 4` |
 * | `map m { type mark : verdict; }` | `flags: map, dataType: VERDICT_DATA, dataLength: 0` |
 * | `map m { type ipv4_addr : counter; }` | `flags: object, objectType: ObjectType.counter` |
 * | `timeout 1h; gc-interval 10s` | `flags: timeout, timeoutMilliseconds: 3_600_000n, gcIntervalMilliseconds: 10_000` |
 * | `counter` | `expressions: [{ kind: 'counter', packets: 0n, bytes: 0n }]` |
 * | `auto-merge; comment "x"` | `userdata: encodeSetUserdata({ autoMerge: true, comment: 'x' })` |
 */
export interface NftSet {
  readonly kind: 'set';
  readonly family: FamilyName;
  readonly table: string;
  /** For an anonymous set `__set%d`, for an anonymous map `__map%d`: the kernel fills in a number. */
  readonly name: string;
  /** Bits of {@link SetFlag}. */
  readonly flags: number;
  /** The nft program's number for the key's type; opaque to the kernel. */
  readonly keyType: number;
  /** Octets of a key. Fields of a concatenation take a multiple of 4 each. */
  readonly keyLength: number;
  /** For a map: nft's number for the type of its data, or {@link VERDICT_DATA}. */
  readonly dataType?: number;
  /** For a map: octets of its data; 0 for verdicts. */
  readonly dataLength?: number;
  /** For a map of objects: one of {@link ObjectType}. */
  readonly objectType?: number;
  /** How long an element stays that does not say so itself. */
  readonly timeoutMilliseconds?: bigint;
  /** How often the kernel clears away elements whose time is over. */
  readonly gcIntervalMilliseconds?: number;
  /** One of {@link SetPolicy}; `performance` when absent. */
  readonly policy?: number;
  /** Elements at most; the kernel chooses the implementation by it. */
  readonly size?: number;
  /** Octets of each field of the key, without padding. Needed with {@link SetFlag} `concat`. */
  readonly fieldLengths?: readonly number[];
  /** What each element does when it is found or added, such as counting. */
  readonly expressions?: readonly Expression[];
  /** A number that is unique in the transaction: elements and lookups in the same transaction may name it. */
  readonly id?: number;
  /** For the nft program: byte orders, `auto-merge`, the comment. See {@link encodeSetUserdata}. */
  readonly userdata?: Uint8Array;
  /** From `userdata`; only read. */
  readonly comment?: string;
  /** The kernel's number for it; only read. */
  readonly handle?: bigint;
  /** How many elements it has, or intervals; only read, and only of Linux 6.16 and later. */
  readonly count?: number;
}

/** What names a set, by its name or by its handle. */
export type SetKey = Pick<NftSet, 'table'> & Partial<Pick<NftSet, 'name' | 'handle'>>;

/** Writes the attributes of NFT_MSG_NEWSET, in the order in which nft has them. @throws EncodeError */
export function writeSet(writer: AttributeWriter, set: NftSet): void {
  writer.string(NFTA_SET_TABLE, set.table);
  writer.string(NFTA_SET_NAME, set.name);
  writer.u32(NFTA_SET_FLAGS, set.flags);
  writer.u32(NFTA_SET_KEY_TYPE, set.keyType);
  writer.u32(NFTA_SET_KEY_LEN, set.keyLength);
  if (set.dataType !== undefined) writer.u32(NFTA_SET_DATA_TYPE, set.dataType);
  if (set.dataLength !== undefined) writer.u32(NFTA_SET_DATA_LEN, set.dataLength);
  if (set.objectType !== undefined) writer.u32(NFTA_SET_OBJ_TYPE, set.objectType);
  // The kernel insists on the number; 0 is one as good as any for a set that is found by its name.
  writer.u32(NFTA_SET_ID, set.id ?? 0);
  if (set.policy !== undefined) writer.u32(NFTA_SET_POLICY, set.policy);
  writeDescription(writer, set);
  if (set.timeoutMilliseconds !== undefined) writer.u64(NFTA_SET_TIMEOUT, set.timeoutMilliseconds);
  if (set.gcIntervalMilliseconds !== undefined) writer.u32(NFTA_SET_GC_INTERVAL, set.gcIntervalMilliseconds);
  if (set.userdata !== undefined) writer.bytes(NFTA_SET_USERDATA, set.userdata);
  writeStates(writer, NFTA_SET_EXPR, NFTA_SET_EXPRESSIONS, set.expressions);
}

function writeDescription(writer: AttributeWriter, { size, fieldLengths }: NftSet): void {
  if (size === undefined && fieldLengths === undefined) return;
  writer.nest(NFTA_SET_DESC, () => {
    if (size !== undefined) writer.u32(NFTA_SET_DESC_SIZE, size);
    if (fieldLengths === undefined) return;
    writer.nest(NFTA_SET_DESC_CONCAT, () => {
      for (const length of fieldLengths) {
        // The header says bits, but the kernel and the nft program count octets.
        writer.nest(NFTA_LIST_ELEM, () => writer.u32(NFTA_SET_FIELD_LEN, length));
      }
    });
  });
}

/** Writes what a set or an element counts with: one expression as it is, several as a list. @throws EncodeError */
export function writeStates(
  writer: AttributeWriter,
  single: number,
  list: number,
  expressions: readonly Expression[] = [],
): void {
  const [first] = expressions;
  if (first === undefined) return;
  if (expressions.length === 1) writer.nest(single, () => writeExpression(writer, first));
  else writeExpressions(writer, list, expressions);
}

/** Reads what {@link writeStates} writes; undefined when there is neither. @throws DecodeError */
export function readStates(attributes: Attributes, single: number, list: number): Expression[] | undefined {
  const several = attributes.nested(list);
  if (several !== undefined) return readExpressions(several);
  const one = attributes.nested(single);
  return one === undefined ? undefined : [readExpression(one)];
}

/** Writes what names a set in a request or a deletion. */
export function writeSetKey(writer: AttributeWriter, { table, name, handle }: SetKey): void {
  writer.string(NFTA_SET_TABLE, table);
  if (name !== undefined) writer.string(NFTA_SET_NAME, name);
  else if (handle !== undefined) writer.u64(NFTA_SET_HANDLE, handle);
}

/** Reads what names a set. @throws DecodeError */
export function readSetKey(family: number, attributes: Attributes): SetKey & Pick<NftSet, 'kind' | 'family'> {
  const handle = attributes.u64(NFTA_SET_HANDLE);
  return {
    kind: 'set',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_SET_TABLE), 'NFTA_SET_TABLE'),
    name: attributes.need(attributes.string(NFTA_SET_NAME), 'NFTA_SET_NAME'),
    ...(handle !== undefined && { handle }),
  };
}

/** Reads the attributes of NFT_MSG_NEWSET. @throws DecodeError */
export function readSet(family: number, attributes: Attributes): NftSet {
  const description = attributes.nested(NFTA_SET_DESC);
  const size = description?.u32(NFTA_SET_DESC_SIZE);
  const fieldLengths = readFieldLengths(description?.nested(NFTA_SET_DESC_CONCAT));
  const dataType = attributes.u32(NFTA_SET_DATA_TYPE);
  const dataLength = attributes.u32(NFTA_SET_DATA_LEN);
  const objectType = attributes.u32(NFTA_SET_OBJ_TYPE);
  const timeoutMilliseconds = attributes.u64(NFTA_SET_TIMEOUT);
  const gcIntervalMilliseconds = attributes.u32(NFTA_SET_GC_INTERVAL);
  const policy = attributes.u32(NFTA_SET_POLICY);
  const expressions = readStates(attributes, NFTA_SET_EXPR, NFTA_SET_EXPRESSIONS);
  const id = attributes.u32(NFTA_SET_ID);
  const handle = attributes.u64(NFTA_SET_HANDLE);
  const count = attributes.u32(NFTA_SET_COUNT);
  const userdata = attributes.bytes(NFTA_SET_USERDATA);
  const comment = userdata && decodeSetUserdata(userdata).comment;
  return {
    kind: 'set',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_SET_TABLE), 'NFTA_SET_TABLE'),
    name: attributes.need(attributes.string(NFTA_SET_NAME), 'NFTA_SET_NAME'),
    flags: attributes.u32(NFTA_SET_FLAGS) ?? 0,
    keyType: attributes.u32(NFTA_SET_KEY_TYPE) ?? 0,
    keyLength: attributes.need(attributes.u32(NFTA_SET_KEY_LEN), 'NFTA_SET_KEY_LEN'),
    ...(dataType !== undefined && { dataType }),
    ...(dataLength !== undefined && { dataLength }),
    ...(objectType !== undefined && { objectType }),
    ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
    ...(gcIntervalMilliseconds !== undefined && { gcIntervalMilliseconds }),
    ...(policy !== undefined && { policy }),
    ...(size !== undefined && { size }),
    ...(fieldLengths !== undefined && { fieldLengths }),
    ...(expressions !== undefined && { expressions }),
    ...(id !== undefined && { id }),
    ...(userdata !== undefined && { userdata }),
    ...(comment !== undefined && { comment }),
    ...(handle !== undefined && { handle }),
    ...(count !== undefined && { count }),
  };
}

function readFieldLengths(list: Attributes | undefined): number[] | undefined {
  return list?.list().map((attribute) => {
    const field = new Attributes(attribute);
    return field.need(field.u32(NFTA_SET_FIELD_LEN), 'NFTA_SET_FIELD_LEN');
  });
}
