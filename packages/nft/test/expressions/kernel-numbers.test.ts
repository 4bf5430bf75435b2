import { existsSync, readFileSync } from 'node:fs';
import {
  BitwiseOperation,
  ByteorderOperation,
  CmpOperator,
  CtKey,
  DynsetOperation,
  ExthdrFlag,
  ExthdrHeader,
  FibFlag,
  FibResult,
  IcmpxCode,
  InnerFlag,
  InnerType,
  LimitType,
  LogFlag,
  LogLevel,
  MetaKey,
  NatFlag,
  NumgenType,
  OsfFlag,
  PayloadBase,
  PayloadChecksumType,
  QueueFlag,
  RangeOperator,
  RejectType,
  RtKey,
  SocketKey,
  SynproxyFlag,
  TunnelKey,
  TunnelMode,
  VerdictCode,
  XfrmKey,
} from '@router7/nft';
import t from 'tap';

type Constants = { readonly [name: string]: number };

/** What the kernel calls each of them, and its number: `name number KERNEL_NAME`. */
const kernelNames: readonly (readonly [Constants, string])[] = [
  [
    MetaKey,
    `len 0 NFT_META_LEN
    protocol 1 NFT_META_PROTOCOL
    priority 2 NFT_META_PRIORITY
    mark 3 NFT_META_MARK
    iif 4 NFT_META_IIF
    oif 5 NFT_META_OIF
    iifname 6 NFT_META_IIFNAME
    oifname 7 NFT_META_OIFNAME
    iiftype 8 NFT_META_IFTYPE
    oiftype 9 NFT_META_OIFTYPE
    skuid 10 NFT_META_SKUID
    skgid 11 NFT_META_SKGID
    nftrace 12 NFT_META_NFTRACE
    rtclassid 13 NFT_META_RTCLASSID
    secmark 14 NFT_META_SECMARK
    nfproto 15 NFT_META_NFPROTO
    l4proto 16 NFT_META_L4PROTO
    ibrname 17 NFT_META_BRI_IIFNAME
    obrname 18 NFT_META_BRI_OIFNAME
    pkttype 19 NFT_META_PKTTYPE
    cpu 20 NFT_META_CPU
    iifgroup 21 NFT_META_IIFGROUP
    oifgroup 22 NFT_META_OIFGROUP
    cgroup 23 NFT_META_CGROUP
    random 24 NFT_META_PRANDOM
    secpath 25 NFT_META_SECPATH
    iifkind 26 NFT_META_IIFKIND
    oifkind 27 NFT_META_OIFKIND
    ibrpvid 28 NFT_META_BRI_IIFPVID
    ibrvproto 29 NFT_META_BRI_IIFVPROTO
    time 30 NFT_META_TIME_NS
    day 31 NFT_META_TIME_DAY
    hour 32 NFT_META_TIME_HOUR
    sdif 33 NFT_META_SDIF
    sdifname 34 NFT_META_SDIFNAME
    broute 35 NFT_META_BRI_BROUTE
    ibrhwaddr 37 NFT_META_BRI_IIFHWADDR`,
  ],
  [
    CtKey,
    `state 0 NFT_CT_STATE
    direction 1 NFT_CT_DIRECTION
    status 2 NFT_CT_STATUS
    mark 3 NFT_CT_MARK
    secmark 4 NFT_CT_SECMARK
    expiration 5 NFT_CT_EXPIRATION
    helper 6 NFT_CT_HELPER
    l3proto 7 NFT_CT_L3PROTOCOL
    src 8 NFT_CT_SRC
    dst 9 NFT_CT_DST
    protocol 10 NFT_CT_PROTOCOL
    protoSrc 11 NFT_CT_PROTO_SRC
    protoDst 12 NFT_CT_PROTO_DST
    labels 13 NFT_CT_LABELS
    packets 14 NFT_CT_PKTS
    bytes 15 NFT_CT_BYTES
    avgpkt 16 NFT_CT_AVGPKT
    zone 17 NFT_CT_ZONE
    eventmask 18 NFT_CT_EVENTMASK
    srcIp 19 NFT_CT_SRC_IP
    dstIp 20 NFT_CT_DST_IP
    srcIp6 21 NFT_CT_SRC_IP6
    dstIp6 22 NFT_CT_DST_IP6
    id 23 NFT_CT_ID`,
  ],
  [
    RtKey,
    `classid 0 NFT_RT_CLASSID
    nexthop4 1 NFT_RT_NEXTHOP4
    nexthop6 2 NFT_RT_NEXTHOP6
    tcpmss 3 NFT_RT_TCPMSS
    ipsec 4 NFT_RT_XFRM`,
  ],
  [
    SocketKey,
    `transparent 0 NFT_SOCKET_TRANSPARENT
    mark 1 NFT_SOCKET_MARK
    wildcard 2 NFT_SOCKET_WILDCARD
    cgroupv2 3 NFT_SOCKET_CGROUPV2`,
  ],
  [
    XfrmKey,
    `daddrIp 1 NFT_XFRM_KEY_DADDR_IP4
    daddrIp6 2 NFT_XFRM_KEY_DADDR_IP6
    saddrIp 3 NFT_XFRM_KEY_SADDR_IP4
    saddrIp6 4 NFT_XFRM_KEY_SADDR_IP6
    reqid 5 NFT_XFRM_KEY_REQID
    spi 6 NFT_XFRM_KEY_SPI`,
  ],
  [
    TunnelKey,
    `path 0 NFT_TUNNEL_PATH
    id 1 NFT_TUNNEL_ID`,
  ],
  [
    TunnelMode,
    `none 0 NFT_TUNNEL_MODE_NONE
    rx 1 NFT_TUNNEL_MODE_RX
    tx 2 NFT_TUNNEL_MODE_TX`,
  ],
  [
    FibResult,
    `oif 1 NFT_FIB_RESULT_OIF
    oifname 2 NFT_FIB_RESULT_OIFNAME
    addrtype 3 NFT_FIB_RESULT_ADDRTYPE`,
  ],
  [
    FibFlag,
    `saddr 1 NFTA_FIB_F_SADDR
    daddr 2 NFTA_FIB_F_DADDR
    mark 4 NFTA_FIB_F_MARK
    iif 8 NFTA_FIB_F_IIF
    oif 16 NFTA_FIB_F_OIF
    present 32 NFTA_FIB_F_PRESENT`,
  ],
  [
    CmpOperator,
    `eq 0 NFT_CMP_EQ
    neq 1 NFT_CMP_NEQ
    lt 2 NFT_CMP_LT
    lte 3 NFT_CMP_LTE
    gt 4 NFT_CMP_GT
    gte 5 NFT_CMP_GTE`,
  ],
  [
    RangeOperator,
    `eq 0 NFT_RANGE_EQ
    neq 1 NFT_RANGE_NEQ`,
  ],
  [
    BitwiseOperation,
    `maskXor 0 NFT_BITWISE_MASK_XOR
    leftShift 1 NFT_BITWISE_LSHIFT
    rightShift 2 NFT_BITWISE_RSHIFT
    and 3 NFT_BITWISE_AND
    or 4 NFT_BITWISE_OR
    xor 5 NFT_BITWISE_XOR`,
  ],
  [
    ByteorderOperation,
    `ntoh 0 NFT_BYTEORDER_NTOH
    hton 1 NFT_BYTEORDER_HTON`,
  ],
  [
    PayloadBase,
    `link 0 NFT_PAYLOAD_LL_HEADER
    network 1 NFT_PAYLOAD_NETWORK_HEADER
    transport 2 NFT_PAYLOAD_TRANSPORT_HEADER
    inner 3 NFT_PAYLOAD_INNER_HEADER
    tunnel 4 NFT_PAYLOAD_TUN_HEADER`,
  ],
  [
    PayloadChecksumType,
    `none 0 NFT_PAYLOAD_CSUM_NONE
    inet 1 NFT_PAYLOAD_CSUM_INET
    sctp 2 NFT_PAYLOAD_CSUM_SCTP`,
  ],
  [
    ExthdrHeader,
    `ipv6 0 NFT_EXTHDR_OP_IPV6
    tcpOption 1 NFT_EXTHDR_OP_TCPOPT
    ipv4Option 2 NFT_EXTHDR_OP_IPV4
    sctp 3 NFT_EXTHDR_OP_SCTP
    dccp 4 NFT_EXTHDR_OP_DCCP`,
  ],
  [ExthdrFlag, `present 1 NFT_EXTHDR_F_PRESENT`],
  [
    DynsetOperation,
    `add 0 NFT_DYNSET_OP_ADD
    update 1 NFT_DYNSET_OP_UPDATE
    delete 2 NFT_DYNSET_OP_DELETE`,
  ],
  [
    LimitType,
    `packets 0 NFT_LIMIT_PKTS
    bytes 1 NFT_LIMIT_PKT_BYTES`,
  ],
  [
    LogLevel,
    `emerg 0 NFT_LOGLEVEL_EMERG
    alert 1 NFT_LOGLEVEL_ALERT
    crit 2 NFT_LOGLEVEL_CRIT
    err 3 NFT_LOGLEVEL_ERR
    warn 4 NFT_LOGLEVEL_WARNING
    notice 5 NFT_LOGLEVEL_NOTICE
    info 6 NFT_LOGLEVEL_INFO
    debug 7 NFT_LOGLEVEL_DEBUG
    audit 8 NFT_LOGLEVEL_AUDIT`,
  ],
  [
    LogFlag,
    `tcpSequence 1 NF_LOG_TCPSEQ
    tcpOptions 2 NF_LOG_TCPOPT
    ipOptions 4 NF_LOG_IPOPT
    skuid 8 NF_LOG_UID
    ether 32 NF_LOG_MACDECODE`,
  ],
  [
    RejectType,
    `icmpUnreachable 0 NFT_REJECT_ICMP_UNREACH
    tcpReset 1 NFT_REJECT_TCP_RST
    icmpxUnreachable 2 NFT_REJECT_ICMPX_UNREACH`,
  ],
  [
    IcmpxCode,
    `noRoute 0 NFT_REJECT_ICMPX_NO_ROUTE
    portUnreachable 1 NFT_REJECT_ICMPX_PORT_UNREACH
    hostUnreachable 2 NFT_REJECT_ICMPX_HOST_UNREACH
    adminProhibited 3 NFT_REJECT_ICMPX_ADMIN_PROHIBITED`,
  ],
  [
    NumgenType,
    `incremental 0 NFT_NG_INCREMENTAL
    random 1 NFT_NG_RANDOM`,
  ],
  [
    QueueFlag,
    `bypass 1 NFT_QUEUE_FLAG_BYPASS
    fanout 2 NFT_QUEUE_FLAG_CPU_FANOUT`,
  ],
  [OsfFlag, `version 1 NFT_OSF_F_VERSION`],
  [
    InnerType,
    `unspecified 0 NFT_INNER_UNSPEC
    vxlan 1 NFT_INNER_VXLAN
    geneve 2 NFT_INNER_GENEVE`,
  ],
  [
    InnerFlag,
    `headerSize 1 NFT_INNER_HDRSIZE
    link 2 NFT_INNER_LL
    network 4 NFT_INNER_NH
    transport 8 NFT_INNER_TH`,
  ],
  [
    VerdictCode,
    `drop 0 NF_DROP
    accept 1 NF_ACCEPT
    continue -1 NFT_CONTINUE
    break -2 NFT_BREAK
    jump -3 NFT_JUMP
    goto -4 NFT_GOTO
    return -5 NFT_RETURN`,
  ],
  [
    NatFlag,
    `mapIps 1 NF_NAT_RANGE_MAP_IPS
    protoSpecified 2 NF_NAT_RANGE_PROTO_SPECIFIED
    random 4 NF_NAT_RANGE_PROTO_RANDOM
    persistent 8 NF_NAT_RANGE_PERSISTENT
    fullyRandom 16 NF_NAT_RANGE_PROTO_RANDOM_FULLY
    protoOffset 32 NF_NAT_RANGE_PROTO_OFFSET
    netmap 64 NF_NAT_RANGE_NETMAP`,
  ],
  [
    SynproxyFlag,
    `mss 1 NF_SYNPROXY_OPT_MSS
    windowScale 2 NF_SYNPROXY_OPT_WSCALE
    sackPermitted 4 NF_SYNPROXY_OPT_SACK_PERM
    timestamp 8 NF_SYNPROXY_OPT_TIMESTAMP
    ecn 16 NF_SYNPROXY_OPT_ECN`,
  ],
];

const rowsOf = (text: string): { name: string; number: number; kernelName: string }[] =>
  text.split('\n').map((line) => {
    const [name = '', number = '', kernelName = ''] = line.trim().split(' ');
    return { name, number: Number(number), kernelName };
  });

t.test('FW-30: constants have the numbers of the kernel', async (t) => {
  for (const [constants, text] of kernelNames) {
    const rows = rowsOf(text);
    for (const { name, number, kernelName } of rows) t.equal(constants[name], number, kernelName);
    t.same(Object.keys(constants).sort(), rows.map(({ name }) => name).sort(), 'all of them, and no others');
  }
});

const headers = ['nf_tables.h', 'nf_nat.h', 'nf_synproxy.h', 'nf_log.h']
  .map((name) => `/usr/include/linux/netfilter/${name}`)
  .concat('/usr/include/linux/netfilter.h');
const missing = headers.find((path) => !existsSync(path));

t.test(
  'the numbers of the kernel are those of its headers',
  {
    skip: missing === undefined ? false : `${missing} is not installed`,
  },
  async (t) => {
    const numbers = headerNumbers(headers.map((path) => readFileSync(path, 'utf8')).join('\n'));
    const rows = kernelNames.flatMap(([, text]) => rowsOf(text));
    const known = rows.filter(({ kernelName }) => numbers.has(kernelName));
    for (const { number, kernelName } of known) t.equal(numbers.get(kernelName), number, kernelName);
    // Those that a header of some years ago does not have yet: two registers' operations, inner, and bridges' keys.
    const newer = rows.filter(({ kernelName }) => !numbers.has(kernelName)).map(({ kernelName }) => kernelName);
    for (const name of newer) t.match(name, /^NFT_(BITWISE_(AND|OR|XOR)|INNER_\w+|META_BRI_\w+|PAYLOAD_TUN_HEADER)$/);
  },
);

/** The numbers of all members of all enums, and of all macros that are a number or a bit. */
function headerNumbers(text: string): Map<string, number> {
  const numbers = new Map<string, number>();
  const plain = text.replaceAll(/\/\*.*?\*\//gs, '');
  for (const [, body = ''] of plain.matchAll(/^enum [^{;]*\{([^}]*)\}/gm)) {
    let next = 0;
    const members = body.replaceAll(/^#.*$/gm, '').split(',');
    for (const member of members) {
      const [, name, value] = /^\s*(\w+)\s*(?:=\s*(.+?))?\s*$/s.exec(member) ?? [];
      if (name === undefined) continue;
      const number = value === undefined ? next : evaluate(value);
      if (number === undefined) continue;
      numbers.set(name, number);
      next = number + 1;
    }
  }
  for (const [, name = '', value = ''] of plain.matchAll(/^#define[ \t]+(\w+)[ \t]+(\S.*)$/gm)) {
    const number = evaluate(value);
    if (number !== undefined) numbers.set(name, number);
  }
  return numbers;
}

function evaluate(value: string): number | undefined {
  const [, left, right] = /^\(?\s*(\d+)\s*<<\s*(\d+)\s*\)?$/.exec(value.trim()) ?? [];
  if (left !== undefined) return Number(left) << Number(right);
  const number = Number(value.trim());
  return Number.isNaN(number) ? undefined : number;
}
