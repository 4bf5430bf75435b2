import type { EdnsOption, EdnsOptionName, EdnsOptionValues } from './edns/option.ts';
import type { OptRecord, ResourceRecord } from './record.ts';

/** What is asked for. */
export interface Question {
  /** In presentation form without the final dot; the root is `.`. */
  readonly name: string;
  /** {@link RecordType}, or any other 16-bit number. */
  readonly type: number;
  /** {@link RecordClass}, or any other 16-bit number. */
  readonly class: number;
}

/** A whole message (RFC 1035 section 4.1), decoded. */
export interface DnsMessage {
  /** 16 bits. */
  readonly id: number;
  /** The header's second word: opcode, rcode and the bits of {@link HeaderFlag}. */
  readonly flags: number;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  /** The OPT record among them. */
  readonly additionals: readonly ResourceRecord[];
}

/** {@link Opcode} of a message. */
export function opcodeOf(message: DnsMessage): number {
  return (message.flags >>> 11) & 0xf;
}

/** {@link Rcode} of a message, with the upper bits that an OPT record has (RFC 6891 section 6.1.3). */
export function rcodeOf(message: DnsMessage): number {
  return ((optRecordOf(message)?.extendedRcode ?? 0) << 4) | (message.flags & 0xf);
}

/** The first OPT record of the additional section; a message that follows RFC 6891 has one at most. */
export function optRecordOf(message: DnsMessage): OptRecord | undefined {
  return message.additionals.find((record) => record.kind === 'opt');
}

/** The value of the first EDNS option of this name, or undefined when there is none or it is malformed. */
export function ednsOptionOf<N extends EdnsOptionName>(message: DnsMessage, name: N): EdnsOptionValues[N] | undefined {
  const found = optRecordOf(message)?.options.find((option: EdnsOption) => option.kind === name);
  return found === undefined || found.kind === 'raw' ? undefined : (found.value as EdnsOptionValues[N]);
}
