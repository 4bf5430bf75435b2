import type { ExpressionCodec } from './codec.ts';

const NFTA_SOCKET_KEY = 1;
const NFTA_SOCKET_DREG = 2;
const NFTA_SOCKET_LEVEL = 3;

/** What is known of the socket that a packet belongs to (enum nft_socket_keys). */
export const SocketKey = { transparent: 0, mark: 1, wildcard: 2, cgroupv2: 3 } as const;

/** `socket transparent 1`, `socket mark 5`, `socket cgroupv2 level 1 "user.slice"`: asks the receiving socket. */
export interface Socket {
  readonly kind: 'socket';
  readonly register: number;
  /** One of {@link SocketKey}. */
  readonly key: number;
  /** Which ancestor of the control group; 0 with all other keys. */
  readonly level: number;
}

/** Codec of {@link Socket}. */
export const socket: ExpressionCodec<Socket> = {
  kind: 'socket',
  name: 'socket',
  encode(writer, { register, key, level }) {
    writer.u32(NFTA_SOCKET_KEY, key);
    writer.u32(NFTA_SOCKET_DREG, register);
    writer.u32(NFTA_SOCKET_LEVEL, level);
  },
  decode(attributes) {
    return {
      kind: 'socket',
      register: attributes.need(attributes.u32(NFTA_SOCKET_DREG), 'NFTA_SOCKET_DREG'),
      key: attributes.need(attributes.u32(NFTA_SOCKET_KEY), 'NFTA_SOCKET_KEY'),
      level: attributes.u32(NFTA_SOCKET_LEVEL) ?? 0,
    };
  },
};
