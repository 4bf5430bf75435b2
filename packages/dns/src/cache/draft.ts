import { MAX_RECORDS } from '../scan/response-view.ts';
import { KeyKind } from './entry.ts';

/** What is about to be stored. One is filled again and again. */
export class Draft {
  /** Which questions it answers: one of {@link KeyKind}. */
  kind: number = KeyKind.type;
  /** Seconds. */
  lifetime: number = 0;
  /** Some of `EntryBit`: AD, AA, cut, local. */
  bits: number = 0;
  rcode: number = 0;
  answers: number = 0;
  authorities: number = 0;
  additionals: number = 0;
  /** Info code of an Extended DNS Error, -1 for none. */
  extendedError: number = -1;
  /** Where the records are. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of the first record. */
  at: number = 0;
  /** Octets of the records of the answer and authority sections. */
  required: number = 0;
  /** Octets of all records. */
  octets: number = 0;
  /** Records in all: so many members of the arrays count. */
  records: number = 0;
  /** Offset of the TTL of each record, counted from the first record. */
  readonly ttlAt: Uint16Array = new Uint16Array(MAX_RECORDS);
  /** Seconds; what is to be told at first. */
  readonly ttl: Uint32Array = new Uint32Array(MAX_RECORDS);

  /** Makes it a failure, which has no records. */
  setFailure(lifetime: number, extendedError: number): void {
    this.kind = KeyKind.failure;
    this.lifetime = lifetime;
    this.extendedError = extendedError;
    this.bits = this.rcode = 0;
    this.answers = this.authorities = this.additionals = 0;
    this.required = this.octets = this.records = 0;
  }
}
