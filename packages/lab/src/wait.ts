import { setTimeout as sleep } from 'node:timers/promises';

let patience = 1;

/** Has all waiting in this process last so many times longer: for who waits for a machine that is emulated. */
export function bePatient(factor: number): void {
  patience = factor;
}

/** A time that somebody has for something, or what it is for a machine that is emulated. */
export function patient(timeoutMs: number): number {
  return timeoutMs * patience;
}

/**
 * Waits until `probe` gives something else than undefined or false, looking every 50 ms.
 *
 * @throws Error naming `what` when it takes longer than `timeoutMs`; the last error of `probe` is its cause
 */
export async function until<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = performance.now() + patient(timeoutMs);
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${patient(timeoutMs) / 1000} s`, { cause });
    await sleep(50);
  }
}
