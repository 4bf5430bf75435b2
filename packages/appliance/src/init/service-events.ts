/** What a service machine hears. */
export type ServiceInput =
  /** A process of an earlier supervisor goes on, or has been told to end by that; before `begin`. It has run for `ageMs`. */
  | {
      readonly kind: 'adopt';
      readonly name: string;
      readonly pid: number;
      readonly ready: boolean;
      readonly isEnding: boolean;
      readonly ageMs: number;
    }
  /** What it was under an earlier supervisor; before `begin`, and before it is adopted. */
  | { readonly kind: 'remember'; readonly name: string; readonly restarts: number; readonly isStopped: boolean }
  /** Starts all that has neither been adopted nor left stopped. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'spawned'; readonly name: string; readonly pid: number }
  /** A process has ended, or could not be started. `status` is undefined after a signal, and when nobody knows. */
  | { readonly kind: 'ended'; readonly name: string; readonly how: string; readonly status?: number }
  /** It serves. */
  | { readonly kind: 'ready'; readonly name: string }
  | { readonly kind: 'start'; readonly name: string }
  | { readonly kind: 'stop'; readonly name: string; readonly kill: boolean }
  | { readonly kind: 'restart'; readonly name: string; readonly kill: boolean; readonly once: boolean }
  /** Everything is to end, for good. */
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'timeout' };

/** What a service machine wants done. */
export type ServiceOutput =
  /** To be answered by `spawned` or `ended`. */
  | { readonly kind: 'spawn'; readonly name: string }
  | { readonly kind: 'signal'; readonly name: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** The state of a service is another one. */
  | { readonly kind: 'changed'; readonly name: string }
  | { readonly kind: 'told'; readonly name: string; readonly message: string }
  /** After `shutdown`: nothing is left. */
  | { readonly kind: 'over' };
