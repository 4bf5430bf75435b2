/** nft's words for numbers, one table for each type of value that has words. */

/** Transport protocols (IANA protocol numbers) that nft knows by name. */
export const protocols = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  'ipv6-icmp': 58,
  sctp: 132,
  udplite: 136,
} as const;

/** What the family of a packet is in a table of the family inet. */
export const nfProtocols = { ipv4: 2, ipv6: 10 } as const;

/** Ethernet types. */
export const etherTypes = { ip: 0x0800, arp: 0x0806, vlan: 0x8100, ip6: 0x86dd } as const;

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
