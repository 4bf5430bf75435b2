import { readFileSync } from 'node:fs';
import type { Host } from '../../src/host.ts';

/** Process id of a daemon on a host, found by its title. Rejects when there is none. */
export async function pidOn(host: Host, name: string): Promise<number> {
  const pids = (await host.run('ip', ['netns', 'pids', host.name])).split('\n').filter((text) => text !== '');
  const pid = pids.find((pid) => titleOf(pid) === `/user/${name}`);
  if (pid === undefined) throw new Error(`no process /user/${name} on ${host.name}`);
  return Number(pid);
}

/** Signals a daemon on a host. @returns its process id */
export async function signalOn(host: Host, name: string, signal: NodeJS.Signals): Promise<number> {
  const pid = await pidOn(host, name);
  process.kill(pid, signal);
  return pid;
}

function titleOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/, 1)[0] ?? '';
  } catch {
    return '';
  }
}
