import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';

/** What a real DHCPv6 server is to give. Times in seconds. */
export interface Serving6 {
  /** A pool with room for one customer; 2001:db8:4200::/56 when absent, none when ''. */
  readonly prefix?: string;
  /** Whether there are addresses, of 2001:db8:100::/64; false when absent. */
  readonly addresses?: boolean;
  readonly preferred: number;
  readonly valid: number;
  readonly t1: number;
  readonly t2: number;
  /** Option 23; 2001:db8:100::53 when absent. */
  readonly dns?: string;
  /** Identifies the server, an octet; 1 when absent. */
  readonly identity?: number;
  /** Whether what earlier servers on the host have given is forgotten; false when absent. */
  readonly forgets?: boolean;
  /** More keys of the subnet (Kea). */
  readonly keys?: Readonly<Record<string, unknown>>;
}

/** The providers' network in all these tests; its servers are on the interface `wan`. */
export const SUBNET6 = '2001:db8:100::/64';
export const SERVER6 = '2001:db8:100::1/64';

/** Starts a server on a host. Resolves when it answers. */
export type StartServer6 = (host: Host, serving: Serving6) => Promise<Program>;

let runs = 0;

interface Filled extends Required<Omit<Serving6, 'forgets'>> {
  readonly folder: string;
  readonly leases: string;
}

function fill(host: Host, serving: Serving6): Filled {
  const folder = `/tmp/server-${host.name}`;
  mkdirSync(folder, { recursive: true });
  return {
    prefix: '2001:db8:4200::/56',
    addresses: false,
    dns: '2001:db8:100::53',
    identity: 1,
    keys: {},
    ...serving,
    folder,
    leases: `${folder}/leases6${serving.forgets === true ? `-${runs++}` : ''}`,
  };
}

/** ISC Kea. */
const kea: StartServer6 = async (host, serving) => {
  const s = fill(host, serving);
  const [prefix = '', length = ''] = s.prefix.split('/');
  const subnet = {
    id: 1,
    subnet: SUBNET6,
    interface: 'wan',
    ...(s.addresses ? { pools: [{ pool: '2001:db8:100::1000 - 2001:db8:100::1fff' }] } : {}),
    ...(prefix === ''
      ? {}
      : { 'pd-pools': [{ prefix, 'prefix-len': Number(length), 'delegated-len': Number(length) }] }),
    'option-data': [{ name: 'dns-servers', data: s.dns }],
    ...s.keys,
  };
  const configuration = {
    Dhcp6: {
      'interfaces-config': {
        interfaces: ['wan'],
        'service-sockets-max-retries': 1000,
        'service-sockets-retry-wait-time': 100,
      },
      'lease-database': { type: 'memfile', persist: true, name: s.leases },
      'server-id': { type: 'EN', 'enterprise-id': 2495, identifier: `010203${hex(s.identity)}`, persist: false },
      'preferred-lifetime': s.preferred,
      'valid-lifetime': s.valid,
      'renew-timer': s.t1,
      'rebind-timer': s.t2,
      subnet6: [subnet],
      loggers: [{ name: 'kea-dhcp6', output_options: [{ output: 'stdout' }], severity: 'INFO' }],
    },
  };
  writeFileSync(`${s.folder}/kea6.json`, JSON.stringify(configuration));
  const program = host.start(`${host.name} kea6`, 'kea-dhcp6', ['-c', `${s.folder}/kea6.json`], {
    KEA_PIDFILE_DIR: s.folder,
    KEA_LOCKFILE_DIR: s.folder,
    KEA_DHCP_DATA_DIR: s.folder,
    KEA_LOGGER_DESTINATION: 'stdout',
  });
  await program.line(/DHCP6_STARTED/, 30_000);
  return program;
};

/** ISC dhcpd. */
const isc: StartServer6 = async (host, serving) => {
  const s = fill(host, serving);
  const [prefix = '', length = ''] = s.prefix.split('/');
  const lines = [
    'authoritative;',
    `option dhcp6.server-id 0:3:0:1:2:0:0:0:0:${hex(s.identity)};`,
    `default-lease-time ${s.valid}; preferred-lifetime ${s.preferred};`,
    `option dhcp-renewal-time ${s.t1}; option dhcp-rebinding-time ${s.t2};`,
    `option dhcp6.name-servers ${s.dns};`,
    `subnet6 ${SUBNET6} {`,
    ...(s.addresses ? ['  range6 2001:db8:100::1000 2001:db8:100::1fff;'] : []),
    ...(prefix === '' ? [] : [`  prefix6 ${prefix} ${prefix} /${length};`]),
    '}',
  ];
  writeFileSync(`${s.folder}/dhcpd6.conf`, `${lines.join('\n')}\n`);
  if (!existsSync(s.leases)) writeFileSync(s.leases, '');
  const files = ['-cf', `${s.folder}/dhcpd6.conf`, '-lf', s.leases];
  const program = host.start(`${host.name} dhcpd6`, 'dhcpd', [
    ...['-6', '-f', '-d', '--no-pid', '-user', 'root', '-group', 'root', ...files, 'wan'],
  ]);
  await program.line(/Server starting service/, 30_000);
  return program;
};

/** dnsmasq: addresses and parameters, for it cannot delegate. */
const dnsmasq: StartServer6 = async (host, serving) => {
  const s = fill(host, serving);
  const range = s.addresses ? `2001:db8:100::1000,2001:db8:100::1fff,64,${Math.max(s.valid, 120)}` : '::,static';
  const program = host.start(`${host.name} dnsmasq6`, 'dnsmasq', [
    ...['--keep-in-foreground', '--conf-file=/dev/null', '--user=root', '--group=', '--port=0', '--pid-file='],
    ...['--log-facility=-', '--log-dhcp', '--interface=wan', '--bind-dynamic', '--dhcp-authoritative'],
    ...[`--dhcp-leasefile=${s.leases}`, `--dhcp-range=${range}`, `--dhcp-option=option6:dns-server,[${s.dns}]`],
  ]);
  await program.line(/DHCPv6/, 30_000);
  return program;
};

/** The servers by name. */
export const servers6 = { kea, isc, dnsmasq } as const satisfies Record<string, StartServer6>;

/** Those that delegate. */
export const delegating = ['kea', 'isc'] as const;

/** Their programs. */
export const programs6 = { kea: 'kea-dhcp6', isc: 'dhcpd', dnsmasq: 'dnsmasq' } as const;

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}
