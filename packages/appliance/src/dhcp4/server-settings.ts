import {
  bootsOn,
  type ClientClass,
  type ClientMatcher,
  defaultServerConfig,
  defaultSubnetConfig,
  madeBy,
  type Option,
  optionCode,
  type Reservation,
  type ServerConfig,
  type SubnetConfig,
  vendorClassBegins,
} from '@router7/dhcp4';
import { EncodeError, fromHex, Ipv4Address, Ipv4Prefix, MacAddress } from '@router7/wire';
import type {
  Dhcp4dClass,
  Dhcp4dInterface,
  Dhcp4dParameters,
  Dhcp4dReservation,
  Dhcp4dSubnet,
} from '../state/dhcp4d-config.ts';
import { quirks } from './quirks.ts';

/**
 * The engine's settings for one interface: router7's (row D4S-02) with what the file says laid over them.
 *
 * @param prefix the interface's own address with the length of its subnet
 * @throws EncodeError `bad-value` when the subnet has no room for clients, or the settings name half a pool or a class
 *   without a condition
 */
export function serverSettings(prefix: Ipv4Prefix, settings: Dhcp4dInterface = {}): ServerConfig {
  const defaults = defaultServerConfig(prefix);
  return {
    ...defaults,
    authoritative: settings.authoritative ?? true,
    rapidCommit: settings.rapid_commit ?? false,
    probe: settings.probe ?? true,
    subnets: [
      subnetSettings(defaultSubnetConfig(prefix), settings),
      ...(settings.relayed ?? []).map((relayed) =>
        subnetSettings(relayedDefaults(Ipv4Prefix.parse(relayed.prefix), prefix.address), relayed),
      ),
    ],
  };
}

/** Behind a relay agent this router is the name server, but not the next hop: that is the agent, to be set by hand. */
function relayedDefaults(prefix: Ipv4Prefix, server: Ipv4Address): SubnetConfig {
  const network = new Ipv4Prefix(prefix.network, prefix.length);
  const defaults = defaultSubnetConfig(network);
  const options = defaults.options
    .filter(({ kind }) => kind !== 'router')
    .map((option): Option => (option.kind === 'domainNameServer' ? { ...option, value: [server] } : option));
  return { ...defaults, prefix: network, options };
}

function subnetSettings(defaults: SubnetConfig, settings: Dhcp4dSubnet): SubnetConfig {
  const leaseTimeSeconds = settings.lease_time_seconds ?? defaults.leaseTimeSeconds;
  const longest = settings.max_lease_time_seconds ?? defaults.maximumLeaseTimeSeconds;
  return {
    ...defaults,
    pools: pools(defaults, settings),
    leaseTimeSeconds,
    maximumLeaseTimeSeconds: Math.max(longest, leaseTimeSeconds),
    // The last of one code counts.
    options: withoutDuplicates([...defaults.options, ...options(settings)]),
    reservations: (settings.reservations ?? []).map(reservation),
    classes: [...quirks(leaseTimeSeconds), ...(settings.classes ?? []).map(clientClass)],
  };
}

function pools({ pools, prefix }: SubnetConfig, settings: Dhcp4dSubnet): SubnetConfig['pools'] {
  const { first, last, start, limit } = settings;
  if (first !== undefined && last !== undefined) {
    return [{ first: Ipv4Address.parse(first), last: Ipv4Address.parse(last) }];
  }
  if (first !== undefined || last !== undefined) {
    throw new EncodeError('bad-value', 'a pool needs both first and last');
  }
  if (start === undefined && limit === undefined) return pools;
  const from = prefix.network.plus(start ?? 1);
  const to = Math.min(from.value + (limit ?? 230) - 1, prefix.broadcast.value - 1);
  return [{ first: from, last: new Ipv4Address(to) }];
}

function reservation(settings: Dhcp4dReservation): Reservation {
  const { addr, hardware_addr, client_id, hostname } = settings;
  return {
    address: Ipv4Address.parse(addr),
    ...(hardware_addr === undefined ? {} : { hardwareAddress: MacAddress.parse(hardware_addr) }),
    ...(client_id === undefined ? {} : { clientIdentifier: fromHex(client_id) }),
    ...(hostname === undefined ? {} : { hostName: hostname }),
    options: withoutDuplicates(options(settings)),
  };
}

function clientClass(settings: Dhcp4dClass): ClientClass {
  const { name, lease_time_seconds, next_server, boot_file } = settings;
  const conditions: ClientMatcher[] = [];
  if (settings.vendor_class !== undefined) conditions.push(vendorClassBegins(settings.vendor_class));
  if (settings.arch !== undefined) conditions.push(bootsOn(settings.arch));
  if (settings.makers !== undefined) conditions.push(madeBy(settings.makers.map((text) => MacAddress.parse(text))));
  if (conditions.length === 0) throw new EncodeError('bad-value', `the class ${name} has no condition`);
  return {
    name,
    matches: (message) => conditions.every((matches) => matches(message)),
    options: withoutDuplicates(options(settings)),
    ...(lease_time_seconds === undefined ? {} : { leaseTimeSeconds: lease_time_seconds }),
    ...(next_server === undefined ? {} : { nextServer: Ipv4Address.parse(next_server) }),
    ...(boot_file === undefined ? {} : { bootFile: boot_file }),
  };
}

/** The options that the keys stand for; those that are written out by number come last and win. */
function options(settings: Dhcp4dParameters): Option[] {
  const { domain, search, mtu, v6_only_seconds, captive_portal, static_routes } = settings;
  const list = (texts: readonly string[]): Ipv4Address[] => texts.map((text) => Ipv4Address.parse(text));
  const all: Option[] = [];
  if (settings.routers !== undefined) all.push({ kind: 'router', value: list(settings.routers) });
  if (settings.dns !== undefined) all.push({ kind: 'domainNameServer', value: list(settings.dns) });
  if (domain !== undefined) all.push({ kind: 'domainName', value: domain });
  const domains = search ?? (domain === undefined ? undefined : [domain]);
  if (domains !== undefined) all.push({ kind: 'domainSearch', value: domains });
  if (mtu !== undefined) all.push({ kind: 'interfaceMtu', value: mtu });
  if (settings.ntp !== undefined) all.push({ kind: 'ntpServers', value: list(settings.ntp) });
  if (v6_only_seconds !== undefined) all.push({ kind: 'ipv6OnlyPreferred', value: v6_only_seconds });
  if (captive_portal !== undefined) all.push({ kind: 'captivePortal', value: captive_portal });
  if (static_routes !== undefined) {
    const value = static_routes.map(({ destination, gateway }) => ({
      destination: Ipv4Prefix.parse(destination),
      router: Ipv4Address.parse(gateway),
    }));
    all.push({ kind: 'classlessStaticRoute', value });
  }
  for (const [number, octets] of Object.entries(settings.options ?? {})) {
    all.push({ kind: 'raw', code: Number(number), data: fromHex(octets) });
  }
  return all;
}

function withoutDuplicates(all: readonly Option[]): Option[] {
  const byCode = new Map<number, Option>();
  for (const option of all) byCode.set('code' in option ? option.code : (optionCode(option.kind) ?? 0), option);
  // An option without any value takes away the one of the defaults.
  return [...byCode.values()].filter(
    (option) => !('value' in option && Array.isArray(option.value) && option.value.length === 0),
  );
}
