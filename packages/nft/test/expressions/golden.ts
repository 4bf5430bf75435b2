import type { Expression } from '@router7/nft';
import { fromHex } from '@router7/wire';
import { bytes } from '../bytes.ts';

/**
 * An expression as nft 1.0.6 (Debian 12, x86_64) sends it, taken from `strace -e trace=sendmsg -e write=all nft -f` in a
 * network namespace of its own, for one rule at a time: the payload of the NFTA_LIST_ELEM attribute.
 */
export interface GoldenExpression {
  readonly name: string;
  /** The rule that nft was given. */
  readonly text: string;
  readonly expression: Expression;
  readonly bytes: Uint8Array;
}

/** At least one row for every entry of the registry. */
export const goldenExpressions: readonly GoldenExpression[] = [
  {
    name: 'meta load',
    text: 'iifname "lan0" accept',
    expression: { kind: 'meta', operation: 'load', key: 6, register: 1 },
    bytes: bytes(
      '09000100 6d657461 00000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000006', // NFTA_META_KEY
      '08000100 00000001', // NFTA_META_DREG
    ),
  },
  {
    name: 'meta set',
    text: 'meta mark set 5',
    expression: { kind: 'meta', operation: 'set', key: 3, register: 1 },
    bytes: bytes(
      '09000100 6d657461 00000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000003', // NFTA_META_KEY
      '08000300 00000001', // NFTA_META_SREG
    ),
  },
  {
    name: 'cmp eq',
    text: 'iifname "lan0" accept',
    expression: { kind: 'cmp', register: 1, operator: 0, value: fromHex('6c616e30 00000000 00000000 00000000') },
    bytes: bytes(
      '08000100 636d7000', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_CMP_SREG
      '08000200 00000000', // NFTA_CMP_OP
      '18000380', // NFTA_CMP_DATA, nested
      '14000100 6c616e30 00000000 00000000 00000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'cmp neq of one octet',
    text: 'meta l4proto != tcp drop',
    expression: { kind: 'cmp', register: 1, operator: 1, value: fromHex('06') },
    bytes: bytes(
      '08000100 636d7000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_CMP_SREG
      '08000200 00000001', // NFTA_CMP_OP
      '0c000380', // NFTA_CMP_DATA, nested
      '05000100 06000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'range',
    text: 'tcp dport != 8040-8060 accept',
    expression: { kind: 'range', register: 1, operator: 1, from: fromHex('1f68'), to: fromHex('1f7c') },
    bytes: bytes(
      '0a000100 72616e67 65000000', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_RANGE_SREG
      '08000200 00000001', // NFTA_RANGE_OP
      '0c000380', // NFTA_RANGE_FROM_DATA, nested
      '06000100 1f680000', // NFTA_DATA_VALUE
      '0c000480', // NFTA_RANGE_TO_DATA, nested
      '06000100 1f7c0000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'payload load',
    text: 'tcp dport 22 accept',
    expression: { kind: 'payload', operation: 'load', register: 1, base: 2, offset: 2, length: 2 },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_PAYLOAD_DREG
      '08000200 00000002', // NFTA_PAYLOAD_BASE
      '08000300 00000002', // NFTA_PAYLOAD_OFFSET
      '08000400 00000002', // NFTA_PAYLOAD_LEN
    ),
  },
  {
    name: 'payload set',
    text: 'ip ttl set 1',
    expression: {
      kind: 'payload',
      operation: 'set',
      register: 1,
      base: 1,
      offset: 8,
      length: 2,
      checksum: { type: 1, offset: 10, flags: 0 },
    },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000500 00000001', // NFTA_PAYLOAD_SREG
      '08000200 00000001', // NFTA_PAYLOAD_BASE
      '08000300 00000008', // NFTA_PAYLOAD_OFFSET
      '08000400 00000002', // NFTA_PAYLOAD_LEN
      '08000600 00000001', // NFTA_PAYLOAD_CSUM_TYPE
      '08000700 0000000a', // NFTA_PAYLOAD_CSUM_OFFSET
    ),
  },
  {
    name: 'payload set with pseudo-header',
    text: 'ip daddr set 10.0.0.1',
    expression: {
      kind: 'payload',
      operation: 'set',
      register: 1,
      base: 1,
      offset: 16,
      length: 4,
      checksum: { type: 1, offset: 10, flags: 1 },
    },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '3c000280', // NFTA_EXPR_DATA, nested
      '08000500 00000001', // NFTA_PAYLOAD_SREG
      '08000200 00000001', // NFTA_PAYLOAD_BASE
      '08000300 00000010', // NFTA_PAYLOAD_OFFSET
      '08000400 00000004', // NFTA_PAYLOAD_LEN
      '08000600 00000001', // NFTA_PAYLOAD_CSUM_TYPE
      '08000700 0000000a', // NFTA_PAYLOAD_CSUM_OFFSET
      '08000800 00000001', // NFTA_PAYLOAD_CSUM_FLAGS
    ),
  },
  {
    name: 'bitwise',
    text: 'ct state established,related accept',
    expression: { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('06000000'), xor: fromHex('00000000') },
    bytes: bytes(
      '0c000100 62697477 69736500', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BITWISE_SREG
      '08000200 00000001', // NFTA_BITWISE_DREG
      '08000300 00000004', // NFTA_BITWISE_LEN
      '0c000480', // NFTA_BITWISE_MASK, nested
      '08000100 06000000', // NFTA_DATA_VALUE
      '0c000580', // NFTA_BITWISE_XOR, nested
      '08000100 00000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'byteorder',
    text: 'meta mark 1-5 accept',
    expression: { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 4, size: 4 },
    bytes: bytes(
      '0e000100 62797465 6f726465 72000000', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BYTEORDER_SREG
      '08000200 00000001', // NFTA_BYTEORDER_DREG
      '08000300 00000001', // NFTA_BYTEORDER_OP
      '08000400 00000004', // NFTA_BYTEORDER_LEN
      '08000500 00000004', // NFTA_BYTEORDER_SIZE
    ),
  },
  {
    name: 'immediate value',
    text: 'meta mark set 5',
    expression: { kind: 'immediate', register: 1, data: { value: fromHex('05000000') } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '18000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_IMMEDIATE_DREG
      '0c000280', // NFTA_IMMEDIATE_DATA, nested
      '08000100 05000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'immediate accept',
    text: 'accept',
    expression: { kind: 'immediate', register: 0, data: { verdict: { code: 1 } } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_IMMEDIATE_DREG
      '10000280', // NFTA_IMMEDIATE_DATA, nested
      '0c000280', // NFTA_DATA_VERDICT, nested
      '08000100 00000001', // NFTA_VERDICT_CODE
    ),
  },
  {
    name: 'immediate drop',
    text: 'drop',
    expression: { kind: 'immediate', register: 0, data: { verdict: { code: 0 } } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_IMMEDIATE_DREG
      '10000280', // NFTA_IMMEDIATE_DATA, nested
      '0c000280', // NFTA_DATA_VERDICT, nested
      '08000100 00000000', // NFTA_VERDICT_CODE
    ),
  },
  {
    name: 'immediate return',
    text: 'return',
    expression: { kind: 'immediate', register: 0, data: { verdict: { code: -5 } } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_IMMEDIATE_DREG
      '10000280', // NFTA_IMMEDIATE_DATA, nested
      '0c000280', // NFTA_DATA_VERDICT, nested
      '08000100 fffffffb', // NFTA_VERDICT_CODE
    ),
  },
  {
    name: 'immediate jump',
    text: 'jump side',
    expression: { kind: 'immediate', register: 0, data: { verdict: { code: -3, chain: 'side' } } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '28000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_IMMEDIATE_DREG
      '1c000280', // NFTA_IMMEDIATE_DATA, nested
      '18000280', // NFTA_DATA_VERDICT, nested
      '08000100 fffffffd', // NFTA_VERDICT_CODE
      '09000200 73696465 00000000', // NFTA_VERDICT_CHAIN
    ),
  },
  {
    name: 'ct load',
    text: 'ct state established,related accept',
    expression: { kind: 'ct', operation: 'load', key: 0, register: 1 },
    bytes: bytes(
      '07000100 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000000', // NFTA_CT_KEY
      '08000100 00000001', // NFTA_CT_DREG
    ),
  },
  {
    name: 'ct load of one direction',
    text: 'ct original ip saddr 192.0.2.1 accept',
    expression: { kind: 'ct', operation: 'load', key: 19, register: 1, direction: 0 },
    bytes: bytes(
      '07000100 63740000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000200 00000013', // NFTA_CT_KEY
      '08000100 00000001', // NFTA_CT_DREG
      '05000300 00000000', // NFTA_CT_DIRECTION
    ),
  },
  {
    name: 'ct set',
    text: 'ct mark set 7',
    expression: { kind: 'ct', operation: 'set', key: 3, register: 1 },
    bytes: bytes(
      '07000100 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000003', // NFTA_CT_KEY
      '08000400 00000001', // NFTA_CT_SREG
    ),
  },
  {
    name: 'masquerade',
    text: 'masquerade',
    expression: { kind: 'masquerade', flags: 0 },
    bytes: bytes(
      '09000100 6d617371 00000000', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'masquerade with flags',
    text: 'masquerade random,persistent',
    expression: { kind: 'masquerade', flags: 0x4 | 0x8 },
    bytes: bytes(
      '09000100 6d617371 00000000', // NFTA_EXPR_NAME
      '0c000280', // NFTA_EXPR_DATA, nested
      '08000100 0000000c', // NFTA_MASQ_FLAGS
    ),
  },
  {
    name: 'masquerade to ports',
    text: 'meta l4proto tcp masquerade to :1024-65535',
    expression: { kind: 'masquerade', flags: 2, portMin: 1, portMax: 2 },
    bytes: bytes(
      '09000100 6d617371 00000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_MASQ_FLAGS
      '08000200 00000001', // NFTA_MASQ_REG_PROTO_MIN
      '08000300 00000002', // NFTA_MASQ_REG_PROTO_MAX
    ),
  },
  {
    name: 'redirect',
    text: 'tcp dport 80 redirect to :8080',
    expression: { kind: 'redirect', portMin: 1, flags: 2 },
    bytes: bytes(
      '0a000100 72656469 72000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_REDIR_REG_PROTO_MIN
      '08000300 00000002', // NFTA_REDIR_FLAGS
    ),
  },
  {
    name: 'nat dnat',
    text: 'tcp dport 8040-8060 dnat to 192.168.42.99:8040-8060',
    expression: { kind: 'nat', type: 'dnat', family: 'ip', addressMin: 1, portMin: 2, portMax: 3, flags: 2 },
    bytes: bytes(
      '08000100 6e617400', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_NAT_TYPE
      '08000200 00000002', // NFTA_NAT_FAMILY
      '08000300 00000001', // NFTA_NAT_REG_ADDR_MIN
      '08000500 00000002', // NFTA_NAT_REG_PROTO_MIN
      '08000600 00000003', // NFTA_NAT_REG_PROTO_MAX
      '08000700 00000002', // NFTA_NAT_FLAGS
    ),
  },
  {
    name: 'nat snat',
    text: 'snat to 192.0.2.1',
    expression: { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, flags: 0 },
    bytes: bytes(
      '08000100 6e617400', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_NAT_TYPE
      '08000200 00000002', // NFTA_NAT_FAMILY
      '08000300 00000001', // NFTA_NAT_REG_ADDR_MIN
    ),
  },
  {
    name: 'counter',
    text: 'counter',
    expression: { kind: 'counter', packets: 0n, bytes: 0n },
    bytes: bytes(
      '0c000100 636f756e 74657200', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'counter that has counted',
    text: 'counter packets 3 bytes 260',
    expression: { kind: 'counter', packets: 3n, bytes: 260n },
    bytes: bytes(
      '0c000100 636f756e 74657200', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 00000104', // NFTA_COUNTER_BYTES
      '0c000200 00000000 00000003', // NFTA_COUNTER_PACKETS
    ),
  },
  {
    name: 'objref',
    text: 'counter name "fwded"',
    expression: { kind: 'objref', type: 1, name: 'fwded' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '18000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_OBJREF_IMM_TYPE
      '09000200 66776465 64000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'lookup in a named set',
    text: 'iifname @inside accept',
    expression: { kind: 'lookup', set: 'inside', setId: 1, source: 1, inverted: false },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '0b000100 696e7369 64650000', // NFTA_LOOKUP_SET
      '08000400 00000001', // NFTA_LOOKUP_SET_ID
    ),
  },
  {
    name: 'lookup inverted',
    text: 'iifname != @inside accept',
    expression: { kind: 'lookup', set: 'inside', setId: 1, source: 1, inverted: true },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '28000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '0b000100 696e7369 64650000', // NFTA_LOOKUP_SET
      '08000400 00000001', // NFTA_LOOKUP_SET_ID
      '08000500 00000001', // NFTA_LOOKUP_FLAGS
    ),
  },
  {
    name: 'lookup for a verdict',
    text: 'tcp dport vmap { 22 : accept }',
    expression: { kind: 'lookup', set: '__map%d', setId: 2, source: 1, destination: 0, inverted: false },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '28000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '08000300 00000000', // NFTA_LOOKUP_DREG
      '0c000100 5f5f6d61 70256400', // NFTA_LOOKUP_SET
      '08000400 00000002', // NFTA_LOOKUP_SET_ID
    ),
  },
  {
    name: 'log',
    text: 'log',
    expression: { kind: 'log' },
    bytes: bytes(
      '08000100 6c6f6700', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'log with prefix and level',
    text: 'log prefix "drop: " level debug',
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
    expression: { kind: 'reject', type: 1, code: 0 },
    bytes: bytes(
      '0b000100 72656a65 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_REJECT_TYPE
      '05000200 00000000', // NFTA_REJECT_ICMP_CODE
    ),
  },
  {
    name: 'fib',
    text: 'fib saddr . iif oif missing drop',
    expression: { kind: 'fib', register: 1, result: 1, flags: 1 | 8 | 32 },
    bytes: bytes(
      '08000100 66696200', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000300 00000029', // NFTA_FIB_FLAGS
      '08000200 00000001', // NFTA_FIB_RESULT
      '08000100 00000001', // NFTA_FIB_DREG
    ),
  },
  {
    name: 'limit',
    text: 'limit rate 10/second burst 5 packets',
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
    name: 'rt',
    text: 'tcp flags syn tcp option maxseg size set rt mtu',
    expression: { kind: 'rt', register: 1, key: 3 },
    bytes: bytes(
      '07000100 72740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000003', // NFTA_RT_KEY
      '08000100 00000001', // NFTA_RT_DREG
    ),
  },
  {
    name: 'exthdr set',
    text: 'tcp flags syn tcp option maxseg size set rt mtu',
    expression: { kind: 'exthdr', operation: 'set', register: 1, header: 1, type: 2, offset: 2, length: 2, flags: 0 },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000700 00000001', // NFTA_EXTHDR_SREG
      '05000200 02000000', // NFTA_EXTHDR_TYPE
      '08000300 00000002', // NFTA_EXTHDR_OFFSET
      '08000400 00000002', // NFTA_EXTHDR_LEN
      '08000600 00000001', // NFTA_EXTHDR_OP
    ),
  },
  {
    name: 'exthdr load',
    text: 'tcp option maxseg size 1-500 drop',
    expression: { kind: 'exthdr', operation: 'load', register: 1, header: 1, type: 2, offset: 2, length: 2, flags: 0 },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 02000000', // NFTA_EXTHDR_TYPE
      '08000300 00000002', // NFTA_EXTHDR_OFFSET
      '08000400 00000002', // NFTA_EXTHDR_LEN
      '08000600 00000001', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr present',
    text: 'exthdr frag exists drop',
    expression: { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 44, offset: 0, length: 1, flags: 1 },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 2c000000', // NFTA_EXTHDR_TYPE
      '08000300 00000000', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000000', // NFTA_EXTHDR_OP
      '08000500 00000001', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'notrack',
    text: 'notrack',
    expression: { kind: 'notrack' },
    bytes: bytes(
      '0c000100 6e6f7472 61636b00', // NFTA_EXPR_NAME
    ),
  },
];
