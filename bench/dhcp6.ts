import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cable, type Host, onStage } from '@router7/lab';
import { benchExchanges, type LoadResult } from './dhcp/exchanges.ts';
import { perfdhcp } from './dhcp/perfdhcp.ts';
import { servers } from './dhcp6/servers.ts';
import { resultsFile } from './results.ts';

/*
 * Whole DHCPv6 exchanges per second and server CPU per exchange, side by side in one run: router7's dhcp6d, with each lease
 * on disk before its Reply and a route for each prefix, against Kea (memfile, which syncs nothing). Every client has an
 * address and a prefix, and all have theirs already when it begins.
 *
 * usage: dhcp6.ts [--seconds N] [--rounds N] [--clients N] [--only NAME,NAME] [--load NAME] [--json FILE]
 */
await onStage(import.meta.url, { results: resultsFile('dhcp6') });

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '10000' },
    only: { type: 'string', default: '' },
    load: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

const clients = Number(values.clients);
const generator = '/tmp/dhcp6-load';
execFileSync('cc', ['-O2', '-o', generator, fileURLToPath(new URL('dhcp6-load.c', import.meta.url))]);

const only = values.only === '' ? undefined : values.only.split(',');
await benchExchanges({
  title: `DHCPv6, ${clients} clients`,
  servers: servers.filter(({ name }) => only?.includes(name) ?? true),
  loads: [
    { name: 'addresses and prefixes, 32 outstanding', run: (load, seconds) => run(load, 32, seconds, 'ap') },
    { name: 'addresses, 32 outstanding', run: (load, seconds) => run(load, 32, seconds, 'a') },
    { name: 'addresses and prefixes, 1 at a time', run: (load, seconds) => run(load, 1, seconds, 'ap') },
    {
      name: 'perfdhcp 500/s',
      run: (load, seconds) => {
        const relay = ['-6', '-e', 'address-and-prefix', '-l', 'eth0', '-R', String(clients)];
        return perfdhcp(load, [...relay, '-r', '500'], seconds);
      },
    },
  ],
  only: values.load,
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  settings: { clients },
  connect(host, load) {
    cable(host, 'lan0', load, 'eth0');
    for (const [each, device, address] of [
      [host, 'lan0', 'fe80::1'],
      [load, 'eth0', 'fe80::2'],
    ] as const) {
      each.ip(`link set ${device} addrgenmode none`);
      each.ip(`link set ${device} up`);
      each.ip(`address add ${address}/64 dev ${device} nodad`);
    }
    // So that Kea takes the link for its own.
    host.ip('address add 2001:db8:7::1/64 dev lan0 nodad');
  },
  answers: async (load) => (await run(load, 1, 2, 'ap', 1)).exchanges === 1,
  // All clients once: a table of this size is what some servers become slow with.
  prepare: async (load) => {
    await run(load, 32, 120, 'ap', clients);
  },
});
process.exit(0);

async function run(load: Host, window: number, seconds: number, what: string, limit: number = 0): Promise<LoadResult> {
  const args = ['eth0', seconds, window, Math.max(clients, window), 0, limit, what].map(String);
  return JSON.parse(await load.run('taskset', ['-c', '1', generator, ...args], (seconds + 20) * 1000));
}
