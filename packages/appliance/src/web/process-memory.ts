import { readFileSync } from 'node:fs';

/**
 * Memory of a process in octets, its share of what it has in common with others (PSS); undefined when it is gone or not
 * ours to look at.
 */
export function processMemory(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
