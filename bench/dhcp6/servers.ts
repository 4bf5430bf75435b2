import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchServer } from '../dhcp/exchanges.ts';

/** The network that both servers serve: an address in 2001:db8:7::/64 and a /64 of a /48 for each client. */
const FIRST_HOST = '::1000';
const LAST_HOST = '::2:ffff';
const pinned = ['-c', '0'];

const router7: BenchServer = {
  name: 'router7',
  async start(host, directory) {
    const perm = `${directory}/perm`;
    for (const folder of ['dhcp6d', 'dhcp6/wire']) mkdirSync(`${perm}/${folder}`, { recursive: true });
    const write = (name: string, value: unknown): void => writeFileSync(`${perm}/${name}`, JSON.stringify(value));
    write('interfaces.json', { interfaces: [{ name: 'lan0', addr: '192.168.42.1/24' }] });
    write('ipv6.json', { ula: 'off' });
    const lan0 = { addresses: true, first: FIRST_HOST, last: LAST_HOST };
    // All clients of the load are behind one address.
    write('dhcp6d.json', { interfaces: { lan0 }, leases_per_neighbour: 65_536 });
    const end = new Date(Date.now() + 86_400_000).toISOString();
    const times = { t1: end, t2: end, preferred_until: end, valid_until: end };
    write('dhcp6/wire/lease.json', {
      valid_until: end,
      prefixes: [{ IP: '2001:db8:7::', Mask: '////////AAAAAAAAAAAAAA==' }],
      dns: [],
      delegations: [{ prefix: '2001:db8:7::/48', iaid: 1, ...times }],
    });
    const daemon = fileURLToPath(new URL('daemons/dhcp6d.ts', import.meta.resolve('@router7/appliance')));
    const mount = `mount --bind ${perm} /perm && exec "$@"`;
    const node = [process.execPath, '--conditions=@router7/source', daemon];
    return host.start('router7', 'unshare', ['--mount', 'sh', '-c', mount, 'sh', 'taskset', ...pinned, ...node]);
  },
};

/**
 * Kea, which tells each lease in its log unless it is told not to. It makes no routes.
 *
 * @param severity INFO is what its Debian package ships; WARN says next to nothing
 */
const kea = (name: string, severity: 'INFO' | 'WARN'): BenchServer => ({
  name,
  async start(host, directory) {
    mkdirSync(directory, { recursive: true });
    const configuration = {
      Dhcp6: {
        'interfaces-config': { interfaces: ['lan0'] },
        'lease-database': { type: 'memfile', persist: true, name: `${directory}/leases.csv`, 'lfc-interval': 0 },
        'preferred-lifetime': 2700,
        'valid-lifetime': 5400,
        subnet6: [
          {
            id: 1,
            subnet: '2001:db8:7::/64',
            interface: 'lan0',
            pools: [{ pool: `2001:db8:7${FIRST_HOST} - 2001:db8:7${LAST_HOST}` }],
            'pd-pools': [{ prefix: '2001:db8:8::', 'prefix-len': 48, 'delegated-len': 64 }],
            'option-data': [
              { name: 'dns-servers', data: '2001:db8:7::1' },
              { name: 'domain-search', data: 'lan' },
            ],
          },
        ],
        loggers: [{ name: 'kea-dhcp6', output_options: [{ output: `${directory}/kea.log` }], severity }],
      },
    };
    writeFileSync(`${directory}/kea.json`, JSON.stringify(configuration));
    return host.start(name, 'taskset', [...pinned, 'kea-dhcp6', '-c', `${directory}/kea.json`], {
      KEA_PIDFILE_DIR: directory,
      KEA_LOCKFILE_DIR: directory,
      KEA_LOGGER_DESTINATION: 'stdout',
    });
  },
});

/** The servers, ours first. */
export const servers: readonly BenchServer[] = [router7, kea('kea', 'INFO'), kea('kea-quiet', 'WARN')];
