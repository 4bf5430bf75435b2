import { cable, Host, type Program, until } from '@router7/lab';
import { ask, askByDnsperf, type DnsLoad, type LoadResult, type Queries, uniqueNames } from './loads.ts';
import { cpuMicroseconds, residentBytes } from './process-usage.ts';
import { type DnsServer, LOCAL_NAMES, Network, type Tools } from './servers.ts';

/** Seconds of a load before it is measured. */
const WARM_UP = 0.3;

/** One server under load once. */
export interface Sample {
  readonly queriesPerSecond: number;
  /** Of the server's threads, user and system time, microseconds. */
  readonly cpuPerQuery: number;
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  readonly wrong: number;
}

/** A server on a computer of its own, and on the other end of a cable who asks it, and whom it asks. */
export class Site {
  readonly server: DnsServer;
  readonly samples: Map<string, Sample[]> = new Map();
  readonly #tools: Tools;
  readonly #host: Host;
  readonly #load: Host;
  #programs: readonly Program[] = [];

  constructor(server: DnsServer, tools: Tools) {
    this.server = server;
    this.#tools = tools;
    this.#host = new Host(`s-${server.name}`);
    this.#load = new Host(`l-${server.name}`);
    cable(this.#host, 'lan0', this.#load, 'eth0');
    this.#host.ip(`address add ${Network.server}/24 dev lan0`);
    this.#host.ip('link set lan0 up');
    this.#load.ip(`address add ${Network.client}/24 dev eth0`);
    this.#load.ip(`address add ${Network.upstream}/32 dev eth0`);
    this.#load.ip('link set eth0 up');
    this.#host.ip(`route add default via ${Network.client}`);
  }

  get pid(): number {
    return this.#programs[0]?.pid ?? -1;
  }

  get residentBytes(): number {
    return residentBytes(this.pid);
  }

  /** Starts the server, and resolves when it knows what it is to know. */
  async start(): Promise<void> {
    const upstream = this.#load.start('upstream', 'taskset', ['-c', '1', this.#tools.upstream, Network.upstream]);
    await upstream.line(/ready/, 10_000);
    const server = this.server.start(this.#host, `/run/lab/${this.server.name}`, this.#tools);
    this.#programs = [server, upstream];
    for (const names of [LOCAL_NAMES, uniqueNames(100).names]) {
      await until(`${this.server.name} answers for ${names}`, 60_000, async () => {
        if (server.status !== undefined) throw new Error(server.output.slice(-5).join(' | '));
        return (await this.ask({ ...uniqueNames(0), names }, 1, 10)).answered === 10;
      });
    }
  }

  /** Fills the cache. */
  async fill(): Promise<void> {
    if (this.server.fill > 0) await this.askForUnique(this.server.fill);
  }

  /** Asks for so many names that were never asked for. */
  askForUnique(names: number): Promise<LoadResult> {
    return this.ask(uniqueNames(100), 600, names);
  }

  ask(queries: Queries, seconds: number, limit: number): Promise<LoadResult> {
    return ask(this.#load, this.#tools.generator, queries, seconds, limit);
  }

  async measure({ queries, dnsperf }: DnsLoad, seconds: number): Promise<Sample> {
    await this.ask({ ...queries, rate: 0 }, WARM_UP, 0);
    const before = cpuMicroseconds(this.pid);
    const result = dnsperf ? await askByDnsperf(this.#load, queries, seconds) : await this.ask(queries, seconds, 0);
    const { answered, lost, wrong, p50, p99 } = result;
    return {
      queriesPerSecond: answered / result.seconds,
      cpuPerQuery: (cpuMicroseconds(this.pid) - before) / Math.max(answered, 1),
      p50,
      p99,
      lost,
      wrong,
    };
  }

  /** Has the server go on, or stand still: it is not to take time from another one's turn. */
  setTurn(turn: boolean): void {
    for (const program of this.#programs) program.kill(turn ? 'SIGCONT' : 'SIGSTOP');
  }

  async stop(): Promise<void> {
    for (const program of this.#programs) await program.stop('SIGKILL');
  }
}
