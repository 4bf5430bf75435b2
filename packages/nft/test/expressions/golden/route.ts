import { FibFlag, FibResult, OsfFlag, OsfTtl, RtKey, SocketKey, XfrmDirection, XfrmKey } from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** Routes, sockets, tunnels and fingerprints. */
export const goldenRoute: readonly GoldenExpression[] = [
  {
    name: 'fib',
    text: 'fib saddr . iif oif missing drop',
    listing: 'fib saddr . iif oif present => reg 1',
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
    name: 'rt',
    text: 'tcp flags syn tcp option maxseg size set rt mtu',
    listing: 'rt load tcpmss => reg 1',
    expression: { kind: 'rt', register: 1, key: 3 },
    bytes: bytes(
      '07000100 72740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000003', // NFTA_RT_KEY
      '08000100 00000001', // NFTA_RT_DREG
    ),
  },
  {
    name: 'socket transparent',
    text: 'socket transparent 1',
    listing: 'socket load transparent => reg 1',
    expression: { kind: 'socket', register: 1, key: SocketKey.transparent, level: 0 },
    bytes: bytes(
      '0b000100 736f636b 65740000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_SOCKET_KEY
      '08000200 00000001', // NFTA_SOCKET_DREG
      '08000300 00000000', // NFTA_SOCKET_LEVEL
    ),
  },
  {
    name: 'socket mark',
    text: 'socket mark 5',
    listing: 'socket load mark => reg 1',
    expression: { kind: 'socket', register: 1, key: SocketKey.mark, level: 0 },
    bytes: bytes(
      '0b000100 736f636b 65740000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_SOCKET_KEY
      '08000200 00000001', // NFTA_SOCKET_DREG
      '08000300 00000000', // NFTA_SOCKET_LEVEL
    ),
  },
  {
    name: 'socket wildcard',
    text: 'socket wildcard 1',
    listing: 'socket load wildcard => reg 1',
    expression: { kind: 'socket', register: 1, key: SocketKey.wildcard, level: 0 },
    bytes: bytes(
      '0b000100 736f636b 65740000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_SOCKET_KEY
      '08000200 00000001', // NFTA_SOCKET_DREG
      '08000300 00000000', // NFTA_SOCKET_LEVEL
    ),
  },
  {
    name: 'osf',
    text: 'osf name "Linux"',
    listing: 'osf dreg 1',
    expression: { kind: 'osf', register: 1, ttl: OsfTtl.strict, flags: 0 },
    bytes: bytes(
      '08000100 6f736600', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_OSF_DREG
      '05000200 00000000', // NFTA_OSF_TTL
    ),
  },
  {
    name: 'osf loose',
    text: 'osf ttl loose name "Linux"',
    listing: 'osf dreg 1',
    expression: { kind: 'osf', register: 1, ttl: OsfTtl.loose, flags: 0 },
    bytes: bytes(
      '08000100 6f736600', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_OSF_DREG
      '05000200 01000000', // NFTA_OSF_TTL
    ),
  },
  {
    name: 'osf with version',
    text: 'osf ttl skip version "Linux:3.x"',
    listing: 'osf dreg 1',
    expression: { kind: 'osf', register: 1, ttl: OsfTtl.skip, flags: OsfFlag.version },
    bytes: bytes(
      '08000100 6f736600', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_OSF_DREG
      '05000200 02000000', // NFTA_OSF_TTL
      '08000300 00000001', // NFTA_OSF_FLAGS
    ),
  },
  {
    name: 'xfrm saddr',
    text: 'ipsec in ip saddr 192.0.2.1',
    family: 'ip',
    listing: 'xfrm load in 0 saddr4 => reg 1',
    expression: { kind: 'xfrm', register: 1, key: XfrmKey.saddrIp, direction: XfrmDirection.in, index: 0 },
    bytes: bytes(
      '09000100 7866726d 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000003', // NFTA_XFRM_KEY
      '05000300 00000000', // NFTA_XFRM_DIR
      '08000400 00000000', // NFTA_XFRM_SPNUM
      '08000100 00000001', // NFTA_XFRM_DREG
    ),
  },
  {
    name: 'xfrm daddr',
    text: 'ipsec out spnum 1 ip daddr 192.0.2.1',
    family: 'ip',
    listing: 'xfrm load out 1 daddr4 => reg 1',
    expression: { kind: 'xfrm', register: 1, key: XfrmKey.daddrIp, direction: XfrmDirection.out, index: 1 },
    bytes: bytes(
      '09000100 7866726d 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_XFRM_KEY
      '05000300 01000000', // NFTA_XFRM_DIR
      '08000400 00000001', // NFTA_XFRM_SPNUM
      '08000100 00000001', // NFTA_XFRM_DREG
    ),
  },
  {
    name: 'xfrm saddr of IPv6',
    text: 'ipsec in ip6 saddr ::1',
    family: 'ip6',
    listing: 'xfrm load in 0 saddr6 => reg 1',
    expression: { kind: 'xfrm', register: 1, key: XfrmKey.saddrIp6, direction: XfrmDirection.in, index: 0 },
    bytes: bytes(
      '09000100 7866726d 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000004', // NFTA_XFRM_KEY
      '05000300 00000000', // NFTA_XFRM_DIR
      '08000400 00000000', // NFTA_XFRM_SPNUM
      '08000100 00000001', // NFTA_XFRM_DREG
    ),
  },
  {
    name: 'xfrm daddr of IPv6',
    text: 'ipsec in ip6 daddr ::1',
    family: 'ip6',
    listing: 'xfrm load in 0 daddr6 => reg 1',
    expression: { kind: 'xfrm', register: 1, key: XfrmKey.daddrIp6, direction: XfrmDirection.in, index: 0 },
    bytes: bytes(
      '09000100 7866726d 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000002', // NFTA_XFRM_KEY
      '05000300 00000000', // NFTA_XFRM_DIR
      '08000400 00000000', // NFTA_XFRM_SPNUM
      '08000100 00000001', // NFTA_XFRM_DREG
    ),
  },
  {
    name: 'xfrm reqid',
    text: 'ipsec in reqid 5',
    listing: 'xfrm load in 0 reqid => reg 1',
    expression: { kind: 'xfrm', register: 1, key: XfrmKey.reqid, direction: XfrmDirection.in, index: 0 },
    bytes: bytes(
      '09000100 7866726d 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000005', // NFTA_XFRM_KEY
      '05000300 00000000', // NFTA_XFRM_DIR
      '08000400 00000000', // NFTA_XFRM_SPNUM
      '08000100 00000001', // NFTA_XFRM_DREG
    ),
  },
  {
    name: 'xfrm spi',
    text: 'ipsec out spi 5',
    listing: 'xfrm load out 0 spi => reg 1',
    expression: { kind: 'xfrm', register: 1, key: XfrmKey.spi, direction: XfrmDirection.out, index: 0 },
    bytes: bytes(
      '09000100 7866726d 00000000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000200 00000006', // NFTA_XFRM_KEY
      '05000300 01000000', // NFTA_XFRM_DIR
      '08000400 00000000', // NFTA_XFRM_SPNUM
      '08000100 00000001', // NFTA_XFRM_DREG
    ),
  },
  {
    name: 'rt classid',
    text: 'rt classid 5',
    listing: 'rt load classid => reg 1',
    expression: { kind: 'rt', register: 1, key: RtKey.classid },
    bytes: bytes(
      '07000100 72740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000000', // NFTA_RT_KEY
      '08000100 00000001', // NFTA_RT_DREG
    ),
  },
  {
    name: 'rt nexthop of IPv4',
    text: 'rt ip nexthop 192.0.2.1',
    listing: 'rt load nexthop4 => reg 1',
    expression: { kind: 'rt', register: 1, key: RtKey.nexthop4 },
    bytes: bytes(
      '07000100 72740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_RT_KEY
      '08000100 00000001', // NFTA_RT_DREG
    ),
  },
  {
    name: 'rt nexthop of IPv6',
    text: 'rt ip6 nexthop 2001:db8::1',
    listing: 'rt load nexthop6 => reg 1',
    expression: { kind: 'rt', register: 1, key: RtKey.nexthop6 },
    bytes: bytes(
      '07000100 72740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000002', // NFTA_RT_KEY
      '08000100 00000001', // NFTA_RT_DREG
    ),
  },
  {
    name: 'rt ipsec',
    text: 'rt ipsec exists',
    listing: 'rt load ipsec => reg 1',
    expression: { kind: 'rt', register: 1, key: RtKey.ipsec },
    bytes: bytes(
      '07000100 72740000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000200 00000004', // NFTA_RT_KEY
      '08000100 00000001', // NFTA_RT_DREG
    ),
  },
  {
    name: 'fib type',
    text: 'fib daddr . mark type local',
    listing: 'fib daddr . mark type => reg 1',
    expression: { kind: 'fib', register: 1, result: FibResult.addrtype, flags: FibFlag.daddr | FibFlag.mark },
    bytes: bytes(
      '08000100 66696200', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000300 00000006', // NFTA_FIB_FLAGS
      '08000200 00000003', // NFTA_FIB_RESULT
      '08000100 00000001', // NFTA_FIB_DREG
    ),
  },
  {
    name: 'fib oif',
    text: 'fib daddr oif "lo"',
    listing: 'fib daddr oif => reg 1',
    expression: { kind: 'fib', register: 1, result: FibResult.oif, flags: FibFlag.daddr },
    bytes: bytes(
      '08000100 66696200', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000300 00000002', // NFTA_FIB_FLAGS
      '08000200 00000001', // NFTA_FIB_RESULT
      '08000100 00000001', // NFTA_FIB_DREG
    ),
  },
  {
    name: 'fib oifname',
    text: 'fib daddr . oif oifname "lo"',
    listing: 'fib daddr . oif oifname => reg 1',
    expression: { kind: 'fib', register: 1, result: FibResult.oifname, flags: FibFlag.daddr | FibFlag.oif },
    bytes: bytes(
      '08000100 66696200', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000300 00000012', // NFTA_FIB_FLAGS
      '08000200 00000002', // NFTA_FIB_RESULT
      '08000100 00000001', // NFTA_FIB_DREG
    ),
  },
  {
    name: 'fib present',
    text: 'fib saddr . iif oif exists',
    listing: 'fib saddr . iif oif present => reg 1',
    expression: {
      kind: 'fib',
      register: 1,
      result: FibResult.oif,
      flags: FibFlag.saddr | FibFlag.iif | FibFlag.present,
    },
    bytes: bytes(
      '08000100 66696200', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000300 00000029', // NFTA_FIB_FLAGS
      '08000200 00000001', // NFTA_FIB_RESULT
      '08000100 00000001', // NFTA_FIB_DREG
    ),
  },
];
