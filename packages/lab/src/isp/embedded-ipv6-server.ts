import { randomBytes } from 'node:crypto';
import { ServerTransport } from '@router7/appliance/dhcp6/server-transport';
import { drive } from '@router7/appliance/runtime/drive';
import { createLog } from '@router7/appliance/runtime/log';
import { systemClock } from '@router7/appliance/system/clock';
import { RtNetlink } from '@router7/appliance/system/rtnetlink';
import {
  defaultLinkConfig,
  defaultServerConfig,
  encodeDuid,
  MemoryLeaseTable,
  ServerEngine,
  type ServerEvent,
} from '@router7/dhcp6';
import { defaultRouterConfig, RouterEngine } from '@router7/ndp';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { Address6 } from '../home.ts';
import { AdvertisingTransport } from './advertising-transport.ts';

/*
 * A provider's DHCPv6 server and the advertisements of its router: our own engines. Leases are forgotten when it ends.
 *
 * usage: embedded-ipv6-server.ts INTERFACE DELEGATION. Prints `ready` when it answers, then a line for each change of a lease.
 */
const [device = '', delegation = ''] = process.argv.slice(2);
const PREFERRED_SECONDS = 20;
const VALID_SECONDS = 40;

const log = createLog();
const netlink = new RtNetlink();
const link = await netlink.linkByName(device);
netlink.close();
if (link?.hardwareAddress === undefined) throw new Error(`there is no Ethernet interface ${device}`);
const { index, name, hardwareAddress } = link;
const linkLayerAddress = hardwareAddress.toBytes();
const customers = Ipv6Prefix.parse(Address6.customers);
const delegated = Ipv6Prefix.parse(delegation);
const dns = Ipv6Address.parse(Address6.dns);
const forEver = { preferredUntil: Number.POSITIVE_INFINITY, validUntil: Number.POSITIVE_INFINITY };

const server = new ServerEngine(
  {
    ...defaultServerConfig(encodeDuid({ kind: 'linkLayer', hardwareType: 1, linkLayerAddress })),
    links: [
      {
        ...defaultLinkConfig(name),
        prefixes: [{ prefix: customers, ...forEver }],
        addresses: true,
        options: [{ kind: 'dnsServers', value: [dns] }],
      },
    ],
    delegations: [{ prefix: delegated, ...forEver, taken: [] }],
    shortestPrefixLength: delegated.length,
    prefixLength: delegated.length,
    preferredLifetimeSeconds: PREFERRED_SECONDS,
    validLifetimeSeconds: VALID_SECONDS,
  },
  new MemoryLeaseTable(),
  {
    randomOctets: (count) => randomBytes(count),
    placeSecret: randomBytes(16),
    replayDetection: () => BigInt(Date.now()),
  },
);
const router = new RouterEngine(
  {
    ...defaultRouterConfig(Ipv6Address.parse(Address6.ispLinkLocal), linkLayerAddress),
    minRtrAdvIntervalSeconds: 3,
    maxRtrAdvIntervalSeconds: 10,
    managedAddressConfiguration: true,
    otherConfiguration: true,
    prefixes: [
      {
        prefix: customers,
        onLink: true,
        autonomous: false,
        dhcpv6PdPreferred: false,
        valid: { mostSeconds: 7200 },
        preferred: { mostSeconds: 1800 },
      },
    ],
    dnsServers: [{ address: dns, lifetime: { mostSeconds: 30 } }],
  },
  { random: Math.random },
);
const running = [
  drive(server, new ServerTransport([{ index, name }], log, tell), systemClock, log),
  drive(router, new AdvertisingTransport({ index, name }), systemClock, log),
];
console.log('ready');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void Promise.all(running.map((engine) => engine.close())).then(() => process.exit(0)));
}

function tell(event: ServerEvent): void {
  if (event.kind === 'lease') console.log(`${event.what} ${event.lease.kind} of slot ${event.lease.slot}`);
  else if (event.kind !== 'discarded') console.log(event.kind);
}
