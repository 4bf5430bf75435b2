import { PayloadBase, PayloadChecksumType } from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** What is in the packet and beside it. */
export const goldenPayload: readonly GoldenExpression[] = [
  {
    name: 'meta load',
    text: 'iifname "lan0" accept',
    listing: 'meta load iifname => reg 1',
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
    listing: 'meta set mark with reg 1',
    expression: { kind: 'meta', operation: 'set', key: 3, register: 1 },
    bytes: bytes(
      '09000100 6d657461 00000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000003', // NFTA_META_KEY
      '08000300 00000001', // NFTA_META_SREG
    ),
  },
  {
    name: 'payload load',
    text: 'tcp dport 22 accept',
    listing: 'payload load 2b @ transport header + 2 => reg 1',
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
    family: 'ip',
    listing: 'payload write reg 1 => 2b @ network header + 8 csum_type 1 csum_off 10 csum_flags 0x0',
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
    family: 'ip',
    listing: 'payload write reg 1 => 4b @ network header + 16 csum_type 1 csum_off 10 csum_flags 0x1',
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
    name: 'ct load',
    text: 'ct state established,related accept',
    listing: 'ct load state => reg 1',
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
    listing: 'ct load src_ip => reg 1 , dir original',
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
    listing: 'ct set mark with reg 1',
    expression: { kind: 'ct', operation: 'set', key: 3, register: 1 },
    bytes: bytes(
      '07000100 63740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000003', // NFTA_CT_KEY
      '08000400 00000001', // NFTA_CT_SREG
    ),
  },
  {
    name: 'payload of the link layer',
    text: 'ether saddr 02:00:5e:10:00:01',
    listing: 'payload load 6b @ link header + 6 => reg 1',
    expression: { kind: 'payload', operation: 'load', register: 1, base: PayloadBase.link, offset: 6, length: 6 },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_PAYLOAD_DREG
      '08000200 00000000', // NFTA_PAYLOAD_BASE
      '08000300 00000006', // NFTA_PAYLOAD_OFFSET
      '08000400 00000006', // NFTA_PAYLOAD_LEN
    ),
  },
  {
    name: 'payload behind the transport header',
    text: '@ih,32,16 5',
    listing: 'payload load 2b @ inner header + 4 => reg 1',
    expression: { kind: 'payload', operation: 'load', register: 1, base: PayloadBase.inner, offset: 4, length: 2 },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_PAYLOAD_DREG
      '08000200 00000003', // NFTA_PAYLOAD_BASE
      '08000300 00000004', // NFTA_PAYLOAD_OFFSET
      '08000400 00000002', // NFTA_PAYLOAD_LEN
    ),
  },
  {
    name: 'payload set in SCTP',
    text: 'sctp dport set 80',
    listing: 'payload write reg 1 => 2b @ transport header + 2 csum_type 2 csum_off 8 csum_flags 0x0',
    expression: {
      kind: 'payload',
      operation: 'set',
      register: 1,
      base: PayloadBase.transport,
      offset: 2,
      length: 2,
      checksum: { type: PayloadChecksumType.sctp, offset: 8, flags: 0 },
    },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000500 00000001', // NFTA_PAYLOAD_SREG
      '08000200 00000002', // NFTA_PAYLOAD_BASE
      '08000300 00000002', // NFTA_PAYLOAD_OFFSET
      '08000400 00000002', // NFTA_PAYLOAD_LEN
      '08000600 00000002', // NFTA_PAYLOAD_CSUM_TYPE
      '08000700 00000008', // NFTA_PAYLOAD_CSUM_OFFSET
    ),
  },
  {
    name: 'payload set in UDP',
    text: 'udp sport set 53',
    listing: 'payload write reg 1 => 2b @ transport header + 0 csum_type 1 csum_off 6 csum_flags 0x0',
    expression: {
      kind: 'payload',
      operation: 'set',
      register: 1,
      base: PayloadBase.transport,
      offset: 0,
      length: 2,
      checksum: { type: PayloadChecksumType.inet, offset: 6, flags: 0 },
    },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000500 00000001', // NFTA_PAYLOAD_SREG
      '08000200 00000002', // NFTA_PAYLOAD_BASE
      '08000300 00000000', // NFTA_PAYLOAD_OFFSET
      '08000400 00000002', // NFTA_PAYLOAD_LEN
      '08000600 00000001', // NFTA_PAYLOAD_CSUM_TYPE
      '08000700 00000006', // NFTA_PAYLOAD_CSUM_OFFSET
    ),
  },
  {
    name: 'payload set without checksum',
    text: 'ether daddr set 02:00:5e:10:00:01',
    listing: 'payload write reg 1 => 6b @ link header + 0 csum_type 0 csum_off 0 csum_flags 0x0',
    expression: { kind: 'payload', operation: 'set', register: 1, base: PayloadBase.link, offset: 0, length: 6 },
    bytes: bytes(
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000500 00000001', // NFTA_PAYLOAD_SREG
      '08000200 00000000', // NFTA_PAYLOAD_BASE
      '08000300 00000000', // NFTA_PAYLOAD_OFFSET
      '08000400 00000006', // NFTA_PAYLOAD_LEN
    ),
  },
];
