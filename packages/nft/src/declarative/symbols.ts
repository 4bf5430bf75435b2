/** nft's words for numbers, one table for each type of value that has words. */

/** Transport protocols (IANA protocol numbers) that nft knows by name. */
export const protocols = {
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  egp: 8,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  eigrp: 88,
  ospf: 89,
  ipip: 94,
  pim: 103,
  ipcomp: 108,
  comp: 108,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  'mobility-header': 135,
  udplite: 136,
  'mpls-in-ip': 137,
} as const;

/** What the family of a packet is in a table of the family inet. */
export const nfProtocols = { ipv4: 2, ipv6: 10 } as const;

/** Ethernet types. */
export const etherTypes = {
  ip: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  '8021q': 0x8100,
  ip6: 0x86dd,
  '8021ad': 0x88a8,
} as const;

/** States of connection tracking; bits. */
export const ctStates = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 } as const;

/** What has happened to a connection; bits (enum ip_conntrack_status). */
export const ctStatuses = {
  expected: 1,
  'seen-reply': 2,
  assured: 4,
  confirmed: 8,
  snat: 16,
  dnat: 32,
  dying: 512,
} as const;

/** Directions of a connection. */
export const ctDirections = { original: 0, reply: 1 } as const;

/** Flags of TCP; bits (RFC 9293 section 3.1). */
export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 } as const;

/** To whom the link layer says a packet goes. */
export const packetTypes = { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 } as const;

/** Types of address as the routing table knows them (RTN_*). */
export const addressTypes = {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
} as const;

/** Answers to "is it there". */
export const presence = { missing: 0, exists: 1 } as const;

/** ICMP types (RFC 792 and IANA's registry). */
export const icmpTypes = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
} as const;

/** ICMPv6 types (RFC 4443, RFC 4861, RFC 2710, RFC 3810). */
export const icmpv6Types = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
  'nd-redirect': 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
} as const;

/** Codes of `reject with icmp ...` (destination unreachable, RFC 792 and RFC 1812). */
export const icmpRejectCodes = {
  'net-unreachable': 0,
  'host-unreachable': 1,
  'prot-unreachable': 2,
  'port-unreachable': 3,
  'net-prohibited': 9,
  'host-prohibited': 10,
  'admin-prohibited': 13,
} as const;

/** Codes of ICMP that nft knows by name. */
export const icmpCodes: { readonly [word: string]: number } = { ...icmpRejectCodes, 'frag-needed': 4 };

/** Codes of `reject with icmpv6 ...` (destination unreachable, RFC 4443 section 3.1). */
export const icmpv6RejectCodes = {
  'no-route': 0,
  'admin-prohibited': 1,
  'addr-unreachable': 3,
  'port-unreachable': 4,
  'policy-fail': 5,
  'reject-route': 6,
} as const;

/** Codes of `reject with icmpx ...`. */
export const icmpxRejectCodes = {
  'no-route': 0,
  'port-unreachable': 1,
  'host-unreachable': 2,
  'admin-prohibited': 3,
} as const;

/** Levels of `log level ...`. */
export const logLevels = {
  emerg: 0,
  alert: 1,
  crit: 2,
  err: 3,
  warn: 4,
  notice: 5,
  info: 6,
  debug: 7,
  audit: 8,
} as const;

/** Operations of ARP (RFC 826, RFC 1931, RFC 2390). */
export const arpOperations = {
  request: 1,
  reply: 2,
  rrequest: 3,
  rreply: 4,
  inrequest: 8,
  inreply: 9,
  nak: 10,
} as const;

/** IGMP types (RFC 2236, RFC 3376). */
export const igmpTypes = {
  'membership-query': 0x11,
  'membership-report-v1': 0x12,
  'membership-report-v2': 0x16,
  'leave-group': 0x17,
  'membership-report-v3': 0x22,
} as const;

/** Packet types of DCCP (RFC 4340 section 5.1). */
export const dccpTypes: { readonly [word: string]: number } = {
  ...{ request: 0, response: 1, data: 2, ack: 3, dataack: 4, closereq: 5, close: 6, reset: 7, sync: 8, syncack: 9 },
};

/** Types of Mobile IPv6's header (RFC 6275 section 6.1). */
export const mobilityTypes = {
  'binding-refresh-request': 0,
  'home-test-init': 1,
  'careof-test-init': 2,
  'home-test': 3,
  'careof-test': 4,
  'binding-update': 5,
  'binding-acknowledgement': 6,
  'binding-error': 7,
  'fast-binding-update': 8,
  'fast-binding-acknowledgement': 9,
  'fast-binding-advertisement': 10,
  'experimental-mobility-header': 11,
  'home-agent-switch-message': 12,
} as const;

/** Differentiated services code points (RFC 2474, RFC 2597, RFC 3246, RFC 5865, RFC 8622). */
export const dscps: { readonly [word: string]: number } = {
  ...{ cs0: 0, cs1: 8, cs2: 16, cs3: 24, cs4: 32, cs5: 40, cs6: 48, cs7: 56, df: 0, be: 0, lephb: 1 },
  ...{ af11: 10, af12: 12, af13: 14, af21: 18, af22: 20, af23: 22, af31: 26, af32: 28, af33: 30 },
  ...{ af41: 34, af42: 36, af43: 38, va: 44, ef: 46 },
};

/** Explicit congestion notification (RFC 3168 section 5). */
export const ecns = { 'not-ect': 0, ect1: 1, ect0: 2, ce: 3 } as const;

/** Types of interface (ARPHRD_*). */
export const interfaceTypes: { readonly [word: string]: number } = {
  ...{ ether: 1, ppp: 512, ipip: 768, ipip6: 769, loopback: 772, sit: 776, ipgre: 778 },
};

/** Days of the week. */
export const days: { readonly [word: string]: number } = {
  ...{ Sunday: 0, Monday: 1, Tuesday: 2, Wednesday: 3, Thursday: 4, Friday: 5, Saturday: 6 },
};

/** Events of connection tracking that listeners are told; bits (enum ip_conntrack_events). */
export const ctEvents: { readonly [word: string]: number } = {
  ...{ new: 1, related: 2, destroy: 4, reply: 8, assured: 16, protoinfo: 32, helper: 64, mark: 128 },
  ...{ seqadj: 256, secmark: 512, label: 1024 },
};

/** Groups of interfaces. */
export const deviceGroups = { default: 0 } as const;
/** Realms of routes. */
export const realms = { cosmos: 0 } as const;
