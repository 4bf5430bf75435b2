import type { Sample, Site } from './site.ts';

/** What is to hold, of medians of ratios (ours by another's) or of our own medians. */
interface Target {
  readonly load: RegExp;
  readonly key: keyof Sample;
  /** Absent: our figure itself. */
  readonly server?: string;
  readonly atMost: number;
}

const TARGETS: readonly Target[] = [
  { load: /^(?:cached|local)(?:, dnsperf)?$/, key: 'cpuPerQuery', server: 'unbound', atMost: 0.75 },
  { load: /^(?:cached|local)(?:, dnsperf)?$/, key: 'cpuPerQuery', server: 'dnsmasq', atMost: 0.33 },
  { load: /^cached, \d+\/s$/, key: 'p99', atMost: 1000 },
  { load: /^forwarded$/, key: 'cpuPerQuery', server: 'unbound', atMost: 0.65 },
  { load: /^forwarded$/, key: 'cpuPerQuery', server: 'dnsmasq', atMost: 1 },
  { load: /^forwarded, \d+\/s$/, key: 'p99', server: 'unbound', atMost: 1 },
  { load: /^forwarded, \d+\/s$/, key: 'p99', server: 'dnsmasq', atMost: 1 },
];

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Ratios of each round, so that a machine that changes its speed between rounds changes both sides. */
function ratio(ours: readonly Sample[], theirs: readonly Sample[], key: keyof Sample): number {
  return median(theirs.map((sample, round) => (ours[round]?.[key] ?? Number.NaN) / sample[key]));
}

/** A row for each load and server. Ours is the first site. */
export function rowsOf(loads: readonly string[], sites: readonly Site[]): readonly Record<string, unknown>[] {
  return loads.flatMap((load) => {
    const ours = sites[0]?.samples.get(load) ?? [];
    return sites.map(({ server, samples }) => {
      const list = samples.get(load) ?? [];
      const of = (key: keyof Sample): number => median(list.map((sample) => sample[key]));
      const sum = (key: keyof Sample): number => list.reduce((total, sample) => total + sample[key], 0);
      return {
        load,
        server: server.name,
        'queries/s': Math.round(of('queriesPerSecond')),
        'CPU us/query': Number(of('cpuPerQuery').toFixed(2)),
        'p50 us': of('p50'),
        'p99 us': of('p99'),
        lost: sum('lost'),
        wrong: sum('wrong'),
        'our rate / its': Number(ratio(ours, list, 'queriesPerSecond').toFixed(2)),
        'our CPU / its': Number(ratio(ours, list, 'cpuPerQuery').toFixed(3)),
        'our p99 / its': Number(ratio(ours, list, 'p99').toFixed(2)),
      };
    });
  });
}

/** A row for each target that was measured. */
export function targetsOf(loads: readonly string[], sites: readonly Site[]): readonly Record<string, unknown>[] {
  const ours = (load: string): readonly Sample[] => sites[0]?.samples.get(load) ?? [];
  return TARGETS.flatMap(({ load: pattern, key, server, atMost }) => {
    const other = sites.find((site) => site.server.name === server);
    if (server !== undefined && other === undefined) return [];
    return loads
      .filter((load) => pattern.test(load))
      .map((load) => {
        const measured =
          other === undefined
            ? median(ours(load).map((sample) => sample[key]))
            : ratio(ours(load), other.samples.get(load) ?? [], key);
        return {
          load,
          figure: key,
          of: server ?? 'router7',
          'at most': atMost,
          measured: Number(measured.toFixed(3)),
          holds: measured <= atMost,
        };
      });
  });
}
