import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Host, handResults, type Program, until } from '@router7/lab';

/*
 * Whole exchanges per second and server CPU per exchange of several DHCP servers, side by side in one run: each on a computer
 * of its own with a load generator on the other end of a cable, and only the one whose turn it is running.
 */

/** A server to measure. */
export interface BenchServer {
  readonly name: string;
  /** Starts it on `lan0` of the host, with its files in `directory`, on a disk where fdatasync costs. */
  start(host: Host, directory: string): Promise<Program>;
}

/** What a load generator has counted. */
export interface LoadResult {
  readonly exchanges: number;
  readonly seconds: number;
  /** From the first message to the last, microseconds. */
  readonly p50?: number;
  readonly p99?: number;
  readonly retries?: number;
  readonly refused?: number;
  readonly duplicates?: number;
}

/** A way to put a server under load. */
export interface BenchLoad {
  readonly name: string;
  run(load: Host, seconds: number): Promise<LoadResult>;
}

/** What is measured, and how. */
export interface ExchangesBench {
  readonly title: string;
  readonly servers: readonly BenchServer[];
  readonly loads: readonly BenchLoad[];
  /** Part of the names of the loads that are put on; all when it is empty. */
  readonly only: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Goes along into the file of results. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Lays the cable. */
  connect(host: Host, load: Host): void;
  /** Whether a server that was just started answers. */
  answers(load: Host): Promise<boolean>;
  /** What a server is to have before it is measured; nothing when absent. */
  prepare?(load: Host): Promise<void>;
}

/** One server under load once. */
interface Sample {
  readonly exchangesPerSecond: number;
  /** User and system time of the server's process, microseconds. */
  readonly cpuPerExchange: number;
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

/** Processor time in a second that counts as nothing. */
const IDLE_SECONDS = 0.03;

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Measures, prints a table, and writes the results. Ours is the first server. */
export async function benchExchanges(bench: ExchangesBench): Promise<void> {
  const candidates: Candidate[] = [];
  for (const server of bench.servers) candidates.push(await prepare(bench, server, candidates));
  for (let round = 0; round < bench.rounds; round++) {
    for (const load of chosen(bench)) {
      for (const candidate of candidates) {
        const samples = candidate.samples.get(load.name) ?? [];
        samples.push(await measure(candidates, candidate, load, bench.seconds));
        candidate.samples.set(load.name, samples);
      }
    }
  }
  report(bench, candidates);
  for (const { program } of candidates) {
    program.kill('SIGCONT');
    await program.stop();
  }
}

function chosen({ loads, only }: ExchangesBench): readonly BenchLoad[] {
  return loads.filter(({ name }) => name.includes(only));
}

/** Gives a server a computer of its own and a load generator on the other end of a cable. */
async function prepare(bench: ExchangesBench, server: BenchServer, others: readonly Candidate[]): Promise<Candidate> {
  for (const { program } of others) program.kill('SIGSTOP');
  const host = new Host(`s-${server.name}`);
  const load = new Host(`l-${server.name}`);
  bench.connect(host, load);
  // The stage's own file system is memory; what it shares with the outside is on a disk, where fdatasync costs.
  const program = await server.start(host, `/run/lab/${server.name}`);
  await until(`${server.name} answers`, 60_000, async () => {
    if (program.status !== undefined) throw new Error(program.output.slice(-5).join(' | '));
    return bench.answers(load);
  });
  await bench.prepare?.(load);
  await rest(server, program.pid);
  return { server, program, load, samples: new Map() };
}

/** Waits until a server has nothing left to do: a file to be written, routes to be set. */
async function rest(server: BenchServer, pid: number): Promise<void> {
  let before = cpuSeconds(pid);
  await until(`${server.name} rests`, 60_000, async () => {
    await sleep(1000);
    const since = before;
    before = cpuSeconds(pid);
    return before - since < IDLE_SECONDS;
  });
}

async function measure(
  candidates: readonly Candidate[],
  candidate: Candidate,
  load: BenchLoad,
  seconds: number,
): Promise<Sample> {
  const pid = candidate.program.pid;
  // A slow server works off what it has been sent long after its turn, and would take that time from the next one.
  for (const other of candidates) other.program.kill(other === candidate ? 'SIGCONT' : 'SIGSTOP');
  const before = cpuSeconds(pid);
  const {
    exchanges,
    p50 = 0,
    p99 = 0,
    retries = 0,
    refused = 0,
    duplicates = 0,
    ...result
  } = await load.run(candidate.load, seconds);
  const cpu = cpuSeconds(pid) - before;
  return {
    exchangesPerSecond: exchanges / result.seconds,
    cpuPerExchange: (cpu * 1e6) / Math.max(exchanges, 1),
    p50,
    p99,
    retries,
    refused,
    duplicates,
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

function report(bench: ExchangesBench, candidates: readonly Candidate[]): void {
  const { title, rounds, seconds, settings } = bench;
  const table: Record<string, unknown>[] = [];
  for (const { name } of chosen(bench)) {
    const ours = candidates[0]?.samples.get(name) ?? [];
    for (const { server, samples } of candidates) {
      const list = samples.get(name) ?? [];
      const of = (key: keyof Sample): number => median(list.map((sample) => sample[key]));
      const sum = (key: keyof Sample): number => list.reduce((total, sample) => total + sample[key], 0);
      // Ratios of each round, so that a machine that changes its speed between rounds changes both sides.
      const ratio = (key: keyof Sample): number =>
        median(list.map((sample, round) => (ours[round]?.[key] ?? Number.NaN) / sample[key]));
      table.push({
        load: name,
        server: server.name,
        'exchanges/s': Math.round(of('exchangesPerSecond')),
        'CPU us/exchange': Number(of('cpuPerExchange').toFixed(1)),
        'p50 us': of('p50'),
        'p99 us': of('p99'),
        retries: sum('retries'),
        refused: sum('refused'),
        duplicates: sum('duplicates'),
        'our rate / its': Number(ratio('exchangesPerSecond').toFixed(2)),
        'our CPU / its': Number(ratio('cpuPerExchange').toFixed(3)),
      });
    }
  }
  console.log(`${title}, ${rounds} rounds of ${seconds} s, medians`);
  console.table(table);
  handResults({ ...settings, rounds, seconds, table });
}
