import { setFlagsFromString } from 'node:v8';

/** Leases that no home has. */
const MANY = 10_000;

let isFree = false;

/**
 * Has V8 let the heap of this process grow as a small one does, once a table is so large. After a rest it would grow by tenths
 * only, and all leases be gone through every second of a busy time.
 */
export function growHeapWith(leases: number): void {
  if (isFree || leases <= MANY) return;
  isFree = true;
  setFlagsFromString('--heap-growing-percent=150');
}
