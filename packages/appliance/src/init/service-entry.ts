import { RestartDelay } from './restart-delay.ts';
import type { MachineState } from './service-state.ts';
import type { ServiceTimes } from './service-times.ts';
import type { Service } from './services.ts';

/** What a `ServiceMachine` knows of a service. */
export interface ServiceEntry {
  readonly service: Service;
  /** How long it may take until it is ready, milliseconds. */
  readonly readyWithin: number;
  readonly delay: RestartDelay;
  state: MachineState;
  /** Processes that were started, before the present one. */
  restarts: number;
  hasStarted: boolean;
  isLeftStopped: boolean;
  /** It is not started again when it ends. */
  once: boolean;
  /** Until when others wait for it to be ready; undefined until it is started for them to wait for. */
  awaited: number | 'no-longer' | undefined;
}

/**
 * The entries of services that have never been started, by name, in the order of the table.
 *
 * @throws RangeError when services wait for each other, or for one that is not in the table
 */
export function serviceEntries(services: readonly Service[], times: ServiceTimes): ReadonlyMap<string, ServiceEntry> {
  const entries = new Map<string, ServiceEntry>();
  for (const service of services) {
    const { name, waitsFor, readyWithinMs: readyWithin = times.readyWithin } = service;
    const missing = waitsFor.find((other) => !entries.has(other));
    if (missing !== undefined) throw new RangeError(`${name} waits for ${missing}, which does not come before it`);
    entries.set(name, {
      service,
      readyWithin,
      delay: new RestartDelay(times),
      state: { kind: 'stopped' },
      restarts: 0,
      hasStarted: false,
      isLeftStopped: false,
      once: false,
      awaited: undefined,
    });
  }
  return entries;
}
