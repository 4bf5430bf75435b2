import type { ExpressionCodec } from './codec.ts';

/** `notrack`: connection tracking passes over the packet. It has no attributes. */
export interface Notrack {
  readonly kind: 'notrack';
}

/** Codec of {@link Notrack}. */
export const notrack: ExpressionCodec<Notrack> = {
  kind: 'notrack',
  name: 'notrack',
  encode() {},
  decode: () => ({ kind: 'notrack' }),
};
