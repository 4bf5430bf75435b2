import type { Attributes, AttributeWriter } from './attribute.ts';
import { type FamilyName, familyName } from './family.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_TABLE_NAME = 1;
const NFTA_TABLE_FLAGS = 2;
const NFTA_TABLE_USE = 3;
const NFTA_TABLE_HANDLE = 4;
const NFTA_TABLE_USERDATA = 6;
const NFTA_TABLE_OWNER = 7;

/**
 * A table's flags: `dormant` takes its chains off the hooks, `owner` ties it to the socket that made it: nobody else may
 * change it, and it goes with the socket, unless it is to `persist` (Linux 6.9).
 */
export const TableFlag = { dormant: 0x1, owner: 0x2, persist: 0x4 } as const;

/** `table inet t { flags dormant; comment "x"; }`: the name space of chains, sets and stateful objects. */
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
  /** The port id of the socket that owns it; only read. */
  readonly owner?: number;
  /** How many chains, sets and objects it has; only read. */
  readonly use?: number;
}

/** What names a table, by its name or by its handle; with neither, all tables of the family are meant. */
export type TableKey = Partial<Pick<Table, 'name' | 'handle'>>;

/** Writes the attributes of NFT_MSG_NEWTABLE. @throws EncodeError */
export function writeTable(writer: AttributeWriter, table: Table): void {
  writer.string(NFTA_TABLE_NAME, table.name);
  writer.u32(NFTA_TABLE_FLAGS, table.flags ?? 0);
  const userdata = table.userdata ?? (table.comment === undefined ? undefined : encodeComment(table.comment));
  if (userdata !== undefined) writer.bytes(NFTA_TABLE_USERDATA, userdata);
}

/** Writes what names a table in a request or a deletion. */
export function writeTableKey(writer: AttributeWriter, { name, handle }: TableKey): void {
  if (name !== undefined) writer.string(NFTA_TABLE_NAME, name);
  else if (handle !== undefined) writer.u64(NFTA_TABLE_HANDLE, handle);
}

/** Reads what names a table. @throws DecodeError */
export function readTableKey(family: number, attributes: Attributes): TableKey & Pick<Table, 'kind' | 'family'> {
  const handle = attributes.u64(NFTA_TABLE_HANDLE);
  return {
    kind: 'table',
    family: familyName(family),
    name: attributes.need(attributes.string(NFTA_TABLE_NAME), 'NFTA_TABLE_NAME'),
    ...(handle !== undefined && { handle }),
  };
}

/** Reads the attributes of NFT_MSG_NEWTABLE. @throws DecodeError */
export function readTable(family: number, attributes: Attributes): Table {
  const handle = attributes.u64(NFTA_TABLE_HANDLE);
  const owner = attributes.u32(NFTA_TABLE_OWNER);
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
    ...(owner !== undefined && { owner }),
    ...(use !== undefined && { use }),
  };
}
