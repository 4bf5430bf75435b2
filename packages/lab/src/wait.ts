import { setTimeout as sleep } from 'node:timers/promises';

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
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`, { cause });
    await sleep(50);
  }
}
