import type { Shape } from './shape.ts';

/** The network interface that a client boots from (RFC 5970 section 3.4). */
export interface ClientNetworkInterface {
  /** 1: UNDI, Universal Network Device Interface. */
  readonly type: number;
  readonly major: number;
  readonly minor: number;
}

/** 62, client network interface identifier (RFC 5970 section 3.4). */
export const clientNetworkInterface: Shape<ClientNetworkInterface> = {
  decode: (reader) => ({ type: reader.u8(), major: reader.u8(), minor: reader.u8() }),
  encode(writer, value) {
    writer.u8(value.type);
    writer.u8(value.major);
    writer.u8(value.minor);
  },
};
