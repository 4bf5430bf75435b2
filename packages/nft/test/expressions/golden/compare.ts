import { BitwiseOperation, ByteorderOperation, CmpOperator, VerdictCode } from '@router7/nft';
import { fromHex } from '@router7/wire';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** Comparisons, constants and verdicts. */
export const goldenCompare: readonly GoldenExpression[] = [
  {
    name: 'cmp eq',
    text: 'iifname "lan0" accept',
    listing: 'cmp eq reg 1 0x306e616c 0x00000000 0x00000000 0x00000000',
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
    listing: 'cmp neq reg 1 0x00000006',
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
    listing: 'range neq reg 1 0x0000681f 0x00007c1f',
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
    name: 'bitwise',
    text: 'ct state established,related accept',
    listing: 'bitwise reg 1 = ( reg 1 & 0x00000006 ) ^ 0x00000000',
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
    listing: 'byteorder reg 1 = hton(reg 1, 4, 4)',
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
    listing: 'immediate reg 1 0x00000005',
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
    listing: 'immediate reg 0 accept',
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
    listing: 'immediate reg 0 drop',
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
    listing: 'immediate reg 0 return',
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
    listing: 'immediate reg 0 jump -> side',
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
    name: 'cmp less',
    text: 'ip ttl < 5',
    family: 'ip',
    listing: 'cmp lt reg 1 0x00000005',
    expression: { kind: 'cmp', register: 1, operator: CmpOperator.lt, value: fromHex('05') },
    bytes: bytes(
      '08000100 636d7000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_CMP_SREG
      '08000200 00000002', // NFTA_CMP_OP
      '0c000380', // NFTA_CMP_DATA, nested
      '05000100 05000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'cmp less or equal',
    text: 'ip ttl <= 5',
    family: 'ip',
    listing: 'cmp lte reg 1 0x00000005',
    expression: { kind: 'cmp', register: 1, operator: CmpOperator.lte, value: fromHex('05') },
    bytes: bytes(
      '08000100 636d7000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_CMP_SREG
      '08000200 00000003', // NFTA_CMP_OP
      '0c000380', // NFTA_CMP_DATA, nested
      '05000100 05000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'cmp greater',
    text: 'ip ttl > 5',
    family: 'ip',
    listing: 'cmp gt reg 1 0x00000005',
    expression: { kind: 'cmp', register: 1, operator: CmpOperator.gt, value: fromHex('05') },
    bytes: bytes(
      '08000100 636d7000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_CMP_SREG
      '08000200 00000004', // NFTA_CMP_OP
      '0c000380', // NFTA_CMP_DATA, nested
      '05000100 05000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'cmp greater or equal',
    text: 'ip ttl >= 5',
    family: 'ip',
    listing: 'cmp gte reg 1 0x00000005',
    expression: { kind: 'cmp', register: 1, operator: CmpOperator.gte, value: fromHex('05') },
    bytes: bytes(
      '08000100 636d7000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_CMP_SREG
      '08000200 00000005', // NFTA_CMP_OP
      '0c000380', // NFTA_CMP_DATA, nested
      '05000100 05000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'bitwise shift left',
    text: 'meta mark set meta mark << 8',
    listing: 'bitwise reg 1 = ( reg 1 << 0x00000008 )',
    expression: {
      kind: 'bitwise',
      operation: BitwiseOperation.leftShift,
      source: 1,
      destination: 1,
      length: 4,
      bits: fromHex('08000000'),
    },
    bytes: bytes(
      '0c000100 62697477 69736500', // NFTA_EXPR_NAME
      '30000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BITWISE_SREG
      '08000200 00000001', // NFTA_BITWISE_DREG
      '08000600 00000001', // NFTA_BITWISE_OP
      '08000300 00000004', // NFTA_BITWISE_LEN
      '0c000780', // NFTA_BITWISE_DATA, nested
      '08000100 08000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'bitwise shift right',
    text: 'ct mark set meta mark >> 16',
    listing: 'bitwise reg 1 = ( reg 1 >> 0x00000010 )',
    expression: {
      kind: 'bitwise',
      operation: BitwiseOperation.rightShift,
      source: 1,
      destination: 1,
      length: 4,
      bits: fromHex('10000000'),
    },
    bytes: bytes(
      '0c000100 62697477 69736500', // NFTA_EXPR_NAME
      '30000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BITWISE_SREG
      '08000200 00000001', // NFTA_BITWISE_DREG
      '08000600 00000002', // NFTA_BITWISE_OP
      '08000300 00000004', // NFTA_BITWISE_LEN
      '0c000780', // NFTA_BITWISE_DATA, nested
      '08000100 10000000', // NFTA_DATA_VALUE
    ),
  },
  {
    name: 'byteorder of numbers of eight octets',
    text: 'ct bytes > 100000',
    listing: 'byteorder reg 1 = hton(reg 1, 8, 8)',
    expression: {
      kind: 'byteorder',
      source: 1,
      destination: 1,
      operation: ByteorderOperation.hton,
      length: 8,
      size: 8,
    },
    bytes: bytes(
      '0e000100 62797465 6f726465 72000000', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BYTEORDER_SREG
      '08000200 00000001', // NFTA_BYTEORDER_DREG
      '08000300 00000001', // NFTA_BYTEORDER_OP
      '08000400 00000008', // NFTA_BYTEORDER_LEN
      '08000500 00000008', // NFTA_BYTEORDER_SIZE
    ),
  },
  {
    name: 'byteorder of two octets',
    text: 'tcp option maxseg size set rt mtu',
    listing: 'byteorder reg 1 = hton(reg 1, 2, 2)',
    expression: {
      kind: 'byteorder',
      source: 1,
      destination: 1,
      operation: ByteorderOperation.hton,
      length: 2,
      size: 2,
    },
    bytes: bytes(
      '0e000100 62797465 6f726465 72000000', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BYTEORDER_SREG
      '08000200 00000001', // NFTA_BYTEORDER_DREG
      '08000300 00000001', // NFTA_BYTEORDER_OP
      '08000400 00000002', // NFTA_BYTEORDER_LEN
      '08000500 00000002', // NFTA_BYTEORDER_SIZE
    ),
  },
  {
    name: 'immediate goto',
    text: 'goto side',
    listing: 'immediate reg 0 goto -> side',
    expression: { kind: 'immediate', register: 0, data: { verdict: { code: VerdictCode.goto, chain: 'side' } } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '28000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_IMMEDIATE_DREG
      '1c000280', // NFTA_IMMEDIATE_DATA, nested
      '18000280', // NFTA_DATA_VERDICT, nested
      '08000100 fffffffc', // NFTA_VERDICT_CODE
      '09000200 73696465 00000000', // NFTA_VERDICT_CHAIN
    ),
  },
  {
    name: 'immediate continue',
    text: 'continue',
    listing: 'immediate reg 0 continue',
    expression: { kind: 'immediate', register: 0, data: { verdict: { code: VerdictCode.continue } } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_IMMEDIATE_DREG
      '10000280', // NFTA_IMMEDIATE_DATA, nested
      '0c000280', // NFTA_DATA_VERDICT, nested
      '08000100 ffffffff', // NFTA_VERDICT_CODE
    ),
  },
  {
    name: 'immediate jump to a chain without a name',
    text: 'jump { accept; }',
    listing: 'immediate reg 0 jump',
    expression: { kind: 'immediate', register: 0, data: { verdict: { code: VerdictCode.jump, chainId: 3 } } },
    bytes: bytes(
      '0e000100 696d6d65 64696174 65000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_IMMEDIATE_DREG
      '18000280', // NFTA_IMMEDIATE_DATA, nested
      '14000280', // NFTA_DATA_VERDICT, nested
      '08000100 fffffffd', // NFTA_VERDICT_CODE
      '08000300 00000003', // NFTA_VERDICT_CHAIN_ID
    ),
  },
];
