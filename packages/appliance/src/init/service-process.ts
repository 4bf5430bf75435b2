import { spawn } from 'node:child_process';
import { Pidfd } from '../system/pidfd.ts';
import { startTicksOf } from '../system/processes.ts';
import type { Command } from './confinement.ts';
import { isSameProcess, type ServiceRecord } from './service-records.ts';

/** The process of a service, started by this supervisor or by one before it. */
export interface ServiceProcess {
  readonly pid: number;
  readonly startTicks: number | undefined;
  readonly startTime: Date;
  /** Does nothing when it has ended. @throws SystemError or Node's system error: `EPERM` */
  signal(signal: NodeJS.Signals): void;
}

/** Hears of the end of a process: in words, and its exit status when it has one and that is known. */
export type EndListener = (how: string, status: number | undefined) => void;

/**
 * Starts a process, in a session of its own: no signal to the supervisor's reaches it.
 *
 * @param output descriptors of stdout and stderr
 * @param ended is called once, also when nothing could be started
 * @returns undefined when nothing could be started
 */
export function startProcess(
  command: Command,
  output: readonly [stdout: number, stderr: number],
  ended: EndListener,
): ServiceProcess | undefined {
  const child = spawn(command.file, command.args, { stdio: ['ignore', ...output], detached: true, env: command.env });
  const { pid } = child;
  child.once('error', (error) => pid === undefined && ended(error.message, 127));
  child.once('exit', (code, signal) => ended(signal ?? `status ${code}`, code ?? undefined));
  if (pid === undefined) return undefined;
  return {
    pid,
    startTicks: startTicksOf(pid),
    startTime: new Date(),
    signal: (signal) => void child.kill(signal),
  };
}

/**
 * Takes over a process that an earlier supervisor has started.
 *
 * @param status tells the exit status once it has ended, if anybody knows it
 * @param ended is called once, when it has ended
 * @returns undefined when the record's process is gone
 */
export function adoptProcess(
  record: ServiceRecord,
  status: () => number | undefined,
  ended: EndListener,
): ServiceProcess | undefined {
  const { pid, startTicks } = record;
  if (pid === undefined) return undefined;
  // First the handle, then the look whose it is: so it cannot become another's in between.
  const handle = Pidfd.open(pid);
  if (handle === undefined) return undefined;
  if (!isSameProcess(record)) {
    handle.close();
    return undefined;
  }
  let isOpen = true;
  handle.onEnd(() => {
    if (!isOpen) return;
    isOpen = false;
    handle.close();
    const known = status();
    ended(known === undefined ? 'unknown status' : `status ${known}`, known);
  });
  return {
    pid,
    startTicks,
    startTime: new Date(record.startTime ?? Date.now()),
    signal: (signal) => void (isOpen && handle.signal(signal)),
  };
}
