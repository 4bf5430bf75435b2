/**
 * What the router is to do over IPv6, row by row. A test proves a row by naming it in its title. How CONTRIBUTING.md puts it:
 * M rows must hold, S rows should, W rows would be nice.
 */

/** One thing that the router is to do. */
export interface Row {
  readonly id: string;
  readonly priority: 'M' | 'S' | 'W';
  readonly gist: string;
  /** `RFC 9915 18.2.4`: what asks for it, unless a test names a section itself. Empty where no RFC does. */
  readonly sections: readonly string[];
  /** A row that says the same: its tests prove this one as well. */
  readonly sameAs: string | undefined;
}

type Line = readonly [id: string, priority: Row['priority'], gist: string, sections: string];

const dhcp6Client: readonly Line[] = [
  [
    'D6C-01',
    'M',
    'Solicit, Advertise, Request, Reply for an IA_PD',
    'RFC 9915 18.2.1, RFC 9915 18.2.2, RFC 9915 21.21',
  ],
  ['D6C-02', 'M', 'the DUID is sent as it is, also of an unknown type', 'RFC 9915 11'],
  ['D6C-03', 'M', 'a DUID is made once and kept', 'RFC 9915 11, RFC 7084 4.2'],
  ['D6C-04', 'M', 'lease.json: what router7 reads, and more', ''],
  ['D6C-05', 'M', 'Renew at T1, Rebind at T2', 'RFC 9915 18.2.4, RFC 9915 18.2.5'],
  ['D6C-06', 'M', 'T1 and T2 of 0 are chosen by the client', 'RFC 9915 14.2'],
  [
    'D6C-07',
    'M',
    'retransmission of every message; SOL_MAX_RT and INF_MAX_RT',
    'RFC 9915 15, RFC 9915 21.24, RFC 9915 21.25',
  ],
  ['D6C-08', 'M', 'Advertises are collected and weighed', 'RFC 9915 18.2.9'],
  ['D6C-09', 'M', 'NoPrefixAvail in an Advertise: try again, slower', 'RFC 9915 18.2.9'],
  ['D6C-10', 'M', 'a status inside of an IA prefix; a lifetime of 0 at once', 'RFC 9915 18.2.10.1'],
  ['D6C-11', 'M', 'UseMulticast, NotOnLink, NoBinding, UnspecFail', 'RFC 9915 18.2.10'],
  ['D6C-12', 'M', 'after a reboot: the remembered prefix first', 'RFC 9915 18.2.12'],
  ['D6C-13', 'M', 'a hint for the length of the prefix', 'RFC 8168 3'],
  ['D6C-14', 'M', 'IA_NA and IA_PD fail independently; Decline', 'RFC 9915 18.2.8'],
  ['D6C-15', 'S', 'several IA_PD', 'RFC 9915 12.2'],
  ['D6C-16', 'S', 'the excluded prefix is on no LAN', 'RFC 6603 4.2'],
  ['D6C-17', 'S', 'Reconfigure with its key', 'RFC 9915 18.2.11, RFC 9915 20.4'],
  ['D6C-18', 'S', 'rapid commit', 'RFC 9915 18.2.1'],
  [
    'D6C-19',
    'M',
    'Information-request; with M, with O, and without any advertisement',
    'RFC 9915 18.2.6, RFC 9915 21.23',
  ],
  ['D6C-20', 'S', 'options for the LAN: DNS, NTP, AFTR, S46, captive portal, DNR, SIP', 'RFC 9915 21'],
  ['D6C-21', 'M', 'Release on request, with the IA_PD; none on restart', 'RFC 9915 18.2.7, RFC 9096 3.1'],
  ['D6C-22', 'M', 'other daemons are told of a change', ''],
  ['D6C-23', 'M', 'a recorded exchange of fiber7 gives the same configuration', ''],
  ['D6C-24', 'S', 'replies from another port', 'RFC 9915 7.2'],
  ['D6C-25', 'M', 'one client for each interface', ''],
  ['D6C-26', 'S', 'messages are counted', ''],
  ['D6C-27', 'M', 'the parser survives what others did not', 'RFC 9915 16'],
];

const routerAdvertisements: readonly Line[] = [
  ['RA-01', 'M', 'advertisements as router7 sends them, in compat lifetimes', 'RFC 4861 4.2'],
  ['RA-02', 'M', 'the first /64 of each prefix, and those of prefixes.json', 'RFC 4861 4.6.2'],
  ['RA-03', 'M', 'random intervals, initial burst, delayed answers', 'RFC 4861 6.2.4, RFC 4861 6.2.6'],
  ['RA-04', 'M', 'lifetimes count down with the delegation', 'RFC 9096 3.4'],
  ['RA-05', 'M', 'a prefix that is gone is deprecated', 'RFC 9096 3.5'],
  ['RA-06', 'M', 'also after a crash', 'RFC 9096 3.5'],
  ['RA-07', 'M', 'no default router without a way out; a final advertisement', 'RFC 4861 6.2.5, RFC 7084 4.1'],
  ['RA-08', 'M', 'a ULA prefix of our own', 'RFC 4193 3.2, RFC 7084 4.3'],
  ['RA-09', 'S', 'routes to our prefixes', 'RFC 4191 2.3'],
  ['RA-10', 'M', 'what is heard is validated', 'RFC 4861 6.1'],
  ['RA-11', 'S', 'M and O flags', 'RFC 4861 4.2'],
  ['RA-12', 'S', 'PREF64', 'RFC 8781 4'],
  ['RA-13', 'S', 'captive portal, DNR, P flag', 'RFC 8910 2.3, RFC 9463 6, RFC 9762 5'],
  ['RA-14', 'M', 'several LANs, each its own /64', 'RFC 7084 4.3'],
  ['RA-15', 'S', 'RDNSS and DNSSL lifetimes', 'RFC 8106 5'],
  ['RA-16', 'W', 'rogue routers are told of', 'RFC 4861 6.2.7'],
  ['RA-17', 'W', 'what hosts make of a renumbering', 'RFC 4862 5.5.3'],
];

const dhcp6Server: readonly Line[] = [
  ['D6S-01', 'S', 'stateless: Information-request', 'RFC 9915 18.3.6'],
  ['D6S-02', 'S', 'stable addresses, reservations', 'RFC 9915 18.3.1, RFC 9915 18.3.2'],
  ['D6S-03', 'S', 'prefixes for routers behind us', 'RFC 9915 18.3.2, RFC 9818 5.1'],
  ['D6S-04', 'S', 'Confirm, Renew, Rebind, Decline, Release, Reconfigure', 'RFC 9915 18.3'],
  ['D6S-05', 'S', 'leases survive a restart', ''],
  ['D6S-06', 'W', 'registered addresses', 'RFC 9686 4'],
  ['D6S-07', 'S', 'relaying', 'RFC 9915 19'],
];

const WAN = 'RFC 7084 4.2';
const LAN = 'RFC 7084 4.3';
const LPD = 'RFC 9818 5.1';
const edgeRouter: readonly Line[] = [
  ['G-1', 'M', 'an IPv6 node', 'RFC 7084 4.1'],
  ['G-2', 'M', 'ICMPv6', 'RFC 7084 4.1'],
  ['G-3', 'M', 'nothing is forwarded before there are address and prefix', 'RFC 7084 4.1'],
  ['G-4', 'M', 'no default router on the LAN without one on the WAN', 'RFC 7084 4.1'],
  ['G-5', 'M', 'at once when it is lost', 'RFC 7084 4.1'],
  ['W-1', 'M', 'a host on the WAN: duplicate address detection', WAN],
  ['W-2', 'M', 'a host on the WAN: solicits routers', WAN],
  ['W-3', 'M', 'a host on the WAN: default route from an advertisement', WAN],
  ['W-4', 'M', 'a requesting router', WAN],
  ['W-5', 'M', 'a DUID that stays', WAN],
  ['W-6', 'W', 'PCP on the WAN', WAN],
  ['WLL-1', 'M', 'IPv6 over Ethernet', WAN],
  ['WAA-1', 'M', 'SLAAC on the WAN', WAN],
  ['WAA-2', 'M', 'the L flag', WAN],
  ['WAA-3', 'M', 'a DHCPv6 client', WAN],
  ['WAA-4', 'M', 'IA_NA, Reconfigure accept, DNS', WAN],
  ['WAA-5', 'S', 'NTP is asked for', WAN],
  ['WAA-6', 'M', 'IA_NA when M is set', WAN],
  ['WAA-7', 'M', 'no address on the WAN: one of the delegated prefix', WAN],
  ['WAA-8', 'M', 'SOL_MAX_RT', WAN],
  ['WAA-9', 'M', 'weak host model', WAN],
  ['WAA-10', 'S', 'information refresh time', WAN],
  ['WPD-1', 'M', 'IA_PD', WAN],
  ['WPD-2', 'M', 'a hint for its size', WAN],
  ['WPD-3', 'M', 'another size is taken; told when it is too small', WAN],
  ['WPD-4', 'M', 'delegation with M or O', WAN],
  ['WPD-5', 'M', 'what is not assigned is unreachable', WAN],
  ['WPD-6', 'M', 'a prefix without an address is taken', WAN],
  ['WPD-7', 'M', 'no routing protocol on the WAN', WAN],
  ['WPD-8', 'S', 'an excluded prefix', WAN],
  ['WPD-9', 'M', 'no Release on restart', 'RFC 9096 3.1'],
  ['WPD-10', 'M', 'the IAID stays', 'RFC 9096 3.2'],
  ['ULA-1', 'M', 'a ULA prefix can be made', LAN],
  ['ULA-2', 'M', 'and is kept', LAN],
  ['ULA-3', 'M', 'and can be configured', LAN],
  ['ULA-4', 'M', 'it does not leave the site', LAN],
  ['ULA-5', 'M', 'no default router for it alone', LAN],
  ['L-1', 'M', 'a router of Neighbor Discovery', LAN],
  ['L-2', 'M', 'a /64 for each LAN', LAN],
  ['L-3', 'S', 'routes to our prefixes', LAN],
  ['L-4', 'M', 'no default router without a prefix', LAN],
  ['L-5', 'M', 'every LAN is an advertising interface', LAN],
  ['L-6', 'M', 'A and L flags are set', LAN],
  ['L-7', 'M', 'and can be configured', LAN],
  ['L-8', 'S', 'a DHCPv6 server', LAN],
  ['L-9', 'S', 'M off, O on', LAN],
  ['L-10', 'S', 'DNS from it', LAN],
  ['L-11', 'M', 'RDNSS and DNSSL', LAN],
  ['L-12', 'S', 'options of the WAN for the LAN', LAN],
  ['L-13', 'M', 'what is stale is said to be', 'RFC 9096 3.5'],
  ['L-14', 'S', 'ICMPv6 code 5 for a source that is not valid any more', LAN],
  ['L-15', 'M', 'lifetimes are not longer than those of the WAN', 'RFC 9096 3.4'],
  ['L-16', 'M', 'nor than 45 and 90 minutes', 'RFC 9096 3.4'],
  ['L-17', 'S', 'new addresses are announced', 'RFC 4861 7.2.6'],
  ['S-1', 'M', 'a stateful filter', 'RFC 7084 4.5'],
  ['S-2', 'M', 'sources of others do not leave', 'RFC 7084 4.5'],
  ['S-3', 'M', 'tunnels are filtered', 'RFC 7084 4.5'],
  ['LPD-1', 'S', 'a server that delegates', LPD],
  ['LPD-2', 'S', 'our LANs first; told when it does not suffice', LPD],
  ['LPD-3', 'M', 'a LAN keeps its part of the prefix', LPD],
  ['LPD-4', 'S', 'what remains is offered', LPD],
  ['LPD-5', 'S', 'a route for each delegation', LPD],
  ['LPD-6', 'S', 'delegated prefixes pass the filter', LPD],
  ['LPD-7', 'S', 'a /64 unless configured', LPD],
  ['LPD-8', 'S', 'global addresses beside ULA', LPD],
  ['NC-06', 'M', 'addresses of the LANs from the delegated prefix', ''],
];

/** What RFC 7084 and RFC 9096 ask for that is a row of its own above. */
const same: ReadonlyMap<string, string> = new Map([
  ['G-5', 'RA-07'],
  ['W-4', 'D6C-01'],
  ['W-5', 'D6C-03'],
  ['WAA-8', 'D6C-07'],
  ['WAA-10', 'D6C-19'],
  ['WPD-1', 'D6C-01'],
  ['WPD-2', 'D6C-13'],
  ['WPD-8', 'D6C-16'],
  ['WPD-9', 'D6C-21'],
  ['WLL-1', 'W-1'],
  ['L-3', 'RA-09'],
]);

/** All rows in the order they are listed in. */
export const rows: readonly Row[] = [...dhcp6Client, ...routerAdvertisements, ...dhcp6Server, ...edgeRouter].map(
  ([id, priority, gist, sections]) => ({
    id,
    priority,
    gist,
    sections: sections === '' ? [] : sections.split(', '),
    sameAs: same.get(id),
  }),
);

/** What the RFCs are about. */
export const titles: ReadonlyMap<number, string> = new Map([
  [2131, 'DHCP'],
  [2132, 'DHCP options'],
  [4191, 'Default router preferences and more-specific routes'],
  [4193, 'Unique local addresses'],
  [4861, 'Neighbor Discovery'],
  [4862, 'Stateless address autoconfiguration'],
  [6603, 'Prefix exclude option'],
  [7084, 'IPv6 customer edge routers'],
  [8106, 'DNS in router advertisements'],
  [8168, 'Prefix length hints'],
  [8781, 'PREF64'],
  [8910, 'Captive portal'],
  [9096, 'Renumbering of customer edge routers'],
  [9463, 'Discovery of encrypted DNS'],
  [9686, 'Registering addresses with DHCPv6'],
  [9762, 'P flag'],
  [9818, 'Prefix delegation on the LAN'],
  [9915, 'DHCPv6'],
]);
