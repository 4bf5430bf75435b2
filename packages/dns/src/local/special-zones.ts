/** How names of a zone are answered that have no records. */
export type ZoneKind =
  /** The zone has names, this is none of them: NXDOMAIN, and NODATA at the zone's own name. */
  | 'served'
  /** The same, for a zone that nobody outside knows of. */
  | 'private'
  /** No name is there, not even the zone's own: NXDOMAIN. */
  | 'absent'
  /** Every name is there and has nothing: NODATA. */
  | 'empty'
  /** Every name is this host: loopback addresses. */
  | 'loopback';

/**
 * Zones of RFC 6303 section 4 and those that IANA's registry "Locally-Served DNS Zones" has got since: 100.64.0.0/10
 * (RFC 7793), `home.arpa` (RFC 8375 section 4) and `service.arpa` (RFC 9665 section 10.1). DS of a served zone is its
 * parent's, and asked there: that is how whoever validates learns that it is not signed (RFC 6303 section 7).
 */
const SERVED: readonly string[] = [
  // Section 4.1: RFC 1918.
  '10.in-addr.arpa',
  ...Array.from({ length: 16 }, (_, i) => `${16 + i}.172.in-addr.arpa`),
  '168.192.in-addr.arpa',
  // Section 4.2: this network, loopback, link-local, the three for documentation, broadcast.
  '0.in-addr.arpa',
  '127.in-addr.arpa',
  '254.169.in-addr.arpa',
  '2.0.192.in-addr.arpa',
  '100.51.198.in-addr.arpa',
  '113.0.203.in-addr.arpa',
  '255.255.255.255.in-addr.arpa',
  // Section 4.3: :: and ::1.
  `${'0.'.repeat(32)}ip6.arpa`,
  `1.${'0.'.repeat(31)}ip6.arpa`,
  // Section 4.4: RFC 4193, those that are assigned locally.
  'd.f.ip6.arpa',
  // Section 4.5: link-local.
  '8.e.f.ip6.arpa',
  '9.e.f.ip6.arpa',
  'a.e.f.ip6.arpa',
  'b.e.f.ip6.arpa',
  // Section 4.6: 2001:db8::/32.
  '8.b.d.0.1.0.0.2.ip6.arpa',
  ...Array.from({ length: 64 }, (_, i) => `${64 + i}.100.in-addr.arpa`),
  'home.arpa',
  'service.arpa',
];

/** Names that do not exist in the DNS, and must not get out. */
const ABSENT: readonly string[] = [
  // RFC 6761 sections 6.2 and 6.4: "caching DNS servers SHOULD, by default, generate immediate negative responses".
  'test',
  'invalid',
  // RFC 6762 section 22.1: these belong to multicast DNS.
  'local',
  // RFC 7686 section 2: "MUST NOT attempt to look up records for .onion names", "MUST generate NXDOMAIN".
  'onion',
  // RFC 9476 section 2: names of other systems.
  'alt',
  // Reserved by ICANN's board in 2024 for private use, and so never in the root zone.
  'internal',
];

/** All of them by name. */
export const SPECIAL_ZONES: ReadonlyMap<string, ZoneKind> = new Map<string, ZoneKind>([
  ...SERVED.map((name): [string, ZoneKind] => [name, 'served']),
  ...ABSENT.map((name): [string, ZoneKind] => [name, 'absent']),
  // RFC 6761 section 6.3: also for all names below.
  ['localhost', 'loopback'],
  // RFC 9462 section 4: no Designated Resolvers: "it SHOULD return NODATA for queries to the "resolver.arpa" zone".
  ['resolver.arpa', 'empty'],
]);
