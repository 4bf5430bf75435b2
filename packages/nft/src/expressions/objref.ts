import { encodeUtf8 } from '@router7/wire';
import type { ExpressionCodec } from './codec.ts';

const NFTA_OBJREF_IMM_TYPE = 1;
const NFTA_OBJREF_IMM_NAME = 2;
const NFTA_OBJREF_SET_SREG = 3;
const NFTA_OBJREF_SET_NAME = 4;
const NFTA_OBJREF_SET_ID = 5;

/** `counter name "x"`, `ct helper set "sip"`, `meta secmark set "ssh"`: uses a stateful object of the table. */
export interface ObjrefByName {
  readonly kind: 'objref';
  /** One of {@link ObjectType}. */
  readonly type: number;
  readonly name: string;
}

/** `counter name ip saddr map @m`: uses the object that a map has for the key. */
export interface ObjrefByMap {
  readonly kind: 'objref';
  /** The register with the key. */
  readonly source: number;
  readonly set: string;
  /** The map's number within the transaction, for one that is made in it. */
  readonly setId?: number;
}

/** `counter name "x"`, `quota name "q"`, `limit name tcp dport map { 80 : "web" }`: uses a stateful object. */
export type Objref = ObjrefByName | ObjrefByMap;

/** Codec of {@link Objref}. */
export const objref: ExpressionCodec<Objref> = {
  kind: 'objref',
  name: 'objref',
  // Unlike all other names, these two have no closing zero octet.
  encode(writer, expression) {
    if ('name' in expression) {
      writer.u32(NFTA_OBJREF_IMM_TYPE, expression.type);
      writer.bytes(NFTA_OBJREF_IMM_NAME, encodeUtf8(expression.name));
      return;
    }
    writer.u32(NFTA_OBJREF_SET_SREG, expression.source);
    writer.bytes(NFTA_OBJREF_SET_NAME, encodeUtf8(expression.set));
    if (expression.setId !== undefined) writer.u32(NFTA_OBJREF_SET_ID, expression.setId);
  },
  decode(attributes) {
    const type = attributes.u32(NFTA_OBJREF_IMM_TYPE);
    if (type !== undefined) {
      const name = attributes.need(attributes.string(NFTA_OBJREF_IMM_NAME), 'NFTA_OBJREF_IMM_NAME');
      return { kind: 'objref', type, name };
    }
    const setId = attributes.u32(NFTA_OBJREF_SET_ID);
    return {
      kind: 'objref',
      source: attributes.need(attributes.u32(NFTA_OBJREF_SET_SREG), 'NFTA_OBJREF_SET_SREG'),
      set: attributes.need(attributes.string(NFTA_OBJREF_SET_NAME), 'NFTA_OBJREF_SET_NAME'),
      ...(setId !== undefined && { setId }),
    };
  },
};
