import { NumgenType } from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** Numbers made up. */
export const goldenNumbers: readonly GoldenExpression[] = [
  {
    name: 'numgen incremental',
    text: 'meta mark set numgen inc mod 4',
    listing: 'numgen reg 1 = inc mod 4',
    expression: { kind: 'numgen', register: 1, type: NumgenType.incremental, modulus: 4, offset: 0 },
    bytes: bytes(
      '0b000100 6e756d67 656e0000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_NG_DREG
      '08000200 00000004', // NFTA_NG_MODULUS
      '08000300 00000000', // NFTA_NG_TYPE
      '08000400 00000000', // NFTA_NG_OFFSET
    ),
  },
  {
    name: 'numgen random',
    text: 'meta mark set numgen random mod 4 offset 10',
    listing: 'numgen reg 1 = random mod 4 offset 10',
    expression: { kind: 'numgen', register: 1, type: NumgenType.random, modulus: 4, offset: 10 },
    bytes: bytes(
      '0b000100 6e756d67 656e0000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_NG_DREG
      '08000200 00000004', // NFTA_NG_MODULUS
      '08000300 00000001', // NFTA_NG_TYPE
      '08000400 0000000a', // NFTA_NG_OFFSET
    ),
  },
  {
    name: 'hash of one field',
    text: 'meta mark set jhash ip saddr mod 4',
    family: 'ip',
    listing: 'hash reg 1 = jhash(reg 2, 4, 0x0) % mod 4',
    expression: { kind: 'hash', type: 'jenkins', register: 1, source: 2, length: 4, modulus: 4, offset: 0 },
    bytes: bytes(
      '09000100 68617368 00000000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_HASH_SREG
      '08000200 00000001', // NFTA_HASH_DREG
      '08000300 00000004', // NFTA_HASH_LEN
      '08000400 00000004', // NFTA_HASH_MODULUS
      '08000600 00000000', // NFTA_HASH_OFFSET
      '08000700 00000000', // NFTA_HASH_TYPE
    ),
  },
  {
    name: 'hash of two fields',
    text: 'meta mark set jhash ip saddr . ip daddr mod 4 seed 0xbeef offset 3',
    family: 'ip',
    listing: 'hash reg 1 = jhash(reg 2, 8, 0xbeef) % mod 4 offset 3',
    expression: {
      kind: 'hash',
      type: 'jenkins',
      register: 1,
      source: 2,
      length: 8,
      modulus: 4,
      seed: 0xbeef,
      offset: 3,
    },
    bytes: bytes(
      '09000100 68617368 00000000', // NFTA_EXPR_NAME
      '3c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_HASH_SREG
      '08000200 00000001', // NFTA_HASH_DREG
      '08000300 00000008', // NFTA_HASH_LEN
      '08000400 00000004', // NFTA_HASH_MODULUS
      '08000500 0000beef', // NFTA_HASH_SEED
      '08000600 00000003', // NFTA_HASH_OFFSET
      '08000700 00000000', // NFTA_HASH_TYPE
    ),
  },
  {
    name: 'hash symmetric',
    text: 'meta mark set symhash mod 4',
    listing: 'hash reg 1 = symhash() % mod 4',
    expression: { kind: 'hash', type: 'symmetric', register: 1, modulus: 4, offset: 0 },
    bytes: bytes(
      '09000100 68617368 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_HASH_DREG
      '08000400 00000004', // NFTA_HASH_MODULUS
      '08000600 00000000', // NFTA_HASH_OFFSET
      '08000700 00000001', // NFTA_HASH_TYPE
    ),
  },
  {
    name: 'hash symmetric with offset',
    text: 'meta mark set symhash mod 4 offset 7',
    listing: 'hash reg 1 = symhash() % mod 4 offset 7',
    expression: { kind: 'hash', type: 'symmetric', register: 1, modulus: 4, offset: 7 },
    bytes: bytes(
      '09000100 68617368 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_HASH_DREG
      '08000400 00000004', // NFTA_HASH_MODULUS
      '08000600 00000007', // NFTA_HASH_OFFSET
      '08000700 00000001', // NFTA_HASH_TYPE
    ),
  },
];
