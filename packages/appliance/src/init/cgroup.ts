import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the image mounts the cgroup file system (cgroups(7), version 2). */
export const CGROUP_ROOT = '/sys/fs/cgroup';
/** A process of Node has a dozen threads. */
const MOST_THREADS = 64;

const USUAL_WEIGHT = 100;

/** What a cgroup is to hold its service to. */
export interface GroupLimits {
  readonly memoryMiB: number;
  /** Share of a processor that others want, too. */
  readonly cpuWeight?: number | undefined;
}

/** A cgroup of one service. */
export interface Group {
  readonly folder: string;
  /** Who writes 0 there is in it, with all that it starts. */
  readonly processesFile: string;
}

/** The cgroup of a service, whether there is one or not. */
export function groupOf(service: string, root: string = CGROUP_ROOT): Group {
  const folder = join(root, `router7.${service}`);
  return { folder, processesFile: join(folder, 'cgroup.procs') };
}

/**
 * Makes a service's cgroup and sets its limits. When its processes need more memory, the kernel ends them all, and nobody
 * else's: half a daemon is of no use, and the supervisor starts it again.
 *
 * @returns undefined where the machine has no version 2, or no right to it
 */
export function makeGroup(
  service: string,
  { memoryMiB, cpuWeight = USUAL_WEIGHT }: GroupLimits,
  root: string = CGROUP_ROOT,
): Group | undefined {
  // Only version 2 has this file.
  if (!existsSync(join(root, 'cgroup.controllers'))) return undefined;
  const group = groupOf(service, root);
  const set = (folder: string, name: string, value: string | number): void =>
    writeFileSync(join(folder, name), `${value}`);
  try {
    set(root, 'cgroup.subtree_control', '+memory +cpu +pids');
    mkdirSync(group.folder, { recursive: true });
    endGroup(service, root);
    killsBefore.set(service, outOfMemoryKills(service, root));
    set(group.folder, 'memory.max', memoryMiB * 1024 * 1024);
    set(group.folder, 'memory.oom.group', 1);
    set(group.folder, 'cpu.weight', cpuWeight);
    set(group.folder, 'pids.max', MOST_THREADS);
    return group;
  } catch {
    return undefined;
  }
}

/**
 * Ends whatever is left in a service's cgroup (cgroup.kill, since Linux 5.14): what it has started must not outlive it, still
 * less be beside the next one, with its rights. Never throws: there may be no cgroup, and none before the first start.
 */
export function endGroup(service: string, root: string = CGROUP_ROOT): void {
  try {
    writeFileSync(join(groupOf(service, root).folder, 'cgroup.kill'), '1', { flag: 'r+' });
  } catch {
    // Nothing was started there.
  }
}

/** How often it had happened to a service when it was last started. */
const killsBefore = new Map<string, number>();

/** Whether that is how a service has ended which {@link makeGroup} was called for before it was started. */
export function isOutOfMemory(service: string): boolean {
  const before = killsBefore.get(service);
  return before !== undefined && outOfMemoryKills(service) > before;
}

/** How often processes of a service were ended because it had used up its memory; 0 where that is not known. */
export function outOfMemoryKills(service: string, root: string = CGROUP_ROOT): number {
  try {
    const events = readFileSync(join(groupOf(service, root).folder, 'memory.events'), 'utf8');
    return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
