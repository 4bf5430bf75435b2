import { CacheState } from '../../src/index.ts';

/** An answer that a naive cache knows. */
export interface Known {
  readonly number: number;
  readonly storedAt: number;
  readonly lifetime: number;
  policy: number;
}

/** A failure that it knows. */
export interface KnownFailure {
  readonly storedAt: number;
  readonly lifetime: number;
  readonly generation: number;
}

/** What is found, and how it is told. */
export interface Outcome {
  readonly found: number;
  readonly number: number;
  readonly ttl: number;
}

const STALE_SECONDS = 259_200;
const NOTHING: Outcome = { found: CacheState.none, number: 0, ttl: 0 };

/** What the cache does, with maps and without bounds. Times are seconds. */
export class NaiveCache {
  readonly exact: Map<string, Known> = new Map();
  readonly named: Map<string, Known> = new Map();
  readonly failures: Map<string, KnownFailure> = new Map();
  policy = 0;
  failureGeneration = 0;

  store(key: string, isName: boolean, number: number, lifetime: number, now: number): void {
    const [mine, other] = isName ? [this.named, this.exact] : [this.exact, this.named];
    mine.set(key, { number, storedAt: now, lifetime, policy: this.policy });
    other.delete(key);
    this.failures.delete(key);
  }

  storeFailure(key: string, now: number): void {
    const before = this.failures.get(key);
    const again =
      before !== undefined &&
      before.generation === this.failureGeneration &&
      now < before.storedAt + 2 * before.lifetime;
    let lifetime = again ? 2 * before.lifetime : 5;
    const known = latest(this.exact.get(key), this.named.get(key), now);
    if (known !== undefined) lifetime = Math.max(30, lifetime);
    lifetime = Math.min(300, lifetime);
    this.failures.set(key, { storedAt: now, lifetime, generation: this.failureGeneration });
  }

  outcome(key: string, now: number): Outcome {
    return this.#outcome(this.exact.get(key), this.named.get(key), this.failures.get(key), now);
  }

  /** What may be found when any of it may have been lost. */
  outcomes(key: string, now: number): Outcome[] {
    const all: Outcome[] = [];
    const failure = this.failures.get(key);
    const longest = failure === undefined ? undefined : { ...failure, lifetime: 300 };
    for (const exact of [this.exact.get(key), undefined]) {
      for (const named of [this.named.get(key), undefined]) {
        for (const failed of [longest, undefined]) all.push(this.#outcome(exact, named, failed, now));
      }
    }
    return all;
  }

  #outcome(
    exact: Known | undefined,
    named: Known | undefined,
    failure: KnownFailure | undefined,
    now: number,
  ): Outcome {
    for (const known of [exact, named]) {
      if (known === undefined || left(known, now) <= 0 || known.policy !== this.policy) continue;
      return { found: CacheState.fresh, number: known.number, ttl: left(known, now) };
    }
    const failed =
      failure !== undefined &&
      failure.generation === this.failureGeneration &&
      now < failure.storedAt + failure.lifetime;
    const known = latest(exact, named, now);
    if (known === undefined) return failed ? { ...NOTHING, found: CacheState.failed } : NOTHING;
    const found =
      known.policy !== this.policy ? CacheState.unchecked : failed ? CacheState.staleAfterFailure : CacheState.stale;
    return { found, number: known.number, ttl: left(known, now) > 0 ? left(known, now) : 30 };
  }
}

function latest(exact: Known | undefined, named: Known | undefined, now: number): Known | undefined {
  const known = exact === undefined || (named !== undefined && left(named, now) > left(exact, now)) ? named : exact;
  return known !== undefined && left(known, now) > -STALE_SECONDS ? known : undefined;
}

function left(known: Known, now: number): number {
  return known.lifetime - (now - known.storedAt);
}
