import { bytesEqual, DecodeError, EncodeError } from '@router7/wire';
import packet from 'dns-packet';
import type { PacketRecordValues } from './packet-values.ts';
import type { RecordShape } from './shape.ts';

/** Whose arrays dns-packet works on. */
const PacketBytes = packet.name.encode('.').constructor;

/**
 * The data of a type as dns-packet reads and writes it.
 *
 * It reads past a record's end, takes what is no text for text, and writes numbers cut off to their fields: so a value
 * counts only when it gives the same octets again, and octets only when they give the same value.
 *
 * @param mnemonic the type's name there: `DS`
 */
export function packetData<T extends PacketRecordValues[keyof PacketRecordValues]>(mnemonic: string): RecordShape<T> {
  const codec = packet.record(mnemonic);

  function decode(data: Uint8Array): unknown {
    const octets = new Uint8Array(data.length + 2);
    octets[0] = data.length >>> 8;
    octets[1] = data.length;
    octets.set(data, 2);
    return withPlainArrays(codec.decode(PacketBytes.from(octets), 0));
  }

  return {
    decode(record) {
      const offset = record.reader.offset;
      const data = record.plain();
      record.reader.rest();
      try {
        const value = decode(data);
        if (bytesEqual(codec.encode(withPacketBytes(value)).subarray(2), data)) return value as T;
      } catch {
        // It throws whatever Node's Buffer throws.
      }
      throw new DecodeError('bad-value', `not the data of a ${mnemonic} record`, offset);
    },
    encode(writer, value) {
      let data: Uint8Array | undefined;
      try {
        data = codec.encode(withPacketBytes(value)).subarray(2);
        if (!holds(decode(data), value)) data = undefined;
      } catch {
        data = undefined;
      }
      if (data === undefined) throw new EncodeError('bad-value', `not the value of a ${mnemonic} record`);
      writer.bytes(data);
    },
  };
}

function withPlainArrays(value: unknown): unknown {
  return mapped(value, (octets) => Uint8Array.from(octets));
}

function withPacketBytes(value: unknown): unknown {
  return mapped(value, (octets) => PacketBytes.from(octets));
}

function mapped(value: unknown, change: (octets: Uint8Array) => Uint8Array): unknown {
  if (value instanceof Uint8Array) return change(value);
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapped(member, change)]));
}

/** Whether all that is in `wanted` is the same in `found`. */
function holds(found: unknown, wanted: unknown): boolean {
  if (wanted instanceof Uint8Array) return found instanceof Uint8Array && bytesEqual(found, wanted);
  if (typeof wanted !== 'object' || wanted === null) return found === wanted;
  if (typeof found !== 'object' || found === null) return false;
  if (Array.isArray(wanted) && (found as { length?: number }).length !== wanted.length) return false;
  return Object.entries(wanted).every(([name, member]) => holds((found as Record<string, unknown>)[name], member));
}
