import { type ByteWriter, DecodeError, type DnsNameOffsets, EncodeError, encodeDnsName } from '@router7/wire';
import { readOptions, writeOptions } from './edns/option-codec.ts';
import type { OptRecord, RecordName, RecordValues, ResourceRecord } from './record.ts';
import type { RecordData } from './record-data.ts';
import { RecordClass, RecordType } from './record-type.ts';
import { mailExchange } from './records/mail-exchange.ts';
import { packetData } from './records/packet-data.ts';
import { service } from './records/service.ts';
import { serviceBinding } from './records/service-binding.ts';
import { compressedName, ipv4Address, ipv6Address, plainName, type RecordShape } from './records/shape.ts';
import { startOfAuthority } from './records/start-of-authority.ts';
import { text } from './records/text.ts';

/** The form of every record's data that has a type of its own; its type is {@link RecordType} of the same name. */
const shapes: { readonly [N in RecordName]: RecordShape<RecordValues[N]> } = {
  a: ipv4Address,
  aaaa: ipv6Address,
  ns: compressedName,
  cname: compressedName,
  ptr: compressedName,
  dname: plainName,
  soa: startOfAuthority,
  mx: mailExchange,
  srv: service,
  txt: text,
  svcb: serviceBinding,
  https: serviceBinding,
  hinfo: packetData('HINFO'),
  rp: packetData('RP'),
  naptr: packetData('NAPTR'),
  ds: packetData('DS'),
  sshfp: packetData('SSHFP'),
  rrsig: packetData('RRSIG'),
  dnskey: packetData('DNSKEY'),
  tlsa: packetData('TLSA'),
  caa: packetData('CAA'),
};

/** Those that dns-packet reads: they take ten times as long as the others. */
const slow: ReadonlySet<RecordName> = new Set([
  'hinfo',
  'rp',
  'naptr',
  'ds',
  'sshfp',
  'rrsig',
  'dnskey',
  'tlsa',
  'caa',
]);

/** All types whose data has a form of its own. */
export const recordNames: readonly RecordName[] = Object.keys(shapes) as RecordName[];

const names: ReadonlyMap<number, RecordName> = new Map(recordNames.map((name) => [RecordType[name], name]));

/** The fixed fields of a record, as they are on the wire. */
export interface RecordHeader {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttlSeconds: number;
}

/** How many records of one message are still worth the time that dns-packet takes; the others stay octets. */
export interface SlowRecords {
  left: number;
}

/**
 * A record of its fields and its data.
 *
 * @throws DecodeError when it is an OPT record whose options do not fit
 */
export function recordOf(header: RecordHeader, data: RecordData, slowRecords: SlowRecords): ResourceRecord {
  const { name, type, class: class_, ttlSeconds } = header;
  // RFC 6891 section 6.1.2: "NAME MUST be 0 (root domain)"; of another one it is a record like any other.
  if (type === RecordType.opt && name === '.') return optOf(class_, ttlSeconds, data);
  const kind = class_ === RecordClass.internet || type === RecordType.txt ? names.get(type) : undefined;
  if (kind !== undefined && !(slow.has(kind) && slowRecords.left-- <= 0)) {
    try {
      const value = shapes[kind].decode(data);
      data.reader.end();
      return { kind, name, class: class_, ttlSeconds, value } as ResourceRecord;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return { kind: 'raw', name, type, class: class_, ttlSeconds, data: data.plain() };
}

function optOf(udpPayloadSize: number, ttl: number, data: RecordData): OptRecord {
  return {
    kind: 'opt',
    udpPayloadSize,
    extendedRcode: ttl >>> 24,
    version: (ttl >>> 16) & 0xff,
    flags: ttl & 0xffff,
    options: readOptions(data.reader),
  };
}

/** Writes a record, its names compressed where its type allows. @throws EncodeError */
export function writeRecord(writer: ByteWriter, record: ResourceRecord, offsets: DnsNameOffsets): void {
  if (record.kind === 'opt') {
    writer.u8(0);
    writer.u16(RecordType.opt);
    writer.u16(record.udpPayloadSize);
    writer.u8(record.extendedRcode);
    writer.u8(record.version);
    writer.u16(record.flags);
    writeData(writer, () => writeOptions(writer, record.options));
    return;
  }
  encodeDnsName(writer, record.name, offsets);
  const shape = record.kind === 'raw' ? undefined : (shapes[record.kind] as RecordShape<unknown> | undefined);
  if (record.kind !== 'raw' && shape === undefined) {
    throw new EncodeError('bad-value', `there is no record of the name ${JSON.stringify(record.kind)}`);
  }
  writer.u16(record.kind === 'raw' ? record.type : RecordType[record.kind]);
  writer.u16(record.class);
  writer.u32(record.ttlSeconds);
  writeData(writer, () => {
    if (record.kind === 'raw') writer.bytes(record.data);
    else shape?.encode(writer, record.value, offsets);
  });
}

/** Writes the length of what `write` writes in front of it. */
function writeData(writer: ByteWriter, write: () => void): void {
  const at = writer.length;
  writer.u16(0);
  write();
  const length = writer.length - at - 2;
  if (length > 0xffff) throw new EncodeError('too-long', `a record of ${length} octets is over 65535`);
  writer.patchU16(at, length);
}
