import { ByteWriter, DecodeError, type DnsNameOffsets, EncodeError, encodeDnsName } from '@router7/wire';
import type { DnsMessage, Question } from './message.ts';
import { MessageNames } from './message-names.ts';
import type { ResourceRecord } from './record.ts';
import { recordOf, type SlowRecords, writeRecord } from './record-codec.ts';
import { RecordData } from './record-data.ts';
import { RecordType } from './record-type.ts';
import { DataFault, scanData } from './scan/record-data.ts';

/** What a message can have over TCP (RFC 1035 section 4.2.2), and more than what UDP carries. */
const MAX_SIZE = 0xffff;
/** A signed answer has a handful; 256 take about three milliseconds. */
const MAX_SLOW_RECORDS = 256;

/**
 * Decodes a message (RFC 1035 section 4.1) of any opcode.
 *
 * A known record, option or parameter whose data is not as its specification says is kept as octets, `raw`. So is what is
 * unknown, and what comes behind 256 records of the types that take long. Names that are malformed, an address of another
 * length than it has, counts that are not true, octets behind the last record and an OPT record whose options do not fit
 * are errors of the whole message. Octets in the result are copies.
 *
 * @param bytes a datagram, or what follows the length over TCP
 * @throws DecodeError `truncated`, `leftover`, `bad-name`, `bad-length`, `limit` (more than 65535 octets)
 */
export function decodeMessage(bytes: Uint8Array): DnsMessage {
  if (bytes.length > MAX_SIZE) throw new DecodeError('limit', `${bytes.length} octets are over ${MAX_SIZE}`, 0);
  return new MessageDecoder(Uint8Array.from(bytes)).message();
}

class MessageDecoder {
  readonly #bytes: Uint8Array;
  readonly #names: MessageNames;
  readonly #slow: SlowRecords = { left: MAX_SLOW_RECORDS };
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#names = new MessageNames(bytes);
  }

  message(): DnsMessage {
    const [id, flags, questions, answers, authorities, additionals] = Array.from({ length: 6 }, () => this.#u16());
    const message: DnsMessage = {
      id: id as number,
      flags: flags as number,
      questions: this.#list(questions as number, () => this.#question()),
      answers: this.#list(answers as number, () => this.#record()),
      authorities: this.#list(authorities as number, () => this.#record()),
      additionals: this.#list(additionals as number, () => this.#record()),
    };
    const left = this.#bytes.length - this.#position;
    if (left > 0) throw new DecodeError('leftover', `${left} octets left over`, this.#position);
    return message;
  }

  #list<T>(count: number, read: () => T): T[] {
    const items: T[] = [];
    while (items.length < count) items.push(read());
    return items;
  }

  #question(): Question {
    return { name: this.#name(), type: this.#u16(), class: this.#u16() };
  }

  #record(): ResourceRecord {
    const owner = this.#position;
    const header = { name: this.#name(), type: this.#u16(), class: this.#u16(), ttlSeconds: this.#u32() };
    // RFC 6891 section 6.1.2: "NAME MUST be 0 (root domain)", which a pointer to a root is not.
    if (header.type === RecordType.opt && header.name === '.' && this.#bytes[owner] !== 0) {
      throw new DecodeError('bad-name', 'the owner of an OPT record is not 0', owner);
    }
    const length = this.#u16();
    const at = this.#position;
    const end = at + length;
    if (end > this.#bytes.length) throw new DecodeError('truncated', 'the record is cut off', at);
    const fault = scanData(this.#names.table, this.#bytes, header.type, header.class, at, end);
    if (fault === DataFault.length) throw new DecodeError('bad-length', `${length} octets are no such data`, at);
    if (fault === DataFault.name) throw new DecodeError('bad-name', 'not a valid name in the data', at);
    this.#position = end;
    return recordOf(header, new RecordData(this.#bytes, this.#names, header.type, at, end), this.#slow);
  }

  #name(): string {
    const at = this.#position;
    this.#position = this.#names.read(at, this.#bytes.length);
    return this.#names.text(at);
  }

  #u16(): number {
    const at = this.#position;
    if (at + 2 > this.#bytes.length) throw new DecodeError('truncated', 'a number is cut off', at);
    this.#position = at + 2;
    return ((this.#bytes[at] as number) << 8) | (this.#bytes[at + 1] as number);
  }

  #u32(): number {
    return this.#u16() * 0x1_0000 + this.#u16();
  }
}

/**
 * Encodes a message, its records in the order given. Names are compressed where the record's type allows (RFC 3597
 * section 4), and where an earlier one is spelt the same.
 *
 * @throws EncodeError `too-long` (a name, a string, a message over 65535 octets), `out-of-range`, `bad-value`
 */
export function encodeMessage(message: DnsMessage): Uint8Array {
  const writer = new ByteWriter();
  const offsets: DnsNameOffsets = new Map();
  const { questions, answers, authorities, additionals } = message;
  writer.u16(message.id);
  writer.u16(message.flags);
  for (const section of [questions, answers, authorities, additionals]) writer.u16(section.length);
  for (const { name, type, class: class_ } of questions) {
    encodeDnsName(writer, name, offsets);
    writer.u16(type);
    writer.u16(class_);
  }
  for (const record of [...answers, ...authorities, ...additionals]) writeRecord(writer, record, offsets);
  if (writer.length > MAX_SIZE) throw new EncodeError('too-long', `${writer.length} octets are over ${MAX_SIZE}`);
  return writer.finish();
}
