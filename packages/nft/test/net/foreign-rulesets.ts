/** Rule sets as other programs make them, in nft's words. */
export const foreignRulesets: { readonly [name: string]: string } = {
  // As OpenWrt's fw4 prints them, cut down.
  fw4: `
table inet fw4 {
  chain input {
    type filter hook input priority filter; policy drop;
    iif "lo" accept comment "!fw4: Accept traffic from loopback"
    ct state vmap { established : accept, related : accept } comment "!fw4: Handle inbound flows"
    tcp flags & (fin | syn | rst | ack) == syn jump syn_flood comment "!fw4: Rate limit TCP syn packets"
    iifname "br-lan" jump input_lan comment "!fw4: Handle lan IPv4/IPv6 input traffic"
    iifname { "wan", "wan6" } jump input_wan comment "!fw4: Handle wan IPv4/IPv6 input traffic"
    jump handle_reject
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state vmap { established : accept, related : accept } comment "!fw4: Handle forwarded flows"
    iifname "br-lan" jump forward_lan
    jump handle_reject
  }
  chain handle_reject {
    meta l4proto tcp reject with tcp reset comment "!fw4: Reject TCP traffic"
    reject comment "!fw4: Reject any other traffic"
  }
  chain syn_flood {
    limit rate 25/second burst 50 packets return comment "!fw4: Accept SYN packets below rate-limit"
    drop comment "!fw4: Drop excess packets"
  }
  chain input_lan { jump accept_from_lan; }
  chain forward_lan { counter accept comment "!fw4: Accept lan to wan forwarding"; }
  chain accept_from_lan { iifname "br-lan" counter packets 5 bytes 300 accept; }
  chain input_wan {
    meta nfproto ipv4 udp dport 68 counter accept comment "!fw4: Allow-DHCP-Renew"
    icmp type echo-request counter accept comment "!fw4: Allow-Ping"
    meta nfproto ipv4 meta l4proto igmp counter accept comment "!fw4: Allow-IGMP"
    ip6 saddr fc00::/6 ip6 daddr fc00::/6 udp dport 546 counter accept comment "!fw4: Allow-DHCPv6"
    ip6 saddr fe80::/10 icmpv6 type . icmpv6 code { mld-listener-query . 0, mld-listener-report . 0 } counter accept
    icmpv6 type { destination-unreachable, time-exceeded, echo-request, echo-reply } limit rate 1000/second counter accept
    icmpv6 type . icmpv6 code { packet-too-big . no-route, parameter-problem . no-route } limit rate 1000/second accept
    meta l4proto esp counter accept
    udp dport 500 counter accept
  }
  chain dstnat {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "wan" tcp dport 8080 counter dnat ip to 192.168.1.5:80
  }
  chain srcnat {
    type nat hook postrouting priority srcnat; policy accept;
    oifname { "wan", "wan6" } meta nfproto ipv4 masquerade
  }
  chain mangle_forward {
    type filter hook forward priority mangle; policy accept;
    iifname "wan" tcp flags syn tcp option maxseg size set rt mtu
    oifname "wan" tcp flags syn / fin,syn,rst tcp option maxseg size set rt mtu
  }
}
`,
  // As podman's netavark does it.
  podman: `
table inet netavark {
  chain INPUT {
    type filter hook input priority filter; policy accept;
    ip saddr 10.88.0.0/16 meta l4proto { tcp, udp } th dport 53 accept
  }
  chain FORWARD {
    type filter hook forward priority filter; policy accept;
    ct state invalid drop
    jump NETAVARK-ISOLATION-1
    ip daddr 10.88.0.0/16 ct state related,established accept
    ip saddr 10.88.0.0/16 accept
  }
  chain POSTROUTING {
    type nat hook postrouting priority srcnat; policy accept;
    meta mark & 0x00002000 == 0x00002000 masquerade
    ip saddr 10.88.0.0/16 jump nv_2f259bab_10_88_0_0_nm16
  }
  chain PREROUTING {
    type nat hook prerouting priority dstnat; policy accept;
    fib daddr type local jump NETAVARK-HOSTPORT-DNAT
  }
  chain NETAVARK-HOSTPORT-DNAT { tcp dport 8080 jump nv_dnat; }
  chain NETAVARK-HOSTPORT-SETMARK { meta mark set meta mark | 0x00002000; }
  chain NETAVARK-ISOLATION-1 { iifname "podman0" oifname != "podman0" jump NETAVARK-ISOLATION-2; }
  chain NETAVARK-ISOLATION-2 { oifname "podman0" drop; }
  chain nv_2f259bab_10_88_0_0_nm16 {
    ip daddr 10.88.0.0/16 accept
    ip daddr != 224.0.0.0/4 masquerade
  }
  chain nv_dnat {
    ip saddr 10.88.0.0/16 tcp dport 8080 jump NETAVARK-HOSTPORT-SETMARK
    ip saddr 127.0.0.1 tcp dport 8080 jump NETAVARK-HOSTPORT-SETMARK
    tcp dport 8080 dnat ip to 10.88.0.5:80
  }
}
`,
  // As libvirt does it.
  libvirt: `
table ip libvirt_network {
  chain forward {
    type filter hook forward priority filter; policy accept;
    counter packets 0 bytes 0 jump guest_cross
    counter packets 0 bytes 0 jump guest_input
    counter packets 0 bytes 0 jump guest_output
  }
  chain guest_output {
    ip saddr 192.168.122.0/24 iif "lo" counter packets 1 bytes 2 accept
    iif "lo" counter packets 0 bytes 0 reject
  }
  chain guest_input {
    oif "lo" ip daddr 192.168.122.0/24 ct state related,established counter packets 0 bytes 0 accept
    oif "lo" counter packets 0 bytes 0 reject
  }
  chain guest_cross { iif "lo" oif "lo" counter packets 0 bytes 0 accept; }
  chain guest_nat {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr 192.168.122.0/24 ip daddr 224.0.0.0/24 counter packets 0 bytes 0 return
    ip saddr 192.168.122.0/24 ip daddr 255.255.255.255 counter packets 0 bytes 0 return
    meta l4proto tcp ip saddr 192.168.122.0/24 ip daddr != 192.168.122.0/24 counter masquerade to :1024-65535
    ip saddr 192.168.122.0/24 ip daddr != 192.168.122.0/24 counter packets 0 bytes 0 masquerade
  }
}
`,
  // What router7 has always had.
  router7: `
table ip nat {
  chain prerouting { type nat hook prerouting priority 0; policy accept; jump router7-portforwardings; }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    oifname "uplink0" masquerade
    iifname "lan0" oifname "lan0" ct status 0x20 masquerade
  }
  chain router7-portforwardings {
    ip daddr != 127.0.0.0/8 ip daddr != 192.168.42.0/24 fib daddr type 2 tcp dport 8080 dnat to 192.168.42.23:9999
    ip daddr != 127.0.0.0/8 ip daddr != 192.168.42.0/24 fib daddr type 2 tcp dport 8040-8060 dnat to 192.168.42.99:8040-8060
  }
}
table ip filter {
  counter fwded { packets 23 bytes 42; }
  counter inputc { }
  chain forward {
    type filter hook forward priority 0; policy accept;
    oifname "uplink0" tcp flags 0x2 tcp option maxseg size set rt mtu
    counter name "fwded"
  }
  chain input { type filter hook input priority 0; policy accept; counter name "inputc"; }
}
`,
};
