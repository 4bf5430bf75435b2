import { Attributes, type AttributeWriter } from './attribute.ts';
import { readValue, writeValue } from './expressions/data.ts';
import { type FamilyName, familyName } from './family.ts';

const NFTA_SET_ELEM_LIST_TABLE = 1;
const NFTA_SET_ELEM_LIST_SET = 2;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
const NFTA_SET_ELEM_LIST_SET_ID = 4;
const NFTA_SET_ELEM_KEY = 1;
const NFTA_SET_ELEM_FLAGS = 3;
const NFTA_SET_ELEM_USERDATA = 6;

/** An element's flags (enum nft_set_elem_flags). */
export const SetElementFlag = { intervalEnd: 0x1, catchAll: 0x2 } as const;

/** One key of a set; in a set of intervals the start of one, or with {@link SetElementFlag} the first key behind it. */
export interface SetElement {
  /** As long as the set's keys; absent for the catch-all element. */
  readonly key?: Uint8Array;
  /** Bits of {@link SetElementFlag}. */
  readonly flags?: number;
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
  writer.nest(NFTA_SET_ELEM_LIST_ELEMENTS, () => {
    elements.forEach(({ key, flags, userdata }, index) => {
      // The list's members are numbered as libnftnl does; the kernel does not look at it.
      writer.nest((index % 0x3fff) + 1, () => {
        if (flags !== undefined && flags !== 0) writer.u32(NFTA_SET_ELEM_FLAGS, flags);
        if (key !== undefined) writeValue(writer, NFTA_SET_ELEM_KEY, key);
        if (userdata !== undefined) writer.bytes(NFTA_SET_ELEM_USERDATA, userdata);
      });
    });
  });
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
    // Headers of the element, its flags, key and userdata, each padded: a little more than it will be.
    const size = 32 + (element.key?.length ?? 0) + (element.userdata?.length ?? 0);
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
    elements: list.map((attribute) => {
      const inner = new Attributes(attribute.reader());
      const key = readValue(inner, NFTA_SET_ELEM_KEY);
      const userdata = inner.bytes(NFTA_SET_ELEM_USERDATA);
      return {
        ...(key !== undefined && { key }),
        flags: inner.u32(NFTA_SET_ELEM_FLAGS) ?? 0,
        ...(userdata !== undefined && { userdata }),
      };
    }),
  };
}
