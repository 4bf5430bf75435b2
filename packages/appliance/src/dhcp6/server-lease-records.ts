import type { Lease, LeaseState } from '@router7/dhcp6';
import { ByteReader, DecodeError, decodeUtf8, type Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { writeText } from '../runtime/journal-text.ts';
import type { TableRecord, TableRecords } from '../runtime/table-records.ts';
import { atNow, keyOf } from './server-lease-entry.ts';

/*
 * What the journal of the leases has for each change. Numbers are big-endian; times are milliseconds since 1970 as IEEE 754
 * doubles.
 *
 *   0  operation (1): 1 a lease is as follows, 2 the lease of the key that fills the record in UTF-8 is forgotten
 *   1  kind (1): 0 addresses, 1 prefixes    2  state (1): 0 bound, 1 released, 2 declined    3  prefix length (1)
 *   4  slot (4)    8  IAID (4)   12  expiry (8)   20  last Reply (8)   28  peer (16)
 *  44  octets of the interface's name (1)   45  of the DUID (1)   46  of the Reconfigure key (1): 0 or 16
 *  47  how many networks (1)
 *  48  those in this order; a network is its prefix length (1) and its address (16)
 */
const PUT = 1;
const DELETE = 2;
const HEAD = 48;
const NETWORK = 17;
const KINDS: readonly Lease['kind'][] = ['address', 'prefix'];
const STATES: readonly LeaseState[] = ['bound', 'released', 'declined'];

/** Writes records into one buffer, and reads them. */
export class LeaseRecords implements TableRecords<Lease, string> {
  #bytes: Buffer = Buffer.alloc(1024);
  #numbers: DataView = numbersOf(this.#bytes);
  /** What {@link LeaseRecords.put} gave last: most records are of one length, and a view costs as much as its content. */
  #view: Uint8Array = this.#bytes.subarray(0, 0);

  keyOf({ key }: Lease): string {
    return key;
  }

  put(lease: Lease, offset: number): Uint8Array {
    const { kind, state, length, slot, iaid, peer, link, duid, reconfigureKey, given } = lease;
    const most = HEAD + 3 * link.length + duid.length + 16 + NETWORK * given.length;
    if (most > this.#bytes.length) {
      this.#bytes = Buffer.alloc(2 * most);
      this.#numbers = numbersOf(this.#bytes);
    }
    const bytes = this.#bytes;
    const numbers = this.#numbers;
    bytes[0] = PUT;
    bytes[1] = kind === 'address' ? 0 : 1;
    bytes[2] = state === 'bound' ? 0 : STATES.indexOf(state);
    bytes[3] = length;
    numbers.setUint32(4, slot);
    numbers.setUint32(8, iaid);
    numbers.setFloat64(12, lease.expiresAt + offset);
    numbers.setFloat64(20, lease.lastReplyAt + offset);
    writeAddress(numbers, 28, peer);
    const nameEnd = writeText(bytes, link, HEAD);
    bytes[44] = nameEnd - HEAD;
    bytes[45] = duid.length;
    bytes.set(duid, nameEnd);
    let at = nameEnd + duid.length;
    bytes[46] = reconfigureKey === undefined ? 0 : reconfigureKey.length;
    if (reconfigureKey !== undefined) {
      bytes.set(reconfigureKey, at);
      at += reconfigureKey.length;
    }
    bytes[47] = given.length;
    for (const { length: networkLength, address } of given) {
      bytes[at] = networkLength;
      writeAddress(numbers, at + 1, address);
      at += NETWORK;
    }
    if (this.#view.length !== at || this.#view.buffer !== bytes.buffer) this.#view = bytes.subarray(0, at);
    return this.#view;
  }

  delete(key: string): Uint8Array {
    this.#bytes[0] = DELETE;
    return this.#bytes.subarray(0, 1 + this.#bytes.write(key, 1, 'utf8'));
  }

  decode(record: Uint8Array): TableRecord<Lease, string> {
    const reader = new ByteReader(record);
    const operation = reader.u8();
    if (operation === DELETE) return { kind: 'delete', key: decodeUtf8(reader.rest()) };
    const kind = KINDS[reader.u8()];
    const state = STATES[reader.u8()];
    if (operation !== PUT || kind === undefined || state === undefined) {
      throw new DecodeError('bad-value', 'an unknown kind of record', 0);
    }
    const length = reader.u8();
    const slot = reader.u32();
    const iaid = reader.u32();
    const expiresAt = readDouble(reader);
    const lastReplyAt = readDouble(reader);
    const peer = reader.ipv6();
    const nameLength = reader.u8();
    const duidLength = reader.u8();
    const keyLength = reader.u8();
    const networks = reader.u8();
    const link = decodeUtf8(reader.bytes(nameLength));
    // Copies; `slice()` of a Buffer would be a view.
    const duid = new Uint8Array(reader.bytes(duidLength));
    const reconfigureKey = keyLength === 0 ? undefined : new Uint8Array(reader.bytes(keyLength));
    const given = Array.from({ length: networks }, () => readNetwork(reader));
    reader.end();
    const key = keyOf(kind, link, slot, duid, iaid);
    return {
      kind: 'put',
      lease: { kind, link, slot, length, state, key, duid, iaid, given, peer, reconfigureKey, expiresAt, lastReplyAt },
    };
  }

  atNow(lease: Lease, wall: number, offset: number): Lease {
    return atNow(lease, wall, offset);
  }
}

function numbersOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

function writeAddress(numbers: DataView, at: number, address: Ipv6Address): void {
  numbers.setInt32(at, address.word0);
  numbers.setInt32(at + 4, address.word1);
  numbers.setInt32(at + 8, address.word2);
  numbers.setInt32(at + 12, address.word3);
}

function readNetwork(reader: ByteReader): Ipv6Prefix {
  const length = reader.u8();
  if (length > 128) throw new DecodeError('bad-value', `a prefix length of ${length}`, reader.offset - 1);
  return new Ipv6Prefix(reader.ipv6(), length);
}

function readDouble(reader: ByteReader): number {
  const bytes = reader.bytes(8);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
}
