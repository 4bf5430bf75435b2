import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Ipv4Prefix } from '@router7/wire';
import type { Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';

/** What a real DHCP server is to give. Times in seconds. */
export interface Serving {
  /** 198.51.100.0/24 when absent. */
  readonly subnet?: string;
  readonly first?: string;
  readonly last?: string;
  readonly lease: number;
  readonly t1: number;
  readonly t2: number;
  /** Option 3; 198.51.100.1 when absent. */
  readonly routers?: readonly string[];
  readonly dns?: readonly string[];
  /** Interface of the server; `wan` when absent. */
  readonly device?: string;
  /** More arguments (dnsmasq), or lines of the subnet (dhcpd). */
  readonly more?: readonly string[];
  /** More keys of the subnet (Kea). */
  readonly keys?: Readonly<Record<string, unknown>>;
}

/** Starts a server on a host; leases outlive it in a file that the next one reads. Resolves when it answers. */
export type StartServer = (host: Host, serving: Serving) => Promise<Program>;

interface Filled extends Required<Omit<Serving, 'more' | 'keys'>> {
  readonly prefix: Ipv4Prefix;
  readonly folder: string;
  readonly more: readonly string[];
  readonly keys: Readonly<Record<string, unknown>>;
}

function fill(host: Host, serving: Serving): Filled {
  const folder = `/tmp/server-${host.name}`;
  mkdirSync(folder, { recursive: true });
  const subnet = serving.subnet ?? '198.51.100.0/24';
  const base = subnet.slice(0, subnet.lastIndexOf('.'));
  return {
    first: `${base}.100`,
    last: `${base}.120`,
    routers: [`${base}.1`],
    dns: ['203.0.113.53', '203.0.113.54'],
    device: 'wan',
    more: [],
    keys: {},
    ...serving,
    subnet,
    folder,
    prefix: Ipv4Prefix.parse(subnet),
  };
}

/** ISC Kea; a lease of any length. */
const kea: StartServer = async (host, serving) => {
  const s = fill(host, serving);
  const options = [
    { name: 'domain-name-servers', data: s.dns.join(', ') },
    ...(s.routers.length === 0 ? [] : [{ name: 'routers', data: s.routers.join(', ') }]),
  ];
  const subnet = {
    id: 1,
    subnet: s.subnet,
    pools: [{ pool: `${s.first} - ${s.last}` }],
    'option-data': options,
    ...s.keys,
  };
  const configuration = {
    Dhcp4: {
      authoritative: true,
      'interfaces-config': {
        interfaces: [s.device],
        'dhcp-socket-type': 'raw',
        'service-sockets-max-retries': 1000,
        'service-sockets-retry-wait-time': 100,
      },
      'lease-database': { type: 'memfile', persist: true, name: `${s.folder}/leases.csv` },
      'valid-lifetime': s.lease,
      'renew-timer': s.t1,
      'rebind-timer': s.t2,
      subnet4: [subnet],
      loggers: [{ name: 'kea-dhcp4', output_options: [{ output: 'stdout' }], severity: 'INFO' }],
    },
  };
  writeFileSync(`${s.folder}/kea.json`, JSON.stringify(configuration));
  const program = host.start(`${host.name} kea`, 'kea-dhcp4', ['-c', `${s.folder}/kea.json`], {
    KEA_PIDFILE_DIR: s.folder,
    KEA_LOCKFILE_DIR: s.folder,
    KEA_LOGGER_DESTINATION: 'stdout',
  });
  await program.line(/DHCP4_STARTED/, 30_000);
  return program;
};

/** dnsmasq; a lease of two minutes at least. */
const dnsmasq: StartServer = async (host, serving) => {
  const s = fill(host, serving);
  const program = host.start(`${host.name} dnsmasq`, 'dnsmasq', [
    ...[
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--user=root',
      '--group=',
      '--port=0',
      '--log-facility=-',
      '--log-dhcp',
    ],
    ...[`--interface=${s.device}`, '--bind-interfaces', '--dhcp-authoritative', '--no-ping', '--pid-file='],
    ...[`--dhcp-range=${s.first},${s.last},${s.prefix.mask},${s.lease}`, `--dhcp-leasefile=${s.folder}/leases`],
    ...[`--dhcp-option=option:router${s.routers.map((router) => `,${router}`).join('')}`],
    ...[`--dhcp-option=option:dns-server,${s.dns.join(',')}`],
    ...[`--dhcp-option=option:T1,${s.t1}`, `--dhcp-option=option:T2,${s.t2}`],
    ...s.more,
  ]);
  await program.line(/DHCP, IP range/, 30_000);
  return program;
};

/** ISC dhcpd; a lease of any length. */
const isc: StartServer = async (host, serving) => {
  const s = fill(host, serving);
  const lines = [
    'authoritative; ping-check false;',
    `default-lease-time ${s.lease}; max-lease-time ${s.lease}; min-lease-time ${s.lease};`,
    `option dhcp-renewal-time ${s.t1}; option dhcp-rebinding-time ${s.t2};`,
    `subnet ${s.prefix.network} netmask ${s.prefix.mask} {`,
    `  range ${s.first} ${s.last};`,
    ...(s.routers.length === 0 ? [] : [`  option routers ${s.routers.join(', ')};`]),
    `  option domain-name-servers ${s.dns.join(', ')};`,
    ...s.more,
    '}',
  ];
  writeFileSync(`${s.folder}/dhcpd.conf`, `${lines.join('\n')}\n`);
  if (!existsSync(`${s.folder}/dhcpd.leases`)) writeFileSync(`${s.folder}/dhcpd.leases`, '');
  const files = ['-cf', `${s.folder}/dhcpd.conf`, '-lf', `${s.folder}/dhcpd.leases`];
  const program = host.start(`${host.name} dhcpd`, 'dhcpd', ['-4', '-f', '-d', '--no-pid', ...files, s.device]);
  await program.line(/Server starting service/, 30_000);
  return program;
};

/** The servers by name. */
export const servers = { kea, dnsmasq, isc } as const satisfies Record<string, StartServer>;

/** What their names are here. */
export type ServerName = keyof typeof servers;

/** All of them. */
export const serverNames: readonly ServerName[] = ['kea', 'dnsmasq', 'isc'];

/** Their programs. */
export const programs = { kea: 'kea-dhcp4', dnsmasq: 'dnsmasq', isc: 'dhcpd' } as const;
