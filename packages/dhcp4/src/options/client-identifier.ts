import { ByteWriter, EncodeError, type MacAddress } from '@router7/wire';
import { octetsAtLeast, type Shape } from './shape.ts';

/** 61, client identifier (RFC 2132 section 9.14): a type octet and "minimum length is 2". */
export const clientIdentifier: Shape<Uint8Array> = octetsAtLeast(2);

/** Type of a client identifier that is an IAID and a DUID (RFC 4361 section 6.1). */
const TYPE_DUID = 255;
/** A DUID has a type of two octets and at most 128 octets behind it (RFC 8415 section 11.1). */
const MAX_DUID_LENGTH = 130;

/** The usual client identifier: the hardware type (1, Ethernet) and the address (RFC 2132 section 9.14). */
export function hardwareClientIdentifier(address: MacAddress): Uint8Array {
  const writer = new ByteWriter(7);
  writer.u8(1);
  writer.mac(address);
  return writer.finish();
}

/**
 * A client identifier that stays the same when the hardware changes (RFC 4361 section 6.1).
 *
 * ```
 * +-----+----+----+----+----+------ - -
 * | 255 |       IAID        |  DUID
 * +-----+----+----+----+----+------ - -
 * ```
 *
 * @param iaid identifies the interface among those of the host, 32 bits; the same one as in DHCPv6
 * @param duid the host's DHCPv6 unique identifier, its type included
 * @throws EncodeError `out-of-range` (iaid), `bad-value` or `too-long` (duid)
 */
export function rfc4361ClientIdentifier(iaid: number, duid: Uint8Array): Uint8Array {
  if (duid.length < 3) throw new EncodeError('bad-value', 'a DUID has a type and at least one more octet');
  if (duid.length > MAX_DUID_LENGTH) throw new EncodeError('too-long', `a DUID has at most ${MAX_DUID_LENGTH} octets`);
  const writer = new ByteWriter(5 + duid.length);
  writer.u8(TYPE_DUID);
  writer.u32(iaid);
  writer.bytes(duid);
  return writer.finish();
}
