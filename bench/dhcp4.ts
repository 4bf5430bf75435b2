import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cable, type Host, onStage } from '@router7/lab';
import { benchExchanges, type LoadResult } from './dhcp/exchanges.ts';
import { perfdhcp } from './dhcp/perfdhcp.ts';
import { Network, population } from './dhcp4/population.ts';
import { servers } from './dhcp4/servers.ts';
import { resultsFile } from './results.ts';

/*
 * Whole DHCPv4 exchanges per second and server CPU per exchange, side by side in one run: router7's dhcp4d with its
 * synced journal against Kea (memfile), ISC dhcpd and dnsmasq, all with the same 50,000 leases on the same disk. Two rows
 * more tell what no server on this machine could do with less than (dhcp4-floor.c).
 *
 * usage: dhcp4.ts [--seconds N] [--rounds N] [--leases N] [--only NAME,NAME] [--load NAME] [--json FILE]
 */
await onStage(import.meta.url, { results: resultsFile('dhcp4') });

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    leases: { type: 'string', default: '50000' },
    only: { type: 'string', default: '' },
    load: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

/** So long a server may take to meet all clients before it is measured: dnsmasq would take minutes. */
const PREPARATION_SECONDS = 10;

const leases = Number(values.leases);
const generator = '/tmp/dhcp4-load';
execFileSync('cc', ['-O2', '-o', generator, fileURLToPath(new URL('dhcp4-load.c', import.meta.url))]);

const clients = population(leases);
const only = values.only === '' ? undefined : values.only.split(',');
await benchExchanges({
  title: `DHCPv4, ${leases} leases`,
  servers: servers(clients).filter(({ name }) => only?.includes(name) ?? true),
  // The two closed loops are dhcp4-load.c's; a rate in exchanges per second is perfdhcp's.
  loads: [
    { name: '32 outstanding', run: (load, seconds) => run(load, 32, seconds, 0) },
    { name: '1 at a time', run: (load, seconds) => run(load, 1, seconds, 0) },
    {
      name: 'perfdhcp 2000/s',
      run: (load, seconds) => {
        const relay = ['-4', '-l', Network.relay, '-R', String(leases)];
        return perfdhcp(load, [...relay, '-r', '2000'], seconds, Network.server);
      },
    },
  ],
  only: values.load,
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  settings: { leases },
  connect(host, load) {
    cable(host, 'lan0', load, 'eth0');
    host.ip(`address add ${Network.server}/${Network.prefixLength} dev lan0`);
    host.ip('link set lan0 up');
    load.ip(`address add ${Network.relay}/${Network.prefixLength} dev eth0`);
    load.ip('link set eth0 up');
  },
  answers: async (load) => (await run(load, 1, 1, 1)).exchanges === 1,
  // All clients once, or as many as there is time for: what a server does once, such as compiling itself, is not what counts.
  prepare: async (load) => {
    await run(load, 32, PREPARATION_SECONDS, leases);
  },
});
process.exit(0);

async function run(load: Host, window: number, seconds: number, limit: number): Promise<LoadResult> {
  const first = limit === 1 ? leases - 1 : 0;
  const count = limit === 1 ? 1 : leases;
  const args = [Network.relay, Network.server, seconds, window, count, first, limit].map(String);
  return JSON.parse(await load.run('taskset', ['-c', '1', generator, ...args], (seconds + 20) * 1000));
}
