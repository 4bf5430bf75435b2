export { type InGuestOptions, inGuest } from './guest/in-guest.ts';
export { GUEST_VARIABLE } from './guest/variable.ts';
export { cable, Host } from './host.ts';
export { Program } from './program.ts';
export { handResults } from './results.ts';
export { endWithParent, onStage, openStage, STAGE_VARIABLE, type Stage } from './stage.ts';
export { until } from './wait.ts';
