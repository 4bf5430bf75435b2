import { readFileSync, writeFileSync } from 'node:fs';
import { accountOf, groupIdOf } from './accounts.ts';
import { type Group, makeGroup } from './cgroup.ts';
import { isImage } from './image.ts';
import { PROC_MOUNT_OPTIONS } from './kernel-parameters.ts';
import { settleDevices, settleFolders } from './ownership.ts';
import type { Service } from './services.ts';

/** What of a service its confinement follows from. */
export type Confined = Pick<
  Service,
  'name' | 'user' | 'capabilities' | 'writable' | 'devices' | 'memoryMiB' | 'oomScoreAdjust' | 'cpuWeight'
>;

/** A program to be started. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What has to be in the image for {@link confine} to work: setpriv(1) is the one of util-linux (with libcap-ng0), busybox's
 * does not set users.
 */
const [BUSYBOX, SETPRIV] = ['/bin/busybox', '/bin/setpriv'] as const;

/** In the image confinement is on; elsewhere this variable set to 1 turns it on. */
export const CONFINE_VARIABLE = 'ROUTER7_CONFINE';

/** Folders that everyone could write to, and that a daemon sees read-only where they are not in its list. */
const SHARED_FOLDERS = ['/perm', '/tmp'] as const;
/** Everything that a mount may forbid, besides to write: the flags of a remount replace those of before. */
const READ_ONLY = 'remount,bind,ro,nosuid,nodev,noexec,noatime';

/** Whether services are to be confined: in the image, or where it is asked for. It takes root. */
export function isConfinementOn(env: NodeJS.ProcessEnv = process.env): boolean {
  return process.getuid?.() === 0 && (env[CONFINE_VARIABLE] === '1' || isImage());
}

/**
 * Prepares the ground for a service, and wraps its command: it runs as its own user with its capabilities and no way to get
 * others, in a cgroup with a limit, and in a mount namespace in which it can write to its own folders only.
 *
 * The wrapping is one process, in the end the service itself (so that its id is the one that was started): busybox makes the
 * namespace and becomes a shell, which mounts and becomes setpriv(1), which becomes the command. What fails there is said on
 * the service's stderr. A mount or a cgroup that cannot be had does not keep it from running, for its user and capabilities
 * hold all the same; without these it does not run.
 */
export function confine(service: Confined, command: Command): Command {
  const account = accountOf(service.user);
  settleFolders(service.writable, account.id);
  settleDevices(service.devices ?? [], account.id);
  const group = makeGroup(service.name, service);
  const program = confinementProgram(service, group, readFileSync('/proc/self/mountinfo', 'utf8'));
  return {
    file: BUSYBOX,
    args: ['unshare', '-m', BUSYBOX, 'sh', '-c', program, service.name, command.file, ...command.args],
    env: { ...command.env, USER: account.name, LOGNAME: account.name },
  };
}

/** When memory runs out, the kernel is to end others before this process, which starts them again. */
export function outliveMost(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '-950');
  } catch {
    // Not every root may.
  }
}

/**
 * The text of the shell program that confines a service; its arguments are the command.
 *
 * @param group that it is to be in; undefined where there are none
 * @param mountInfo /proc/self/mountinfo of the caller: what is mounted already
 */
export function confinementProgram(service: Confined, group: Group | undefined, mountInfo: string): string {
  const mounts = readMounts(mountInfo);
  const account = accountOf(service.user);
  const own = service.writable.filter((folder) => SHARED_FOLDERS.some((shared) => folder.startsWith(`${shared}/`)));
  const readOnly = SHARED_FOLDERS.filter((folder) => !service.writable.includes(folder));
  const capabilities = ['-all', ...service.capabilities.map((name) => `+${name}`)].join(',');
  return [
    ...(group === undefined ? [] : [`echo 0 >${group.processesFile}`]),
    // Also where it is 0: the supervisor's own would be inherited.
    `echo ${service.oomScoreAdjust ?? 0} >/proc/self/oom_score_adj`,
    ...(mounts.get('/proc')?.includes('hidepid=') === true
      ? []
      : [`mount -t proc -o ${PROC_MOUNT_OPTIONS} proc /proc`]),
    // Flags are set on mounts: what is an ordinary folder becomes one, with all that is mounted below it.
    ...readOnly.filter((folder) => !mounts.has(folder)).map((folder) => `mount -o rbind ${folder} ${folder}`),
    ...own.map((folder) => `mount --bind ${folder} ${folder}`),
    ...readOnly.map((folder) => `mount -o ${READ_ONLY} ${folder}`),
    [
      `exec ${SETPRIV} --no-new-privs --reuid ${account.id} --regid ${account.id}`,
      account.groups.length === 0 ? '--clear-groups' : `--groups ${account.groups.map(groupIdOf).join(',')}`,
      `--bounding-set ${capabilities} --inh-caps ${capabilities} --ambient-caps ${capabilities} -- "$@"`,
    ].join(' '),
  ].join('\n');
}

/** Mount points and their options, those of the file system among them. */
function readMounts(mountInfo: string): ReadonlyMap<string, string> {
  const fields = mountInfo.split('\n').map((line) => line.split(' '));
  return new Map(fields.map((line) => [line[4] ?? '', `${line[5]},${line.at(-1)}`]));
}
