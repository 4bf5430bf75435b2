import { writeFileSync } from 'node:fs';
import type { Host } from '@router7/lab';
import { LOCAL_NAMES, Network } from './servers.ts';

/** Names of the Internet that are asked for again and again. */
const CACHED_NAMES = 'n%u.bench.example';
/** Questions for them, A and AAAA: so few that all fit into the smallest cache. */
const QUESTIONS = 100;
/** Queries under way at a time. */
const WINDOW = 64;

/** What a load generator has counted. */
export interface LoadResult {
  readonly answered: number;
  readonly seconds: number;
  readonly lost: number;
  /** Answers that were none. */
  readonly wrong: number;
  /** From query to answer, microseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Queries for one kind of names. */
export interface Queries {
  readonly names: string;
  /** Of a hundred queries, those for a name that was never asked for. */
  readonly unique: number;
  /** Queries per second; 0 for as many as are answered. */
  readonly rate: number;
  /** Under way at a time, without a rate. */
  readonly window: number;
}

/** A way to put a server under load. */
export interface DnsLoad {
  readonly name: string;
  /** What is asked before it is measured, so that all is in the cache that can be. */
  readonly queries: Queries;
  readonly dnsperf: boolean;
}

const cached: Queries = { names: CACHED_NAMES, unique: 0, rate: 0, window: WINDOW };
const local: Queries = { ...cached, names: LOCAL_NAMES };
const forwarded: Queries = { ...cached, unique: 100 };

/** All loads. @param forwardedRate queries per second that the slowest server can still forward */
export function dnsLoads(forwardedRate: number): readonly DnsLoad[] {
  return [
    { name: 'cached', queries: cached, dnsperf: false },
    { name: 'cached, dnsperf', queries: cached, dnsperf: true },
    { name: 'cached, 5000/s', queries: { ...cached, rate: 5000 }, dnsperf: false },
    { name: 'local', queries: local, dnsperf: false },
    { name: 'local, dnsperf', queries: local, dnsperf: true },
    { name: 'forwarded', queries: forwarded, dnsperf: false },
    { name: `forwarded, ${forwardedRate}/s`, queries: { ...forwarded, rate: forwardedRate }, dnsperf: false },
  ];
}

/** The one that fills caches, and what a soak is of. */
export const uniqueNames = (unique: number): Queries => ({ ...cached, unique, window: 2 * WINDOW });

/** Of names that were never asked for before. */
let next = 1;

/** Asks with dns-load. @param limit queries to end after; 0 for none */
export async function ask(
  load: Host,
  generator: string,
  queries: Queries,
  seconds: number,
  limit: number,
): Promise<LoadResult> {
  const { names, unique, rate, window } = queries;
  const args = [Network.server, seconds, window, rate, names, QUESTIONS, unique, next, limit].map(String);
  const result = JSON.parse(await load.run('taskset', ['-c', '1', generator, ...args], (seconds + 20) * 1000));
  next += result.unique;
  return result;
}

/** Asks with dnsperf, which only has names of a file. */
export async function askByDnsperf(load: Host, { names, window }: Queries, seconds: number): Promise<LoadResult> {
  const file = '/tmp/dnsperf.names';
  const questions = Array.from({ length: QUESTIONS }, (_, question) => {
    return `${names.replace('%u', String(question >> 1))} ${question & 1 ? 'AAAA' : 'A'}\n`;
  });
  writeFileSync(file, questions.join(''));
  const args = ['-s', Network.server, '-d', file, '-l', String(seconds), '-q', String(window), '-c', '1', '-T', '1'];
  const text = await load.run('taskset', ['-c', '1', 'dnsperf', ...args], (seconds + 20) * 1000);
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const answered = number(/Queries completed:\s+(\d+)/);
  const good = number(/NOERROR (\d+)/);
  return {
    answered,
    seconds: number(/Run time \(s\):\s+([\d.]+)/),
    lost: number(/Queries lost:\s+(\d+)/),
    wrong: answered - good,
    // It only tells the average.
    p50: Math.round(number(/Average Latency \(s\):\s+([\d.]+)/) * 1e6),
    p99: Number.NaN,
  };
}
