import { createHash } from 'node:crypto';
import { PAGE_STYLE } from '../runtime/page-style.ts';

/** The style of the supervisor's pages, a file. */
export const STYLE: string = `${PAGE_STYLE}
.skip { position: absolute; left: -99rem; }
.skip:focus { left: .5rem; top: .5rem; background: var(--card); padding: .4rem .8rem; border-radius: 6px; z-index: 1; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
header > div { max-width: 72rem; margin: 0 auto; padding: .55rem 1.25rem; display: flex; gap: 1rem; align-items: center;
  justify-content: space-between; }
.home { display: flex; gap: .5rem; align-items: center; color: var(--ink); font-weight: 700; text-decoration: none;
  min-width: 0; }
.home span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mark { color: var(--accent); flex: none; }
nav { display: flex; gap: 1.1rem; }
nav a { text-decoration: none; font-weight: 600; padding: .2rem 0; }
nav a:hover { text-decoration: underline; }
nav a[aria-current] { color: var(--ink); }
#silence { background: var(--warn-page); color: var(--warn); padding: .5rem 1.25rem; text-align: center; font-weight: 600; }
h1 { overflow-wrap: anywhere; }
h1 .badge { vertical-align: .2em; margin-left: .35rem; }
h3 { font-size: .95rem; margin: 0 0 .4rem; }
h3 small { color: var(--dim); font-weight: 400; margin-left: .3rem; font-size: .85rem; }
.wrap { white-space: normal; overflow-wrap: anywhere; }
.verdict { margin: 1.1rem 0; padding: .65rem 1rem .65rem 2.6rem; border-radius: 10px; position: relative; color: inherit; }
.verdict::before { position: absolute; left: 1rem; font-weight: 700; }
.verdict.good { background: var(--good-page); color: var(--good); }
.verdict.good::before { content: "\\2713" / ""; }
.verdict.bad { background: var(--bad-page); color: var(--bad); }
.verdict.bad::before { content: "!" / ""; left: 1.2rem; }
.verdict.bad a { color: inherit; font-weight: 600; }
.verdict.busy { background: var(--warn-page); color: var(--warn); }
.verdict.busy::before { content: "\\2026" / ""; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .8rem; margin: 1.1rem 0 0; }
.tile { padding: .8rem 1rem .9rem; }
.tile dt { color: var(--dim); font-size: .8rem; font-weight: 600; }
.tile dd { margin: 0; font-size: 1.2rem; font-weight: 600; overflow-wrap: anywhere; }
.tile .sub { font-weight: 400; }
.bar { display: block; width: 100%; height: 6px; margin-top: .45rem; border-radius: 3px; }
.bar rect:first-child { fill: var(--off-page); }
.bar rect:last-child { fill: var(--accent); }
.bar.full rect:last-child { fill: var(--bad); }
.services th:nth-child(1) { width: 28%; } .services th:nth-child(2) { width: 18%; }
.services th:nth-child(3) { width: 24%; } .services th:nth-child(4) { width: 14%; }
.services a.name { text-decoration: none; }
.services a.name:hover { text-decoration: underline; }
.phone { display: none; }
.running { background: var(--good-page); color: var(--good); }
.starting, .waiting { background: var(--warn-page); color: var(--warn); }
.backing-off { background: var(--bad-page); color: var(--bad); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: .8rem; }
.pair section { padding: .9rem 1rem; min-width: 0; }
.pair ul { list-style: none; margin: 0; padding: 0; }
.pair li { white-space: normal; overflow-wrap: anywhere; padding: .1rem 0; }
.power { margin-top: 2rem; }
.power p { margin: .5rem 0; }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; align-items: flex-start; margin-top: 1rem; }
.actions details { padding: .3rem 0; }
.actions details .actions { margin-top: .6rem; }
.power .actions { margin-top: .6rem; }
form { margin: 0; }
button { padding: .35rem 1rem; border: 1px solid transparent; }
button.plain { background: var(--card); color: var(--accent); border-color: var(--line); }
button.danger { background: var(--card); color: var(--bad); border-color: var(--line); }
button:hover { filter: brightness(.95); }
.log-head { display: flex; gap: .8rem; align-items: baseline; margin: 1.6rem 0 .6rem; flex-wrap: wrap; }
.log-head h2 { margin: 0; }
.log-head noscript, #log-state { color: var(--dim); font-size: .85rem; }
#log-state.live { color: var(--good); }
#log-state.live::before { content: "\\25cf" / ""; margin-right: .35rem; }
#log-end { margin-left: auto; padding: .1rem .7rem; font-size: .85rem; }
.log { padding: .6rem 0; max-height: max(22rem, 100vh - 26rem); overflow: auto; font: .82rem/1.55 ui-monospace, "DejaVu Sans Mono", monospace; }
.log p { color: var(--ink); padding: 0 .9rem; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.log p:hover { background: var(--page); }
.log time, .log .stream { color: var(--dim); }
.log p.warn { color: var(--warn); }
.log p.error { color: var(--bad); }
.log p.gap { color: var(--dim); font-style: italic; }
.log:empty { display: none; }
.log:not(:empty) + .nothing { display: none; }
.foot { margin-top: 2rem; display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; font-size: .9rem; }
.back, .detail { margin-top: 1rem; }
@media (max-width: 46rem) {
  header > div { padding: .55rem .9rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: .6rem; }
  .tile { padding: .65rem .8rem .75rem; }
  .tile dd { font-size: 1.08rem; }
  .services td:nth-child(n + 3) { display: inline; font-size: .9rem; color: var(--dim); }
  .services td:nth-child(n + 4)::before { content: "\\b7" / ""; margin-right: .35rem; }
  .services td:has(.none) { display: none !important; }
  .phone { display: inline; }
  .log { max-height: 70vh; font-size: .78rem; }
  .log p { padding: 0 .6rem; }
  .log .stream { display: none; }
  button { padding: .5rem 1.1rem; }
}
`;

/** Its address: another one for another content, so that browsers may keep it. */
export const STYLE_PATH: string = `/assets/${createHash('sha256').update(STYLE).digest('hex').slice(0, 12)}.css`;
