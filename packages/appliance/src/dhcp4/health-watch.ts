import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { z } from 'zod';

/** Where diagd tells whether the Internet is reached. */
export const HEALTH_URL = 'http://localhost:7733/health.json';

/** How often it is asked, milliseconds. */
export const HEALTH_INTERVAL_MS = 60_000;

/** So many bad answers in a row, and the lease is held to be worth nothing although its server thinks otherwise. */
export const BAD_CYCLES = 20;

/** Characters that an answer may have. */
const LONGEST_ANSWER = 65_536;

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
    const { first_error } = schema.parse(JSON.parse(await read(url, AbortSignal.timeout(timeoutMs))));
    return { ok: first_error === '', reason: first_error };
  } catch {
    return undefined;
  }
}

/** Node's `fetch` would take as much memory as all the rest of this daemon, for one request a minute. */
async function read(url: string, signal: AbortSignal): Promise<string> {
  const request = get(url, { signal, agent: false });
  // It may tell of its end more than once.
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`status ${response.statusCode}`);
  }
  let body = '';
  for await (const text of response.setEncoding('utf8')) {
    body += text;
    if (body.length > LONGEST_ANSWER) throw new Error('the answer is too long');
  }
  return body;
}
