import { keyOf, type LastingOption, lifetimeOf, withdrawalOf } from './lasting-option.ts';
import { endOf } from './lifetime.ts';

/** Things that are remembered at most. A home has a handful; a provider that renumbers each minute has to stop somewhere. */
export const MOST_HELD = 64;
/** Unless more than the others of them are told at present: so many that are over are remembered in any case. */
const MOST_STALE = 32;

/** Something that hosts were told, for a process that starts later. */
export interface RememberedOption {
  /** As it is to be taken back: with lifetimes of 0. */
  readonly option: LastingOption;
  /** The longest that hosts were told it lasts. */
  readonly lifetimeSeconds: number;
}

interface Held extends RememberedOption {
  /** When the last host forgets it. */
  readonly until: number;
}

/**
 * What hosts hold on to because this router has told them, until the last of them forgets it: what of it is not advertised
 * any more has to be taken back all that time (RFC 9096 section 3.5: for at least the valid lifetime that it
 * was advertised with before).
 *
 * How long a thing may be held is remembered as a length of time, not as a time of day: then nothing has to be written while
 * nothing changes, and a clock that is wrong after a power cut does no harm. It is taken back for longer than is needed
 * instead.
 */
export class HeldOptions {
  /** What was told last stands last, also where it was known before, and in what is remembered. */
  readonly #held = new Map<string, Held>();

  /** @param remembered by an earlier process: hosts may have been told a moment ago */
  constructor(remembered: readonly RememberedOption[], now: number) {
    for (const { option, lifetimeSeconds } of remembered) {
      this.#held.set(keyOf(option), {
        option: withdrawalOf(option),
        lifetimeSeconds,
        until: endOf(lifetimeSeconds, now),
      });
    }
  }

  /** Takes note of what hosts are about to be told. @returns whether {@link remembered} is another one now */
  note(options: readonly LastingOption[], now: number): boolean {
    let changed = this.#forget(now);
    // A restart keeps no times: what was told last is known by its place only.
    changed = this.#isOvertaken(options) || changed;
    for (const option of options) {
      const lifetimeSeconds = lifetimeOf(option);
      const key = keyOf(option);
      const before = this.#held.get(key);
      if (before === undefined && lifetimeSeconds === 0) continue;
      const withdrawal = withdrawalOf(option);
      const longest = Math.max(lifetimeSeconds, before?.lifetimeSeconds ?? 0);
      const until = Math.max(endOf(lifetimeSeconds, now), before?.until ?? now);
      if (before?.lifetimeSeconds !== longest || !sameFlags(before.option, withdrawal)) changed = true;
      this.#held.delete(key);
      this.#held.set(key, { option: withdrawal, lifetimeSeconds: longest, until });
    }
    return this.#bound(options) || changed;
  }

  /** What has to be taken back beside what is told: everything else that somebody may hold on to. */
  stale(options: readonly LastingOption[], now: number): LastingOption[] {
    const told = new Set(options.map(keyOf));
    return [...this.#held].flatMap(([key, { option, until }]) => (told.has(key) || until <= now ? [] : [option]));
  }

  /** Everything that hosts may hold on to. */
  get remembered(): RememberedOption[] {
    return [...this.#held.values()].map(({ option, lifetimeSeconds }) => ({ option, lifetimeSeconds }));
  }

  #forget(now: number): boolean {
    let changed = false;
    for (const [key, { until }] of this.#held) if (until <= now) changed = this.#held.delete(key) || changed;
    return changed;
  }

  /** Whether something that is told stands ahead of something of its kind that is not. */
  #isOvertaken(options: readonly LastingOption[]): boolean {
    const told = new Set(options.map(keyOf));
    const kinds = new Set<LastingOption['kind']>();
    for (const [key, { option }] of this.#held) {
      if (told.has(key)) kinds.add(option.kind);
      else if (kinds.has(option.kind)) return true;
    }
    return false;
  }

  /**
   * Leaves those behind that matter least when there are too many, of those that are not told at present: before a prefix
   * everything else, and of equals the one that was told longest ago. That has been taken back most often; one that has little
   * time left may have been told a moment ago.
   */
  #bound(options: readonly LastingOption[]): boolean {
    if (this.#held.size <= MOST_HELD) return false;
    const told = new Set(options.map(keyOf));
    const stale = [...this.#held]
      .filter(([key]) => !told.has(key))
      .sort(([, a], [, b]) => weight(a.option) - weight(b.option));
    const most = Math.max(MOST_HELD - (this.#held.size - stale.length), MOST_STALE);
    const surplus = stale.slice(0, Math.max(stale.length - most, 0));
    for (const [key] of surplus) this.#held.delete(key);
    return surplus.length > 0;
  }
}

/** A prefix that is gone cuts its hosts off; the rest only delays them. */
function weight({ kind }: LastingOption): number {
  return kind === 'prefixInformation' ? 1 : 0;
}

/** Whether two options with the same key and lifetimes of 0 say the same. */
function sameFlags(a: LastingOption, b: LastingOption): boolean {
  if (a.kind !== 'prefixInformation' || b.kind !== 'prefixInformation') return true;
  return a.value.onLink === b.value.onLink && a.value.autonomous === b.value.autonomous;
}
