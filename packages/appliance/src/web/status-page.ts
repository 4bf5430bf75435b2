import { html } from 'hono/html';
import type { ServiceStatus } from '../init/control.ts';
import { count, duration, size } from './figures.ts';
import type { DiskUse, Machine } from './machine.ts';
import { type Frame, type Html, page } from './page.ts';
import { isTroubled, runningFor, stateBadge, statusUrl } from './service-state.ts';

/** What the status page shows. */
export interface StatusView {
  readonly frame: Frame;
  readonly machine: Machine;
  readonly services: readonly ServiceStatus[];
  /** Octets of each service that has a process. */
  readonly memoryOf: (service: ServiceStatus) => number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For the buttons that end it all; undefined where they would not work. */
  readonly xsrfToken: string | undefined;
}

/** The state of the router at a glance. Parts with `data-live` are kept up to date by the page's script. */
export function statusPage(view: StatusView): Html {
  const { frame, machine, services, xsrfToken } = view;
  return page(
    frame,
    html`<div class="title">
        <h1>${machine.hostname}</h1>
        <p>${[machine.model, machine.kernel].filter((text) => text !== '').join(' · ')}</p>
      </div>
      ${verdict(services)} ${tiles(machine)} ${serviceTable(view)} ${addresses(machine)}
      ${xsrfToken === undefined ? '' : power(xsrfToken)}
      <p class="foot">
        <a href="${statusUrl('init')}">Output of the supervisor</a>
        ${machine.build.sbomHash === '' ? '' : html`<a href="/gokrazy/sbom.json">What is in this image (SBOM)</a>`}
      </p>`,
  );
}

function verdict(services: readonly ServiceStatus[]): Html {
  const troubled = services.filter(isTroubled);
  const waiting = services.filter(({ state }) => state === 'waiting' || state === 'starting');
  if (troubled.length > 0) {
    const links = troubled.map(
      ({ name, path }, index) => html`${index === 0 ? '' : ', '}<a href="${statusUrl(path)}">${name}</a>`,
    );
    return html`<p class="verdict bad" id="verdict" data-live>
      <strong>${count(troubled.length, 'service')} not running:</strong> ${links}
    </p>`;
  }
  if (waiting.length > 0) {
    return html`<p class="verdict busy" id="verdict" data-live>
      <strong>Starting:</strong> ${waiting.map(({ name }) => name).join(', ')}
    </p>`;
  }
  return html`<p class="verdict good" id="verdict" data-live>
    <strong>All ${count(services.length, 'service')} running</strong>
  </p>`;
}

function tiles({ uptimeSeconds, memory, perm, build }: Machine): Html {
  const used = memory.total - memory.available;
  return html`<dl class="tiles" id="tiles" data-live>
    ${tile('Up for', duration(uptimeSeconds), 'since the last boot')}
    ${tile('Memory', size(used), `of ${size(memory.total)} in use`, memory.total === 0 ? undefined : used / memory.total)}
    ${permTile(perm)}
    ${
      build.timestamp === ''
        ? tile('Software', 'not an image', 'runs from its sources')
        : tile('Software', build.version || build.timestamp.slice(0, 10), `built ${builtAt(build.timestamp)}`)
    }
  </dl>`;
}

function permTile({ device, used, total }: DiskUse): Html {
  if (device === '') return tile('/perm', 'no partition', 'settings are in a folder');
  return tile('/perm', size(used), `of ${size(total)} in use`, total === 0 ? undefined : used / total);
}

/** @param share of the whole, for a bar */
function tile(label: string, value: string, hint: string, share?: number): Html {
  const percent = share === undefined ? 0 : Math.min(100, Math.max(1, Math.round(share * 100)));
  // An attribute of SVG, for the policy lets no style through.
  const bar = html`<svg class="bar ${percent >= 90 ? 'full' : ''}" viewBox="0 0 100 6" preserveAspectRatio="none"
    role="img" aria-label="${percent} %"><rect width="100" height="6" /><rect width="${percent}" height="6" /></svg>`;
  return html`<div class="card tile"><dt>${label}</dt>
    <dd>${value}<span class="sub">${hint}</span>${share === undefined ? '' : bar}</dd></div>`;
}

function builtAt(timestamp: string): string {
  return timestamp.slice(0, 16).replace('T', ' ');
}

function serviceTable({ services, memoryOf, now }: StatusView): Html {
  return html`<h2>Services</h2>
    <div class="card">
      <table class="services">
        <thead>
          <tr>
            ${['Name', 'State', 'Running for', 'Restarts', 'Memory'].map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${services.map((service) => serviceRow(service, memoryOf(service), now))}
        </tbody>
      </table>
    </div>`;
}

function serviceRow(service: ServiceStatus, memory: number | undefined, now: number): Html {
  const { name, path, restarts } = service;
  return html`<tr id="service-${name}" data-live>
    <td><a class="name" href="${statusUrl(path)}">${name}</a></td>
    <td class="state">${stateBadge(service)}</td>
    <td>${runningFor(service, now)}</td>
    <td>${restarts === 0 ? html`<span class="none">none</span>` : html`${restarts}<span class="phone"> ${restarts === 1 ? 'restart' : 'restarts'}</span>`}</td>
    <td>${memory === undefined ? html`<span class="none">–</span>` : size(memory)}</td>
  </tr>`;
}

function addresses({ privateAddresses, publicAddresses }: Machine): Html {
  // Every machine has those two, and nobody comes by them.
  const ofTheHome = privateAddresses.filter((address) => address !== '127.0.0.1' && address !== '::1');
  return html`<h2>Addresses</h2>
    <div class="pair" id="addresses" data-live>
      ${addressCard('Private', 'of the home; these pages are there', ofTheHome)}
      ${addressCard('Public', 'nothing is offered there', publicAddresses)}
    </div>`;
}

function addressCard(title: string, hint: string, list: readonly string[]): Html {
  const items = list.map((address) => html`<li class="mono">${address}</li>`);
  return html`<section class="card">
    <h3>${title} <small>${hint}</small></h3>
    ${list.length === 0 ? html`<p>none</p>` : html`<ul>${items}</ul>`}
  </section>`;
}

function power(token: string): Html {
  const button = (path: string, label: string, kind: string): Html => html`<form method="post" action="${path}">
    <input type="hidden" name="xsrftoken" value="${token}" />
    <button class="${kind}">${label}</button>
  </form>`;
  return html`<details class="power">
    <summary>Restart or switch off</summary>
    <p>The home is offline meanwhile. Switched off, it needs a hand to start again.</p>
    <div class="actions">
      ${button('/reboot', 'Restart the router', 'plain')} ${button('/poweroff', 'Switch it off', 'danger')}
    </div>
  </details>`;
}
