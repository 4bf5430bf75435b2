import { html, raw } from 'hono/html';
import { LEASE_PAGE_STYLE } from './lease-page-style.ts';
import type { LeaseRow, LeaseView } from './lease-view.ts';

/** HTML in which every text that came from outside is escaped. */
export type Html = ReturnType<typeof html>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The page of leases (row D4S-17). */
export function leasePage({ fixed, dynamic }: LeaseView): Html {
  const all = [...fixed, ...dynamic];
  const active = all.filter(({ state }) => state === 'active').length;
  return page(
    'DHCP leases',
    html`<h1>DHCP leases</h1>
      <p>${count(active, 'device')} active, ${count(all.length, 'lease')} known.</p>
      ${section('Static', 'the same address for ever', fixed, 'No static leases.')}
      ${section('Dynamic', 'given out on request', dynamic, 'No device has asked for an address yet.')}`,
  );
}

/** A page that says what went wrong. */
export function messagePage(title: string, message: string): Html {
  return page(
    title,
    html`<h1>${title}</h1>
      <p>${message}</p>
      <p><a href="/">Back to the leases</a></p>`,
  );
}

function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - router7</title>
        <link rel="icon" href="data:," />
        <style>${raw(LEASE_PAGE_STYLE)}</style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;
}

function section(title: string, hint: string, rows: readonly LeaseRow[], nothing: string): Html {
  if (rows.length === 0) {
    return html`<h2>${title}</h2>
      <div class="card empty"><p>${nothing}</p></div>`;
  }
  return html`<h2>${title} <small>${rows.length}, ${hint}</small></h2>
    <div class="card">
      <table>
        <thead>
          <tr><th>Name</th><th>Address</th><th>Device</th><th>Seen</th><th>State</th></tr>
        </thead>
        <tbody>
          ${rows.map(tableRow)}
        </tbody>
      </table>
    </div>`;
}

function tableRow(row: LeaseRow): Html {
  return html`<tr>
    <td class="named">${name(row)} ${row.state === 'declined' ? '' : rename(row)}</td>
    <td data-label="Address"><span class="mono">${row.address}</span></td>
    <td data-label="Device">${device(row)}</td>
    <td data-label="Seen"><span>${row.state === 'declined' ? '' : `${duration(row.seenAgo)} ago`}</span></td>
    <td class="state"><span class="badge ${row.state}">${label(row)}</span><span class="sub">${remaining(row)}</span></td>
  </tr>`;
}

function name(row: LeaseRow): Html {
  if (row.state === 'declined') return html`<span class="name none">in use by a stranger</span>`;
  if (row.hostName === '') return html`<span class="name none">no name</span>`;
  const own = row.hostNameOverride !== '' && row.ownName !== '' && row.ownName !== row.hostNameOverride;
  return html`<span class="name">${row.hostName}</span>${
    own ? html`<span class="sub">calls itself ${row.ownName}</span>` : ''
  }`;
}

function rename(row: LeaseRow): Html {
  return html`<details>
    <summary>Rename</summary>
    <form method="post" action="/sethostname">
      <input type="hidden" name="hardwareaddr" value="${row.hardwareAddress}" />
      <input name="hostname" value="${row.hostNameOverride}" placeholder="${row.ownName || 'name'}" maxlength="63"
        aria-label="New name for ${row.address}" autocomplete="off" autocapitalize="none" spellcheck="false" />
      <button>Save</button>
    </form>
  </details>`;
}

function device(row: LeaseRow): Html {
  if (row.hardwareAddress === '') return html`<span class="none">unknown</span>`;
  const maker = row.randomized ? 'private address' : row.vendor;
  return html`<span><span class="mono">${row.hardwareAddress}</span>${
    maker === undefined ? '' : html`<span class="sub">${maker}</span>`
  }</span>`;
}

function label({ state, left }: LeaseRow): string {
  if (state === 'declined') return 'not given out';
  // A static lease does not end; its device may still be away.
  return state === 'expired' && left === Infinity ? 'away' : state;
}

function remaining({ state, left }: LeaseRow): string {
  if (left === Infinity) return '';
  if (state === 'active' || state === 'declined') return left > 0 ? `${duration(left)} left` : '';
  return state === 'expired' ? `${duration(-left)} ago` : '';
}

/** One figure and its unit: what a glance takes in. */
function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(1, Math.floor(ms / 1000))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} days`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
