import { encodeUtf8 } from '@router7/wire';
import type { ExpressionCodec } from './codec.ts';

const NFTA_OBJREF_IMM_TYPE = 1;
const NFTA_OBJREF_IMM_NAME = 2;

/** `counter name "x"`: uses a stateful object of the table. The form with a map is kept raw. */
export interface Objref {
  readonly kind: 'objref';
  /** One of {@link ObjectType}. */
  readonly type: number;
  readonly name: string;
}

/** Codec of {@link Objref}. */
export const objref: ExpressionCodec<Objref> = {
  kind: 'objref',
  name: 'objref',
  encode(writer, { type, name }) {
    writer.u32(NFTA_OBJREF_IMM_TYPE, type);
    writer.bytes(NFTA_OBJREF_IMM_NAME, encodeUtf8(name));
  },
  decode(attributes) {
    const type = attributes.u32(NFTA_OBJREF_IMM_TYPE);
    const name = attributes.string(NFTA_OBJREF_IMM_NAME);
    return type === undefined || name === undefined ? undefined : { kind: 'objref', type, name };
  },
};
