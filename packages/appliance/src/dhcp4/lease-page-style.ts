import { createHash } from 'node:crypto';
import { PAGE_STYLE } from '../runtime/page-style.ts';

/** The style of the page of leases: a list of cards where a table is too wide. */
export const LEASE_PAGE_STYLE: string = `${PAGE_STYLE}
.empty { padding: 1.1rem; }
th:nth-child(1) { width: 31%; } th:nth-child(2) { width: 16%; } th:nth-child(3) { width: 26%; }
th:nth-child(4) { width: 13%; }
.active { background: var(--good-page); color: var(--good); }
.declined { background: var(--warn-page); color: var(--warn); }
form { display: flex; gap: .4rem; margin-top: .35rem; max-width: 20rem; }
input { font: inherit; min-width: 0; flex: 1; padding: .3rem .5rem; color: inherit; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; }
@media (max-width: 46rem) {
  td.named { padding-right: 7.5rem; }
  td.named details[open] { margin-right: -7.5rem; }
  input { font-size: 16px; }
}
`;

/** What lets this style through a Content-Security-Policy that lets nothing else through. */
export const LEASE_PAGE_STYLE_HASH: string = `sha256-${createHash('sha256').update(LEASE_PAGE_STYLE).digest('base64')}`;
