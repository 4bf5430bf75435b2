import { z } from 'zod';

/** Where diagd tells whether the Internet is reached. */
export const HEALTH_URL = 'http://localhost:7733/health.json';

/** How often it is asked, milliseconds. */
export const HEALTH_INTERVAL_MS = 60_000;

/** So many bad answers in a row, and the lease is held to be worth nothing although its server thinks otherwise. */
export const BAD_CYCLES = 20;

/** What the watch wants: forget the lease and look for another, the second time after giving it back. */
export type HealthVerdict = { readonly kind: 'restart'; readonly release: boolean };

/** Answer of a diagnosis: good, bad with a reason, or none. */
export type HealthAnswer = { readonly ok: boolean; readonly reason: string } | undefined;

const schema = z.object({ first_error: z.string() });

/**
 * Counts bad diagnoses. After {@link BAD_CYCLES} in a row a fresh DISCOVER is due (D4C-08); when the lease from that is
 * no better after as many again, it is released first (D4C-09): some providers' servers forget what they gave.
 * No answer at all is no opinion: a router without diagnosis must not lose its lease for that.
 */
export class HealthCount {
  #bad = 0;
  #restarts = 0;

  /** Takes one answer, and says what is to be done now, if anything. */
  count(answer: HealthAnswer): HealthVerdict | undefined {
    if (answer === undefined) return undefined;
    if (answer.ok) {
      this.#bad = 0;
      this.#restarts = 0;
      return undefined;
    }
    if (++this.#bad < BAD_CYCLES) return undefined;
    this.#bad = 0;
    this.#restarts++;
    return { kind: 'restart', release: this.#restarts > 1 };
  }
}

/** Asks diagd once. Never rejects. */
export async function askHealth(url: string = HEALTH_URL, timeoutMs: number = 10_000): Promise<HealthAnswer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) return undefined;
    const { first_error } = schema.parse(await response.json());
    return { ok: first_error === '', reason: first_error };
  } catch {
    return undefined;
  }
}
