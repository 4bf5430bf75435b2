import { ByteReader, DecodeError } from '@router7/wire';
import { Attributes } from './attribute.ts';
import { swap16, swap32 } from './attribute-slice.ts';
import { NETLINK_HEADER_LENGTH, NetlinkFlag, type NetlinkMessage } from './netlink-header.ts';

const NLMSGERR_ATTR_MSG = 1;
const NLMSGERR_ATTR_OFFS = 2;

/** What an NLMSG_ERROR message says. */
export interface NetlinkAck {
  /** The errno as a positive number; 0 when the request was carried out. */
  readonly errno: number;
  /** Type and sequence number of the request that is answered. */
  readonly requestType: number;
  readonly requestSequence: number;
  /** The kernel's own words (extended ACK). */
  readonly text?: string;
  /** Where in the request the attribute is that the kernel complains about, in octets from its header (extended ACK). */
  readonly attributeOffset?: number;
}

/**
 * Reads an NLMSG_ERROR message: errno, the request's header, unless capped the request itself, then with the flag
 * NLM_F_ACK_TLVS the attributes of the extended ACK.
 *
 * @throws DecodeError
 */
export function decodeAck(message: NetlinkMessage): NetlinkAck {
  const reader = new ByteReader(message.body, message.offset);
  const errno = -(swap32(reader.u32()) | 0);
  if (errno < 0) throw new DecodeError('bad-value', `errno ${errno}`, message.offset);
  const requestLength = swap32(reader.u32());
  const requestType = swap16(reader.u16());
  reader.skip(2);
  const requestSequence = swap32(reader.u32());
  reader.skip(4);
  const answer = { errno: errno === 0 ? 0 : errno, requestType, requestSequence };
  if ((message.flags & NetlinkFlag.ackTlvs) === 0) return answer;
  if ((message.flags & NetlinkFlag.capped) === 0) {
    if (requestLength < NETLINK_HEADER_LENGTH) {
      throw new DecodeError('bad-length', `a request of ${requestLength} octets`, message.offset + 4);
    }
    const quoted = requestLength - NETLINK_HEADER_LENGTH;
    reader.skip(quoted);
    reader.skip(Math.min(-quoted & 3, reader.remaining));
  }
  const attributes = new Attributes(reader);
  const text = attributes.string(NLMSGERR_ATTR_MSG);
  const offset = attributes.bytes(NLMSGERR_ATTR_OFFS);
  if (offset !== undefined && offset.length !== 4) {
    throw new DecodeError('bad-length', `an attribute offset of ${offset.length} octets`, message.offset);
  }
  return {
    ...answer,
    ...(text !== undefined && { text }),
    ...(offset !== undefined && { attributeOffset: swap32(new ByteReader(offset).u32()) }),
  };
}
