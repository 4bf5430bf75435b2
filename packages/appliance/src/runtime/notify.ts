import { networkNamespaceOf, processIds, titleOf } from '../system/processes.ts';
import { requestSignal } from './supervised.ts';

/** What a daemon's title begins with, and what another one looks for. */
const TITLE = '/user/';

/**
 * Gives this process the title by which others find it: `/user/<name>`. From then on it has to expect signals: Node opens
 * its debugger, to which any local program can give orders, on a SIGUSR1 that nobody listens to yet.
 */
export function takeTitle(name: string): void {
  process.on('SIGUSR1', () => undefined);
  process.title = `${TITLE}${name}`;
}

/**
 * Signals a daemon: the first process whose command line starts with `/user/<name>`, as router7 finds it. A name that
 * only begins like it (`dhcp4d` for `dhcp4`) is another daemon. Processes of other network namespaces are other
 * routers (tests run several on one machine), and are left alone.
 *
 * In the image each daemon has a user of its own, and neither sees nor signals the others: there the supervisor, which is
 * root, is asked to pass SIGUSR1 or SIGHUP on.
 *
 * @returns whether there was one; false when it was left to the supervisor
 */
export function notify(name: string, signal: NodeJS.Signals = 'SIGUSR1'): boolean {
  const own = networkNamespaceOf('self');
  for (const pid of processIds()) {
    if (pid === process.pid || titleOf(pid) !== `${TITLE}${name}` || networkNamespaceOf(pid) !== own) continue;
    try {
      process.kill(pid, signal);
      return true;
    } catch {
      // It has ended meanwhile, or is another user's: the next one may be meant.
    }
  }
  if (signal === 'SIGUSR1' || signal === 'SIGHUP') requestSignal(name, signal);
  return false;
}
