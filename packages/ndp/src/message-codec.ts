import { DecodeError, EncodeError } from '@router7/wire';
import type { Message } from './message.ts';

/**
 * Decodes a Neighbor Discovery message (RFC 4861 section 4). Octets in the result are views of `bytes`: copy what has to
 * outlive them. A known option whose value is malformed is kept as such; whoever acts on a message passes it over.
 *
 * @param bytes the ICMPv6 message from its type on. The checksum is not looked at: it needs the packet's addresses
 * @throws DecodeError
 */
export function decodeMessage(bytes: Uint8Array): Message {
  throw new DecodeError('bad-value', 'not written yet', bytes.length);
}

/**
 * Encodes a Neighbor Discovery message. The checksum is left 0, for the kernel to fill in (RFC 3542 section 3.1).
 *
 * @throws EncodeError
 */
export function encodeMessage(message: Message): Uint8Array {
  throw new EncodeError('bad-value', `not written yet: ${message.kind}`);
}
