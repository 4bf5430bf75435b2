import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GUEST_VARIABLE } from './guest/variable.ts';

/** Descriptor by which a program on a stage or in a guest hands its results to who has opened it. */
export const RESULTS = 4;

/** Hands results out of a stage, and out of the guest that it may be in. To be called once. @param results as JSON */
export function handResults(results: unknown): void {
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** Writes to a file what was handed out, or hands it on out of the guest that this is. Nothing when there is nothing. */
export function passResults(results: string, file: string | undefined): void {
  if (results === '' || file === undefined) return;
  if (process.env[GUEST_VARIABLE] === '1') {
    writeFileSync(RESULTS, results);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, results);
}
