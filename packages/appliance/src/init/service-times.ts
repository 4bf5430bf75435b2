/** Times of a `ServiceMachine`, milliseconds. */
export interface ServiceTimes {
  /** Before a service that has ended soon starts again; doubled each time it does. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** Whoever has lived so long has not ended soon, and starts again at once. */
  readonly longLife: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopPatience: number;
  /** From SIGKILL until the end of everything goes on without it: a process may hang in the kernel. */
  readonly killPatience: number;
  /** When the table does not say how long a service may take until it is ready. */
  readonly readyWithin: number;
}

/** Those of the router. */
export const SERVICE_TIMES: ServiceTimes = {
  firstDelay: 1000,
  longestDelay: 60_000,
  longLife: 60_000,
  stopPatience: 4000,
  killPatience: 1000,
  readyWithin: 10_000,
};
