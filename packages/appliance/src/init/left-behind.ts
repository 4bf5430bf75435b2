import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICE_VARIABLE, SUPERVISOR_VARIABLE } from '../runtime/supervised.ts';
import { Pidfd } from '../system/pidfd.ts';
import { environmentOf, isRunning, networkNamespaceOf, processIds, sessionOf, titleOf } from '../system/processes.ts';

const PATIENCE_MS = 5000;
const INTERVAL_MS = 20;

/**
 * Ends the services that a supervisor which was killed has left behind and that nothing is recorded of: beside the ones that
 * are about to start they would answer every client twice, and two processes would write the same files.
 *
 * @param names of services
 * @param patienceMs after which those that do not end by themselves are made to
 * @returns the names of those that were there
 */
export async function endLeftBehind(
  names: readonly string[],
  patienceMs: number = PATIENCE_MS,
): Promise<readonly string[]> {
  const found = processIds().flatMap((pid) => {
    const name = serviceOf(pid, names);
    const process = name === undefined ? undefined : Pidfd.open(pid);
    return name === undefined || process === undefined ? [] : [{ name, pid, process }];
  });
  const end = performance.now() + patienceMs;
  for (const { process } of found) process.signal('SIGTERM');
  for (const { pid, process } of found) {
    // SIGCONT tells whether it is still there, and lets one that was stopped hear of its end. A zombie is nobody any more.
    while (isRunning(pid) && process.signal('SIGCONT')) {
      if (performance.now() > end) process.signal('SIGKILL');
      await sleep(INTERVAL_MS);
    }
    process.close();
  }
  return [...new Set(found.map(({ name }) => name))];
}

/**
 * Which of these services a process is: by its title, or, before it has that, by what a supervisor has put into its
 * environment. Its children have that, too, so it counts only for who is the first of its session.
 */
function serviceOf(pid: number, names: readonly string[]): string | undefined {
  if (pid === process.pid || networkNamespaceOf(pid) !== networkNamespaceOf('self')) return undefined;
  const title = titleOf(pid);
  const byTitle = names.find((name) => title === `/user/${name}`);
  if (byTitle !== undefined) return byTitle;
  if (environmentOf(pid, SUPERVISOR_VARIABLE) === undefined || sessionOf(pid) !== pid) return undefined;
  return names.find((name) => name === environmentOf(pid, SERVICE_VARIABLE));
}
