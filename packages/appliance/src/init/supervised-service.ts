import type { ServiceStatus } from './control.ts';
import type { ServiceMachine } from './service-machine.ts';
import type { ServiceProcess } from './service-process.ts';
import type { ServiceRecord } from './service-records.ts';
import { stateName } from './service-state.ts';
import type { Service } from './services.ts';

/** A service, and the process that a supervisor has of it. */
export interface SupervisedService {
  readonly service: Service;
  readonly path: string;
  process: ServiceProcess | undefined;
  lastEnd: { readonly at: Date; readonly how: string } | undefined;
}

/** One without a process. */
export function supervisedService(service: Service): SupervisedService {
  return { service, path: `/user/${service.name}`, process: undefined, lastEnd: undefined };
}

/** What the next supervisor has to know of it. @param isEndOfAll everything is ending */
export function recordOf(
  { service: { name }, path, process }: SupervisedService,
  machine: ServiceMachine,
  isEndOfAll: boolean,
): ServiceRecord {
  const state = machine.state(name);
  const running =
    process === undefined
      ? {}
      : {
          pid: process.pid,
          ...(process.startTicks === undefined ? {} : { startTicks: process.startTicks }),
          startTime: process.startTime.toISOString(),
        };
  const isEnding = state.kind === 'stopping';
  // What ends because everything does is not to stay stopped when there is another supervisor after all.
  const stopped = state.kind === 'stopped' || (isEnding && state.next === 'stopped' && !isEndOfAll);
  return {
    ...running,
    path,
    restarts: machine.restarts(name),
    ready: state.kind === 'running',
    stopped,
    ...(isEnding ? { ending: true } : {}),
  };
}

/** What there is to say about it. */
export function statusOf(
  { service, path, process, lastEnd }: SupervisedService,
  machine: ServiceMachine,
): ServiceStatus {
  const { name, args } = service;
  const state = machine.state(name);
  return {
    name,
    path,
    args: [path, ...args],
    state: stateName(state),
    ...(process === undefined ? {} : { pid: process.pid, startTime: process.startTime }),
    ready: state.kind === 'running',
    restarts: machine.restarts(name),
    ...(lastEnd === undefined ? {} : { lastEnd }),
    diverted: '',
  };
}
