import { type ForwarderStatistics, Rcode } from '@router7/dns';
import type { Registry } from 'prom-client';
import { type HistogramValue, PlainMetrics } from '../runtime/metrics.ts';
import type { AnswererStatistics } from './orders.ts';

/** Bounds of an upstream's round-trip times, in seconds: 1 ms to 2048 ms. */
const RTT_BOUNDS: readonly number[] = Array.from({ length: 12 }, (_, exponent) => 2 ** exponent / 1000);
/** Questions of a query, as router7 counts them. */
const QUESTION_BOUNDS: readonly number[] = Array.from({ length: 10 }, (_, count) => count);

const RCODES = new Map<number, string>(Object.entries(Rcode).map(([name, code]) => [code, name]));

/** What the metrics are made of. */
export interface DnsMetricsSource {
  /** Of the moment of the request. */
  readonly statistics: () => AnswererStatistics;
  readonly connections: () => number;
}

/** Makes the metrics of a registry: router7's names, and what they do not tell (rows DNS-27 and MT-01). */
export function registerDnsMetrics(registry: Registry, { statistics, connections }: DnsMetricsSource): void {
  const metrics = new PlainMetrics(registry);
  const forwarder = (): ForwarderStatistics => statistics().forwarder;
  metrics.counter('dns_queries', 'Queries.', () => forwarder().queries.udp + forwarder().queries.tcp);
  metrics.counters('dns_upstream', 'Queries by who knew the answer: this router, or others.', 'upstream', () => {
    const { local, blocked, cached, stale, forwarded, failed } = forwarder().answers;
    return [
      ['local', local + blocked],
      ['DNS', cached + stale + forwarded + failed],
    ];
  });
  metrics.histogram('dns_questions', 'Questions in a query.', undefined, () => [questions(statistics().questions)]);
  metrics.counters('dnsd_queries_total', 'Queries by transport.', 'transport', () => {
    return Object.entries(forwarder().queries);
  });
  metrics.counters('dnsd_answers_total', 'Responses by where they came from.', 'from', () => {
    return Object.entries(forwarder().answers);
  });
  metrics.counters('dnsd_responses_total', 'Responses by rcode.', 'rcode', () => {
    return forwarder().rcodes.flatMap((count, code): [string, number][] => {
      return count === 0 ? [] : [[RCODES.get(code) ?? String(code), count]];
    });
  });
  metrics.counter('dnsd_prefetches_total', 'Popular answers asked for before they expired.', () => {
    return forwarder().prefetches;
  });
  metrics.counter('dnsd_joined_total', "Queries that waited for another one's answer.", () => forwarder().joined);
  metrics.counter('dnsd_rebinds_total', 'Answers kept from clients for their private addresses.', () => {
    return forwarder().rebinds;
  });
  metrics.gauge('dnsd_pending', 'Questions in flight.', () => forwarder().pending);
  metrics.gauge('dnsd_connections', 'TCP connections of clients.', connections);
  metrics.counters('dnsd_datagrams_dropped_total', 'Datagrams without an answer.', 'reason', () => {
    const { strangers, truncated, unsent } = statistics().datagrams;
    return Object.entries({ stranger: strangers, truncated, unsent });
  });
  cacheMetrics(metrics, statistics);
  upstreamMetrics(metrics, forwarder);
}

function cacheMetrics(metrics: PlainMetrics, statistics: () => AnswererStatistics): void {
  metrics.gauge('dnsd_cache_entries', 'Answers in the cache.', () => statistics().cache.entries);
  metrics.gauge('dnsd_cache_bytes', 'Octets that they take.', () => statistics().cache.bytes);
  metrics.gauge('dnsd_cache_capacity_bytes', 'Octets of the cache.', () => statistics().cache.capacityBytes);
  metrics.counter('dnsd_cache_evictions_total', 'Entries that had to go for others.', () => statistics().cache.evicted);
}

function upstreamMetrics(metrics: PlainMetrics, forwarder: () => ForwarderStatistics): void {
  const counters = (name: string, help: string, key: 'asked' | 'answered' | 'failed' | 'timeouts' | 'errors'): void =>
    metrics.counters(name, help, 'upstream', () => {
      return forwarder().upstreams.map((upstream): [string, number] => [upstream.label, upstream[key]]);
    });
  counters('dnsd_upstream_questions_total', 'Questions sent.', 'asked');
  counters('dnsd_upstream_answers_total', 'Answers that were of use.', 'answered');
  counters('dnsd_upstream_failures_total', 'Questions that could not be sent.', 'failed');
  counters('dnsd_upstream_timeouts_total', 'Questions that got no answer in time.', 'timeouts');
  counters('dnsd_upstream_errors_total', 'Answers that were of no use.', 'errors');
  metrics.histogram('dnsd_upstream_rtt_seconds', 'Time to the answer.', 'upstream', () => {
    return forwarder().upstreams.map(({ label, rttBuckets, rttSum }) => {
      return { of: label, bounds: RTT_BOUNDS, counts: rttBuckets, sum: rttSum / 1000 };
    });
  });
}

function questions(counts: readonly number[]): HistogramValue {
  const sum = counts.reduce((total, count, questions) => total + count * questions, 0);
  return { bounds: QUESTION_BOUNDS, counts, sum };
}
