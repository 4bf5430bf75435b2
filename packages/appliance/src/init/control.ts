import type { LogRing } from './log-ring.ts';

/** What a service is doing: waiting for others to be ready, not yet ready itself, ready, ended for good, or about to start again. */
export type ServiceState = 'waiting' | 'starting' | 'running' | 'stopped' | 'backing-off';

/** What there is to say about a service. */
export interface ServiceStatus {
  readonly name: string;
  /** By which gokrazy's tools know it: `/user/dnsd`. */
  readonly path: string;
  /** With its path in front, as gokrazy's tools expect them. */
  readonly args: readonly string[];
  readonly state: ServiceState;
  /** Only while there is a process. */
  readonly pid?: number;
  readonly startTime?: Date;
  /** Whether it has said that it serves, or has had its time for that. */
  readonly ready: boolean;
  /** How often it was started again. */
  readonly restarts: number;
  readonly lastEnd?: { readonly at: Date; readonly how: string };
  /** The program that stands in for it; '' as a rule. */
  readonly diverted: string;
}

/** Streams of a service that are kept. */
export type LogStream = 'stdout' | 'stderr';

/** What the supervisor can be asked. Names that no service has throw a RangeError, but for {@link SupervisorControl.find}. */
export interface SupervisorControl {
  /** All services, in the order of the table. */
  list(): readonly ServiceStatus[];
  /** By name (`dnsd`) or path (`/user/dnsd`). */
  find(pathOrName: string): ServiceStatus | undefined;
  /** Starts what is stopped, at once. */
  start(name: string): void;
  /**
   * Ends a service for good. @returns settles when it is gone
   *
   * @param options.kill by SIGKILL at once
   */
  stop(name: string, options?: { readonly kill?: boolean }): Promise<void>;
  /**
   * Ends a service and starts it anew. @returns settles when that was done
   *
   * @param options.kill by SIGKILL at once
   * @param options.once it is not started again when it ends by itself
   */
  restart(name: string, options?: { readonly kill?: boolean; readonly once?: boolean }): Promise<void>;
  /** The last lines of a stream; the supervisor's own are those of `init`, stdout. */
  log(name: string, stream: LogStream): LogRing;
  /** Hears that something has changed in {@link SupervisorControl.list}. @returns ends that */
  changed(listener: () => void): () => void;
  /** Ends all services, those that others wait for after these; only another supervisor starts them again. Settles when none is left. */
  end(): Promise<void>;
  /** Ends all services and restarts the machine. Rejects outside of the image. */
  reboot(): Promise<void>;
  /** Ends all services and switches the machine off. Rejects outside of the image. */
  powerOff(): Promise<void>;
}
