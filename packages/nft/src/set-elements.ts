import { Attributes, type AttributeWriter } from './attribute.ts';
import type { Expression } from './expression.ts';
import { type Data, readData, readValue, writeData, writeValue } from './expressions/data.ts';
import { type FamilyName, familyName } from './family.ts';
import { readStates, writeStates } from './set.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_SET_ELEM_LIST_TABLE = 1;
const NFTA_SET_ELEM_LIST_SET = 2;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
const NFTA_SET_ELEM_LIST_SET_ID = 4;
const NFTA_SET_ELEM_KEY = 1;
const NFTA_SET_ELEM_DATA = 2;
const NFTA_SET_ELEM_FLAGS = 3;
const NFTA_SET_ELEM_TIMEOUT = 4;
const NFTA_SET_ELEM_EXPIRATION = 5;
const NFTA_SET_ELEM_USERDATA = 6;
const NFTA_SET_ELEM_EXPR = 7;
const NFTA_SET_ELEM_OBJREF = 9;
const NFTA_SET_ELEM_KEY_END = 10;
const NFTA_SET_ELEM_EXPRESSIONS = 11;

/** An element's flags (enum nft_set_elem_flags). */
export const SetElementFlag = { intervalEnd: 0x1, catchAll: 0x2 } as const;

/**
 * One key of a set; in a set of intervals the start of one, or with {@link SetElementFlag} the first key behind it.
 *
 * | nft | here |
 * |---|---|
 * | `10.0.0.1` | `{ key }` |
 * | `10.0.0.0/8` | `{ key: 10.0.0.0 }, { key: 11.0.0.0, flags: intervalEnd }` |
 * | `10.0.0.0/8 . 80-90` | `{ key: 10.0.0.0 . 80, keyEnd: 10.255.255.255 . 90 }` |
 * | `22 : 10.0.0.1`, `1 : jump c` | `{ key, data: { value } }`, `{ key, data: { verdict } }` |
 * | `1 : "x"` in a map of counters | `{ key, object: 'x' }` |
 * | `* : accept` | `{ flags: catchAll, data: { verdict } }` |
 * | `10.0.0.1 timeout 1h expires 10m` | `{ key, timeoutMilliseconds: 3_600_000n, expirationMilliseconds: 600_000n }` |
 * | `10.0.0.1 counter packets 3 bytes 4` | `{ key, expressions: [{ kind: 'counter', packets: 3n, bytes: 4n }] }` |
 */
export interface SetElement {
  /** As long as the set's keys; absent for the catch-all element. */
  readonly key?: Uint8Array;
  /** In a set of intervals of several fields: the last key of the interval. */
  readonly keyEnd?: Uint8Array;
  /** Bits of {@link SetElementFlag}. */
  readonly flags?: number;
  /** In a map: what the key leads to. */
  readonly data?: Data;
  /** In a map of objects: the name of the object that the key leads to. */
  readonly object?: string;
  /** How long it stays; the set's own time when absent. */
  readonly timeoutMilliseconds?: bigint;
  /** How long it still stays. */
  readonly expirationMilliseconds?: bigint;
  /** The state of the set's expressions for this element. */
  readonly expressions?: readonly Expression[];
  /** Left out on encode when there is `userdata`. */
  readonly comment?: string;
  readonly userdata?: Uint8Array;
}

/** Some elements of one set. */
export interface SetElements {
  readonly kind: 'elements';
  readonly family: FamilyName;
  readonly table: string;
  readonly set: string;
  /** The set's number within the transaction, for one that is made in it. */
  readonly setId?: number;
  readonly elements: readonly SetElement[];
}

/** Octets that the elements of one message may take: the attribute around them has a 16-bit length. */
const LIST_MAX = 0xf000;

/**
 * Writes the attributes of NFT_MSG_NEWSETELEM or NFT_MSG_DELSETELEM.
 *
 * @throws EncodeError `too-long` when there are more elements than one message holds: see {@link splitElements}
 */
export function writeSetElements(writer: AttributeWriter, { table, set, setId, elements }: SetElements): void {
  writeSetElementsKey(writer, { table, set });
  if (setId !== undefined) writer.u32(NFTA_SET_ELEM_LIST_SET_ID, setId);
  // No list at all means all elements to a deletion, so an empty one is never written.
  if (elements.length === 0) return;
  const list = writer.begin();
  elements.forEach((element, index) => {
    const at = writer.begin();
    writeElement(writer, element);
    // The list's members are numbered as libnftnl does; the kernel does not look at it.
    writer.end(at, (index % 0x3fff) + 1);
  });
  writer.end(list, NFTA_SET_ELEM_LIST_ELEMENTS);
}

function writeElement(writer: AttributeWriter, element: SetElement): void {
  const { flags, timeoutMilliseconds, expirationMilliseconds, key, keyEnd, data, comment, object } = element;
  if (flags !== undefined && flags !== 0) writer.u32(NFTA_SET_ELEM_FLAGS, flags);
  if (timeoutMilliseconds !== undefined) writer.u64(NFTA_SET_ELEM_TIMEOUT, timeoutMilliseconds);
  if (expirationMilliseconds !== undefined) writer.u64(NFTA_SET_ELEM_EXPIRATION, expirationMilliseconds);
  if (key !== undefined) writeValue(writer, NFTA_SET_ELEM_KEY, key);
  if (keyEnd !== undefined) writeValue(writer, NFTA_SET_ELEM_KEY_END, keyEnd);
  if (data !== undefined) writeData(writer, NFTA_SET_ELEM_DATA, data);
  const userdata = element.userdata ?? (comment === undefined ? undefined : encodeComment(comment));
  if (userdata !== undefined) writer.bytes(NFTA_SET_ELEM_USERDATA, userdata);
  if (object !== undefined) writer.string(NFTA_SET_ELEM_OBJREF, object);
  writeStates(writer, NFTA_SET_ELEM_EXPR, NFTA_SET_ELEM_EXPRESSIONS, element.expressions);
}

/** Writes what names a set whose elements are asked for or deleted. */
export function writeSetElementsKey(
  writer: AttributeWriter,
  key: { readonly table: string; readonly set: string },
): void {
  writer.string(NFTA_SET_ELEM_LIST_TABLE, key.table);
  writer.string(NFTA_SET_ELEM_LIST_SET, key.set);
}

/** Cuts elements into as many messages as their number needs. */
export function splitElements(elements: SetElements): SetElements[] {
  const parts: SetElements[] = [];
  let part: SetElement[] = [];
  let length = 0;
  for (const element of elements.elements) {
    const size = sizeAtMost(element);
    if (length + size > LIST_MAX && part.length > 0) {
      parts.push({ ...elements, elements: part });
      part = [];
      length = 0;
    }
    part.push(element);
    length += size;
  }
  parts.push({ ...elements, elements: part });
  return parts;
}

/** Octets of an element in its message, or a little more. */
function sizeAtMost({ key, keyEnd, data, object, comment, userdata, expressions }: SetElement): number {
  // Headers of the element, its flags, times, key and userdata, each padded.
  let size = 56 + (key?.length ?? 0) + (userdata?.length ?? (comment === undefined ? 0 : 3 * comment.length + 3));
  if (keyEnd !== undefined) size += 12 + keyEnd.length;
  if (data !== undefined) size += 'value' in data ? 12 + data.value.length : 36 + 3 * (data.verdict.chain?.length ?? 0);
  if (object !== undefined) size += 8 + 3 * object.length;
  for (const expression of expressions ?? [])
    size += expression.kind === 'raw' ? 32 + (expression.data?.length ?? 0) : 128;
  return size;
}

/** Reads the attributes of NFT_MSG_NEWSETELEM. @throws DecodeError */
export function readSetElements(family: number, attributes: Attributes): SetElements {
  const list = attributes.nested(NFTA_SET_ELEM_LIST_ELEMENTS)?.list() ?? [];
  const setId = attributes.u32(NFTA_SET_ELEM_LIST_SET_ID);
  return {
    kind: 'elements',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_SET_ELEM_LIST_TABLE), 'NFTA_SET_ELEM_LIST_TABLE'),
    set: attributes.need(attributes.string(NFTA_SET_ELEM_LIST_SET), 'NFTA_SET_ELEM_LIST_SET'),
    ...(setId !== undefined && { setId }),
    elements: list.map((attribute) => readElement(new Attributes(attribute))),
  };
}

function readElement(attributes: Attributes): SetElement {
  const key = readValue(attributes, NFTA_SET_ELEM_KEY);
  const keyEnd = readValue(attributes, NFTA_SET_ELEM_KEY_END);
  const data = readData(attributes, NFTA_SET_ELEM_DATA);
  const object = attributes.string(NFTA_SET_ELEM_OBJREF);
  const timeoutMilliseconds = attributes.u64(NFTA_SET_ELEM_TIMEOUT);
  const expirationMilliseconds = attributes.u64(NFTA_SET_ELEM_EXPIRATION);
  const expressions = readStates(attributes, NFTA_SET_ELEM_EXPR, NFTA_SET_ELEM_EXPRESSIONS);
  const userdata = attributes.bytes(NFTA_SET_ELEM_USERDATA);
  const comment = userdata && decodeComment(userdata);
  return {
    ...(key !== undefined && { key }),
    ...(keyEnd !== undefined && { keyEnd }),
    flags: attributes.u32(NFTA_SET_ELEM_FLAGS) ?? 0,
    ...(data !== undefined && { data }),
    ...(object !== undefined && { object }),
    ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
    ...(expirationMilliseconds !== undefined && { expirationMilliseconds }),
    ...(expressions !== undefined && { expressions }),
    ...(comment !== undefined && { comment }),
    ...(userdata !== undefined && { userdata }),
  };
}
