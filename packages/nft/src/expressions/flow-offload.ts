import type { ExpressionCodec } from './codec.ts';

const NFTA_FLOW_TABLE_NAME = 1;

/** `flow add @fast`: the connection's next packets take the short way of a flowtable. */
export interface FlowOffload {
  readonly kind: 'flowOffload';
  /** The flowtable's name. */
  readonly flowtable: string;
}

/** Codec of {@link FlowOffload}. */
export const flowOffload: ExpressionCodec<FlowOffload> = {
  kind: 'flowOffload',
  name: 'flow_offload',
  encode(writer, { flowtable }) {
    writer.string(NFTA_FLOW_TABLE_NAME, flowtable);
  },
  decode(attributes) {
    const flowtable = attributes.need(attributes.string(NFTA_FLOW_TABLE_NAME), 'NFTA_FLOW_TABLE_NAME');
    return { kind: 'flowOffload', flowtable };
  },
};
