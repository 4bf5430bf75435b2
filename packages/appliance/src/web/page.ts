import { html, raw } from 'hono/html';
import { SCRIPT_PATH } from './page-script.ts';
import { STYLE_PATH } from './page-style.ts';

/** HTML in which every text that came from outside is escaped. */
export type Html = ReturnType<typeof html>;

/** What is the same on every page. */
export interface Frame {
  readonly title: string;
  readonly hostname: string;
  /** By which the browser has come here: the leases are there, on another port. Undefined by the unix socket. */
  readonly host: string | undefined;
  readonly isStatus?: boolean;
  /** Seconds after which a browser without JavaScript looks at the status. */
  readonly returnAfter?: number;
}

const MARK = html`<svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
  <path d="M3 13h18v6H3z M12 13V4 M7.5 8 12 4l4.5 4" fill="none" stroke="currentColor" stroke-width="2"
    stroke-linejoin="round" stroke-linecap="round" />
  <circle cx="7" cy="16" r="1.2" fill="currentColor" /><circle cx="11" cy="16" r="1.2" fill="currentColor" />
</svg>`;

/** A whole page. Styles and scripts are files of ours: the policy lets nothing else through. */
export function page({ title, hostname, host, isStatus, returnAfter }: Frame, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${returnAfter === undefined ? '' : html`<meta http-equiv="refresh" content="${returnAfter}; url=/" />`}
        <title>${title} - router7</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${STYLE_PATH}" />
        <script src="${SCRIPT_PATH}" defer></script>
      </head>
      <body${raw(returnAfter === undefined ? '' : ' data-away')}>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
          <div>
            <a class="home" href="/">${MARK}<span>${hostname}</span></a>
            <nav aria-label="Pages">
              <a href="/" ${raw(isStatus === true ? 'aria-current="page"' : '')}>Status</a>
              ${host === undefined ? '' : html`<a href="http://${host}:8067/">Leases</a>`}
            </nav>
          </div>
        </header>
        <p id="silence" role="status" hidden>The router does not answer. Trying again…</p>
        <main id="content">${content}</main>
      </body>
    </html>`;
}

/** A page that says one thing. */
export function messagePage(frame: Frame, message: string, detail: string = ''): Html {
  return page(
    frame,
    html`<h1>${frame.title}</h1>
      <p>${message}</p>
      ${detail === '' ? '' : html`<p class="mono detail">${detail}</p>`}
      <p class="back"><a href="/">To the status</a></p>`,
  );
}
