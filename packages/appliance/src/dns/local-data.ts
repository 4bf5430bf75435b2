import { cleanHostName } from '@router7/dhcp4';
import { type LocalData, type LocalPrefix, type LocalRecord, RecordType } from '@router7/dns';
import { Ipv4Prefix, Ipv6Prefix } from '@router7/wire';
import type { LanPlan } from '../lans/lan-plan.ts';
import type { DnsConfig } from '../state/dns-config.ts';
import type { DnsName } from '../state/dns-names.ts';
import { type DnsRecordType, dnsRecordData } from '../state/dns-record.ts';
import type { InterfacesConfig } from '../state/interfaces.ts';
import type { HostsEntry } from './hosts-file.ts';
import { addressOctets, type HomeLeases, leaseHosts } from './lease-hosts.ts';

/** What the router knows by itself follows from. */
export interface LocalInputs {
  readonly config: DnsConfig;
  readonly leases: HomeLeases;
  /** By `/dyndns`. */
  readonly names: readonly DnsName[];
  /** Of `hosts_files`. */
  readonly hostsFiles: readonly HostsEntry[];
  readonly interfaces: InterfacesConfig;
  readonly plan: Pick<LanPlan, 'lans' | 'delegations' | 'ula'>;
  /** Prefixes that the provider's routers advertise for NAT64. */
  readonly nat64: readonly string[];
  /** What this machine calls itself. */
  readonly hostName: string;
}

/** Names that stand for the router, whatever else it is called: dhcp4d keeps them from everybody. */
const ROUTER_NAMES: readonly string[] = ['router7', 'router', 'gateway'];
/** What router7 gives its local records. */
const HOST_RECORD_TTL = 3600;

const TYPES: Readonly<Record<DnsRecordType, number>> = {
  A: RecordType.a,
  AAAA: RecordType.aaaa,
  CNAME: RecordType.cname,
  PTR: RecordType.ptr,
  TXT: RecordType.txt,
  MX: RecordType.mx,
  SRV: RecordType.srv,
};

/**
 * Puts together what dnsd answers by itself. Pure: the same arguments give the same data.
 *
 * @param wall now, in milliseconds since 1970: what leases' ends are counted from
 */
export function localData(inputs: LocalInputs, wall: number): LocalData {
  const { config, plan } = inputs;
  const own = cleanHostName(inputs.hostName);
  return {
    domain: config.domain,
    router: {
      names: [...new Set([own, ...ROUTER_NAMES])].filter((name) => name !== ''),
      addresses: addressesOf(inputs),
    },
    hosts: leaseHosts(inputs.leases, inputs.names, wall),
    hostTtlSeconds: config.host_ttl_seconds,
    records: [...configured(config), ...hostRecords(config, inputs.hostsFiles)],
    prefixes: [
      ...homePrefixes(inputs.interfaces),
      ...plan.delegations.map(({ prefix }) => localPrefix(prefix)),
      ...(plan.ula === undefined ? [] : [localPrefix(plan.ula)]),
    ],
    forwarded: config.domains.filter(({ upstreams }) => upstreams.length > 0).map(({ name }) => name),
    absent: config.domains.filter(({ upstreams }) => upstreams.length === 0).map(({ name }) => name),
    nat64: inputs.nat64.map((text) => localPrefix(Ipv6Prefix.parse(text))),
  };
}

function configured({ records, domain }: DnsConfig): readonly LocalRecord[] {
  return records.map(({ name, type, value, ttl_seconds }) => ({
    // The name in a value of one label is one of the home's as well.
    data: dnsRecordData(type, type === 'CNAME' && !value.includes('.') ? `${value}.${domain}` : value),
    name,
    type: TYPES[type],
    ttlSeconds: ttl_seconds,
  }));
}

/** Addresses of names by dns.json; of names that it does not have, those of the hosts files. */
function hostRecords({ hosts, domain }: DnsConfig, files: readonly HostsEntry[]): readonly LocalRecord[] {
  const absolute = (name: string): string => (name.includes('.') ? name : `${name}.${domain}`).toLowerCase();
  const written = new Set(Object.keys(hosts).map(absolute));
  const entries = [
    ...Object.entries(hosts).flatMap(([name, addresses]) => addresses.map((address) => ({ name, address }))),
    ...files.filter(({ name }) => !written.has(absolute(name))),
  ];
  return entries.map(({ name, address }) => {
    const type = address.includes(':') ? RecordType.aaaa : RecordType.a;
    return { name, type, data: addressOctets(address), ttlSeconds: HOST_RECORD_TTL };
  });
}

/** Addresses of the router in the home, those that stay first: IPv4, then unique local ones. */
function addressesOf({ interfaces, plan }: LocalInputs): readonly Uint8Array[] {
  const ipv4 = homeAddresses(interfaces).filter((text) => !text.includes(':'));
  const ipv6 = plan.lans.flatMap(({ prefixes }) => prefixes.map(({ address }) => address));
  ipv6.sort((a, b) => Number(b.isUniqueLocal) - Number(a.isUniqueLocal));
  const texts = [...ipv4.map((text) => Ipv4Prefix.parse(text).address), ...ipv6].map(String);
  return [...new Set(texts)].map(addressOctets);
}

/** Networks of the home by interfaces.json. */
function homePrefixes(interfaces: InterfacesConfig): readonly LocalPrefix[] {
  const prefixes = homeAddresses(interfaces).map((text) =>
    localPrefix(text.includes(':') ? Ipv6Prefix.parse(text) : Ipv4Prefix.parse(text)),
  );
  return prefixes.filter(({ length }) => length > 0);
}

/** Addresses with prefix length of all interfaces but the uplink and tunnels. */
function homeAddresses({ interfaces }: InterfacesConfig): readonly string[] {
  return interfaces
    .filter(({ name }) => !/^(?:uplink|wg)/.test(name))
    .flatMap(({ addr = '', extra_addrs = [] }) => [addr, ...extra_addrs])
    .filter((text) => text !== '');
}

function localPrefix(prefix: Ipv4Prefix | Ipv6Prefix): LocalPrefix {
  return { network: prefix.network.toBytes(), length: prefix.length };
}
