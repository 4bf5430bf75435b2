import { ByteReader, ByteWriter, DecodeError, EncodeError } from '@router7/wire';

/** Types of DUIDs (RFC 9915 section 11). */
export const DuidType = { linkLayerTime: 1, enterprise: 2, linkLayer: 3, uuid: 4 } as const;

/** A DHCP unique identifier by its type. Peers treat it as opaque octets: this is for making one, and for people. */
export type Duid =
  | {
      /** DUID-LLT, section 11.2 */
      readonly kind: 'linkLayerTime';
      /** Of IANA's "Hardware Types"; 1 is Ethernet. */
      readonly hardwareType: number;
      /** Seconds since midnight UTC of 1 January 2000, modulo 2^32. */
      readonly timeSeconds: number;
      readonly linkLayerAddress: Uint8Array;
    }
  | {
      /** DUID-EN, section 11.3 */
      readonly kind: 'enterprise';
      /** Of IANA's "Private Enterprise Numbers". */
      readonly enterpriseNumber: number;
      readonly identifier: Uint8Array;
    }
  | {
      /** DUID-LL, section 11.4 */
      readonly kind: 'linkLayer';
      /** Of IANA's "Hardware Types"; 1 is Ethernet. */
      readonly hardwareType: number;
      readonly linkLayerAddress: Uint8Array;
    }
  | {
      /** DUID-UUID, section 11.5 */
      readonly kind: 'uuid';
      /** 16 octets (RFC 9562). */
      readonly uuid: Uint8Array;
    }
  | {
      /** Of a type that is not defined. */
      readonly kind: 'opaque';
      readonly type: number;
      readonly data: Uint8Array;
    };

/** Octets of the longest DUID, its type included (RFC 9915 section 11.1). */
export const MAX_DUID_LENGTH = 130;

/**
 * Decodes a DUID, the value of `clientIdentifier` or `serverIdentifier`.
 *
 * @throws DecodeError `truncated`, `bad-length` (nothing behind the fixed fields, a UUID that has not 16 octets, more
 *   than {@link MAX_DUID_LENGTH})
 */
export function decodeDuid(bytes: Uint8Array): Duid {
  if (bytes.length > MAX_DUID_LENGTH) throw new DecodeError('bad-length', `a DUID of ${bytes.length} octets`, 0);
  const reader = new ByteReader(bytes);
  const type = reader.u16();
  switch (type) {
    case DuidType.linkLayerTime:
      return {
        kind: 'linkLayerTime',
        hardwareType: reader.u16(),
        timeSeconds: reader.u32(),
        linkLayerAddress: someOctets(reader),
      };
    case DuidType.enterprise:
      return { kind: 'enterprise', enterpriseNumber: reader.u32(), identifier: someOctets(reader) };
    case DuidType.linkLayer:
      return { kind: 'linkLayer', hardwareType: reader.u16(), linkLayerAddress: someOctets(reader) };
    case DuidType.uuid:
      if (reader.remaining !== 16) throw new DecodeError('bad-length', 'a UUID has 16 octets', reader.offset);
      return { kind: 'uuid', uuid: reader.rest() };
    default:
      return { kind: 'opaque', type, data: someOctets(reader) };
  }
}

/** Encodes a DUID. @throws EncodeError `bad-value` (nothing in it, a UUID that has not 16 octets), `out-of-range`, `too-long` */
export function encodeDuid(duid: Duid): Uint8Array {
  const writer = new ByteWriter(32);
  switch (duid.kind) {
    case 'linkLayerTime':
      writer.u16(DuidType.linkLayerTime);
      writer.u16(duid.hardwareType);
      writer.u32(duid.timeSeconds);
      writeOctets(writer, duid.linkLayerAddress);
      break;
    case 'enterprise':
      writer.u16(DuidType.enterprise);
      writer.u32(duid.enterpriseNumber);
      writeOctets(writer, duid.identifier);
      break;
    case 'linkLayer':
      writer.u16(DuidType.linkLayer);
      writer.u16(duid.hardwareType);
      writeOctets(writer, duid.linkLayerAddress);
      break;
    case 'uuid':
      if (duid.uuid.length !== 16) throw new EncodeError('bad-value', 'a UUID has 16 octets');
      writer.u16(DuidType.uuid);
      writer.bytes(duid.uuid);
      break;
    case 'opaque':
      writer.u16(duid.type);
      writeOctets(writer, duid.data);
      break;
  }
  if (writer.length > MAX_DUID_LENGTH) throw new EncodeError('too-long', `a DUID of ${writer.length} octets`);
  return writer.finish();
}

function someOctets(reader: ByteReader): Uint8Array {
  if (reader.remaining === 0) throw new DecodeError('bad-length', 'the DUID has no identifier', reader.offset);
  return reader.rest();
}

function writeOctets(writer: ByteWriter, octets: Uint8Array): void {
  if (octets.length === 0) throw new EncodeError('bad-value', 'the DUID has no identifier');
  writer.bytes(octets);
}
