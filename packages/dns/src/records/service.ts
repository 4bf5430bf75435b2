import { encodeDnsName } from '@router7/wire';
import type { RecordShape } from './shape.ts';

/** Where a service is to be found. */
export interface Service {
  /** Lower values first. */
  readonly priority: number;
  /** The share among those of the same priority. */
  readonly weight: number;
  readonly port: number;
  /** `.` when the service is not there at all. */
  readonly target: string;
}

/** 33, SRV: PRIORITY(16) WEIGHT(16) PORT(16) TARGET, which is not compressed (RFC 2782). */
export const service: RecordShape<Service> = {
  decode: (data) => ({
    priority: data.reader.u16(),
    weight: data.reader.u16(),
    port: data.reader.u16(),
    target: data.name(),
  }),
  encode(writer, value) {
    writer.u16(value.priority);
    writer.u16(value.weight);
    writer.u16(value.port);
    encodeDnsName(writer, value.target);
  },
};
