import {
  accept,
  addElement,
  comment,
  ctCount,
  ctHelper,
  deleteElement,
  dnat,
  drop,
  type Match,
  map,
  objectOf,
  quota,
  type RuleDefinition,
  redirect,
  resetOption,
  rule,
  type Statement,
  set,
  synproxy,
  type TableDefinition,
  tproxy,
  updateElement,
  vmap,
} from '@router7/nft';

/** A rule in nft's words and in ours. */
export type WordCase = readonly [text: string, ...parts: (Match | Statement)[]];

/** Rules of a chain at the hook prerouting in a table of the family inet, with the sets of {@link wordTables}. */
export const inetWords: readonly WordCase[] = [
  [
    'tcp dport vmap { 22 : accept, 80-90 : jump side, * : drop }',
    vmap('tcp.dport', { 22: 'accept', '80-90': 'jump side', '*': 'drop' }),
  ],
  ['tcp dport vmap { 22 : accept, 23 : drop }', vmap('tcp.dport', { 22: 'accept', 23: 'drop' })],
  ['ip saddr vmap @verdicts', vmap('ip.saddr', 'verdicts')],
  [
    'ip saddr . tcp dport { 1.2.3.4 . 5, 10.0.0.0/8 . 6-7 } accept',
    { 'ip.saddr . tcp.dport': ['1.2.3.4 . 5', '10.0.0.0/8 . 6-7'] },
    accept(),
  ],
  [
    'ip saddr . tcp dport { 1.2.3.4 . 5, 1.2.3.4 . 6 } accept',
    { 'ip.saddr . tcp.dport': ['1.2.3.4 . 5', '1.2.3.4 . 6'] },
    accept(),
  ],
  ['ip saddr . tcp dport @pairs accept', { 'ip.saddr . tcp.dport': { set: 'pairs' } }, accept()],
  ['ip saddr . tcp dport != @pairs accept', { 'ip.saddr . tcp.dport': { not: { set: 'pairs' } } }, accept()],
  ['ip saddr . tcp dport vmap { 1.2.3.4 . 5 : accept }', vmap('ip.saddr . tcp.dport', { '1.2.3.4 . 5': 'accept' })],
  [
    'ip saddr . ip daddr vmap { 1.2.3.4 . 10.0.0.0/8 : accept }',
    vmap('ip.saddr . ip.daddr', { '1.2.3.4 . 10.0.0.0/8': 'accept' }),
  ],
  [
    'ip saddr . iifname . ct state { 1.2.3.4 . "lo" . new } accept',
    { 'ip.saddr . iifname . ct.state': ['1.2.3.4 . lo . new'] },
    accept(),
  ],
  ['meta mark . ct mark { 0x1 . 0x2 } accept', { 'meta.mark . ct.mark': ['1 . 2'] }, accept()],
  ['meta mark . iifname @marked accept', { 'meta.mark . iifname': { set: 'marked' } }, accept()],
  ['meta mark @marks accept', { 'meta.mark': { set: 'marks' } }, accept()],
  ['meta mark { 1-5, 9 } accept', { 'meta.mark': ['1-5', 9] }, accept()],
  ['iifname { "lan*", "wg0" } accept', { iifname: ['lan*', 'wg0'] }, accept()],
  ['ip dscp { cs1, af11 } accept', { 'ip.dscp': ['cs1', 'af11'] }, accept()],
  ['ip6 dscp != { cs1, cs2 } accept', { 'ip6.dscp': { not: ['cs1', 'cs2'] } }, accept()],
  ['ip dscp cs1 accept', { 'ip.dscp': 'cs1' }, accept()],
  ['ip dscp 4-8 accept', { 'ip.dscp': '4-8' }, accept()],
  ['ip dscp != cs1 accept', { 'ip.dscp': { not: 'cs1' } }, accept()],
  ['ip6 dscp cs1 accept', { 'ip6.dscp': 'cs1' }, accept()],
  ['ip ecn ce accept', { 'ip.ecn': 'ce' }, accept()],
  ['ip version 4', { 'ip.version': 4 }],
  ['ip hdrlength > 5 drop', { 'ip.hdrlength': { gt: 5 } }, drop()],
  ['ip length 100-200', { 'ip.length': '100-200' }],
  ['ip frag-off & 0x1fff != 0 drop', { 'ip.frag-off': { not: { bits: 0, of: 0x1fff } } }, drop()],
  ['ip6 flowlabel 5', { 'ip6.flowlabel': 5 }],
  ['ip6 length 7', { 'ip6.length': 7 }],
  ['icmp id 5', { 'icmp.id': 5 }],
  ['icmp type echo-request icmp id 5', { 'icmp.type': 'echo-request', 'icmp.id': 5 }],
  ['icmp mtu 1400', { 'icmp.mtu': 1400 }],
  ['icmp code host-unreachable', { 'icmp.code': 'host-unreachable' }],
  ['icmpv6 sequence 6', { 'icmpv6.sequence': 6 }],
  ['icmpv6 mtu 1280', { 'icmpv6.mtu': 1280 }],
  ['igmp type membership-query', { 'igmp.type': 'membership-query' }],
  ['tcp window 6', { 'tcp.window': 6 }],
  ['tcp doff 5', { 'tcp.doff': 5 }],
  ['tcp sequence 5', { 'tcp.sequence': 5 }],
  ['tcp dport >= 1024', { 'tcp.dport': { gte: 1024 } }],
  ['tcp dport < 1024', { 'tcp.dport': { lt: 1024 } }],
  ['tcp flags == syn drop', { 'tcp.flags': { exactly: 'syn' } }, drop()],
  ['tcp flags ! syn,rst drop', { 'tcp.flags': { not: ['syn', 'rst'] } }, drop()],
  ['tcp flags != syn,ack drop', { 'tcp.flags': { not: { exactly: ['syn', 'ack'] } } }, drop()],
  [
    'tcp flags & (fin|syn|rst|ack) != syn drop',
    { 'tcp.flags': { not: { bits: 'syn', of: ['fin', 'syn', 'rst', 'ack'] } } },
    drop(),
  ],
  [
    'tcp flags & (fin|syn|rst|ack) == { syn, ack } drop',
    { 'tcp.flags': { of: ['fin', 'syn', 'rst', 'ack'], in: ['syn', 'ack'] } },
    drop(),
  ],
  ['ct state ! invalid accept', { 'ct.state': { not: ['invalid'] } }, accept()],
  ['meta mark & 0xff == 0x5 accept', { 'meta.mark': { bits: 5, of: 0xff } }, accept()],
  ['meta mark & 0xff { 1, 2 } accept', { 'meta.mark': { of: 0xff, in: [1, 2] } }, accept()],
  ['ip daddr & 0.0.0.255 == 0.0.0.1 accept', { 'ip.daddr': { bits: '0.0.0.1', of: '0.0.0.255' } }, accept()],
  ['udp length 8', { 'udp.length': 8 }],
  ['udplite csumcov 5', { 'udplite.csumcov': 5 }],
  ['sctp vtag 5', { 'sctp.vtag': 5 }],
  ['sctp chunk init exists', { 'sctp.chunk.init': 'exists' }],
  ['sctp chunk data tsn 5', { 'sctp.chunk.data.tsn': 5 }],
  ['dccp type response', { 'dccp.type': 'response' }],
  ['ah spi 5', { 'ah.spi': 5 }],
  ['esp spi 5-9', { 'esp.spi': '5-9' }],
  ['comp cpi 5', { 'comp.cpi': 5 }],
  ['ether type ip6', { 'ether.type': 'ip6' }],
  ['ether daddr 02:00:5e:10:00:01', { 'ether.daddr': '02:00:5e:10:00:01' }],
  ['vlan id 5', { 'vlan.id': 5 }],
  ['vlan id { 5, 6 }', { 'vlan.id': [5, 6] }],
  ['vlan pcp 3', { 'vlan.pcp': 3 }],
  ['meta length 5-100', { 'meta.length': '5-100' }],
  ['meta priority 1:2', { 'meta.priority': '1:2' }],
  ['meta iiftype ether', { 'meta.iiftype': 'ether' }],
  ['meta skgid 5', { 'meta.skgid': 5 }],
  ['meta cpu 5', { 'meta.cpu': 5 }],
  ['iifgroup default', { iifgroup: 'default' }],
  ['meta cgroup 6', { 'meta.cgroup': 6 }],
  ['meta ipsec exists', { 'meta.ipsec': 'exists' }],
  ['meta iifkind "wireguard"', { 'meta.iifkind': 'wireguard' }],
  ['meta day Monday', { 'meta.day': 'Monday' }],
  ['ct expiration 30s', { 'ct.expiration': '30s' }],
  ['ct helper "ftp"', { 'ct.helper': 'ftp' }],
  ['ct label 5', { 'ct.label': 5 }],
  ['ct l3proto ipv4', { 'ct.l3proto': 'ipv4' }],
  ['ct original ip saddr 1.2.3.4', { 'ct.original.ip.saddr': '1.2.3.4' }],
  ['ct reply ip6 daddr ::1', { 'ct.reply.ip6.daddr': '::1' }],
  ['ct original packets > 5', { 'ct.original.packets': { gt: 5 } }],
  ['ct bytes > 100000', { 'ct.bytes': { gt: 100_000 } }],
  ['ct zone 5', { 'ct.zone': 5 }],
  ['rt classid 5', { 'rt.classid': 5 }],
  ['rt ip nexthop 1.2.3.4', { 'rt.ip.nexthop': '1.2.3.4' }],
  ['rt ipsec exists', { 'rt.ipsec': 'exists' }],
  ['socket transparent 1', { 'socket.transparent': 1 }],
  ['socket mark 5', { 'socket.mark': 5 }],
  ['fib saddr oifname "lo"', { 'fib.saddr.oifname': 'lo' }],
  ['fib daddr . iif type local', { 'fib.daddr.iif.type': 'local' }],
  ['fib daddr oif exists', { 'fib.daddr.oif': 'exists' }],
  ['ipsec in reqid 1', { 'ipsec.in.reqid': 1 }],
  ['hbh nexthdr 5', { 'hbh.nexthdr': 5 }],
  ['frag more-fragments 1', { 'frag.more-fragments': 1 }],
  ['frag frag-off 5', { 'frag.frag-off': 5 }],
  ['exthdr frag exists', { 'exthdr.frag': 'exists' }],
  ['mh type 1', { 'mh.type': 1 }],
  ['rt seg-left 5', { 'rt.seg-left': 5 }],
  ['tcp option sack-perm exists', { 'tcp.option.sack-perm': 'exists' }],
  ['tcp option sack1 left 5', { 'tcp.option.sack1.left': 5 }],
  ['tcp option timestamp tsval 5', { 'tcp.option.timestamp.tsval': 5 }],
  ['ip option lsrr exists', { 'ip.option.lsrr': 'exists' }],
  ['@th,160,16 5', { '@th,160,16': 5 }],
  ['@nh,4,4 5', { '@nh,4,4': 5 }],
  ['numgen inc mod 2 0', { 'numgen inc mod 2': 0 }],
  ['numgen random mod 10 offset 5 6', { 'numgen random mod 10 offset 5': 6 }],
  ['jhash ip saddr . tcp dport mod 8 seed 0x1 5', { 'jhash ip.saddr . tcp.dport mod 8 seed 0x1': 5 }],
  ['symhash mod 2 1', { 'symhash mod 2': 1 }],
  [
    'add @seen { ip saddr timeout 1m limit rate over 10/second } drop',
    addElement('seen', 'ip.saddr', { timeout: '1m', states: [{ limit: { rate: 10, per: 'second', over: true } }] }),
    drop(),
  ],
  [
    'update @seen { ip saddr timeout 1m counter }',
    updateElement('seen', 'ip.saddr', { timeout: '1m', states: [{ counter: true }] }),
  ],
  ['delete @seen { ip saddr }', deleteElement('seen', 'ip.saddr')],
  ['add @seen2 { ip saddr . tcp dport }', addElement('seen2', 'ip.saddr . tcp.dport')],
  ['update @learned { ip saddr : 0x5 }', updateElement('learned', 'ip.saddr', { data: 5 })],
  ['counter name ip saddr map @objects', objectOf('counter', 'ip.saddr', 'objects')],
  ['quota name "q"', quota('q')],
  ['limit name "lim"', { statement: 'object', type: 'limit', name: 'lim' }],
  ['ct helper set "ftp"', ctHelper('ftp')],
  ['quota over 10 mbytes drop', quota({ bytes: '10 mbytes', over: true }), drop()],
  ['ct count over 5 drop', ctCount(5, { over: true }), drop()],
  ['tcp dport 80 tproxy ip to 127.0.0.1:50080', { 'tcp.dport': 80 }, tproxy({ address: '127.0.0.1', port: 50_080 })],
  ['tcp dport 80 tproxy to :50080', { 'tcp.dport': 80 }, tproxy({ port: 50_080 })],
  ['meta mark set ct mark', set('meta.mark', { field: 'ct.mark' })],
  ['meta mark set ct mark and 0xff', set('meta.mark', { field: 'ct.mark', and: 0xff })],
  ['meta mark set meta mark and 0xff or 0x100', set('meta.mark', { field: 'meta.mark', and: 0xff, or: 0x100 })],
  ['meta mark set meta mark << 2', set('meta.mark', { field: 'meta.mark', shl: 2 })],
  ['ct mark set meta mark or 1', set('ct.mark', { field: 'meta.mark', or: 1 })],
  ['meta mark set ip saddr map @numbers', set('meta.mark', map('ip.saddr', 'numbers'))],
  [
    'meta mark set ip saddr map { 1.2.3.4 : 5, 10.0.0.0/8 : 6 }',
    set('meta.mark', map('ip.saddr', { '1.2.3.4': 5, '10.0.0.0/8': 6 })),
  ],
  ['meta priority set 1:2', set('meta.priority', '1:2')],
  ['meta pkttype set host', set('meta.pkttype', 'host')],
  ['ct zone set 5', set('ct.zone', 5)],
  ['ct label set 5', set('ct.label', 5)],
  ['ip dscp set cs1', set('ip.dscp', 'cs1')],
  ['ip ecn set 0', set('ip.ecn', 0)],
  ['ip ttl set 64', set('ip.ttl', 64)],
  ['ip6 hoplimit set 64', set('ip6.hoplimit', 64)],
  ['ip6 dscp set cs1', set('ip6.dscp', 'cs1')],
  ['tcp dport set 80', set('tcp.dport', 80)],
  ['ip saddr set 1.2.3.4', set('ip.saddr', '1.2.3.4')],
  ['ip6 daddr set ::1', set('ip6.daddr', '::1')],
  ['ether saddr set 02:00:00:00:00:01', set('ether.saddr', '02:00:00:00:00:01')],
  ['vlan id set 5', set('vlan.id', 5)],
  ['tcp option maxseg size set 1400', set('tcp.option.maxseg.size', 1400)],
  ['reset tcp option sack-perm', resetOption('sack-perm')],
  ['log flags tcp sequence,options', { statement: 'log', log: { flags: ['tcp sequence', 'tcp options'] } }],
  [
    'log prefix "a" group 1 snaplen 64 queue-threshold 3',
    { statement: 'log', log: { prefix: 'a', group: 1, snaplen: 64, queueThreshold: 3 } },
  ],
  ['ct state new accept comment "last"', { 'ct.state': 'new' }, accept(), comment('last')],
];

/** Rules of a chain of the type nat at the hook prerouting in the same table. */
export const natWords: readonly WordCase[] = [
  [
    'meta l4proto tcp dnat ip to tcp dport map { 80 : 1.2.3.4 }',
    { 'meta.l4proto': 'tcp' },
    dnat(map('tcp.dport', { 80: '1.2.3.4' })),
  ],
  ['dnat ip to tcp dport map { 80 : 1.2.3.4 . 8080 }', dnat(map('tcp.dport', { 80: '1.2.3.4 . 8080' }))],
  ['dnat ip to tcp dport map @forwards', dnat(map('tcp.dport', 'forwards'))],
  ['dnat ip to 1.2.3.4-1.2.3.9', dnat('1.2.3.4-1.2.3.9')],
  ['tcp dport 5 dnat ip to 1.2.3.4-1.2.3.9:5-6', { 'tcp.dport': 5 }, dnat('1.2.3.4-1.2.3.9', { port: '5-6' })],
  [
    'tcp dport 5 dnat ip to 1.2.3.4:tcp dport map { 80 : 81, 90 : 91 }',
    { 'tcp.dport': 5 },
    dnat('1.2.3.4', { port: map('tcp.dport', { 80: 81, 90: 91 }) }),
  ],
  [
    'tcp dport { 80, 90 } redirect to :tcp dport map { 80 : 81, 90 : 91 }',
    { 'tcp.dport': [80, 90] },
    redirect({ port: map('tcp.dport', { 80: 81, 90: 91 }) }),
  ],
  [
    'dnat ip to numgen inc mod 2 map { 0 : 1.2.3.4, 1 : 1.2.3.5 }',
    dnat(map('numgen inc mod 2', { 0: '1.2.3.4', 1: '1.2.3.5' })),
  ],
  [
    'dnat ip to jhash ip saddr . tcp dport mod 2 map { 0 : 1.2.3.4, 1 : 1.2.3.5 }',
    dnat(map('jhash ip.saddr . tcp.dport mod 2', { 0: '1.2.3.4', 1: '1.2.3.5' })),
  ],
  ['tcp dport 1 dnat ip6 to [::1]:80', { 'tcp.dport': 1 }, dnat('::1', { port: 80 })],
];

/** Rules of a chain at the hook forward in a table of the family bridge. */
export const bridgeWords: readonly WordCase[] = [
  ['vlan id 5', { 'vlan.id': 5 }],
  ['ether saddr 02:00:00:00:00:01', { 'ether.saddr': '02:00:00:00:00:01' }],
  ['arp operation request', { 'arp.operation': 'request' }],
  ['arp saddr ip 1.2.3.4', { 'arp.saddr.ip': '1.2.3.4' }],
  ['arp daddr ether 02:00:00:00:00:01', { 'arp.daddr.ether': '02:00:00:00:00:01' }],
  ['ip6 saddr ::1', { 'ip6.saddr': '::1' }],
  ['ether type ip ip saddr 1.2.3.4', { 'ether.type': 'ip', 'ip.saddr': '1.2.3.4' }],
  ['tcp dport 5', { 'tcp.dport': 5 }],
];

const rules = (cases: readonly WordCase[]): RuleDefinition[] => cases.map(([, ...parts]) => rule(...parts));
const lines = (cases: readonly WordCase[]): string => cases.map(([text]) => `    ${text}`).join('\n');

/** What the rules are in, in our words. */
export const wordTables: readonly TableDefinition[] = [
  {
    family: 'inet',
    name: 'words',
    counters: { cnt: { packets: 3, bytes: '4', comment: 'three' } },
    quotas: { q: { bytes: '10 mbytes', over: true } },
    limits: { lim: { rate: 10, per: 'second' }, octets: { rate: 1024, per: 'minute', unit: 'bytes', over: true } },
    ctHelpers: { ftp: { type: 'ftp', protocol: 'tcp' } },
    ctTimeouts: { long: { protocol: 'tcp', l3proto: 'ip', policy: { established: 100 } } },
    ctExpectations: { voice: { protocol: 'udp', l3proto: 'ip', dport: 9876, timeout: '2m', size: 12 } },
    synproxies: { sp: { mss: 1460, wscale: 7, timestamp: true, sackPerm: true } },
    sets: {
      pairs: { type: 'ipv4_addr . inet_service', elements: ['1.2.3.4 . 5-7', '10.0.0.0/8 . 80'] },
      merged: { type: 'inet_service', autoMerge: true, elements: ['1-5', '6-9'] },
      touching: { type: 'inet_service', autoMerge: false, elements: ['1-5', '6-9'] },
      aging: { type: 'ipv4_addr', timeout: '1d', gcInterval: '10s' },
      counted: {
        type: 'ipv4_addr',
        states: [{ counter: true }],
        elements: [{ key: '1.2.3.4', states: [{ counter: { packets: 5, bytes: 6 } }] }],
      },
      fixed: {
        type: 'ipv4_addr',
        constant: true,
        comment: 'hey',
        size: 1,
        elements: [{ key: '1.2.3.4', comment: 'one' }],
      },
      marked: { type: 'mark . ifname', elements: ['1-5 . lo'] },
      marks: { type: 'mark', elements: ['1-5', 9] },
      names: { type: 'ifname', elements: ['lan*', 'wg0'] },
      seen: { type: 'ipv4_addr', dynamic: true, timeout: '5m', size: 1000 },
      seen2: { type: 'ipv4_addr . inet_service', dynamic: true, size: 1000 },
    },
    maps: {
      forwards: {
        type: 'inet_service',
        data: 'ipv4_addr . inet_service',
        elements: { 80: '1.2.3.4 . 8080', '90-91': '1.2.3.5 . 90' },
      },
      verdicts: { type: 'ipv4_addr', data: 'verdict', elements: { '1.2.3.4': 'jump side', '*': 'drop' } },
      zones: {
        type: 'ipv4_addr',
        data: 'verdict',
        elements: { '1.2.3.4': 'goto side', '10.0.0.0/8': 'drop', '11.0.0.0/8': 'accept' },
      },
      objects: { type: 'ipv4_addr', data: 'counter', elements: { '1.2.3.4': 'cnt' } },
      numbers: { type: 'ipv4_addr', data: 'mark', elements: { '1.2.3.4': 5 } },
      learned: { type: 'ipv4_addr', data: 'mark', dynamic: true, size: 100 },
      tagged: { type: 'mark', data: 'ifname', elements: { 5: 'lan0' } },
      ranges: { type: 'mark', data: 'mark', elements: { '1-5': 6 } },
    },
    chains: {
      side: {},
      words: { type: 'filter', hook: 'prerouting', priority: 0, rules: rules(inetWords) },
      nat: { type: 'nat', hook: 'prerouting', priority: -100, rules: rules(natWords) },
      guard: {
        type: 'filter',
        hook: 'input',
        priority: 0,
        rules: [rule(synproxy({ mss: 1460, wscale: 7, timestamp: true, sackPerm: true }))],
      },
    },
  },
  {
    family: 'bridge',
    name: 'words',
    chains: { words: { type: 'filter', hook: 'forward', priority: 0, rules: rules(bridgeWords) } },
  },
];

/** The same in nft's. */
export const wordText = `
table inet words {
  counter cnt { comment "three"; packets 3 bytes 4; }
  quota q { over 10 mbytes; }
  limit lim { rate 10/second; }
  limit octets { rate over 1 kbytes/minute; }
  ct helper ftp { type "ftp" protocol tcp; }
  ct timeout long {
    protocol tcp; l3proto ip; policy = { established : 100 }
  }
  ct expectation voice {
    protocol udp; dport 9876; timeout 2m; size 12; l3proto ip;
  }
  synproxy sp {
    mss 1460
    wscale 7
    timestamp sack-perm
  }
  set pairs { type ipv4_addr . inet_service; flags interval; elements = { 1.2.3.4 . 5-7, 10.0.0.0/8 . 80 }; }
  set merged { type inet_service; flags interval; auto-merge; elements = { 1-5, 6-9 }; }
  set touching { type inet_service; flags interval; elements = { 1-5, 6-9 }; }
  set aging { type ipv4_addr; flags timeout; timeout 1d; gc-interval 10s; }
  set counted { type ipv4_addr; counter; elements = { 1.2.3.4 counter packets 5 bytes 6 }; }
  set fixed { type ipv4_addr; flags constant; comment "hey"; size 1; elements = { 1.2.3.4 comment "one" }; }
  set marked { type mark . ifname; flags interval; elements = { 1-5 . "lo" }; }
  set marks { type mark; flags interval; elements = { 1-5, 9 }; }
  set names { type ifname; flags interval; elements = { "lan*", "wg0" }; }
  set seen { type ipv4_addr; flags dynamic,timeout; timeout 5m; size 1000; }
  set seen2 { type ipv4_addr . inet_service; flags dynamic; size 1000; }
  map forwards { type inet_service : ipv4_addr . inet_service; flags interval; elements = { 80 : 1.2.3.4 . 8080, 90-91 : 1.2.3.5 . 90 }; }
  map verdicts { type ipv4_addr : verdict; elements = { 1.2.3.4 : jump side, * : drop }; }
  map zones { type ipv4_addr : verdict; flags interval; elements = { 1.2.3.4 : goto side, 10.0.0.0/8 : drop, 11.0.0.0/8 : accept }; }
  map objects { type ipv4_addr : counter; elements = { 1.2.3.4 : "cnt" }; }
  map numbers { type ipv4_addr : mark; elements = { 1.2.3.4 : 5 }; }
  map learned { type ipv4_addr : mark; flags dynamic; size 100; }
  map tagged { type mark : ifname; elements = { 5 : "lan0" }; }
  map ranges { type mark : mark; flags interval; elements = { 1-5 : 6 }; }
  chain side { }
  chain words { type filter hook prerouting priority 0;
${lines(inetWords)}
  }
  chain nat { type nat hook prerouting priority -100;
${lines(natWords)}
  }
  chain guard { type filter hook input priority 0;
    synproxy mss 1460 wscale 7 timestamp sack-perm
  }
}
table bridge words {
  chain words { type filter hook forward priority 0;
${lines(bridgeWords)}
  }
}
`;
