import type { ClientStateName } from './output.ts';

/** One arrow of the state diagram in `state.ts`. */
export interface Transition {
  readonly from: ClientStateName;
  readonly to: ClientStateName;
  /** What moves the client along it. */
  readonly on: string;
  /** Where RFC 9915 describes it, or which row asks for it. */
  readonly rfc: string;
}

/**
 * Every arrow that the client can follow. `release` and a lost carrier leave every state in the same way and stand in the
 * rows below {@link TRANSITIONS}.
 */
export const TRANSITIONS: readonly Transition[] = [
  { from: 'init', to: 'soliciting', on: 'carrier, or back-off is over', rfc: '18.2.1' },
  { from: 'init', to: 'confirming', on: 'carrier with leases in use', rfc: '18.2.12' },
  { from: 'soliciting', to: 'requesting', on: 'Advertise selected', rfc: '18.2.9' },
  { from: 'soliciting', to: 'bound', on: 'Reply with Rapid Commit', rfc: '18.2.10.1' },
  { from: 'soliciting', to: 'confirming', on: 'silence, with leases in use', rfc: 'D6C-12' },
  { from: 'requesting', to: 'bound', on: 'Reply', rfc: '18.2.10.1' },
  { from: 'requesting', to: 'init', on: 'refusal, or silence after all attempts', rfc: '18.2.2' },
  { from: 'bound', to: 'renewing', on: 'T1', rfc: '18.2.4' },
  { from: 'bound', to: 'rebinding', on: 'T2, when the clock has leapt over T1', rfc: '18.2.5' },
  { from: 'bound', to: 'init', on: 'all leases end, or are declined', rfc: '18.2.8' },
  { from: 'renewing', to: 'bound', on: 'Reply', rfc: '18.2.10.1' },
  { from: 'renewing', to: 'requesting', on: 'NoBinding', rfc: '18.2.10.1' },
  { from: 'renewing', to: 'rebinding', on: 'T2', rfc: '18.2.5' },
  { from: 'renewing', to: 'init', on: 'all leases withdrawn', rfc: '18.2.10.1' },
  { from: 'rebinding', to: 'bound', on: 'Reply', rfc: '18.2.10.1' },
  { from: 'rebinding', to: 'requesting', on: 'NoBinding', rfc: '18.2.10.1' },
  { from: 'rebinding', to: 'init', on: 'all leases end', rfc: '18.2.5' },
  { from: 'confirming', to: 'bound', on: 'Reply', rfc: '18.2.10.3' },
  { from: 'confirming', to: 'renewing', on: 'confirmed, or silence, behind T1', rfc: '18.2.4' },
  { from: 'confirming', to: 'rebinding', on: 'confirmed, or silence, behind T2', rfc: '18.2.5' },
  { from: 'confirming', to: 'requesting', on: 'NoBinding', rfc: '18.2.10.1' },
  { from: 'confirming', to: 'soliciting', on: 'silence, with a prefix in use', rfc: 'D6C-12' },
  { from: 'confirming', to: 'init', on: 'NotOnLink', rfc: '18.2.10.3' },
  { from: 'releasing', to: 'stopped', on: 'Reply, or silence after all attempts', rfc: '18.2.7' },
];

/** Arrows that leave from every state (but `releasing` and `stopped`, which only lead on). */
export const TRANSITIONS_FROM_ANYWHERE: readonly Omit<Transition, 'from'>[] = [
  { to: 'init', on: 'carrier lost', rfc: '18.2.12' },
  { to: 'releasing', on: 'release, with leases in use', rfc: '18.2.7' },
  { to: 'stopped', on: 'release, without', rfc: '18.2.7' },
];
