import { accept, clampMss, comment, drop, limit, masquerade, rule, type TableDefinition } from '@router7/nft';

/** Priorities of nft(8): where the hooks of other subsystems stand. */
const FILTER = 0;
const SOURCE_NAT = 100;

/** ICMP that a host must take from anywhere (RFC 1122 section 3.2.2); redirects are not among them. */
const ICMP_TYPES = ['destination-unreachable', 'time-exceeded', 'parameter-problem'] as const;

/** Neighbor Discovery (RFC 4861) and multicast listener discovery (RFC 2710, RFC 3810): never beyond the link. */
const NEIGHBOR_DISCOVERY = [
  'nd-router-solicit',
  'nd-router-advert',
  'nd-neighbor-solicit',
  'nd-neighbor-advert',
] as const;

/**
 * The router's own table: nothing from the uplink that was not asked for, everything from the home to anywhere, IPv4
 * translated to the uplink's address. Tables of others are not touched.
 *
 * @param uplink name of the interface towards the provider
 */
export function firewall(uplink: string): TableDefinition {
  const home = { iifname: { not: uplink } } as const;
  const fromUplink = { iifname: uplink } as const;
  const known = rule({ 'ct.state': ['established', 'related'] }, accept(), comment('answers to what was asked for'));
  const invalid = rule({ 'ct.state': 'invalid' }, drop(), comment('belongs to no connection'));
  return {
    family: 'inet',
    name: 'router7',
    chains: {
      input: {
        type: 'filter',
        hook: 'input',
        priority: FILTER,
        policy: 'drop',
        rules: [
          rule({ iifname: 'lo' }, accept(), comment('this host itself')),
          known,
          // RFC 4861 section 6.1: "The IP Hop Limit field has a value of 255, i.e., the packet could not possibly have
          // been forwarded by a router."
          rule(
            { 'icmpv6.type': NEIGHBOR_DISCOVERY, 'ip6.hoplimit': 255 },
            accept(),
            comment('neighbours on the same link'),
          ),
          invalid,
          rule(home, accept(), comment('the home')),
          rule({ ...fromUplink, 'udp.dport': 68 }, accept(), comment('answers to the DHCP client')),
          rule(
            { ...fromUplink, 'ip6.saddr': 'fe80::/10', 'udp.dport': 546 },
            accept(),
            comment('answers to the DHCPv6 client'),
          ),
          rule({ ...fromUplink, 'icmp.type': ICMP_TYPES }, accept(), comment('errors')),
          rule(
            { ...fromUplink, 'icmp.type': 'echo-request' },
            limit({ rate: 20, per: 'second', burst: 20 }),
            accept(),
            comment('ping'),
          ),
          rule(
            { ...fromUplink, 'icmpv6.type': 'echo-request' },
            limit({ rate: 20, per: 'second', burst: 20 }),
            accept(),
            comment('ping'),
          ),
        ],
      },
      forward: {
        type: 'filter',
        hook: 'forward',
        priority: FILTER,
        policy: 'drop',
        rules: [
          // Both directions: each side tells the other how much it can take (RFC 9293 section 3.7.1).
          rule({ oifname: uplink, 'tcp.flags': 'syn' }, clampMss(), comment('segments fit the path')),
          rule({ iifname: uplink, 'tcp.flags': 'syn' }, clampMss(), comment('segments fit the path')),
          known,
          invalid,
          rule(home, accept(), comment('from the home to anywhere')),
        ],
      },
      postrouting: {
        type: 'nat',
        hook: 'postrouting',
        priority: SOURCE_NAT,
        policy: 'accept',
        rules: [
          rule({ 'meta.nfproto': 'ipv4', oifname: uplink }, masquerade(), comment('as the uplink’s own address')),
        ],
      },
    },
  };
}
