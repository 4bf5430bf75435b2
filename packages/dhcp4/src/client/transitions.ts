import type { ClientStateName } from './output.ts';

/** One arrow of the state diagram. */
export interface Transition {
  readonly from: ClientStateName;
  readonly to: ClientStateName;
  /** What moves the client along it. */
  readonly on: string;
  /** Where RFC 2131 draws or describes it; the others are told at the head of `state.ts`. */
  readonly rfc: string;
}

/**
 * Every arrow that the client can follow. RFC 2131 figure 5 is the rows that name it; `restart`, `release`, `inform`
 * and a lost carrier leave every state in the same way and stand in the rows below {@link TRANSITIONS}.
 */
export const TRANSITIONS: readonly Transition[] = [
  { from: 'init', to: 'selecting', on: 'start delay or back-off is over', rfc: 'figure 5' },
  { from: 'selecting', to: 'requesting', on: 'offer selected', rfc: 'figure 5' },
  { from: 'selecting', to: 'bound', on: 'DHCPACK with option 80', rfc: 'RFC 4039 3.1' },
  { from: 'selecting', to: 'probing', on: 'DHCPACK with option 80', rfc: 'RFC 4039 3.1, RFC 5227 2.1' },
  { from: 'requesting', to: 'bound', on: 'DHCPACK', rfc: 'figure 5' },
  { from: 'requesting', to: 'probing', on: 'DHCPACK', rfc: '3.1 step 5, RFC 5227 2.1' },
  { from: 'requesting', to: 'init', on: 'DHCPNAK, or silence after all attempts', rfc: 'figure 5, 3.1 step 5' },
  { from: 'probing', to: 'bound', on: 'nobody answered', rfc: 'RFC 5227 2.3' },
  { from: 'probing', to: 'init', on: 'address in use: DHCPDECLINE', rfc: 'figure 5' },
  { from: 'bound', to: 'renewing', on: 'T1', rfc: 'figure 5' },
  { from: 'bound', to: 'rebinding', on: 'T2, when the clock has leapt over T1', rfc: '4.4.5' },
  { from: 'bound', to: 'selecting', on: 'lease ends, when the clock has leapt over T1 and T2', rfc: '4.4.5' },
  { from: 'bound', to: 'init', on: 'conflict: DHCPDECLINE', rfc: 'RFC 5227 2.4' },
  { from: 'renewing', to: 'bound', on: 'DHCPACK', rfc: 'figure 5' },
  { from: 'renewing', to: 'probing', on: 'DHCPACK with another address', rfc: 'RFC 5227 2.1' },
  { from: 'renewing', to: 'init', on: 'DHCPNAK or conflict', rfc: 'figure 5' },
  { from: 'renewing', to: 'rebinding', on: 'T2', rfc: 'figure 5' },
  { from: 'renewing', to: 'selecting', on: 'lease ends, when the clock has leapt over T2', rfc: '4.4.5' },
  { from: 'rebinding', to: 'bound', on: 'DHCPACK', rfc: 'figure 5' },
  { from: 'rebinding', to: 'probing', on: 'DHCPACK with another address', rfc: 'RFC 5227 2.1' },
  { from: 'rebinding', to: 'init', on: 'DHCPNAK or conflict', rfc: 'figure 5' },
  { from: 'rebinding', to: 'selecting', on: 'lease ends', rfc: 'figure 5' },
  { from: 'init-reboot', to: 'rebooting', on: 'carrier', rfc: 'figure 5' },
  { from: 'init-reboot', to: 'init', on: 'conflict', rfc: 'RFC 5227 2.4' },
  { from: 'rebooting', to: 'bound', on: 'DHCPACK', rfc: 'figure 5' },
  { from: 'rebooting', to: 'probing', on: 'DHCPACK with another address', rfc: 'RFC 5227 2.1' },
  { from: 'rebooting', to: 'init', on: 'DHCPNAK or conflict', rfc: 'figure 5' },
  { from: 'rebooting', to: 'selecting', on: 'silence after all attempts, or behind T1', rfc: '3.2 step 4' },
];

/** Arrows that leave from every state (but `stopped`, which only leads to itself). */
export const TRANSITIONS_FROM_ANYWHERE: readonly Omit<Transition, 'from'>[] = [
  { to: 'init', on: 'restart, or carrier lost without a lease', rfc: 'D4C-08, D4C-09' },
  { to: 'init-reboot', on: 'carrier lost with a lease', rfc: '3.7, 4.4.2' },
  { to: 'informing', on: 'inform, when no lease is held', rfc: '3.4, 4.4.3' },
  { to: 'stopped', on: 'release', rfc: '4.4.6' },
];
