import { Family, IcmpxCode, LimitType, LogFlag, LogLevel, QueueFlag, RejectType, SynproxyFlag } from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** What acts, counts or limits. */
export const goldenActions: readonly GoldenExpression[] = [
  {
    name: 'counter',
    text: 'counter',
    listing: 'counter pkts 0 bytes 0',
    expression: { kind: 'counter', packets: 0n, bytes: 0n },
    bytes: bytes(
      '0c000100 636f756e 74657200', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'counter that has counted',
    text: 'counter packets 3 bytes 260',
    listing: 'counter pkts 3 bytes 260',
    expression: { kind: 'counter', packets: 3n, bytes: 260n },
    bytes: bytes(
      '0c000100 636f756e 74657200', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 00000104', // NFTA_COUNTER_BYTES
      '0c000200 00000000 00000003', // NFTA_COUNTER_PACKETS
    ),
  },
  {
    name: 'log',
    text: 'log',
    listing: 'log',
    expression: { kind: 'log' },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'log with prefix and level',
    text: 'log prefix "drop: " level debug',
    listing: 'log prefix drop:  level 7',
    expression: { kind: 'log', prefix: 'drop: ', level: 7 },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '18000280', // NFTA_EXPR_DATA, nested
      '0b000200 64726f70 3a200000', // NFTA_LOG_PREFIX
      '08000500 00000007', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log to a group',
    text: 'log group 3 snaplen 64 queue-threshold 5',
    listing: 'log group 3 snaplen 64 qthreshold 5',
    expression: { kind: 'log', group: 3, snaplen: 64, queueThreshold: 5 },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '06000100 00030000', // NFTA_LOG_GROUP
      '08000300 00000040', // NFTA_LOG_SNAPLEN
      '06000400 00050000', // NFTA_LOG_QTHRESHOLD
    ),
  },
  {
    name: 'log with flags',
    text: 'log flags all',
    listing: 'log tcpseq tcpopt ipopt uid macdecode',
    expression: { kind: 'log', flags: 0x2f },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000600 0000002f', // NFTA_LOG_FLAGS
    ),
  },
  {
    name: 'reject',
    text: 'reject with icmpx admin-prohibited',
    listing: 'reject type 2 code 3',
    expression: { kind: 'reject', type: 2, code: 3 },
    bytes: bytes(
      '0b000100 72656a65 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_REJECT_TYPE
      '05000200 03000000', // NFTA_REJECT_ICMP_CODE
    ),
  },
  {
    name: 'reject with tcp reset',
    text: 'reject with tcp reset',
    listing: 'reject type 1 code 0',
    expression: { kind: 'reject', type: 1, code: 0 },
    bytes: bytes(
      '0b000100 72656a65 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_REJECT_TYPE
      '05000200 00000000', // NFTA_REJECT_ICMP_CODE
    ),
  },
  {
    name: 'limit',
    text: 'limit rate 10/second burst 5 packets',
    listing: 'limit rate 10/second burst 5 type packets flags 0x0',
    expression: { kind: 'limit', rate: 10n, unitSeconds: 1n, burst: 5, type: 0, inverted: false },
    bytes: bytes(
      '0a000100 6c696d69 74000000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 0000000a', // NFTA_LIMIT_RATE
      '0c000200 00000000 00000001', // NFTA_LIMIT_UNIT
      '08000300 00000005', // NFTA_LIMIT_BURST
      '08000400 00000000', // NFTA_LIMIT_TYPE
      '08000500 00000000', // NFTA_LIMIT_FLAGS
    ),
  },
  {
    name: 'limit over',
    text: 'limit rate over 1 mbytes/minute burst 64 kbytes',
    listing: 'limit rate 1048576/minute burst 65536 type bytes flags 0x1',
    expression: { kind: 'limit', rate: 1_048_576n, unitSeconds: 60n, burst: 65_536, type: 1, inverted: true },
    bytes: bytes(
      '0a000100 6c696d69 74000000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 00100000', // NFTA_LIMIT_RATE
      '0c000200 00000000 0000003c', // NFTA_LIMIT_UNIT
      '08000300 00010000', // NFTA_LIMIT_BURST
      '08000400 00000001', // NFTA_LIMIT_TYPE
      '08000500 00000001', // NFTA_LIMIT_FLAGS
    ),
  },
  {
    name: 'notrack',
    text: 'notrack',
    listing: 'notrack',
    expression: { kind: 'notrack' },
    bytes: bytes(
      '0c000100 6e6f7472 61636b00', // NFTA_EXPR_NAME
    ),
  },
  {
    name: 'connlimit',
    text: 'ct count 20',
    listing: 'connlimit count 20 flags 0',
    expression: { kind: 'connlimit', count: 20, inverted: false },
    bytes: bytes(
      '0e000100 636f6e6e 6c696d69 74000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000014', // NFTA_CONNLIMIT_COUNT
      '08000200 00000000', // NFTA_CONNLIMIT_FLAGS
    ),
  },
  {
    name: 'connlimit over',
    text: 'ct count over 20',
    listing: 'connlimit count 20 flags 1',
    expression: { kind: 'connlimit', count: 20, inverted: true },
    bytes: bytes(
      '0e000100 636f6e6e 6c696d69 74000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000014', // NFTA_CONNLIMIT_COUNT
      '08000200 00000001', // NFTA_CONNLIMIT_FLAGS
    ),
  },
  {
    name: 'quota',
    text: 'quota 25 mbytes',
    listing: 'quota bytes 26214400 consumed 0 flags 0',
    expression: { kind: 'quota', bytes: 26_214_400n, consumed: 0n, inverted: false },
    bytes: bytes(
      '0a000100 71756f74 61000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 01900000', // NFTA_QUOTA_BYTES
      '0c000400 00000000 00000000', // NFTA_QUOTA_CONSUMED
      '08000200 00000000', // NFTA_QUOTA_FLAGS
    ),
  },
  {
    name: 'quota over',
    text: 'quota over 10 mbytes used 5 bytes',
    listing: 'quota bytes 10485760 consumed 5 flags 1',
    expression: { kind: 'quota', bytes: 10_485_760n, consumed: 5n, inverted: true },
    bytes: bytes(
      '0a000100 71756f74 61000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 00a00000', // NFTA_QUOTA_BYTES
      '0c000400 00000000 00000005', // NFTA_QUOTA_CONSUMED
      '08000200 00000001', // NFTA_QUOTA_FLAGS
    ),
  },
  {
    name: 'queue',
    text: 'queue num 3',
    listing: 'queue num 3',
    expression: { kind: 'queue', number: 3, total: 1, flags: 0 },
    bytes: bytes(
      '0a000100 71756575 65000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '06000100 00030000', // NFTA_QUEUE_NUM
      '06000200 00010000', // NFTA_QUEUE_TOTAL
    ),
  },
  {
    name: 'queue of several',
    text: 'queue flags bypass,fanout to 1-4',
    listing: 'queue num 1-4 bypass fanout',
    expression: { kind: 'queue', number: 1, total: 4, flags: QueueFlag.bypass | QueueFlag.fanout },
    bytes: bytes(
      '0a000100 71756575 65000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '06000100 00010000', // NFTA_QUEUE_NUM
      '06000200 00040000', // NFTA_QUEUE_TOTAL
      '06000300 00030000', // NFTA_QUEUE_FLAGS
    ),
  },
  {
    name: 'queue by register',
    text: 'queue flags bypass to numgen inc mod 4',
    listing: 'queue sreg_qnum 1 bypass',
    expression: { kind: 'queue', register: 1, flags: QueueFlag.bypass },
    bytes: bytes(
      '0a000100 71756575 65000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '06000300 00010000', // NFTA_QUEUE_FLAGS
      '08000400 00000001', // NFTA_QUEUE_SREG_QNUM
    ),
  },
  {
    name: 'dup',
    text: 'dup to 192.0.2.7',
    family: 'ip',
    listing: 'dup sreg_addr 1',
    expression: { kind: 'dup', addressRegister: 1 },
    bytes: bytes(
      '08000100 64757000', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_DUP_SREG_ADDR
    ),
  },
  {
    name: 'dup by interface',
    text: 'dup to 2001:db8::7 device "lo"',
    family: 'ip6',
    listing: 'dup sreg_addr 1 sreg_dev 2',
    expression: { kind: 'dup', addressRegister: 1, deviceRegister: 2 },
    bytes: bytes(
      '08000100 64757000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_DUP_SREG_ADDR
      '08000200 00000002', // NFTA_DUP_SREG_DEV
    ),
  },
  {
    name: 'dup in netdev',
    text: 'dup to "lo"',
    family: 'netdev',
    listing: 'dup sreg_dev 1',
    expression: { kind: 'dup', deviceRegister: 1 },
    bytes: bytes(
      '08000100 64757000', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_DUP_SREG_DEV
    ),
  },
  {
    name: 'fwd',
    text: 'fwd to "lo"',
    family: 'netdev',
    listing: 'fwd sreg_dev 1',
    expression: { kind: 'fwd', deviceRegister: 1 },
    bytes: bytes(
      '08000100 66776400', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_FWD_SREG_DEV
    ),
  },
  {
    name: 'fwd to an address',
    text: 'fwd ip to 192.0.2.7 device "lo"',
    family: 'netdev',
    listing: 'fwd sreg_dev 1 sreg_addr 2 nfproto 2',
    expression: { kind: 'fwd', deviceRegister: 1, addressRegister: 2, family: Family.ip },
    bytes: bytes(
      '08000100 66776400', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_FWD_SREG_DEV
      '08000200 00000002', // NFTA_FWD_SREG_ADDR
      '08000300 00000002', // NFTA_FWD_NFPROTO
    ),
  },
  {
    name: 'flow offload',
    text: 'flow add @fast',
    preamble: 'flowtable fast { hook ingress priority 0; devices = { lo }; }',
    listing: 'flow_offload flowtable fast',
    expression: { kind: 'flowOffload', flowtable: 'fast' },
    bytes: bytes(
      '11000100 666c6f77 5f6f6666 6c6f6164 00000000', // NFTA_EXPR_NAME
      '10000280', // NFTA_EXPR_DATA, nested
      '09000100 66617374 00000000', // NFTA_FLOW_TABLE_NAME
    ),
  },
  {
    name: 'synproxy',
    text: 'tcp dport 80 synproxy mss 1460 wscale 7 timestamp sack-perm',
    listing: 'synproxy mss 1460 wscale 7',
    expression: {
      kind: 'synproxy',
      mss: 1460,
      windowScale: 7,
      flags: SynproxyFlag.mss | SynproxyFlag.windowScale | SynproxyFlag.timestamp | SynproxyFlag.sackPermitted,
    },
    bytes: bytes(
      '0d000100 73796e70 726f7879 00000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '06000100 05b40000', // NFTA_SYNPROXY_MSS
      '05000200 07000000', // NFTA_SYNPROXY_WSCALE
      '08000300 0000000f', // NFTA_SYNPROXY_FLAGS
    ),
  },
  {
    name: 'synproxy without options',
    text: 'tcp dport 80 synproxy',
    listing: 'synproxy mss 0 wscale 0',
    expression: { kind: 'synproxy', mss: 0, windowScale: 0, flags: 0 },
    bytes: bytes(
      '0d000100 73796e70 726f7879 00000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '06000100 00000000', // NFTA_SYNPROXY_MSS
      '05000200 00000000', // NFTA_SYNPROXY_WSCALE
      '08000300 00000000', // NFTA_SYNPROXY_FLAGS
    ),
  },
  {
    name: 'reject with icmp',
    text: 'reject with icmp host-prohibited',
    family: 'ip',
    listing: 'reject type 0 code 10',
    expression: { kind: 'reject', type: RejectType.icmpUnreachable, code: 10 },
    bytes: bytes(
      '0b000100 72656a65 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_REJECT_TYPE
      '05000200 0a000000', // NFTA_REJECT_ICMP_CODE
    ),
  },
  {
    name: 'reject with icmpx host-unreachable',
    text: 'reject with icmpx host-unreachable',
    listing: 'reject type 2 code 2',
    expression: { kind: 'reject', type: RejectType.icmpxUnreachable, code: IcmpxCode.hostUnreachable },
    bytes: bytes(
      '0b000100 72656a65 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_REJECT_TYPE
      '05000200 02000000', // NFTA_REJECT_ICMP_CODE
    ),
  },
  {
    name: 'reject with icmpx no-route',
    text: 'reject with icmpx no-route',
    listing: 'reject type 2 code 0',
    expression: { kind: 'reject', type: RejectType.icmpxUnreachable, code: IcmpxCode.noRoute },
    bytes: bytes(
      '0b000100 72656a65 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_REJECT_TYPE
      '05000200 00000000', // NFTA_REJECT_ICMP_CODE
    ),
  },
  {
    name: 'reject with icmpx port-unreachable',
    text: 'reject with icmpx port-unreachable',
    listing: 'reject type 2 code 1',
    expression: { kind: 'reject', type: RejectType.icmpxUnreachable, code: IcmpxCode.portUnreachable },
    bytes: bytes(
      '0b000100 72656a65 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_REJECT_TYPE
      '05000200 01000000', // NFTA_REJECT_ICMP_CODE
    ),
  },
  {
    name: 'log level emerg',
    text: 'log level emerg',
    listing: 'log level 0',
    expression: { kind: 'log', level: LogLevel.emerg },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000000', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log level alert',
    text: 'log level alert',
    listing: 'log level 1',
    expression: { kind: 'log', level: LogLevel.alert },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000001', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log level crit',
    text: 'log level crit',
    listing: 'log level 2',
    expression: { kind: 'log', level: LogLevel.crit },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000002', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log level err',
    text: 'log level err',
    listing: 'log level 3',
    expression: { kind: 'log', level: LogLevel.err },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000003', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log level warn',
    text: 'log level warn',
    listing: 'log level 4',
    expression: { kind: 'log', level: LogLevel.warn },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000004', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log level notice',
    text: 'log level notice',
    listing: 'log level 5',
    expression: { kind: 'log', level: LogLevel.notice },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000005', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log level info',
    text: 'log level info',
    listing: 'log level 6',
    expression: { kind: 'log', level: LogLevel.info },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000006', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log level audit',
    text: 'log level audit',
    listing: 'log level 8',
    expression: { kind: 'log', level: LogLevel.audit },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000008', // NFTA_LOG_LEVEL
    ),
  },
  {
    name: 'log flags tcp sequence,options',
    text: 'log flags tcp sequence,options',
    listing: 'log tcpseq tcpopt',
    expression: { kind: 'log', flags: LogFlag.tcpSequence | LogFlag.tcpOptions },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000600 00000003', // NFTA_LOG_FLAGS
    ),
  },
  {
    name: 'log flags ip options',
    text: 'log flags ip options',
    listing: 'log ipopt',
    expression: { kind: 'log', flags: LogFlag.ipOptions },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000600 00000004', // NFTA_LOG_FLAGS
    ),
  },
  {
    name: 'log flags skuid',
    text: 'log flags skuid',
    listing: 'log uid',
    expression: { kind: 'log', flags: LogFlag.skuid },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000600 00000008', // NFTA_LOG_FLAGS
    ),
  },
  {
    name: 'log flags ether',
    text: 'log flags ether',
    listing: 'log macdecode',
    expression: { kind: 'log', flags: LogFlag.ether },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000600 00000020', // NFTA_LOG_FLAGS
    ),
  },
  {
    name: 'limit per week',
    text: 'limit rate 5/week',
    listing: 'limit rate 5/week burst 5 type packets flags 0x0',
    expression: { kind: 'limit', rate: 5n, unitSeconds: 604_800n, burst: 5, type: LimitType.packets, inverted: false },
    bytes: bytes(
      '0a000100 6c696d69 74000000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 00000005', // NFTA_LIMIT_RATE
      '0c000200 00000000 00093a80', // NFTA_LIMIT_UNIT
      '08000300 00000005', // NFTA_LIMIT_BURST
      '08000400 00000000', // NFTA_LIMIT_TYPE
      '08000500 00000000', // NFTA_LIMIT_FLAGS
    ),
  },
];
