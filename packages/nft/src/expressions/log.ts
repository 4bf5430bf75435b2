import type { ExpressionCodec } from './codec.ts';

const NFTA_LOG_GROUP = 1;
const NFTA_LOG_PREFIX = 2;
const NFTA_LOG_SNAPLEN = 3;
const NFTA_LOG_QTHRESHOLD = 4;
const NFTA_LOG_LEVEL = 5;
const NFTA_LOG_FLAGS = 6;

/** Levels of the kernel's log (enum nft_log_level). */
export const LogLevel = {
  emerg: 0,
  alert: 1,
  crit: 2,
  err: 3,
  warn: 4,
  notice: 5,
  info: 6,
  debug: 7,
  audit: 8,
} as const;

/** What is logged beside the packet's addresses (NF_LOG_* of linux/netfilter/nf_log.h); `all` of nft is 0x2f. */
export const LogFlag = { tcpSequence: 1, tcpOptions: 2, ipOptions: 4, skuid: 8, ether: 32 } as const;

/** `log prefix "drop: " level debug flags skuid`, or `log group 3 snaplen 64` to a listener on NFLOG. */
export interface Log {
  readonly kind: 'log';
  readonly prefix?: string;
  /** One of {@link LogLevel}; the kernel's default is `warn`. Excludes `group`. */
  readonly level?: number;
  /** Bits of {@link LogFlag}. */
  readonly flags?: number;
  readonly group?: number;
  /** Octets of the packet to hand over. */
  readonly snaplen?: number;
  /** Packets to gather before they are handed over. */
  readonly queueThreshold?: number;
}

/** Codec of {@link Log}. */
export const log: ExpressionCodec<Log> = {
  kind: 'log',
  name: 'log',
  encode(writer, { prefix, group, snaplen, queueThreshold, level, flags }) {
    if (prefix !== undefined) writer.string(NFTA_LOG_PREFIX, prefix);
    if (group !== undefined) writer.u16(NFTA_LOG_GROUP, group);
    if (snaplen !== undefined) writer.u32(NFTA_LOG_SNAPLEN, snaplen);
    if (queueThreshold !== undefined) writer.u16(NFTA_LOG_QTHRESHOLD, queueThreshold);
    if (level !== undefined) writer.u32(NFTA_LOG_LEVEL, level);
    if (flags !== undefined) writer.u32(NFTA_LOG_FLAGS, flags);
  },
  decode(attributes) {
    const prefix = attributes.string(NFTA_LOG_PREFIX);
    const group = attributes.u16(NFTA_LOG_GROUP);
    const snaplen = attributes.u32(NFTA_LOG_SNAPLEN);
    const queueThreshold = attributes.u16(NFTA_LOG_QTHRESHOLD);
    const level = attributes.u32(NFTA_LOG_LEVEL);
    const flags = attributes.u32(NFTA_LOG_FLAGS);
    return {
      kind: 'log',
      ...(prefix !== undefined && { prefix }),
      ...(level !== undefined && { level }),
      ...(flags !== undefined && { flags }),
      ...(group !== undefined && { group }),
      ...(snaplen !== undefined && { snaplen }),
      ...(queueThreshold !== undefined && { queueThreshold }),
    };
  },
};
