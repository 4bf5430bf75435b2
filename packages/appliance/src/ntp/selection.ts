/** What one server says about the clock, with how wrong that can be. */
export interface Candidate {
  /** Which server. */
  readonly id: number;
  /** What the clock is behind, milliseconds. */
  readonly offsetMs: number;
  /** Root distance: the true offset lies within it to either side, milliseconds. */
  readonly distanceMs: number;
  /** How much its samples differ, milliseconds. */
  readonly jitterMs: number;
}

/** What the majority says. */
export interface Selection {
  /** Weighted mean of the survivors, milliseconds. */
  readonly offsetMs: number;
  /** How wrong it can be, milliseconds. */
  readonly errorMs: number;
  /** How much the survivors differ, milliseconds. */
  readonly jitterMs: number;
  /** Ids of servers that agree: their intervals meet. */
  readonly truechimers: ReadonlySet<number>;
}

/** Survivors that are enough (NMIN of RFC 5905 figure 27). */
const NMIN = 3;

interface Edge {
  readonly at: number;
  /** 1 where an interval begins, -1 where it ends. */
  readonly type: number;
}

/**
 * Selection, cluster and combine algorithms of RFC 5905 sections 11.2.1 to 11.2.3.
 *
 * Deviations: midpoints of intervals are not looked at, as ways there and back of different length would make liars of
 * honest servers then; and more than half of all servers have to agree, also of those that are silent just now: otherwise
 * a few that lie are the majority whenever answers of the others get lost.
 *
 * @param total servers that might have said something; at least those of `candidates`
 * @returns undefined without a majority
 */
export function select(candidates: readonly Candidate[], total: number): Selection | undefined {
  const most = Math.max(total, candidates.length);
  const meeting = intersection(candidates, most);
  if (meeting === undefined) return undefined;
  const [low, high] = meeting;
  const truechimers = candidates.filter(
    ({ offsetMs, distanceMs }) => offsetMs - distanceMs <= high && offsetMs + distanceMs >= low,
  );
  const survivors = cluster(truechimers);
  let weights = 0;
  let sum = 0;
  for (const { offsetMs, distanceMs } of survivors) {
    weights += 1 / distanceMs;
    sum += offsetMs / distanceMs;
  }
  // Whatever one with a wide interval says, it moves nothing out of where the majority's meet.
  const offsetMs = Math.min(Math.max(sum / weights, low), high);
  return {
    offsetMs,
    errorMs: Math.min(...survivors.map((one) => one.distanceMs + Math.abs(one.offsetMs - offsetMs))),
    jitterMs: Math.sqrt(survivors.reduce((all, one) => all + (one.offsetMs - offsetMs) ** 2, 0) / survivors.length),
    truechimers: new Set(truechimers.map(({ id }) => id)),
  };
}

/** The smallest interval that holds points of as many intervals as possible, of more than half; undefined without one. */
function intersection(
  candidates: readonly Candidate[],
  total: number,
): readonly [low: number, high: number] | undefined {
  const edges: Edge[] = candidates
    .flatMap(({ offsetMs, distanceMs }) => [
      { at: offsetMs - distanceMs, type: 1 },
      { at: offsetMs + distanceMs, type: -1 },
    ])
    // Where one ends and another begins they meet.
    .sort((a, b) => a.at - b.at || b.type - a.type);
  for (let agreeing = candidates.length; 2 * agreeing > total; agreeing--) {
    const low = firstWith(edges, agreeing, 1);
    const high = firstWith([...edges].reverse(), agreeing, -1);
    if (low !== undefined && high !== undefined && low <= high) return [low, high];
  }
  return undefined;
}

/** The first edge at which so many intervals are open, in the order in which `opening` ones open them. */
function firstWith(edges: readonly Edge[], agreeing: number, opening: number): number | undefined {
  let open = 0;
  for (const { at, type } of edges) {
    open += type * opening;
    if (open >= agreeing) return at;
  }
  return undefined;
}

/** Leaves out who differs most from the others, as long as that matters more than how each differs by itself. */
function cluster(truechimers: readonly Candidate[]): readonly Candidate[] {
  let survivors = truechimers;
  while (survivors.length > NMIN) {
    const jitters = survivors.map((one) => selectionJitter(one, survivors));
    const largest = Math.max(...jitters);
    if (largest <= Math.min(...survivors.map(({ jitterMs }) => jitterMs))) break;
    const worst = jitters.indexOf(largest);
    survivors = survivors.filter((_, index) => index !== worst);
  }
  return survivors;
}

function selectionJitter(one: Candidate, all: readonly Candidate[]): number {
  const sum = all.reduce((squares, other) => squares + (other.offsetMs - one.offsetMs) ** 2, 0);
  return Math.sqrt(sum / (all.length - 1));
}
