import { encodeDnsName } from '@router7/wire';
import { type RecordShape, readName } from './shape.ts';

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
  decode: (reader) => ({
    priority: reader.u16(),
    weight: reader.u16(),
    port: reader.u16(),
    target: readName(reader),
  }),
  encode(writer, value) {
    writer.u16(value.priority);
    writer.u16(value.weight);
    writer.u16(value.port);
    encodeDnsName(writer, value.target);
  },
};
