import { ServerTransport } from '@router7/appliance/dhcp4/server-transport';
import { drive } from '@router7/appliance/runtime/drive';
import { createLog } from '@router7/appliance/runtime/log';
import { systemClock } from '@router7/appliance/system/clock';
import { RtNetlink } from '@router7/appliance/system/rtnetlink';
import { defaultServerConfig, MemoryLeaseTable, type Option, ServerEngine, type ServerEvent } from '@router7/dhcp4';
import { Ipv4Address, Ipv4Prefix } from '@router7/wire';

/*
 * A provider's DHCPv4 server: our own engine, with leases that are forgotten when it ends.
 *
 * usage: embedded-server.ts SETTINGS, where SETTINGS is the JSON of EmbeddedSettings. Prints `ready` when it answers, then a
 * line for each change of a lease.
 */

/** What the provider gives, in texts. */
export interface EmbeddedSettings {
  readonly interface: string;
  /** The server's own address with the length of its customers' subnet. */
  readonly prefix: string;
  /** First and last address for customers. */
  readonly first: string;
  readonly last: string;
  readonly router: string;
  readonly dns: readonly string[];
  /** None when absent. */
  readonly ntp?: readonly string[];
  readonly leaseTimeSeconds: number;
  /** T1; about half of the lease time when absent. */
  readonly renewalTimeSeconds?: number;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as EmbeddedSettings;
const log = createLog();
const prefix = Ipv4Prefix.parse(settings.prefix);

const netlink = new RtNetlink();
const link = await netlink.linkByName(settings.interface);
netlink.close();
if (link?.hardwareAddress === undefined) throw new Error(`there is no Ethernet interface ${settings.interface}`);

const options: Option[] = [
  { kind: 'subnetMask', value: prefix.mask },
  { kind: 'router', value: [Ipv4Address.parse(settings.router)] },
  { kind: 'domainNameServer', value: settings.dns.map(Ipv4Address.parse) },
  { kind: 'broadcastAddress', value: prefix.broadcast },
];
if (settings.ntp !== undefined) options.push({ kind: 'ntpServers', value: settings.ntp.map(Ipv4Address.parse) });
if (settings.renewalTimeSeconds !== undefined) {
  options.push({ kind: 'renewalTime', value: settings.renewalTimeSeconds });
}
const config = {
  ...defaultServerConfig(prefix),
  subnets: [
    {
      prefix,
      pools: [{ first: Ipv4Address.parse(settings.first), last: Ipv4Address.parse(settings.last) }],
      leaseTimeSeconds: settings.leaseTimeSeconds,
      maximumLeaseTimeSeconds: settings.leaseTimeSeconds,
      options,
      reservations: [],
      classes: [],
    },
  ],
};

const { index, name, hardwareAddress } = link;
const transport = new ServerTransport({ index, name, hardwareAddress, address: prefix.address }, log, tell);
const engine = new ServerEngine(config, new MemoryLeaseTable(), { random: Math.random });
const running = drive(engine, transport, systemClock, log);
console.log('ready');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void running.close().then(() => process.exit(0)));
}

function tell(event: ServerEvent): void {
  if (event.kind === 'lease') console.log(`${event.what} ${event.lease.address}`);
  else if (event.kind === 'refused') console.log(`refused ${event.address}`);
}
