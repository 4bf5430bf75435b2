import { encodeUtf8 } from '@router7/wire';
import type { ExpressionCodec } from '../expressions/codec.ts';

const NFTA_SECMARK_CTX = 1;

/** `secmark s { "system_u:object_r:ssh_server_packet_t:s0"; }`: a label that security modules such as SELinux ask. */
export interface Secmark {
  readonly kind: 'secmark';
  /** At most 256 octets. */
  readonly context: string;
}

/** Codec of {@link Secmark}. */
export const secmark: ExpressionCodec<Secmark> = {
  kind: 'secmark',
  name: 'secmark',
  encode(writer, { context }) {
    writer.bytes(NFTA_SECMARK_CTX, encodeUtf8(context));
  },
  decode(attributes) {
    return { kind: 'secmark', context: attributes.need(attributes.string(NFTA_SECMARK_CTX), 'NFTA_SECMARK_CTX') };
  },
};
