import type { Lease, LeaseState } from '@router7/dhcp4';
import { ByteReader, DecodeError, decodeUtf8, Ipv4Address } from '@router7/wire';
import { writeText } from '../runtime/journal-text.ts';
import type { TableRecord, TableRecords } from '../runtime/table-records.ts';
import { atNow } from './lease-entry.ts';

/*
 * What the journal of the leases has for each change. Numbers are big-endian; times are milliseconds since 1970 as IEEE 754
 * doubles, where infinity means no end.
 *
 *   0  operation (1): 1 a lease is as follows, 2 the lease of this address is forgotten and the record ends after the address
 *   1  address (4)
 *   5  state (1): 0 bound, 1 released, 2 declined
 *   6  expiry (8)   14  last acknowledgement (8)
 *  22  length of hardware address (1), of host name (1), of its override (1)
 *  25  length of client identifier (2), 0xffff when there is none
 *  27  length of client key (2)
 *  29  those five in this order: hardware address, host name, override, client identifier, client key
 *
 * And whenever leases.json is about to be written, before all changes that are not in it:
 *
 *   0  operation (1): 3   1  the file's time of modification (8)
 */
const PUT = 1;
const DELETE = 2;
const SNAPSHOT = 3;
const HEAD = 29;
const NONE = 0xffff;
const STATES: readonly LeaseState[] = ['bound', 'released', 'declined'];

/** Writes records into one buffer, and reads them. */
export class JournalRecords implements TableRecords<Lease, number> {
  #bytes: Buffer = Buffer.alloc(1024);
  /** What {@link JournalRecords.put} gave last: most records are of one length, and a view costs as much as its content. */
  #view: Uint8Array = this.#bytes.subarray(0, 0);

  keyOf({ address }: Lease): number {
    return address.value;
  }

  /**
   * The record of a lease, a view that is valid until the next call.
   *
   * @param offset what makes a wall-clock time of the lease's times
   */
  put(lease: Lease, offset: number): Uint8Array {
    const { hardwareAddress, hostName, hostNameOverride, clientIdentifier, clientKey } = lease;
    const identifierLength = clientIdentifier === undefined ? 0 : clientIdentifier.length;
    const most =
      HEAD +
      hardwareAddress.length +
      3 * (hostName.length + hostNameOverride.length + clientKey.length) +
      identifierLength;
    if (most > this.#bytes.length) {
      this.#bytes = Buffer.alloc(2 * most);
      this.#view = this.#bytes;
    }
    const bytes = this.#bytes;
    bytes[0] = PUT;
    bytes.writeUInt32BE(lease.address.value, 1);
    bytes[5] = STATES.indexOf(lease.state);
    bytes.writeDoubleBE(lease.expiresAt + offset, 6);
    bytes.writeDoubleBE(lease.lastAckAt + offset, 14);
    bytes[22] = hardwareAddress.length;
    let at = writeOctets(bytes, hardwareAddress, HEAD);
    const hostNameEnd = writeText(bytes, hostName, at);
    bytes[23] = hostNameEnd - at;
    at = writeText(bytes, hostNameOverride, hostNameEnd);
    bytes[24] = at - hostNameEnd;
    if (clientIdentifier === undefined) {
      bytes.writeUInt16BE(NONE, 25);
    } else {
      bytes.writeUInt16BE(identifierLength, 25);
      at = writeOctets(bytes, clientIdentifier, at);
    }
    const end = writeText(bytes, clientKey, at);
    bytes.writeUInt16BE(end - at, 27);
    if (this.#view.length !== end) this.#view = bytes.subarray(0, end);
    return this.#view;
  }

  /** The record of an address that nobody is known to have, a view that is valid until the next call. */
  delete(address: number): Uint8Array {
    this.#bytes[0] = DELETE;
    this.#bytes.writeUInt32BE(address, 1);
    return this.#bytes.subarray(0, 5);
  }

  /** The record of a leases.json that is about to be written, a view that is valid until the next call. */
  snapshot(stamp: number): Uint8Array {
    this.#bytes[0] = SNAPSHOT;
    this.#bytes.writeDoubleBE(stamp, 1);
    return this.#bytes.subarray(0, 9);
  }

  decode(record: Uint8Array): TableRecord<Lease, number> {
    return decodeJournalRecord(record);
  }

  atNow(lease: Lease, wall: number, offset: number): Lease {
    return atNow(lease, wall, offset);
  }
}

/** A few octets: a loop is faster than a call into C++. @returns where they end */
function writeOctets(bytes: Uint8Array, octets: Uint8Array, start: number): number {
  for (let i = 0; i < octets.length; i++) bytes[start + i] = octets[i] as number;
  return start + octets.length;
}

/** Reads a record. @throws DecodeError `truncated`, `leftover`, `bad-value` (an unknown operation or state) */
function decodeJournalRecord(record: Uint8Array): TableRecord<Lease, number> {
  const reader = new ByteReader(record);
  const operation = reader.u8();
  if (operation === SNAPSHOT) {
    const stamp = readDouble(reader);
    reader.end();
    return { kind: 'snapshot', stamp };
  }
  const address = new Ipv4Address(reader.u32());
  if (operation === DELETE) {
    reader.end();
    return { kind: 'delete', key: address.value };
  }
  const state = STATES[reader.u8()];
  if (operation !== PUT || state === undefined) throw new DecodeError('bad-value', 'an unknown kind of record', 0);
  const expiresAt = readDouble(reader);
  const lastAckAt = readDouble(reader);
  const hardwareLength = reader.u8();
  const hostNameLength = reader.u8();
  const overrideLength = reader.u8();
  const identifierLength = reader.u16();
  const keyLength = reader.u16();
  // Copies; `slice()` of a Buffer would be a view.
  const hardwareAddress = new Uint8Array(reader.bytes(hardwareLength));
  const hostName = decodeUtf8(reader.bytes(hostNameLength));
  const hostNameOverride = decodeUtf8(reader.bytes(overrideLength));
  const clientIdentifier = identifierLength === NONE ? undefined : new Uint8Array(reader.bytes(identifierLength));
  const clientKey = decodeUtf8(reader.bytes(keyLength));
  reader.end();
  return {
    kind: 'put',
    lease: {
      address,
      state,
      clientKey,
      hardwareAddress,
      clientIdentifier,
      hostName,
      hostNameOverride,
      expiresAt,
      lastAckAt,
    },
  };
}

function readDouble(reader: ByteReader): number {
  const bytes = reader.bytes(8);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
}
