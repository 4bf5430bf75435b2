import type { ServiceState } from './control.ts';

/*
 *            begin, start            ready for it             tellReady, or its time is over
 *  stopped ----------------> waiting ------------> starting ---------------------------------> running
 *     ^                                               |  ended                                    |
 *     |  status 0 or 125, or started only once        v              after 1, 2, 4 ... 60 s       |
 *     +-------------------------------------------- (end) -------> backing-off ----> waiting      |
 *     |                                               ^------------------------------------------ +
 *     +---- ended ---- stopping <---- stop, restart ---- starting, running
 */

/** What a service of the {@link ServiceMachine} is in. Times are monotonic milliseconds. */
export type MachineState =
  | { readonly kind: 'stopped' }
  /** For services that have to be ready first. */
  | { readonly kind: 'waiting' }
  /** `pid` is unknown for the moment of the start itself. */
  | {
      readonly kind: 'starting';
      readonly pid?: number;
      readonly since: number;
      /** When it counts as ready, whatever it says. */
      readonly readyBy: number;
    }
  | { readonly kind: 'running'; readonly pid: number; readonly since: number }
  | { readonly kind: 'backing-off'; readonly until: number }
  | {
      readonly kind: 'stopping';
      readonly pid?: number;
      readonly since: number;
      /** It was sent SIGTERM; it was sent SIGKILL; that did not help either: it hangs in the kernel. */
      readonly phase: 'asked' | 'killed' | 'stuck';
      /** When the next phase comes; undefined after the last. */
      readonly until?: number;
      readonly next: 'stopped' | 'waiting';
    };

/** The process of a state, if it has one. */
export function pidOf(state: MachineState): number | undefined {
  return 'pid' in state ? state.pid : undefined;
}

/** A state with a process, or with one that is about to be. */
export type AliveState = Extract<MachineState, { kind: 'starting' | 'running' | 'stopping' }>;

/** Whether there is a process, or is about to be. */
export function isAlive(state: MachineState): state is AliveState {
  return state.kind === 'starting' || state.kind === 'running' || state.kind === 'stopping';
}

/** What is told about a state. */
export function stateName(state: MachineState): ServiceState {
  return state.kind === 'stopping' ? 'running' : state.kind;
}

/** Whether there is a process that may yet end. */
export function mayEnd(state: MachineState): boolean {
  return isAlive(state) && !(state.kind === 'stopping' && state.phase === 'stuck');
}

/** When something is to be done about a state by itself. */
export function deadlineOf(state: MachineState): number | undefined {
  switch (state.kind) {
    case 'backing-off':
    case 'stopping':
      return state.until;
    case 'starting':
      return state.readyBy;
    default:
      return undefined;
  }
}
