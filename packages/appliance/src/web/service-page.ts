import { html } from 'hono/html';
import type { ServiceStatus } from '../init/control.ts';
import { size } from './figures.ts';
import type { LogReader, ReadLine } from './log-reader.ts';
import { harmless } from './log-stream.ts';
import { type Frame, type Html, page } from './page.ts';
import { runningFor, stateBadge } from './service-state.ts';

/** What a service's page shows. */
export interface ServiceView {
  readonly frame: Frame;
  /** Undefined for the supervisor itself, which has a log and no buttons. */
  readonly service: ServiceStatus | undefined;
  readonly memory: number | undefined;
  /** For {@link LogReader}: reads both streams. */
  readonly log: LogReader;
  readonly now: number;
  readonly xsrfToken: string;
}

/** The page of one service: what it does, buttons, its output as it comes. Without JavaScript the output is as of now. */
export function servicePage({ frame, service, memory, log, now, xsrfToken }: ServiceView): Html {
  const lines = log.read();
  const path = service?.path ?? 'init';
  const follow = `/log?${new URLSearchParams({ path, stream: 'both' })}`;
  return page(
    frame,
    html`<div class="title" id="title" data-live>
        <h1>${frame.title} ${service === undefined ? '' : stateBadge(service)}</h1>
        <p>${service === undefined ? 'starts the services and looks after them' : commandOf(service)}</p>
      </div>
      ${service === undefined ? '' : html`${facts(service, memory, now)} ${buttons(service, xsrfToken)}`}
      <div class="log-head">
        <h2 id="log-title">Output</h2>
        <span id="log-state" role="status"></span>
        <noscript>as of now, times in UTC; load the page again for more</noscript>
        <button type="button" class="plain" id="log-end" hidden>To the end</button>
      </div>
      <div class="card log" id="log" role="log" aria-live="off" aria-labelledby="log-title" tabindex="0"
        data-follow="${follow}" data-position="${log.position}">${lines.map((line) => logLine(line, now))}</div>
      <p class="nothing">Nothing was written yet.</p>`,
  );
}

/** A line of the log. The script makes the same of lines that come later. */
function logLine({ at, stream, text, missed }: ReadLine, now: number): Html {
  const gap = missed > 0 ? html`<p class="gap">${missed} lines are no longer there</p>` : '';
  const [, level = ''] = /^(warn|error)\b/.exec(text) ?? [];
  const mark = stream === 'stderr' ? 'err' : 'out';
  return html`${gap}<p class="${level}"><time datetime="${at.toISOString()}">${clock(at, now)}</time> <span class="stream">${mark}</span> <span>${harmless(text)}</span></p>`;
}

/** Of today the time, of other days the day as well. */
function clock(at: Date, now: number): string {
  const text = at.toISOString();
  const isToday = text.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  return isToday ? text.slice(11, 19) : text.slice(0, 19).replace('T', ' ');
}

function commandOf({ path, args }: ServiceStatus): Html {
  return html`<span class="mono wrap">${[path, ...(args[0] === path ? args.slice(1) : args)].join(' ')}</span>`;
}

function facts(service: ServiceStatus, memory: number | undefined, now: number): Html {
  const { pid, restarts, lastEnd, startTime, diverted } = service;
  const list: readonly (readonly [label: string, value: string | number | undefined, hint?: string | undefined])[] = [
    [
      pid === undefined ? 'Last run' : 'Running for',
      runningFor(service, now),
      startTime && `since ${moment(startTime)}`,
    ],
    ['Process', pid, service.ready ? 'ready' : undefined],
    ['Memory', memory === undefined ? undefined : size(memory), 'its share'],
    ['Restarts', restarts === 0 ? 'none' : restarts, lastEnd && `last end: ${lastEnd.how}, ${moment(lastEnd.at)}`],
    ['Diverted to', diverted === '' ? undefined : diverted],
  ];
  return html`<dl class="tiles" id="facts" data-live>
    ${list.map(([label, value, hint]) =>
      value === undefined
        ? ''
        : html`<div class="card tile"><dt>${label}</dt>
            <dd>${value}${hint === undefined ? '' : html`<span class="sub">${hint}</span>`}</dd></div>`,
    )}
  </dl>`;
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function buttons({ path, state, name }: ServiceStatus, token: string): Html {
  const form = (action: string, label: string, kind: string, more: Readonly<Record<string, string>> = {}): Html =>
    html`<form method="post" action="${action}">
      ${Object.entries({ path, xsrftoken: token, ...more }).map(
        ([field, value]) => html`<input type="hidden" name="${field}" value="${value}" />`,
      )}
      <button class="${kind}">${label}<span class="unseen"> ${name}</span></button>
    </form>`;
  const isStopped = state === 'stopped';
  return html`<div class="actions" id="actions" data-live>
    ${
      isStopped
        ? form('/restart', 'Start', 'main')
        : html`${form('/restart', 'Restart', 'main')} ${form('/stop', 'Stop', 'plain')}`
    }
    <details>
      <summary>More</summary>
      <div class="actions">
        ${isStopped ? '' : form('/restart', 'Kill and restart', 'danger', { signal: 'kill' })}
        ${form('/restart', 'Run once', 'plain', { supervise: 'once' })}
      </div>
    </details>
  </div>`;
}
