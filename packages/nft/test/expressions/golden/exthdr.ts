import { ExthdrFlag, ExthdrHeader } from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** Extension headers, options and chunks. */
export const goldenExthdr: readonly GoldenExpression[] = [
  {
    name: 'exthdr set',
    text: 'tcp flags syn tcp option maxseg size set rt mtu',
    listing: 'exthdr write tcpopt reg 1 => 2b @ 2 + 2',
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
    listing: 'exthdr load tcpopt 2b @ 2 + 2 => reg 1',
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
    listing: 'exthdr load ipv6 1b @ 44 + 0 present => reg 1',
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
    name: 'exthdr reset',
    text: 'reset tcp option sack-perm',
    listing: 'exthdr reset tcpopt 4',
    expression: { kind: 'exthdr', operation: 'reset', header: ExthdrHeader.tcpOption, type: 4 },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '05000200 04000000', // NFTA_EXTHDR_TYPE
      '08000600 00000001', // NFTA_EXTHDR_OP
    ),
  },
  {
    name: 'exthdr of IPv4',
    text: 'ip option lsrr ptr 5',
    family: 'ip',
    listing: 'exthdr load ipv4 1b @ 131 + 2 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.ipv4Option,
      type: 131,
      offset: 2,
      length: 1,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 83000000', // NFTA_EXTHDR_TYPE
      '08000300 00000002', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000002', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of IPv4 present',
    text: 'ip option ra exists',
    family: 'ip',
    listing: 'exthdr load ipv4 1b @ 148 + 0 present => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.ipv4Option,
      type: 148,
      offset: 0,
      length: 1,
      flags: ExthdrFlag.present,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 94000000', // NFTA_EXTHDR_TYPE
      '08000300 00000000', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000002', // NFTA_EXTHDR_OP
      '08000500 00000001', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of a chunk of SCTP',
    text: 'sctp chunk init num-inbound-streams 5',
    family: 'ip',
    listing: 'exthdr load 2b @ 1 + 14 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.sctp,
      type: 1,
      offset: 14,
      length: 2,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 01000000', // NFTA_EXTHDR_TYPE
      '08000300 0000000e', // NFTA_EXTHDR_OFFSET
      '08000400 00000002', // NFTA_EXTHDR_LEN
      '08000600 00000003', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of SCTP present',
    text: 'sctp chunk data exists',
    listing: 'exthdr load 1b @ 0 + 0 present => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.sctp,
      type: 0,
      offset: 0,
      length: 1,
      flags: ExthdrFlag.present,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 00000000', // NFTA_EXTHDR_TYPE
      '08000300 00000000', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000003', // NFTA_EXTHDR_OP
      '08000500 00000001', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of IPv6, hop-by-hop',
    text: 'hbh hdrlength 5',
    family: 'ip6',
    listing: 'exthdr load ipv6 1b @ 0 + 1 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.ipv6,
      type: 0,
      offset: 1,
      length: 1,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 00000000', // NFTA_EXTHDR_TYPE
      '08000300 00000001', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000000', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of IPv6, routing',
    text: 'rt type 0',
    family: 'ip6',
    listing: 'exthdr load ipv6 1b @ 43 + 2 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.ipv6,
      type: 43,
      offset: 2,
      length: 1,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 2b000000', // NFTA_EXTHDR_TYPE
      '08000300 00000002', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000000', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of IPv6, fragment',
    text: 'frag id 5',
    family: 'ip6',
    listing: 'exthdr load ipv6 4b @ 44 + 4 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.ipv6,
      type: 44,
      offset: 4,
      length: 4,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 2c000000', // NFTA_EXTHDR_TYPE
      '08000300 00000004', // NFTA_EXTHDR_OFFSET
      '08000400 00000004', // NFTA_EXTHDR_LEN
      '08000600 00000000', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of IPv6, destination options',
    text: 'dst nexthdr 6',
    family: 'ip6',
    listing: 'exthdr load ipv6 1b @ 60 + 0 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.ipv6,
      type: 60,
      offset: 0,
      length: 1,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 3c000000', // NFTA_EXTHDR_TYPE
      '08000300 00000000', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000000', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of IPv6, mobility',
    text: 'mh type 1',
    family: 'ip6',
    listing: 'exthdr load ipv6 1b @ 135 + 2 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.ipv6,
      type: 135,
      offset: 2,
      length: 1,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 87000000', // NFTA_EXTHDR_TYPE
      '08000300 00000002', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000000', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of a TCP option by number',
    text: 'tcp option 34 exists',
    listing: 'exthdr load tcpopt 1b @ 34 + 0 present => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.tcpOption,
      type: 34,
      offset: 0,
      length: 1,
      flags: ExthdrFlag.present,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 22000000', // NFTA_EXTHDR_TYPE
      '08000300 00000000', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000001', // NFTA_EXTHDR_OP
      '08000500 00000001', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'exthdr of a TCP option of four octets',
    text: 'tcp option timestamp tsval 5',
    listing: 'exthdr load tcpopt 4b @ 8 + 2 => reg 1',
    expression: {
      kind: 'exthdr',
      operation: 'load',
      register: 1,
      header: ExthdrHeader.tcpOption,
      type: 8,
      offset: 2,
      length: 4,
      flags: 0,
    },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 08000000', // NFTA_EXTHDR_TYPE
      '08000300 00000002', // NFTA_EXTHDR_OFFSET
      '08000400 00000004', // NFTA_EXTHDR_LEN
      '08000600 00000001', // NFTA_EXTHDR_OP
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
    ),
  },
];
