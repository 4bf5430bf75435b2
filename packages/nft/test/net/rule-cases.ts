import {
  accept,
  clampMss,
  comment,
  counter,
  dnat,
  drop,
  goTo,
  jump,
  limit,
  log,
  masquerade,
  notrack,
  type RuleDefinition,
  redirect,
  reject,
  returnToCaller,
  rule,
  setMark,
  snat,
} from '@router7/nft';

/** A rule in our words and in the nft program's. */
export interface RuleCase {
  readonly text: string;
  readonly rule: RuleDefinition;
}

/** Rules of chain `forward` (filter, hook forward) in a table of the family inet. */
export const forwardCases: readonly RuleCase[] = [
  { text: 'accept', rule: rule(accept()) },
  { text: 'drop', rule: rule(drop()) },
  { text: 'return', rule: rule(returnToCaller()) },
  { text: 'jump side', rule: rule(jump('side')) },
  { text: 'goto side', rule: rule(goTo('side')) },
  { text: 'counter accept', rule: rule(counter(), accept()) },
  { text: 'counter name fwded', rule: rule(counter('fwded')) },
  { text: 'accept comment "from interfaces.json"', rule: rule(accept(), comment('from interfaces.json')) },
  { text: 'iifname "lan0" oifname "uplink0" accept', rule: rule({ iifname: 'lan0', oifname: 'uplink0' }, accept()) },
  { text: 'iifname != "lan0" drop', rule: rule({ iifname: { not: 'lan0' } }, drop()) },
  { text: 'iifname "wg*" accept', rule: rule({ iifname: 'wg*' }, accept()) },
  { text: 'oifname { "lan0", "lan1" } accept', rule: rule({ oifname: ['lan0', 'lan1'] }, accept()) },
  { text: 'iifname @inside accept', rule: rule({ iifname: { set: 'inside' } }, accept()) },
  { text: 'iif 1 accept', rule: rule({ iif: 1 }, accept()) },
  { text: 'ct state established,related accept', rule: rule({ 'ct.state': ['established', 'related'] }, accept()) },
  { text: 'ct state invalid drop', rule: rule({ 'ct.state': 'invalid' }, drop()) },
  { text: 'ct state != new drop', rule: rule({ 'ct.state': { not: 'new' } }, drop()) },
  { text: 'ct status dnat accept', rule: rule({ 'ct.status': 'dnat' }, accept()) },
  { text: 'ct direction reply accept', rule: rule({ 'ct.direction': 'reply' }, accept()) },
  { text: 'ct mark 7 accept', rule: rule({ 'ct.mark': 7 }, accept()) },
  { text: 'ct mark set 7', rule: rule(setMark('ct.mark', 7)) },
  { text: 'meta mark 5 accept', rule: rule({ 'meta.mark': 5 }, accept()) },
  { text: 'meta mark 1-5 accept', rule: rule({ 'meta.mark': '1-5' }, accept()) },
  { text: 'meta mark != 1-5 accept', rule: rule({ 'meta.mark': { not: '1-5' } }, accept()) },
  { text: 'meta mark { 1, 9 } accept', rule: rule({ 'meta.mark': [1, 9] }, accept()) },
  { text: 'meta mark set 5', rule: rule(setMark('meta.mark', 5)) },
  { text: 'meta l4proto { icmp, icmpv6 } accept', rule: rule({ 'meta.l4proto': ['icmp', 'icmpv6'] }, accept()) },
  { text: 'meta l4proto != tcp drop', rule: rule({ 'meta.l4proto': { not: 'tcp' } }, drop()) },
  { text: 'meta l4proto udp th dport 53 accept', rule: rule({ 'meta.l4proto': 'udp', 'udp.dport': 53 }, accept()) },
  { text: 'meta nfproto ipv4 accept', rule: rule({ 'meta.nfproto': 'ipv4' }, accept()) },
  { text: 'meta protocol ip accept', rule: rule({ 'meta.protocol': 'ip' }, accept()) },
  { text: 'meta pkttype broadcast drop', rule: rule({ 'meta.pkttype': 'broadcast' }, drop()) },
  {
    text: 'meta pkttype { broadcast, multicast } drop',
    rule: rule({ 'meta.pkttype': ['broadcast', 'multicast'] }, drop()),
  },
  { text: 'meta skuid 0 accept', rule: rule({ 'meta.skuid': 0 }, accept()) },
  { text: 'ether saddr 02:00:5e:10:00:01 drop', rule: rule({ 'ether.saddr': '02:00:5e:10:00:01' }, drop()) },
  { text: 'ip saddr 10.0.0.1 drop', rule: rule({ 'ip.saddr': '10.0.0.1' }, drop()) },
  { text: 'ip saddr 0.0.0.0/0 accept', rule: rule({ 'ip.saddr': '0.0.0.0/0' }, accept()) },
  { text: 'ip saddr 10.0.0.0/8 drop', rule: rule({ 'ip.saddr': '10.0.0.0/8' }, drop()) },
  { text: 'ip saddr != 10.1.2.0/23 drop', rule: rule({ 'ip.saddr': { not: '10.1.2.0/23' } }, drop()) },
  { text: 'ip saddr 10.0.0.1-10.0.0.9 drop', rule: rule({ 'ip.saddr': '10.0.0.1-10.0.0.9' }, drop()) },
  { text: 'ip daddr != 10.0.0.1-10.0.0.9 drop', rule: rule({ 'ip.daddr': { not: '10.0.0.1-10.0.0.9' } }, drop()) },
  {
    text: 'ip daddr != 127.0.0.0/8 ip daddr != 192.168.42.0/24 drop',
    rule: rule({ 'ip.daddr': { not: '127.0.0.0/8' } }, { 'ip.daddr': { not: '192.168.42.0/24' } }, drop()),
  },
  {
    text: 'ip saddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.1.1 } drop',
    rule: rule({ 'ip.saddr': ['192.168.1.1', '10.0.0.0/8', '172.16.0.0/12'] }, drop()),
  },
  {
    text: 'ip saddr { 224.0.0.0/3 , 0.0.0.0/8 } drop',
    rule: rule({ 'ip.saddr': ['224.0.0.0/3', '0.0.0.0/8'] }, drop()),
  },
  {
    text: 'ip saddr != { 10.0.0.1, 10.0.0.5 } drop',
    rule: rule({ 'ip.saddr': { not: ['10.0.0.1', '10.0.0.5'] } }, drop()),
  },
  { text: 'ip saddr @martians drop', rule: rule({ 'ip.saddr': { set: 'martians' } }, drop()) },
  { text: 'ip saddr != @martians accept', rule: rule({ 'ip.saddr': { not: { set: 'martians' } } }, accept()) },
  { text: 'ip6 saddr @local6 accept', rule: rule({ 'ip6.saddr': { set: 'local6' } }, accept()) },
  { text: 'ip protocol 47 accept', rule: rule({ 'ip.protocol': 'gre' }, accept()) },
  { text: 'ip ttl 1 drop', rule: rule({ 'ip.ttl': 1 }, drop()) },
  { text: 'ip6 hoplimit 255 accept', rule: rule({ 'ip6.hoplimit': 255 }, accept()) },
  { text: 'ip6 nexthdr icmpv6 accept', rule: rule({ 'ip6.nexthdr': 'icmpv6' }, accept()) },
  { text: 'ip6 saddr fe80::/10 accept', rule: rule({ 'ip6.saddr': 'fe80::/10' }, accept()) },
  { text: 'ip6 daddr 2001:db8::/32 accept', rule: rule({ 'ip6.daddr': '2001:db8::/32' }, accept()) },
  { text: 'ip6 saddr { ::1, fe80::/10 } accept', rule: rule({ 'ip6.saddr': ['::1', 'fe80::/10'] }, accept()) },
  { text: 'icmp type echo-request accept', rule: rule({ 'icmp.type': 'echo-request' }, accept()) },
  { text: 'icmp type { 3, 11 } accept', rule: rule({ 'icmp.type': ['time-exceeded', 3] }, accept()) },
  { text: 'icmpv6 type 1-4 accept', rule: rule({ 'icmpv6.type': '1-4' }, accept()) },
  {
    text: 'icmpv6 type { nd-neighbor-solicit, nd-router-advert } ip6 hoplimit 255 accept',
    rule: rule({ 'icmpv6.type': ['nd-neighbor-solicit', 'nd-router-advert'], 'ip6.hoplimit': 255 }, accept()),
  },
  {
    text: 'icmp type echo-request limit rate 10/second burst 5 packets accept',
    rule: rule({ 'icmp.type': 'echo-request' }, limit({ rate: 10, per: 'second', burst: 5 }), accept()),
  },
  {
    text: 'limit rate over 100/minute burst 50 packets drop',
    rule: rule(limit({ rate: 100, per: 'minute', burst: 50, over: true }), drop()),
  },
  {
    text: 'limit rate 1 mbytes/second accept',
    rule: rule(limit({ rate: 1_048_576, per: 'second', unit: 'bytes' }), accept()),
  },
  { text: 'tcp dport 22 accept', rule: rule({ 'tcp.dport': 22 }, accept()) },
  { text: 'tcp dport 8040-8060 accept', rule: rule({ 'tcp.dport': '8040-8060' }, accept()) },
  { text: 'tcp dport != 8040-8060 accept', rule: rule({ 'tcp.dport': { not: '8040-8060' } }, accept()) },
  { text: 'tcp dport { 22, 80-90 } accept', rule: rule({ 'tcp.dport': [22, '80-90'] }, accept()) },
  { text: 'udp sport 67 udp dport 68 accept', rule: rule({ 'udp.sport': 67, 'udp.dport': 68 }, accept()) },
  {
    text: 'udp dport { 53, 67 } udp sport 68 accept',
    rule: rule({ 'udp.dport': [53, 67], 'udp.sport': 68 }, accept()),
  },
  {
    text: 'ip6 daddr fe80::/10 udp dport 546 accept',
    rule: rule({ 'ip6.daddr': 'fe80::/10', 'udp.dport': 546 }, accept()),
  },
  { text: 'th dport 53 accept', rule: rule({ 'th.dport': 53 }, accept()) },
  { text: 'tcp flags syn accept', rule: rule({ 'tcp.flags': 'syn' }, accept()) },
  { text: 'tcp flags syn,ack accept', rule: rule({ 'tcp.flags': ['syn', 'ack'] }, accept()) },
  { text: 'tcp flags != syn drop', rule: rule({ 'tcp.flags': { not: 'syn' } }, drop()) },
  {
    text: 'tcp flags syn / fin,syn,rst,ack accept',
    rule: rule({ 'tcp.flags': { bits: ['syn'], of: ['fin', 'syn', 'rst', 'ack'] } }, accept()),
  },
  {
    text: 'oifname "uplink0" tcp flags syn tcp option maxseg size set rt mtu',
    rule: rule({ oifname: 'uplink0', 'tcp.flags': 'syn' }, clampMss()),
  },
  { text: 'tcp flags syn tcp option maxseg size set 1452', rule: rule({ 'tcp.flags': 'syn' }, clampMss(1452)) },
  { text: 'tcp option maxseg size 1-500 drop', rule: rule({ 'tcp.option.maxseg.size': '1-500' }, drop()) },
  { text: 'fib daddr type local accept', rule: rule({ 'fib.daddr.type': 'local' }, accept()) },
  { text: 'fib saddr . iif oif missing drop', rule: rule({ 'fib.saddr.iif.oif': 'missing' }, drop()) },
  {
    text: 'fib daddr type { local, broadcast } accept',
    rule: rule({ 'fib.daddr.type': ['local', 'broadcast'] }, accept()),
  },
  { text: 'reject', rule: rule(reject()) },
  { text: 'ip saddr 10.0.0.1 reject', rule: rule({ 'ip.saddr': '10.0.0.1' }, reject()) },
  { text: 'ip6 saddr ::1 reject', rule: rule({ 'ip6.saddr': '::1' }, reject()) },
  { text: 'reject with icmpx admin-prohibited', rule: rule(reject('icmpx admin-prohibited')) },
  { text: 'reject with icmp host-prohibited', rule: rule(reject('icmp host-prohibited')) },
  { text: 'reject with icmpv6 no-route', rule: rule(reject('icmpv6 no-route')) },
  { text: 'reject with tcp reset', rule: rule(reject('tcp reset')) },
  { text: 'tcp dport 23 reject with tcp reset', rule: rule({ 'tcp.dport': 23 }, reject('tcp reset')) },
  { text: 'log', rule: rule(log()) },
  { text: 'log prefix "drop: " level debug', rule: rule(log({ prefix: 'drop: ', level: 'debug' })) },
  { text: 'log group 3', rule: rule(log({ group: 3 })) },
  {
    text: 'ct state new counter name fwded iifname "lan0" accept',
    rule: rule({ 'ct.state': 'new' }, counter('fwded'), { iifname: 'lan0' }, accept()),
  },
];

/** Rules of chain `raw` (filter, hook prerouting, priority raw) in a table of the family inet. */
export const rawCases: readonly RuleCase[] = [
  { text: 'iifname "lo" notrack', rule: rule({ iifname: 'lo' }, notrack()) },
];

const forward4 = rule(
  { 'ip.daddr': { not: '127.0.0.0/8' } },
  { 'ip.daddr': { not: '192.168.42.0/24' }, 'fib.daddr.type': 'local', 'tcp.dport': 8080 },
  dnat('192.168.42.23', { port: 9999 }),
);

/** Rules of chain `prerouting` (nat, hook prerouting) in a table of the family ip. */
export const dnatCases: readonly RuleCase[] = [
  {
    text: 'ip daddr != 127.0.0.0/8 ip daddr != 192.168.42.0/24 fib daddr type local tcp dport 8080 dnat to 192.168.42.23:9999',
    rule: forward4,
  },
  {
    text: 'tcp dport 8040-8060 dnat to 192.168.42.99:8040-8060',
    rule: rule({ 'tcp.dport': '8040-8060' }, dnat('192.168.42.99', { port: '8040-8060' })),
  },
  { text: 'udp dport 53 dnat to 192.168.42.99', rule: rule({ 'udp.dport': 53 }, dnat('192.168.42.99')) },
  { text: 'tcp dport 80 redirect to :8080', rule: rule({ 'tcp.dport': 80 }, redirect({ port: 8080 })) },
  {
    text: 'meta l4proto { tcp, udp } th dport 53 redirect to :5353',
    rule: rule({ 'meta.l4proto': ['tcp', 'udp'], 'th.dport': 53 }, redirect({ port: 5353 })),
  },
  { text: 'redirect', rule: rule(redirect()) },
];

/** Rules of chain `postrouting` (nat, hook postrouting) in a table of the family ip. */
export const snatCases: readonly RuleCase[] = [
  { text: 'oifname "uplink0" masquerade', rule: rule({ oifname: 'uplink0' }, masquerade()) },
  {
    text: 'iifname "lan0" oifname "lan0" ct status dnat masquerade',
    rule: rule({ iifname: 'lan0', oifname: 'lan0', 'ct.status': 'dnat' }, masquerade()),
  },
  { text: 'masquerade random,persistent', rule: rule(masquerade({ random: true, persistent: true })) },
  { text: 'masquerade fully-random', rule: rule(masquerade({ fullyRandom: true })) },
  {
    text: 'meta l4proto tcp masquerade to :1024-65535',
    rule: rule({ 'meta.l4proto': 'tcp' }, masquerade({ port: '1024-65535' })),
  },
  { text: 'ip saddr 10.0.0.0/8 snat to 192.0.2.1', rule: rule({ 'ip.saddr': '10.0.0.0/8' }, snat('192.0.2.1')) },
];

/** Rules of chain `postrouting` (nat, hook postrouting) in a table of the family ip6. */
export const snat6Cases: readonly RuleCase[] = [
  { text: 'ip6 saddr fd00::/8 snat to 2001:db8::1', rule: rule({ 'ip6.saddr': 'fd00::/8' }, snat('2001:db8::1')) },
  { text: 'icmpv6 type echo-request masquerade', rule: rule({ 'icmpv6.type': 'echo-request' }, masquerade()) },
];
