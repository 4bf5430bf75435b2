import { DecodeError } from '@router7/wire';

/** Attributes of a netlink message: type to payload. Of repeated ones the last counts. */
export type NetlinkAttributes = ReadonlyMap<number, Uint8Array>;

/** NLA_F_NESTED and NLA_F_NET_BYTEORDER, which the kernel may set. */
const TYPE_MASK = 0x3fff;

/** Set in the type of an attribute that holds attributes; most families ask for it. */
export const NLA_F_NESTED = 0x8000;

/**
 * Reads attributes (struct nlattr: length and type in host order, payload, padding to 4).
 *
 * @throws DecodeError `bad-length`
 */
export function decodeAttributes(bytes: Uint8Array): NetlinkAttributes {
  return new Map(attributeList(bytes));
}

/**
 * Reads attributes of which several may have one type, as in a list, in their order.
 *
 * @throws DecodeError `bad-length`
 */
export function attributeList(bytes: Uint8Array): readonly (readonly [type: number, payload: Uint8Array])[] {
  const view = viewOf(bytes);
  const attributes: [number, Uint8Array][] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > bytes.length) throw new DecodeError('bad-length', `attribute of ${length}`, at);
    attributes.push([view.getUint16(at + 2, true) & TYPE_MASK, bytes.subarray(at + 4, at + length)]);
    at += (length + 3) & ~3;
  }
  return attributes;
}

/** Writes attributes; undefined payloads are left out. */
export function encodeAttributes(
  attributes: readonly (readonly [type: number, payload: Uint8Array | undefined])[],
): Uint8Array {
  const present = attributes.filter((entry): entry is readonly [number, Uint8Array] => entry[1] !== undefined);
  const size = present.reduce((sum, [, payload]) => sum + ((payload.length + 7) & ~3), 0);
  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  let at = 0;
  for (const [type, payload] of present) {
    view.setUint16(at, payload.length + 4, true);
    view.setUint16(at + 2, type, true);
    bytes.set(payload, at + 4);
    at += (payload.length + 7) & ~3;
  }
  return bytes;
}

/** A DataView over the same octets. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An attribute's number of 32 bits, in host order; undefined when it is not there. */
export function uint32Attribute(attributes: NetlinkAttributes, type: number): number | undefined {
  const payload = attributes.get(type);
  return payload === undefined || payload.length < 4 ? undefined : viewOf(payload).getUint32(0, true);
}

/** The payload of an attribute that is a number of 32 bits; undefined gives undefined. */
export function uint32Payload(value: number | undefined): Uint8Array | undefined {
  if (value === undefined) return undefined;
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

/** An attribute's number of 16 bits, in host order; undefined when it is not there. */
export function uint16Attribute(attributes: NetlinkAttributes, type: number): number | undefined {
  const payload = attributes.get(type);
  return payload === undefined || payload.length < 2 ? undefined : viewOf(payload).getUint16(0, true);
}

/** The payload of an attribute that is a number of 16 bits; undefined gives undefined. */
export function uint16Payload(value: number | undefined): Uint8Array | undefined {
  if (value === undefined) return undefined;
  const bytes = new Uint8Array(2);
  viewOf(bytes).setUint16(0, value, true);
  return bytes;
}

/** An attribute's text without its final NUL; undefined when it is not there. */
export function textAttribute(attributes: NetlinkAttributes, type: number): string | undefined {
  const payload = attributes.get(type);
  if (payload === undefined) return undefined;
  const end = payload.indexOf(0);
  return new TextDecoder().decode(end < 0 ? payload : payload.subarray(0, end));
}

/** The payload of an attribute that is a text, with its final NUL; undefined gives undefined. */
export function textPayload(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new TextEncoder().encode(`${text}\0`);
}
