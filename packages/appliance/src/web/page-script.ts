import { createHash } from 'node:crypto';

/**
 * The pages' script, a file. It keeps what has `data-live` up to date, and follows the log of a service; while nobody
 * looks at the page it does nothing, for a browser has only six connections to a server. Without it the pages work, too.
 */
export const SCRIPT: string = `'use strict';
const silence = document.getElementById('silence');
const parts = () => document.querySelectorAll('[data-live]');
// On a page that says that the router goes away: to the status when it is back.
const isAway = document.body.dataset.away !== undefined;

async function refresh() {
  if (document.hidden) return;
  let text;
  try {
    const response = await fetch(isAway ? '/' : location.href, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(8000) });
    if (!response.ok) throw new Error(response.statusText);
    text = await response.text();
  } catch {
    silence.hidden = false;
    return;
  }
  if (isAway) return location.assign('/');
  silence.hidden = true;
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  for (const part of parts()) {
    const news = fresh.getElementById(part.id);
    // Nothing is pulled away under somebody's hands.
    if (news === null || part.contains(document.activeElement) || part.querySelector('[open]') !== null) continue;
    if (news.outerHTML !== part.outerHTML) part.replaceWith(document.importNode(news, true));
  }
}
if (isAway) setTimeout(() => setInterval(refresh, 3000), 15000);
else if (parts().length > 0) {
  setInterval(refresh, 5000);
  document.addEventListener('visibilitychange', refresh);
}

const log = document.getElementById('log');
if (log !== null) {
  const state = document.getElementById('log-state');
  const toEnd = document.getElementById('log-end');
  const two = (number) => String(number).padStart(2, '0');
  const day = (at) => at.getFullYear() + '-' + two(at.getMonth() + 1) + '-' + two(at.getDate());
  const clock = (at) =>
    (day(at) === day(new Date()) ? '' : day(at) + ' ') + [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  let position = log.dataset.position;
  let source;
  let isFollowing = true;

  const say = (text, isLive) => {
    state.textContent = text;
    state.classList.toggle('live', isLive);
  };
  const append = (kind, ...children) => {
    const line = document.createElement('p');
    line.className = kind;
    line.append(...children);
    log.append(line);
    while (log.childElementCount > 1000) log.firstElementChild.remove();
    if (isFollowing) log.scrollTop = log.scrollHeight;
  };
  const add = (stream, event) => {
    position = event.lastEventId;
    const at = new Date(Number(position.split('-')[3]));
    const time = document.createElement('time');
    time.dateTime = at.toISOString();
    time.textContent = clock(at);
    const mark = document.createElement('span');
    mark.className = 'stream';
    mark.textContent = stream;
    const text = document.createElement('span');
    text.textContent = event.data;
    append((/^(warn|error)\\b/.exec(event.data) ?? [''])[0], time, ' ', mark, ' ', text);
  };
  const open = () => {
    source?.close();
    if (document.hidden) return;
    source = new EventSource(log.dataset.follow + '&after=' + encodeURIComponent(position));
    source.addEventListener('stdout', (event) => add('out', event));
    source.addEventListener('stderr', (event) => add('err', event));
    source.addEventListener('gap', (event) => append('gap', event.data + ' lines came too fast'));
    source.onopen = () => say('live', true);
    source.onerror = () => {
      say('connecting again', false);
      // Refused, not just cut off: the browser itself would not try again.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 5000);
    };
  };
  for (const time of log.querySelectorAll('time')) time.textContent = clock(new Date(time.dateTime));
  log.addEventListener('scroll', () => {
    isFollowing = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    toEnd.hidden = isFollowing;
  });
  toEnd.addEventListener('click', () => {
    log.scrollTop = log.scrollHeight;
  });
  log.scrollTop = log.scrollHeight;
  document.addEventListener('visibilitychange', open);
  open();
}
`;

/** Its address: another one for another content, so that browsers may keep it. */
export const SCRIPT_PATH: string = `/assets/${createHash('sha256').update(SCRIPT).digest('hex').slice(0, 12)}.js`;
