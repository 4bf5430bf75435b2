import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFileStart } from './file-start.ts';

/** Octets: a process may have the kernel show any part of its memory as its command line, however large. */
const LONGEST_TITLE = 4096;
const LONGEST_TEXT = 128 * 1024;

/** Numbers of all processes, ascending. */
export function processIds(): readonly number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map(Number).sort((a, b) => a - b);
}

/** The first word of the command line, which `process.title` overwrites as a whole; '' when there is no such process. */
export function titleOf(pid: number): string {
  return read(pid, 'cmdline', LONGEST_TITLE).split(/[\0 ]/, 1)[0] ?? '';
}

/** When it began, in clock ticks since the machine's start: with its number, what tells it from all others of this boot. */
export function startTicksOf(pid: number): number | undefined {
  return statistic(pid, 22);
}

/** The process that began its session. */
export function sessionOf(pid: number): number | undefined {
  return statistic(pid, 6);
}

/** Whether it is there and has not ended: a zombie only waits for its parent to ask how it did. */
export function isRunning(pid: number): boolean {
  const text = read(pid, 'stat');
  const state = text[text.lastIndexOf(')') + 2];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** A variable of the environment that it was started with; undefined when it has none, or is not ours to look at. */
export function environmentOf(pid: number, variable: string): string | undefined {
  const prefix = `${variable}=`;
  const found = read(pid, 'environ')
    .split('\0')
    .find((text) => text.startsWith(prefix));
  return found?.slice(prefix.length);
}

/** Its network namespace, to compare with others; '' when there is no such process. */
export function networkNamespaceOf(pid: number | 'self'): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

/** What this boot of the machine is called; '' when nobody says. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** A number of proc_pid_stat(5), counted from 1. */
function statistic(pid: number, field: number): number | undefined {
  const text = read(pid, 'stat');
  // The second field is a name in parentheses, in which anything may stand.
  const word = text.slice(text.lastIndexOf(')') + 2).split(' ')[field - 3];
  return word === undefined || word === '' ? undefined : Number(word);
}

function read(pid: number, file: string, most: number = LONGEST_TEXT): string {
  try {
    return readFileStart(`/proc/${pid}/${file}`, most);
  } catch {
    return '';
  }
}
