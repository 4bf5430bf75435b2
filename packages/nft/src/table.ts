import type { Attributes, AttributeWriter } from './attribute.ts';
import { type FamilyName, familyName } from './family.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_TABLE_NAME = 1;
const NFTA_TABLE_FLAGS = 2;
const NFTA_TABLE_USE = 3;
const NFTA_TABLE_HANDLE = 4;
const NFTA_TABLE_USERDATA = 6;

/** A table's flags: `dormant` takes its chains off the hooks, `owner` ties it to the socket that made it. */
export const TableFlag = { dormant: 0x1, owner: 0x2 } as const;

/** A table: the name space of chains, sets and stateful objects. */
export interface Table {
  readonly kind: 'table';
  readonly family: FamilyName;
  readonly name: string;
  /** Bits of {@link TableFlag}. */
  readonly flags?: number;
  /** Read by nft 1.0 and later. Left out on encode when there is `userdata`. */
  readonly comment?: string;
  readonly userdata?: Uint8Array;
  /** The kernel's number for it; only read. */
  readonly handle?: bigint;
  /** How many chains, sets and objects it has; only read. */
  readonly use?: number;
}

/** Writes the attributes of NFT_MSG_NEWTABLE. @throws EncodeError */
export function writeTable(writer: AttributeWriter, table: Table): void {
  writer.string(NFTA_TABLE_NAME, table.name);
  writer.u32(NFTA_TABLE_FLAGS, table.flags ?? 0);
  const userdata = table.userdata ?? (table.comment === undefined ? undefined : encodeComment(table.comment));
  if (userdata !== undefined) writer.bytes(NFTA_TABLE_USERDATA, userdata);
}

/** Writes what names a table in a request or a deletion. */
export function writeTableKey(writer: AttributeWriter, table: { readonly name: string }): void {
  writer.string(NFTA_TABLE_NAME, table.name);
}

/** Reads the attributes of NFT_MSG_NEWTABLE. @throws DecodeError */
export function readTable(family: number, attributes: Attributes): Table {
  const handle = attributes.u64(NFTA_TABLE_HANDLE);
  const use = attributes.u32(NFTA_TABLE_USE);
  const userdata = attributes.bytes(NFTA_TABLE_USERDATA);
  const comment = userdata && decodeComment(userdata);
  return {
    kind: 'table',
    family: familyName(family),
    name: attributes.need(attributes.string(NFTA_TABLE_NAME), 'NFTA_TABLE_NAME'),
    flags: attributes.u32(NFTA_TABLE_FLAGS) ?? 0,
    ...(comment !== undefined && { comment }),
    ...(userdata !== undefined && { userdata }),
    ...(handle !== undefined && { handle }),
    ...(use !== undefined && { use }),
  };
}
