import type { Timeout } from '../runtime/drive.ts';

/** What an `NtpEngine` is told. */
export type NtpInput =
  | Timeout
  /** These are to be used, names or addresses, the most important one first. */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** What a name has turned out to be; no addresses when nobody could tell. */
  | { readonly kind: 'resolved'; readonly name: string; readonly addresses: readonly string[] }
  /** The question has just left. */
  | { readonly kind: 'sent'; readonly server: number }
  /** Something has come to where the question left from. `wall` is the clock now, milliseconds since 1970 with a fraction. */
  | { readonly kind: 'reply'; readonly server: number; readonly payload: Uint8Array; readonly wall: number }
  /** There is no way to the server, or nobody listens there. */
  | { readonly kind: 'unreachable'; readonly server: number }
  /** The network may be another one: no reason to go on waiting, as long as the time is not known. */
  | { readonly kind: 'again' };
