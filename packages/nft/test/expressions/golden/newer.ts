import {
  BitwiseOperation,
  InnerFlag,
  InnerType,
  MetaKey,
  PayloadBase,
  SocketKey,
  TunnelKey,
  TunnelMode,
} from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

const inside = InnerFlag.headerSize | InnerFlag.link | InnerFlag.network | InnerFlag.transport;

/** What nft 1.0.6 has no words for: the octets are put together by the kernel's header, in libnftnl's order. */
export const goldenNewer: readonly GoldenExpression[] = [
  {
    name: 'bitwise and of two registers',
    text: 'meta mark set meta mark and ct mark',
    source: 'nf_tables.h of Linux 6.13',
    expression: { kind: 'bitwise', operation: BitwiseOperation.and, source: 1, destination: 1, length: 4, operand: 2 },
    bytes: bytes(
      '0c000100 62697477 69736500', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BITWISE_SREG
      '08000800 00000002', // NFTA_BITWISE_SREG2
      '08000200 00000001', // NFTA_BITWISE_DREG
      '08000600 00000003', // NFTA_BITWISE_OP
      '08000300 00000004', // NFTA_BITWISE_LEN
    ),
  },
  {
    name: 'bitwise or of two registers',
    text: 'meta mark set meta mark or ct mark',
    source: 'nf_tables.h of Linux 6.13',
    expression: { kind: 'bitwise', operation: BitwiseOperation.or, source: 1, destination: 1, length: 4, operand: 2 },
    bytes: bytes(
      '0c000100 62697477 69736500', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BITWISE_SREG
      '08000800 00000002', // NFTA_BITWISE_SREG2
      '08000200 00000001', // NFTA_BITWISE_DREG
      '08000600 00000004', // NFTA_BITWISE_OP
      '08000300 00000004', // NFTA_BITWISE_LEN
    ),
  },
  {
    name: 'bitwise xor of two registers',
    text: 'meta mark set meta mark xor ct mark',
    source: 'nf_tables.h of Linux 6.13',
    expression: { kind: 'bitwise', operation: BitwiseOperation.xor, source: 1, destination: 1, length: 4, operand: 2 },
    bytes: bytes(
      '0c000100 62697477 69736500', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BITWISE_SREG
      '08000800 00000002', // NFTA_BITWISE_SREG2
      '08000200 00000001', // NFTA_BITWISE_DREG
      '08000600 00000005', // NFTA_BITWISE_OP
      '08000300 00000004', // NFTA_BITWISE_LEN
    ),
  },
  {
    name: 'dynset inverted',
    text: 'add @s { ip saddr }, inverted: nft has no syntax for it',
    source: 'nf_tables.h of Linux 6.1',
    expression: { kind: 'dynset', operation: 0, set: 's', keyRegister: 1, expressions: [], inverted: true },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000000', // NFTA_DYNSET_OP
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '08000900 00000001', // NFTA_DYNSET_FLAGS
    ),
  },
  {
    name: 'exthdr of DCCP',
    text: 'dccp option 43 exists',
    source: 'nf_tables.h of Linux 6.5',
    expression: { kind: 'exthdr', operation: 'load', register: 1, header: 4, type: 43, offset: 0, length: 1, flags: 1 },
    bytes: bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_EXTHDR_DREG
      '05000200 2b000000', // NFTA_EXTHDR_TYPE
      '08000300 00000000', // NFTA_EXTHDR_OFFSET
      '08000400 00000001', // NFTA_EXTHDR_LEN
      '08000600 00000004', // NFTA_EXTHDR_OP
      '08000500 00000001', // NFTA_EXTHDR_FLAGS
    ),
  },
  {
    name: 'inner payload in VXLAN',
    text: 'vxlan ip saddr 10.0.0.1',
    source: 'nf_tables.h of Linux 6.2',
    expression: {
      kind: 'inner',
      number: 0,
      type: InnerType.vxlan,
      flags: inside,
      headerSize: 8,
      expression: { kind: 'payload', operation: 'load', register: 1, base: 1, offset: 12, length: 4 },
    },
    bytes: bytes(
      '0a000100 696e6e65 72000000', // NFTA_EXPR_NAME
      '58000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_INNER_NUM
      '08000200 00000001', // NFTA_INNER_TYPE
      '08000300 0000000f', // NFTA_INNER_FLAGS
      '08000400 00000008', // NFTA_INNER_HDRSIZE
      '34000580', // NFTA_INNER_EXPR, nested
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_PAYLOAD_DREG
      '08000200 00000001', // NFTA_PAYLOAD_BASE
      '08000300 0000000c', // NFTA_PAYLOAD_OFFSET
      '08000400 00000004', // NFTA_PAYLOAD_LEN
    ),
  },
  {
    name: "inner payload of GENEVE's own header",
    text: 'geneve vni 10',
    source: 'nf_tables.h of Linux 6.2',
    expression: {
      kind: 'inner',
      number: 0,
      type: InnerType.geneve,
      flags: inside,
      headerSize: 8,
      expression: {
        ...{ kind: 'payload', operation: 'load', register: 1 },
        ...{ base: PayloadBase.tunnel, offset: 4, length: 3 },
      },
    },
    bytes: bytes(
      '0a000100 696e6e65 72000000', // NFTA_EXPR_NAME
      '58000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_INNER_NUM
      '08000200 00000002', // NFTA_INNER_TYPE
      '08000300 0000000f', // NFTA_INNER_FLAGS
      '08000400 00000008', // NFTA_INNER_HDRSIZE
      '34000580', // NFTA_INNER_EXPR, nested
      '0c000100 7061796c 6f616400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_PAYLOAD_DREG
      '08000200 00000004', // NFTA_PAYLOAD_BASE
      '08000300 00000004', // NFTA_PAYLOAD_OFFSET
      '08000400 00000003', // NFTA_PAYLOAD_LEN
    ),
  },
  {
    name: 'inner meta in GRE',
    text: 'gre meta l4proto tcp',
    source: 'nf_tables.h of Linux 6.2',
    expression: {
      kind: 'inner',
      number: 0,
      type: InnerType.unspecified,
      flags: InnerFlag.network | InnerFlag.transport,
      headerSize: 4,
      expression: { kind: 'meta', operation: 'load', key: MetaKey.l4proto, register: 1 },
    },
    bytes: bytes(
      '0a000100 696e6e65 72000000', // NFTA_EXPR_NAME
      '48000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_INNER_NUM
      '08000200 00000000', // NFTA_INNER_TYPE
      '08000300 0000000c', // NFTA_INNER_FLAGS
      '08000400 00000004', // NFTA_INNER_HDRSIZE
      '24000580', // NFTA_INNER_EXPR, nested
      '09000100 6d657461 00000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000010', // NFTA_META_KEY
      '08000100 00000001', // NFTA_META_DREG
    ),
  },
  {
    name: 'last',
    text: 'last',
    source: 'nf_tables.h of Linux 5.14',
    expression: { kind: 'last' },
    bytes: bytes(
      '09000100 6c617374 00000000', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'last used',
    text: 'last used 5s',
    source: 'nf_tables.h of Linux 5.14',
    expression: { kind: 'last', milliseconds: 5000n },
    bytes: bytes(
      '09000100 6c617374 00000000', // NFTA_EXPR_NAME
      '18000280', // NFTA_EXPR_DATA, nested
      '0c000200 00000000 00001388', // NFTA_LAST_MSECS
      '08000100 00000001', // NFTA_LAST_SET
    ),
  },
  {
    name: 'meta broute set',
    text: 'meta broute set 1',
    source: 'nf_tables.h of Linux 6.4',
    expression: { kind: 'meta', operation: 'set', key: MetaKey.broute, register: 1 },
    bytes: bytes(
      '09000100 6d657461 00000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000023', // NFTA_META_KEY
      '08000300 00000001', // NFTA_META_SREG
    ),
  },
  {
    name: 'meta ibrhwaddr',
    text: 'ether daddr set meta ibrhwaddr',
    source: 'nf_tables.h of Linux 6.18',
    expression: { kind: 'meta', operation: 'load', key: MetaKey.ibrhwaddr, register: 1 },
    bytes: bytes(
      '09000100 6d657461 00000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000025', // NFTA_META_KEY
      '08000100 00000001', // NFTA_META_DREG
    ),
  },
  {
    name: 'socket cgroupv2',
    text: 'socket cgroupv2 level 1 "user.slice"',
    source: 'nf_tables.h of Linux 5.13: nft looks for the control group before it sends anything',
    expression: { kind: 'socket', register: 1, key: SocketKey.cgroupv2, level: 1 },
    bytes: bytes(
      '0b000100 736f636b 65740000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000003', // NFTA_SOCKET_KEY
      '08000200 00000001', // NFTA_SOCKET_DREG
      '08000300 00000001', // NFTA_SOCKET_LEVEL
    ),
  },
  {
    name: 'tunnel id',
    text: 'tunnel id 5',
    source: 'nf_tables.h of Linux 4.19',
    expression: { kind: 'tunnel', register: 1, key: TunnelKey.id, mode: TunnelMode.none },
    bytes: bytes(
      '0b000100 74756e6e 656c0000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_TUNNEL_KEY
      '08000200 00000001', // NFTA_TUNNEL_DREG
    ),
  },
  {
    name: 'tunnel path of received packets',
    text: 'tunnel path exists, received packets only: nft has no syntax for it',
    source: 'nf_tables.h of Linux 4.19',
    expression: { kind: 'tunnel', register: 1, key: TunnelKey.path, mode: TunnelMode.rx },
    bytes: bytes(
      '0b000100 74756e6e 656c0000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_TUNNEL_KEY
      '08000200 00000001', // NFTA_TUNNEL_DREG
      '08000300 00000001', // NFTA_TUNNEL_MODE
    ),
  },
];
