import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, isTopLevelDomain, MacAddress } from '@router7/wire';
import { z } from 'zod';
import { DNS_RECORD_VALUES, type DnsRecordType, dnsRecordData } from './dns-record.ts';
import { listOf, type Parsed, parseState, textOf } from './state-file.ts';

/** Where it is kept. A router without it asks whom the provider names. */
export const DNS_CONFIG_FILE = '/perm/dns.json';

/** A server that is asked for names. */
export interface DnsUpstream {
  /** IPv4 or IPv6. Absent: found by `name`, which the upstreams with an address are asked for. */
  readonly address?: string | undefined;
  /** Default: 53, 853 or 443 by protocol. */
  readonly port?: number | undefined;
  readonly protocol: 'udp' | 'tls' | 'https';
  /** What its certificate is to say; the host of an `https` URL. */
  readonly name?: string | undefined;
  /** Of `https`: RFC 8484. */
  readonly path: string;
  /** `strict`: not at all without TLS and the right name; `opportunistic`: anything rather than nothing (RFC 8310). */
  readonly tls: 'strict' | 'opportunistic';
}

/** A name, and who is asked for it and all below. */
export interface DnsDomain {
  readonly name: string;
  /** Empty: nobody else, the name does not exist. */
  readonly upstreams: readonly DnsUpstream[];
}

/** A record of one's own. */
export interface DnsRecord {
  /** One label stands for a name in the home's domain. */
  readonly name: string;
  readonly type: DnsRecordType;
  /** As in a zone file: `10 5 443 nas.lan` for SRV; the text itself for TXT. */
  readonly value: string;
  readonly ttl_seconds: number;
}

/** A list of names in a file: a name a line, lines of a hosts file, or `||name^`. */
export interface DnsBlockFile {
  readonly name: string;
  readonly file: string;
  /** The names are for allowing. Default false. */
  readonly allow: boolean;
}

/** Clients for which other lists count than for everybody. */
export interface DnsGroup {
  readonly name: string;
  /** Addresses and prefixes. */
  readonly clients: readonly string[];
  /** Hardware addresses: whatever IPv4 address dhcp4d has given them. */
  readonly hardware_addrs: readonly string[];
  /** Names of `block.lists` that count in place of all of them; `*` for every name there is. */
  readonly lists?: readonly string[] | undefined;
  /** More lists at some times. */
  readonly schedules: readonly DnsSchedule[];
}

/** When more is blocked, by the clock of `time_zone`. */
export interface DnsSchedule {
  /** Default: all. A time past midnight belongs to the day on which it has begun. */
  readonly days: readonly DnsDay[];
  /** `21:00`. */
  readonly from: string;
  /** `06:30`; not later than `from`: on the next day. */
  readonly to: string;
  readonly lists: readonly string[];
}

/** Monday to Sunday. */
export type DnsDay = (typeof DNS_DAYS)[number];

/** /perm/dns.json. */
export interface DnsConfig {
  /** The home's domain. */
  readonly domain: string;
  /** In place of those that the provider names. */
  readonly upstreams: readonly DnsUpstream[];
  readonly domains: readonly DnsDomain[];
  readonly records: readonly DnsRecord[];
  /** How long what is told of the router and of hosts with a lease holds at most; never longer than the lease. */
  readonly host_ttl_seconds: number;
  /** Addresses by name. One label stands for a name in the home's domain. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  /** Files such as /etc/hosts. */
  readonly hosts_files: readonly string[];
  readonly block: {
    /** They count for everybody but groups with `lists` of their own; 29 at most. */
    readonly lists: readonly DnsBlockFile[];
    /** Blocked for everybody, each with all names below it. */
    readonly names: readonly string[];
    /** Never blocked, whatever a list says. */
    readonly allow: readonly string[];
    /** What a blocked name gets: that it does not exist, or the addresses 0.0.0.0 and ::. */
    readonly answer: 'nxdomain' | 'null';
  };
  /** 63 at most. A client that is in several is in that with the longest prefix. */
  readonly groups: readonly DnsGroup[];
  /** Of schedules, such as `Europe/Zurich`. Absent: the router's own. */
  readonly time_zone?: string | undefined;
  /** Addresses of the home in answers from outside are taken for an attack. */
  readonly rebind_protection: boolean;
  /** Names that may have such addresses, each with all names below it. */
  readonly rebind_allow: readonly string[];
  readonly cache: {
    readonly bytes: number;
    readonly minimum_ttl_seconds: number;
    readonly maximum_ttl_seconds: number;
    readonly maximum_negative_ttl_seconds: number;
    /** How long answers are kept for times without any upstream (RFC 8767). */
    readonly stale_seconds: number;
    /** Kept over a restart. */
    readonly keep: boolean;
  };
  /** Queries per second and client that are answered; 0: all. */
  readonly rate_limit: number;
  /** Client subnets in queries (RFC 7871): taken out, or passed on. Never put in. */
  readonly ecs: 'strip' | 'pass';
  /** DNS cookies (RFC 7873), upstream and for clients. */
  readonly cookies: boolean;
  /** Capital letters in names at random (draft-vixie-dnsext-dns0x20). */
  readonly case_randomization: boolean;
  /** What is told who asks which server this is (RFC 5001); empty: nothing. */
  readonly nsid: string;
  /** How UDP is spoken: many datagrams per system call, or Node's own sockets. */
  readonly transport: 'batch' | 'dgram';
}

/** The days of schedules, Monday first. */
export const DNS_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Bits of a number, but for those of dns.json's own names and of exceptions; groups but for that of everybody else. */
const MAX_LISTS = 29;
const MAX_GROUPS = 63;

/** What no home can be called: these names never exist, or are this host's (RFC 6761). */
const SPECIAL: ReadonlySet<string> = new Set(['localhost', 'invalid', 'onion', 'local', 'alt', 'arpa']);

const ADDRESS = 'an IP address';
const parseAddress = (text: string): unknown =>
  text.includes(':') ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
const address = textOf(ADDRESS, parseAddress);
const client = textOf('an IP address or prefix', (text) => {
  if (!text.includes('/')) return parseAddress(text);
  return text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text);
});
const mac = textOf('a MAC address such as 02:73:53:00:ca:fe', MacAddress.parse);
/** Without the final dot; `_` for services, `*` nowhere. */
const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
const name = z.string().regex(NAME, { error: 'a domain name without the final dot' });
const homeDomain = name.refine((text) => !isTopLevelDomain(text.toLowerCase()) && !SPECIAL.has(text.toLowerCase()), {
  error: 'a name that is no top-level domain of the public DNS, nor a special one',
});
const path = z.string().regex(/^\/[^\0]+$/, { error: 'the path of a file, from /' });
const listName = z.string().regex(/^[^*].{0,63}$/, { error: 'a name of 1 to 64 characters' });
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'a time from 00:00 to 23:59' });
const ttl = z.number().int().min(0).max(604_800);

const upstreamObject = z
  .strictObject({
    address: address.optional(),
    port: z.number().int().min(1).max(65_535).optional(),
    protocol: z.enum(['udp', 'tls', 'https']).default('udp'),
    name: name.optional(),
    path: z
      .string()
      .regex(/^\/[!-~]*$/, { error: 'a path such as /dns-query' })
      .default('/dns-query'),
    tls: z.enum(['strict', 'opportunistic']).default('strict'),
  })
  .refine(({ address: given, name: called }) => given !== undefined || called !== undefined, {
    error: 'an upstream with an address or a name',
  })
  .refine(({ protocol, tls, name: called }) => protocol === 'udp' || tls === 'opportunistic' || called !== undefined, {
    error: 'the name that the certificate of a strict upstream is to have',
  });
/** An address alone is a server that is asked by UDP. */
const upstream: z.ZodType<DnsUpstream> = z.preprocess(
  (value) => (address.safeParse(value).success ? { address: value } : value),
  upstreamObject,
);

const types = Object.keys(DNS_RECORD_VALUES) as DnsRecordType[];
const record: z.ZodType<DnsRecord> = z
  .strictObject({
    name,
    type: z.enum(types),
    value: z.string().max(4096),
    ttl_seconds: ttl.default(3600),
  })
  .superRefine(({ type, value }, context) => {
    try {
      dnsRecordData(type, value);
    } catch {
      context.addIssue({ code: 'custom', path: ['value'], message: `${DNS_RECORD_VALUES[type]} for ${type}` });
    }
  });

const keys = z.strictObject({
  domain: homeDomain.default('lan'),
  upstreams: listOf(upstream),
  domains: listOf(z.strictObject({ name, upstreams: listOf(upstream) })),
  records: listOf(record),
  hosts: z.record(name, z.array(address).max(64)).default({}),
  host_ttl_seconds: ttl.default(300),
  hosts_files: listOf(path),
  block: z
    .strictObject({
      lists: listOf(z.strictObject({ name: listName, file: path, allow: z.boolean().default(false) })),
      names: listOf(name),
      allow: listOf(name),
      answer: z.enum(['nxdomain', 'null']).default('nxdomain'),
    })
    .prefault({ lists: [], names: [], allow: [] }),
  groups: listOf(
    z.strictObject({
      name: z.string().min(1),
      clients: listOf(client),
      hardware_addrs: listOf(mac),
      lists: z.array(z.string()).optional(),
      schedules: listOf(
        z.strictObject({
          days: z.array(z.enum(DNS_DAYS)).default([...DNS_DAYS]),
          from: time,
          to: time,
          lists: z.array(z.string()),
        }),
      ),
    }),
  ),
  time_zone: textOf(
    'a time zone such as Europe/Zurich',
    (zone) => new Intl.DateTimeFormat('en', { timeZone: zone }),
  ).optional(),
  rebind_protection: z.boolean().default(true),
  rebind_allow: listOf(name),
  cache: z
    .strictObject({
      bytes: z.number().int().min(65_536).max(2_147_483_648).default(33_554_432),
      minimum_ttl_seconds: ttl.default(0),
      maximum_ttl_seconds: ttl.default(86_400),
      maximum_negative_ttl_seconds: ttl.default(3600),
      stale_seconds: ttl.default(259_200),
      keep: z.boolean().default(true),
    })
    .prefault({}),
  rate_limit: z.number().int().min(0).max(1_000_000).default(1000),
  ecs: z.enum(['strip', 'pass']).default('strip'),
  cookies: z.boolean().default(true),
  case_randomization: z.boolean().default(true),
  nsid: z
    .string()
    .regex(/^[ -~]{0,64}$/, { error: 'at most 64 characters of ASCII' })
    .default(''),
  transport: z.enum(['batch', 'dgram']).default('batch'),
});

/** What depends on other keys. */
const schema: z.ZodType<DnsConfig> = keys.superRefine(({ block, groups }, context) => {
  const complain = (path: PropertyKey[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  if (block.lists.length > MAX_LISTS) complain(['block', 'lists', MAX_LISTS], `at most ${MAX_LISTS} lists`);
  if (groups.length > MAX_GROUPS) complain(['groups', MAX_GROUPS], `at most ${MAX_GROUPS} groups`);
  const known = new Set(['*', ...block.lists.filter(({ allow }) => !allow).map((list) => list.name)]);
  const check = (lists: readonly string[] | undefined, ...path: PropertyKey[]): void => {
    const at = lists?.findIndex((list) => !known.has(list)) ?? -1;
    if (at >= 0) complain([...path, 'lists', at], 'the name of one of block.lists that blocks, or "*"');
  };
  for (const [index, { lists, schedules }] of groups.entries()) {
    check(lists, 'groups', index);
    for (const [each, schedule] of schedules.entries()) check(schedule.lists, 'groups', index, 'schedules', each);
  }
});

/** Reads the text of dns.json. A key or an element of a list that is not valid is passed over with a warning. @throws StateError */
export function parseDnsConfig(text: string, file: string = DNS_CONFIG_FILE): Parsed<DnsConfig> {
  return parseState(schema, text, file, true);
}

/** What holds without any file. */
export const DEFAULT_DNS_CONFIG: DnsConfig = parseDnsConfig('{}').value;
