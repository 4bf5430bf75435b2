import { ByteReader, type ByteWriter, DecodeError } from '@router7/wire';
import { Attributes, AttributeWriter } from './attribute.ts';
import { type NetlinkMessage, writeMessage } from './netlink-header.ts';

/** The netlink protocol whose sockets speak nf_tables (NETLINK_NETFILTER). */
export const NETLINK_NETFILTER = 12;
/** The number of nf_tables among netfilter's subsystems. */
export const NFNL_SUBSYS_NFTABLES = 10;

/** Messages of nf_tables (enum nf_tables_msg_types). */
export const NftablesMessage = {
  newTable: 0,
  getTable: 1,
  deleteTable: 2,
  newChain: 3,
  getChain: 4,
  deleteChain: 5,
  newRule: 6,
  getRule: 7,
  deleteRule: 8,
  newSet: 9,
  getSet: 10,
  deleteSet: 11,
  newSetElements: 12,
  getSetElements: 13,
  deleteSetElements: 14,
  newGeneration: 15,
  getGeneration: 16,
  trace: 17,
  newObject: 18,
  getObject: 19,
  deleteObject: 20,
  getObjectReset: 21,
  newFlowtable: 22,
  getFlowtable: 23,
  deleteFlowtable: 24,
  getRuleReset: 25,
  destroyTable: 26,
  destroyChain: 27,
  destroyRule: 28,
  destroySet: 29,
  destroySetElements: 30,
  destroyObject: 31,
  destroyFlowtable: 32,
  getSetElementsReset: 33,
} as const;

/** Messages that stand around a transaction (NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END). */
export const BatchMessage = { begin: 0x10, end: 0x11 } as const;

/** The header of an nfnetlink message: octets. */
const NFGENMSG_LENGTH = 4;

/** A message of nf_tables, cut into its parts. */
export interface NftablesReply {
  /** One of {@link NftablesMessage}. */
  readonly message: number;
  readonly flags: number;
  readonly sequence: number;
  /** The number of the protocol family. */
  readonly family: number;
  /** The low 16 bits of the generation. */
  readonly resourceId: number;
  readonly attributes: Attributes;
}

/**
 * Writes the four octets behind the netlink header, then the attributes.
 *
 * ```text
 * +---------------+---------------+-------------------------------+
 * |    family     |  version = 0  |    resource id (big-endian)   |
 * +---------------+---------------+-------------------------------+
 * ```
 */
export function writeNfnetlink(
  writer: ByteWriter,
  header: { readonly type: number; readonly flags: number; readonly sequence: number },
  family: number,
  resourceId: number,
  body: (attributes: AttributeWriter) => void,
): void {
  writeMessage(writer, { ...header, portId: 0 }, () => {
    writer.u8(family);
    writer.u8(0);
    writer.u16(resourceId);
    body(new AttributeWriter(writer));
  });
}

/**
 * Reads a message of nf_tables.
 *
 * @throws DecodeError `bad-magic` when it is of another subsystem, `truncated`, `bad-length`
 */
export function readNftables(message: NetlinkMessage): NftablesReply {
  if (message.type >>> 8 !== NFNL_SUBSYS_NFTABLES) {
    throw new DecodeError('bad-magic', `message type ${message.type} is not of nf_tables`, message.offset - 12);
  }
  const reader = new ByteReader(message.body, message.offset);
  const family = reader.u8();
  reader.skip(NFGENMSG_LENGTH - 3);
  const resourceId = reader.u16();
  return {
    message: message.type & 0xff,
    flags: message.flags,
    sequence: message.sequence,
    family,
    resourceId,
    attributes: new Attributes(reader),
  };
}
