import { encodeDnsName } from '@router7/wire';
import type { RecordShape } from './shape.ts';

/** A host that takes mail for a domain. */
export interface MailExchange {
  /** Lower values first. */
  readonly preference: number;
  readonly exchange: string;
}

/** 15, MX: PREFERENCE(16) EXCHANGE (RFC 1035 section 3.3.9). */
export const mailExchange: RecordShape<MailExchange> = {
  decode: (data) => ({ preference: data.reader.u16(), exchange: data.name() }),
  encode(writer, value, offsets) {
    writer.u16(value.preference);
    encodeDnsName(writer, value.exchange, offsets);
  },
};
