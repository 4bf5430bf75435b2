import { setTimeout as sleep } from 'node:timers/promises';
import { notify } from '../runtime/notify.ts';

const PATIENCE_MS = 5000;
const INTERVAL_MS = 20;

/**
 * Ends the services that a supervisor which was killed has left behind: beside the ones that are about to start they would
 * answer every client twice, and two processes would write the same files.
 *
 * @param names of services
 * @param patienceMs after which those that do not end by themselves are made to
 * @returns the names of those that were there
 */
export async function endLeftBehind(
  names: readonly string[],
  patienceMs: number = PATIENCE_MS,
): Promise<readonly string[]> {
  const found = names.filter((name) => notify(name, 'SIGTERM'));
  const end = performance.now() + patienceMs;
  for (const name of found) {
    // SIGCONT tells whether it is still there, and lets one that was stopped hear of its end.
    while (notify(name, 'SIGCONT')) {
      if (performance.now() > end) notify(name, 'SIGKILL');
      await sleep(INTERVAL_MS);
    }
  }
  return found;
}
