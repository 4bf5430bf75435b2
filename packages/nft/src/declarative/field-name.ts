/** The fields of headers: nft's own words with dots for blanks. */
export type HeaderFieldName =
  | `ether.${'daddr' | 'saddr' | 'type'}`
  | `vlan.${'pcp' | 'dei' | 'id' | 'type'}`
  | `arp.${'htype' | 'ptype' | 'hlen' | 'plen' | 'operation'}`
  | `arp.${'saddr' | 'daddr'}.${'ip' | 'ether'}`
  | `ip.${'version' | 'hdrlength' | 'dscp' | 'ecn' | 'length' | 'id' | 'frag-off' | 'ttl' | 'protocol' | 'checksum'}`
  | `ip.${'saddr' | 'daddr'}`
  | `ip6.${'version' | 'dscp' | 'ecn' | 'flowlabel' | 'length' | 'nexthdr' | 'hoplimit' | 'saddr' | 'daddr'}`
  | `icmp.${'type' | 'code' | 'checksum' | 'id' | 'sequence' | 'mtu' | 'gateway'}`
  | `icmpv6.${'type' | 'code' | 'checksum' | 'id' | 'sequence' | 'mtu' | 'max-delay'}`
  | `icmpv6.${'parameter-problem' | 'packet-too-big'}`
  | `igmp.${'type' | 'mrt' | 'checksum' | 'group'}`
  | `tcp.${'sport' | 'dport' | 'sequence' | 'ackseq' | 'doff' | 'reserved' | 'flags' | 'window' | 'checksum' | 'urgptr'}`
  | `udp.${'sport' | 'dport' | 'length' | 'checksum'}`
  | `udplite.${'sport' | 'dport' | 'csumcov' | 'checksum'}`
  | `sctp.${'sport' | 'dport' | 'vtag' | 'checksum'}`
  | `dccp.${'sport' | 'dport' | 'type'}`
  | `th.${'sport' | 'dport'}`
  | `ah.${'nexthdr' | 'hdrlength' | 'reserved' | 'spi' | 'sequence'}`
  | `esp.${'spi' | 'sequence'}`
  | `comp.${'nexthdr' | 'flags' | 'cpi'}`;

/** Extension headers and options; the name of one alone asks whether it is there (`exists`, `missing`). */
export type ExtensionFieldName =
  | `exthdr.${'hbh' | 'rt' | 'frag' | 'dst' | 'mh'}`
  | `hbh.${'nexthdr' | 'hdrlength'}`
  | `dst.${'nexthdr' | 'hdrlength'}`
  | `rt.${'nexthdr' | 'hdrlength' | 'type' | 'seg-left'}`
  | `srh.${'last-entry' | 'flags' | 'tag'}`
  | `frag.${'nexthdr' | 'reserved' | 'frag-off' | 'reserved2' | 'more-fragments' | 'id'}`
  | `mh.${'nexthdr' | 'hdrlength' | 'type' | 'reserved' | 'checksum'}`
  | `tcp.option.${TcpOptionName}`
  | `tcp.option.${'maxseg' | 'window' | 'sack-perm' | 'sack' | 'timestamp' | 'mptcp'}.length`
  | `tcp.option.${'maxseg.size' | 'window.count' | 'timestamp.tsval' | 'timestamp.tsecr' | 'mptcp.subtype'}`
  | `tcp.option.${'sack' | 'sack0' | 'sack1' | 'sack2' | 'sack3'}.${'left' | 'right'}`
  | `ip.option.${'lsrr' | 'rr' | 'ssrr' | 'ra'}${'' | '.type' | '.length'}`
  | `ip.option.${'lsrr' | 'rr' | 'ssrr'}.${'ptr' | 'addr'}`
  | 'ip.option.ra.value'
  | `sctp.chunk.${SctpChunkName}${'' | '.type' | '.flags' | '.length'}`
  | `sctp.chunk.data.${'tsn' | 'stream' | 'ssn' | 'ppid'}`;

/** Options of TCP that nft knows by name. */
export type TcpOptionName =
  | ('eol' | 'nop' | 'maxseg' | 'window' | 'sack-perm' | 'sack' | 'timestamp')
  | ('md5sig' | 'mptcp' | 'fastopen');

/** Chunks of SCTP (RFC 9260 section 3.2 and others). */
export type SctpChunkName =
  | ('data' | 'init' | 'init-ack' | 'sack' | 'heartbeat' | 'heartbeat-ack' | 'abort' | 'shutdown' | 'shutdown-ack')
  | ('error' | 'cookie-echo' | 'cookie-ack' | 'ecne' | 'cwr' | 'shutdown-complete' | 'asconf-ack')
  | ('forward-tsn' | 'asconf');

/** What is known of a packet beside its octets. */
export type MetaFieldName =
  | ('iif' | 'oif' | 'iifname' | 'oifname' | 'iifgroup' | 'oifgroup')
  | `meta.${'length' | 'protocol' | 'priority' | 'mark' | 'iiftype' | 'oiftype' | 'skuid' | 'skgid' | 'nftrace'}`
  | `meta.${'rtclassid' | 'nfproto' | 'l4proto' | 'ibrname' | 'obrname' | 'pkttype' | 'cpu' | 'cgroup' | 'random'}`
  | `meta.${'ipsec' | 'iifkind' | 'oifkind' | 'ibrpvid' | 'ibrvproto' | 'time' | 'day' | 'hour' | 'sdif' | 'sdifname'}`
  | `ct.${'state' | 'direction' | 'status' | 'mark' | 'secmark' | 'expiration' | 'helper' | 'l3proto' | 'protocol'}`
  | `ct.${'label' | 'id' | 'event' | CtTally}`
  | `ct.${'original' | 'reply'}.${'l3proto' | 'protocol' | 'proto-src' | 'proto-dst' | CtTally}`
  | `ct.${'original' | 'reply'}.${'ip' | 'ip6'}.${'saddr' | 'daddr'}`
  | `rt.${'classid' | 'mtu' | 'ipsec' | 'ip.nexthop' | 'ip6.nexthop'}`
  | `socket.${'transparent' | 'mark' | 'wildcard'}`
  | `osf.${'name' | 'version'}`
  | `fib.${'saddr' | 'daddr'}${'' | '.iif' | '.oif' | '.mark' | '.mark.iif' | '.mark.oif'}.${'type' | 'oif' | 'oifname'}`
  | `ipsec.${'in' | 'out'}.${'reqid' | 'spi' | 'ip.saddr' | 'ip.daddr' | 'ip6.saddr' | 'ip6.daddr'}`;

/** What connection tracking counts, or keeps, for each direction. */
export type CtTally = 'packets' | 'bytes' | 'avgpkt' | 'zone';

/** The name of a field that a rule can test. */
export type FieldName = HeaderFieldName | ExtensionFieldName | MetaFieldName;
