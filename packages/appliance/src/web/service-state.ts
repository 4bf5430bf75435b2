import { html } from 'hono/html';
import type { ServiceStatus } from '../init/control.ts';
import { duration } from './figures.ts';
import type { Html } from './page.ts';

const WORDS: Readonly<Record<ServiceStatus['state'], string>> = {
  waiting: 'waiting',
  starting: 'starting',
  running: 'running',
  stopped: 'stopped',
  'backing-off': 'crashing',
};

/** Whether somebody should look at it: it ought to run and does not. One that was stopped counts as well. */
export function isTroubled({ state }: ServiceStatus): boolean {
  return state === 'stopped' || state === 'backing-off';
}

/** The state, in a word and a colour. */
export function stateBadge({ state }: ServiceStatus): Html {
  return html`<span class="badge ${state}">${WORDS[state]}</span>`;
}

/** How long it has been running; how it ended when it does not. */
export function runningFor({ pid, startTime, lastEnd }: ServiceStatus, now: number): string {
  if (pid !== undefined && startTime !== undefined) return duration((now - startTime.getTime()) / 1000);
  if (lastEnd === undefined) return 'not started yet';
  return `ended ${duration((now - lastEnd.at.getTime()) / 1000)} ago`;
}

/** The page of a service. */
export function statusUrl(path: string): string {
  return `/status?path=${encodeURIComponent(path)}`;
}
