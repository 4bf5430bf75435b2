import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cable, Host, onStage, type Program, until } from '@router7/lab';
import { perfdhcp } from './dhcp4/perfdhcp.ts';
import { Network, population } from './dhcp4/population.ts';
import { type BenchServer, servers } from './dhcp4/servers.ts';

/*
 * Whole DHCPv4 exchanges per second and server CPU per exchange, side by side in one run: router7's dhcp4d with its
 * synced journal against Kea (memfile), ISC dhcpd and dnsmasq, all with the same 50,000 leases on the same disk. Two rows
 * more tell what no server on this machine could do with less than (dhcp4-floor.c).
 *
 * usage: dhcp4.ts [--seconds N] [--rounds N] [--leases N] [--only NAME,NAME] [--json FILE]
 */
await onStage(import.meta.url);

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    leases: { type: 'string', default: '50000' },
    only: { type: 'string', default: '' },
    json: { type: 'string', default: fileURLToPath(new URL('results/dhcp4.json', import.meta.url)) },
  },
});

/** One server under load once. */
interface Sample {
  readonly exchangesPerSecond: number;
  /** User and system time of the server's process, microseconds. */
  readonly cpuPerExchange: number;
  /** From DISCOVER to ACK, microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly retries: number;
  readonly refused: number;
  readonly duplicates: number;
}

interface Candidate {
  readonly server: BenchServer;
  readonly program: Program;
  readonly load: Host;
  readonly samples: Map<string, Sample[]>;
}

const leases = Number(values.leases);
/** The two closed loops are dhcp4-load.c's; a rate in exchanges per second is perfdhcp's. */
type Load = { readonly name: string; readonly window: number } | { readonly name: string; readonly rate: number };
const loads: readonly Load[] = [
  { name: '32 outstanding', window: 32 },
  { name: '1 at a time', window: 1 },
  { name: 'perfdhcp 2000/s', rate: 2000 },
];
const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const generator = '/tmp/dhcp4-load';
execFileSync('cc', ['-O2', '-o', generator, fileURLToPath(new URL('dhcp4-load.c', import.meta.url))]);

const only = values.only === '' ? undefined : values.only.split(',');
const candidates: Candidate[] = [];
for (const server of servers.filter(({ name }) => only?.includes(name) ?? true)) {
  candidates.push(await prepare(server));
}
for (let round = 0; round < Number(values.rounds); round++) {
  for (const load of loads) {
    for (const candidate of candidates) {
      const samples = candidate.samples.get(load.name) ?? [];
      samples.push(await measure(candidate, load, Number(values.seconds)));
      candidate.samples.set(load.name, samples);
    }
  }
}
report();
for (const { program } of candidates) {
  program.kill('SIGCONT');
  await program.stop();
}
process.exit(0);

/** Gives each server a computer of its own and a load generator on the other end of a cable. */
async function prepare(server: BenchServer): Promise<Candidate> {
  const host = new Host(`s-${server.name}`);
  const load = new Host(`l-${server.name}`);
  cable(host, 'lan0', load, 'eth0');
  host.ip(`address add ${Network.server}/${Network.prefixLength} dev lan0`);
  host.ip('link set lan0 up');
  load.ip(`address add ${Network.relay}/${Network.prefixLength} dev eth0`);
  load.ip('link set eth0 up');
  // The stage's own file system is memory; what it shares with the outside is on a disk, where fdatasync costs.
  const program = await server.start(host, `/run/lab/${server.name}`, population(leases));
  const candidate = { server, program, load, samples: new Map() };
  await until(`${server.name} answers`, 60_000, async () => {
    if (program.status !== undefined) throw new Error(program.output.slice(-5).join(' | '));
    return (await run(load, 1, 1, 1)).exchanges === 1;
  });
  return candidate;
}

async function run(load: Host, window: number, seconds: number, limit: number): Promise<Record<string, number>> {
  const first = limit === 1 ? leases - 1 : 0;
  const clients = limit === 1 ? 1 : leases;
  const args = [Network.relay, Network.server, seconds, window, clients, first, limit].map(String);
  return JSON.parse(await load.run('taskset', ['-c', '1', generator, ...args], (seconds + 20) * 1000));
}

async function measure(candidate: Candidate, load: Load, seconds: number): Promise<Sample> {
  const pid = candidate.program.pid;
  // A slow server works off what it has been sent long after its turn, and would take that time from the next one.
  for (const other of candidates) other.program.kill(other === candidate ? 'SIGCONT' : 'SIGSTOP');
  const before = cpuSeconds(pid);
  const result =
    'window' in load
      ? await run(candidate.load, load.window, seconds, 0)
      : await perfdhcp(candidate.load, leases, seconds, load.rate);
  const cpu = cpuSeconds(pid) - before;
  const { exchanges = 0, seconds: elapsed = seconds } = result;
  const count = (key: string): number => (result as Record<string, number>)[key] ?? 0;
  return {
    exchangesPerSecond: exchanges / elapsed,
    cpuPerExchange: (cpu * 1e6) / Math.max(exchanges, 1),
    p50: count('p50'),
    p99: count('p99'),
    retries: count('retries'),
    refused: count('refused'),
    duplicates: count('duplicates'),
  };
}

/** User and system time of a process and all its threads so far, in seconds. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function report(): void {
  const table: Record<string, unknown>[] = [];
  for (const { name } of loads) {
    const ours = candidates[0]?.samples.get(name) ?? [];
    for (const { server, samples } of candidates) {
      const list = samples.get(name) ?? [];
      const of = (key: keyof Sample): number => median(list.map((sample) => sample[key]));
      // Ratios of each round, so that a machine that changes its speed between rounds changes both sides.
      const ratio = (key: keyof Sample): number =>
        median(list.map((sample, round) => (ours[round]?.[key] ?? Number.NaN) / sample[key]));
      const row = {
        load: name,
        server: server.name,
        'exchanges/s': Math.round(of('exchangesPerSecond')),
        'CPU us/exchange': Number(of('cpuPerExchange').toFixed(1)),
        'p50 us': of('p50'),
        'p99 us': of('p99'),
        retries: list.reduce((sum, sample) => sum + sample.retries, 0),
        refused: list.reduce((sum, sample) => sum + sample.refused, 0),
        duplicates: list.reduce((sum, sample) => sum + sample.duplicates, 0),
        'our rate / its': Number(ratio('exchangesPerSecond').toFixed(2)),
        'our CPU / its': Number(ratio('cpuPerExchange').toFixed(3)),
      };
      table.push(row);
    }
  }
  console.log(`DHCPv4, ${leases} leases, ${values.rounds} rounds of ${values.seconds} s, medians`);
  console.table(table);
  const results = { leases, rounds: Number(values.rounds), seconds: Number(values.seconds), table };
  mkdirSync(fileURLToPath(new URL('results', import.meta.url)), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}
