import { Hono } from 'hono';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ReplyCounters } from './durable-replies.ts';
import type { JournalTableCounters } from './journal-table-options.ts';
import type { Fetch } from './private-listener.ts';

/** A registry with the process's own metrics in it (processor time, memory, event loop delay). */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** The answer to `GET /metrics`, in the text format of Prometheus. */
export async function metricsResponse(registry: Registry): Promise<Response> {
  return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
}

/** The pages of a daemon that shows nothing but its metrics. @param register makes them in a registry */
export function metricsPages(register: (registry: Registry) => void): Fetch {
  const registry = createMetrics();
  register(registry);
  const app = new Hono();
  app.get('/metrics', () => metricsResponse(registry));
  return app.fetch as Fetch;
}

/**
 * Metrics that are plain numbers elsewhere: prom-client's counters would cost more than a whole exchange does. They are handed
 * over when somebody asks (row MT-01).
 */
export class PlainMetrics {
  readonly #registers: Registry[];

  constructor(registry: Registry) {
    this.#registers = [registry];
  }

  gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: this.#registers,
      collect() {
        this.set(value());
      },
    });
  }

  counter(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: this.#registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  /** A counter for each value of a label. */
  counters(name: string, help: string, label: string, values: () => Iterable<[string, number]>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: this.#registers,
      collect() {
        this.reset();
        for (const [key, value] of values()) this.inc({ [label]: key }, value);
      },
    });
  }

  /** A histogram for each value of a label; without a label, of the only one. */
  histogram(name: string, help: string, label: string | undefined, values: () => Iterable<HistogramValue>): void {
    const get = async (): Promise<unknown> => ({
      name,
      help,
      type: 'histogram',
      values: samples(name, label, values()),
    });
    // prom-client's own wants to be told of each value that is observed.
    for (const registry of this.#registers) registry.registerMetric({ name, get } as never);
  }

  /** What became of replies. @param daemon what the names begin with */
  replies(daemon: string, counters: () => ReplyCounters): void {
    this.counter(`${daemon}_replies_withheld_total`, 'Promises not sent: their lease could not be written.', () => {
      return counters().withheld;
    });
    this.counter(`${daemon}_replies_unsent_total`, 'Replies that found no room in a queue.', () => counters().unsent);
  }

  /** What a lease table tells of the disk. @param daemon what the names begin with */
  table(daemon: string, { counters }: { readonly counters: Readonly<JournalTableCounters> }): void {
    this.counter(`${daemon}_journal_syncs_total`, 'Groups of leases written to disk.', () => counters.syncs);
    this.counter(`${daemon}_journal_failures_total`, 'Groups that could not be written.', () => counters.failedSyncs);
    this.counter(`${daemon}_snapshots_total`, 'How often leases.json was written.', () => counters.snapshots);
    this.counter(`${daemon}_snapshot_failures_total`, 'How often it could not be written.', () => {
      return counters.failedSnapshots;
    });
  }
}

/** What has been counted for a histogram. */
export interface HistogramValue {
  /** Value of the label; nothing without a label. */
  readonly of?: string;
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[];
  /** How often each bound was the lowest one that is not exceeded, and at last how often all were. */
  readonly counts: readonly number[];
  readonly sum: number;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

function samples(name: string, label: string | undefined, values: Iterable<HistogramValue>): readonly Sample[] {
  return [...values].flatMap(({ of = '', bounds, counts, sum }) => {
    const labels: Record<string, string> = label === undefined ? {} : { [label]: of };
    let count = 0;
    const buckets = counts.map((each, index) => {
      count += each;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[index] ?? '+Inf' }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
}

/** Counts by name. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  [Symbol.iterator](): IterableIterator<[string, number]> {
    return this.#counts.entries();
  }
}
