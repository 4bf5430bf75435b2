/** Set in the environment of everything that runs in a guest. */
export const GUEST_VARIABLE = 'ROUTER7_GUEST';
