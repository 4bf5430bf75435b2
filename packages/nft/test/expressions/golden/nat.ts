import { Family, NatFlag } from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** Translation and proxies. */
export const goldenNat: readonly GoldenExpression[] = [
  {
    name: 'masquerade',
    text: 'masquerade',
    listing: 'masq',
    expression: { kind: 'masquerade', flags: 0 },
    bytes: bytes(
      '09000100 6d617371 00000000', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'masquerade with flags',
    text: 'masquerade random,persistent',
    listing: 'masq flags 0xc',
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
    listing: 'masq proto_min reg 1 proto_max reg 2 flags 0x2',
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
    listing: 'redir proto_min reg 1 flags 0x2',
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
    family: 'ip',
    listing: 'nat dnat ip addr_min reg 1 proto_min reg 2 proto_max reg 3 flags 0x2',
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
    family: 'ip',
    listing: 'nat snat ip addr_min reg 1',
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
    name: 'nat snat to a range, persistent',
    text: 'snat to 192.0.2.1-192.0.2.9 persistent',
    family: 'ip',
    listing: 'nat snat ip addr_min reg 1 addr_max reg 2 flags 0x8',
    expression: { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, addressMax: 2, flags: NatFlag.persistent },
    bytes: bytes(
      '08000100 6e617400', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_NAT_TYPE
      '08000200 00000002', // NFTA_NAT_FAMILY
      '08000300 00000001', // NFTA_NAT_REG_ADDR_MIN
      '08000400 00000002', // NFTA_NAT_REG_ADDR_MAX
      '08000700 00000008', // NFTA_NAT_FLAGS
    ),
  },
  {
    name: 'nat of a prefix',
    text: 'snat ip prefix to ip saddr map { 10.0.0.0/24 : 192.0.2.0/24 }',
    family: 'ip',
    listing: 'nat snat ip addr_min reg 1 addr_max reg 9 flags 0x40',
    expression: { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, addressMax: 9, flags: NatFlag.netmap },
    bytes: bytes(
      '08000100 6e617400', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_NAT_TYPE
      '08000200 00000002', // NFTA_NAT_FAMILY
      '08000300 00000001', // NFTA_NAT_REG_ADDR_MIN
      '08000400 00000009', // NFTA_NAT_REG_ADDR_MAX
      '08000700 00000040', // NFTA_NAT_FLAGS
    ),
  },
  {
    name: 'nat of IPv6',
    text: 'tcp dport 80 dnat ip6 to [2001:db8::1]:80',
    listing: 'nat dnat ip6 addr_min reg 1 proto_min reg 2 flags 0x2',
    expression: { kind: 'nat', type: 'dnat', family: 'ip6', addressMin: 1, portMin: 2, flags: NatFlag.protoSpecified },
    bytes: bytes(
      '08000100 6e617400', // NFTA_EXPR_NAME
      '2c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_NAT_TYPE
      '08000200 0000000a', // NFTA_NAT_FAMILY
      '08000300 00000001', // NFTA_NAT_REG_ADDR_MIN
      '08000500 00000002', // NFTA_NAT_REG_PROTO_MIN
      '08000700 00000002', // NFTA_NAT_FLAGS
    ),
  },
  {
    name: 'nat random',
    text: 'snat to 192.0.2.1 random',
    family: 'ip',
    listing: 'nat snat ip addr_min reg 1 flags 0x4',
    expression: { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, flags: NatFlag.random },
    bytes: bytes(
      '08000100 6e617400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_NAT_TYPE
      '08000200 00000002', // NFTA_NAT_FAMILY
      '08000300 00000001', // NFTA_NAT_REG_ADDR_MIN
      '08000700 00000004', // NFTA_NAT_FLAGS
    ),
  },
  {
    name: 'nat fully random',
    text: 'snat to 192.0.2.1 fully-random',
    family: 'ip',
    listing: 'nat snat ip addr_min reg 1 flags 0x10',
    expression: { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, flags: NatFlag.fullyRandom },
    bytes: bytes(
      '08000100 6e617400', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_NAT_TYPE
      '08000200 00000002', // NFTA_NAT_FAMILY
      '08000300 00000001', // NFTA_NAT_REG_ADDR_MIN
      '08000700 00000010', // NFTA_NAT_FLAGS
    ),
  },
  {
    name: 'redirect to a range of ports',
    text: 'tcp dport 80 redirect to :8080-8089 random',
    listing: 'redir proto_min reg 1 proto_max reg 2 flags 0x6',
    expression: { kind: 'redirect', portMin: 1, portMax: 2, flags: NatFlag.protoSpecified | NatFlag.random },
    bytes: bytes(
      '0a000100 72656469 72000000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_REDIR_REG_PROTO_MIN
      '08000200 00000002', // NFTA_REDIR_REG_PROTO_MAX
      '08000300 00000006', // NFTA_REDIR_FLAGS
    ),
  },
  {
    name: 'redirect to the same port',
    text: 'redirect',
    listing: 'redir',
    expression: { kind: 'redirect', flags: 0 },
    bytes: bytes(
      '0a000100 72656469 72000000', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
    ),
  },
  {
    name: 'tproxy',
    text: 'meta l4proto tcp tproxy to 127.0.0.1:50080',
    family: 'ip',
    listing: 'tproxy ip addr reg 1 port reg 2',
    expression: { kind: 'tproxy', family: Family.ip, addressRegister: 1, portRegister: 2 },
    bytes: bytes(
      '0b000100 7470726f 78790000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_TPROXY_FAMILY
      '08000200 00000001', // NFTA_TPROXY_REG_ADDR
      '08000300 00000002', // NFTA_TPROXY_REG_PORT
    ),
  },
  {
    name: 'tproxy to a port',
    text: 'meta l4proto tcp tproxy to :50080',
    listing: 'tproxy port reg 1',
    expression: { kind: 'tproxy', family: 0, portRegister: 1 },
    bytes: bytes(
      '0b000100 7470726f 78790000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_TPROXY_FAMILY
      '08000300 00000001', // NFTA_TPROXY_REG_PORT
    ),
  },
  {
    name: 'tproxy of IPv6',
    text: 'meta l4proto udp tproxy ip6 to [2001:db8::1]',
    listing: 'tproxy ip6 addr reg 1',
    expression: { kind: 'tproxy', family: Family.ip6, addressRegister: 1 },
    bytes: bytes(
      '0b000100 7470726f 78790000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 0000000a', // NFTA_TPROXY_FAMILY
      '08000200 00000001', // NFTA_TPROXY_REG_ADDR
    ),
  },
];
