import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Host, Program } from '@router7/lab';
import type { BenchServer } from '../dhcp/exchanges.ts';
import { type BenchClient, Network } from './population.ts';

/** A server, with files in which `clients` have their leases already. */
interface PopulatedServer {
  readonly name: string;
  start(host: Host, directory: string, clients: readonly BenchClient[]): Promise<Program>;
}

const END = Math.floor(Date.now() / 1000) + Network.leaseTimeSeconds;
const pinned = ['-c', '0'];

const router7: PopulatedServer = {
  name: 'router7',
  async start(host, directory, clients) {
    const perm = `${directory}/perm`;
    mkdirSync(`${perm}/dhcp4d`, { recursive: true });
    const write = (name: string, value: unknown): void => writeFileSync(`${perm}/${name}`, JSON.stringify(value));
    write('interfaces.json', {
      interfaces: [{ name: 'lan0', addr: `${Network.server}/${Network.prefixLength}` }],
    });
    write('dhcp4d/config.json', {
      interfaces: {
        lan0: {
          first: Network.first,
          last: Network.last,
          lease_time_seconds: Network.leaseTimeSeconds,
          // The other servers do not ask whether an address is in use, either.
          probe: false,
        },
      },
    });
    const expiry = new Date(END * 1000).toISOString();
    const acknowledged = new Date().toISOString();
    const leases = clients.map(({ mac, address }, num) => ({
      num,
      addr: address,
      hardware_addr: mac,
      hostname: '',
      hostname_override: '',
      expiry,
      last_ack: acknowledged,
      client_id: `01${mac.replaceAll(':', '')}`,
    }));
    write('dhcp4d/leases.json', leases);
    const daemon = fileURLToPath(new URL('daemons/dhcp4d.ts', import.meta.resolve('@router7/appliance')));
    const mount = `mount --bind ${perm} /perm && exec "$@"`;
    const node = [process.execPath, '--conditions=@router7/source', daemon, '-interface=lan0'];
    return host.start('router7', 'unshare', ['--mount', 'sh', '-c', mount, 'sh', 'taskset', ...pinned, ...node]);
  },
};

/**
 * Kea, which tells each lease in its log unless it is told not to.
 *
 * @param severity INFO is what its Debian package ships; WARN says next to nothing
 */
const kea = (name: string, severity: 'INFO' | 'WARN'): PopulatedServer => ({
  name,
  async start(host, directory, clients) {
    mkdirSync(directory, { recursive: true });
    const rows = clients.map(({ mac, address }) =>
      [address, mac, `01:${mac}`, Network.leaseTimeSeconds, END, 1, 0, 0, '', 0, ''].join(','),
    );
    const head =
      'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context';
    writeFileSync(`${directory}/leases.csv`, `${[head, ...rows].join('\n')}\n`);
    const configuration = {
      Dhcp4: {
        'interfaces-config': { interfaces: ['lan0'], 'dhcp-socket-type': 'udp' },
        'lease-database': { type: 'memfile', persist: true, name: `${directory}/leases.csv`, 'lfc-interval': 0 },
        'valid-lifetime': Network.leaseTimeSeconds,
        subnet4: [
          {
            id: 1,
            subnet: `10.7.0.0/${Network.prefixLength}`,
            pools: [{ pool: `${Network.first} - ${Network.last}` }],
            'option-data': [
              { name: 'routers', data: Network.server },
              { name: 'domain-name-servers', data: Network.server },
              { name: 'domain-name', data: 'lan' },
            ],
          },
        ],
        loggers: [{ name: 'kea-dhcp4', output_options: [{ output: `${directory}/kea.log` }], severity }],
      },
    };
    writeFileSync(`${directory}/kea.json`, JSON.stringify(configuration));
    return host.start(name, 'taskset', [...pinned, 'kea-dhcp4', '-c', `${directory}/kea.json`], {
      KEA_PIDFILE_DIR: directory,
      KEA_LOCKFILE_DIR: directory,
      KEA_LOGGER_DESTINATION: 'stdout',
    });
  },
});

const dhcpd: PopulatedServer = {
  name: 'dhcpd',
  async start(host, directory, clients) {
    mkdirSync(directory, { recursive: true });
    const leases = clients.map(({ mac, address }) => {
      const uid = `01:${mac}`
        .split(':')
        .map((octet) => `\\${Number.parseInt(octet, 16).toString(8).padStart(3, '0')}`)
        .join('');
      const times = `starts epoch ${END - Network.leaseTimeSeconds}; ends epoch ${END};`;
      return `lease ${address} { ${times} binding state active; hardware ethernet ${mac}; uid "${uid}"; }`;
    });
    writeFileSync(`${directory}/dhcpd.leases`, `authoring-byte-order little-endian;\n${leases.join('\n')}\n`);
    writeFileSync(
      `${directory}/dhcpd.conf`,
      `default-lease-time ${Network.leaseTimeSeconds}; max-lease-time ${Network.leaseTimeSeconds}; ping-check false;
authoritative;
subnet 10.7.0.0 netmask 255.255.0.0 {
  range ${Network.first} ${Network.last};
  option routers ${Network.server}; option domain-name-servers ${Network.server}; option domain-name "lan";
}
`,
    );
    const files = [
      '-cf',
      `${directory}/dhcpd.conf`,
      '-lf',
      `${directory}/dhcpd.leases`,
      '-pf',
      `${directory}/dhcpd.pid`,
    ];
    return host.start('dhcpd', 'taskset', [...pinned, 'dhcpd', '-4', '-f', '-q', ...files, 'lan0']);
  },
};

const dnsmasq: PopulatedServer = {
  name: 'dnsmasq',
  async start(host, directory, clients) {
    mkdirSync(directory, { recursive: true });
    const rows = clients.map(({ mac, address }) => `${END} ${mac} ${address} * 01:${mac}`);
    writeFileSync(`${directory}/dnsmasq.leases`, `${rows.join('\n')}\n`);
    return host.start('dnsmasq', 'taskset', [
      ...[...pinned, 'dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--user=root', '--group=', '--port=0'],
      ...['--interface=lan0', '--bind-interfaces', '--no-ping', '--dhcp-authoritative', '--pid-file='],
      ...['--quiet-dhcp', '--log-facility=-', '--dhcp-lease-max=70000', '--domain=lan'],
      `--dhcp-leasefile=${directory}/dnsmasq.leases`,
      `--dhcp-range=${Network.first},${Network.last},255.255.0.0,${Network.leaseTimeSeconds}`,
    ]);
  },
};

/**
 * What the kernel's part of an exchange costs, with and without a synced write for each batch: no server can do with less.
 * See dhcp4-floor.c.
 */
const floor = (name: string, synced: boolean): PopulatedServer => ({
  name,
  async start(host, directory) {
    mkdirSync(directory, { recursive: true });
    const program = '/tmp/dhcp4-floor';
    const source = fileURLToPath(new URL('../dhcp4-floor.c', import.meta.url));
    execFileSync('cc', ['-O2', '-o', program, source]);
    return host.start(name, 'taskset', [...pinned, program, ...(synced ? [`${directory}/journal`] : [])]);
  },
});

/** The servers, ours first. @param clients whose leases they have already */
export function servers(clients: readonly BenchClient[]): readonly BenchServer[] {
  return [
    router7,
    kea('kea', 'INFO'),
    kea('kea-quiet', 'WARN'),
    dhcpd,
    dnsmasq,
    floor('floor', false),
    floor('floor-synced', true),
  ].map(({ name, start }) => ({ name, start: (host, directory) => start(host, directory, clients) }));
}
