export { GUEST_VARIABLE, type InGuestOptions, inGuest } from './guest/in-guest.ts';
export { cable, Host } from './host.ts';
export { Program } from './program.ts';
export { endWithParent, onStage, openStage, STAGE_VARIABLE, type Stage } from './stage.ts';
export { until } from './wait.ts';
