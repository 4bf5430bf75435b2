/** What all pages look alike in: the reader's colours, light or dark; cards, tables, badges. */
export const PAGE_STYLE: string = `
:root { color-scheme: light dark; --ink: #1c2128; --dim: #5d6672; --page: #f4f5f7; --card: #fff; --line: #dfe3e8;
  --accent: #0b62c4; --good: #0d7a3e; --good-page: #dcf5e6; --warn: #8a5300; --warn-page: #fdeccb; --bad: #b3261e;
  --bad-page: #fbe3e1; --off-page: #e8eaed; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e7ec; --dim: #98a2ae; --page: #12161b; --card: #1b2027;
  --line: #2e353f; --accent: #6cb2ff; --good: #6fdc9c; --good-page: #12351f; --warn: #f2bd6b; --warn-page: #3d2c0d;
  --bad: #ff9a92; --bad-page: #45201d; --off-page: #2a3038; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.75rem 1.25rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 2rem 0 .6rem; }
h2 small { color: var(--dim); font-weight: 400; margin-left: .35rem; }
p { margin: 0; color: var(--dim); }
a { color: var(--accent); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th { text-align: left; font-size: .8rem; font-weight: 600; color: var(--dim); white-space: nowrap; }
th, td { padding: .6rem .9rem; vertical-align: top; }
tbody tr { border-top: 1px solid var(--line); }
.name { font-weight: 600; overflow-wrap: anywhere; }
.none { color: var(--dim); font-weight: 400; }
.sub { display: block; color: var(--dim); font-size: .85rem; overflow-wrap: anywhere; }
.mono { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .87rem; white-space: nowrap; }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .8rem; font-weight: 600;
  white-space: nowrap; background: var(--off-page); color: var(--dim); }
summary { cursor: pointer; color: var(--accent); font-size: .85rem; width: max-content; }
summary:hover { text-decoration: underline; }
button { font: inherit; padding: .3rem .8rem; border: 0; border-radius: 6px; background: var(--accent); color: var(--card);
  font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 46rem) {
  main { padding: 1.25rem .9rem 2rem; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, td { display: block; }
  tr { padding: .7rem .9rem; position: relative; }
  tbody tr:first-child { border-top: 0; }
  td { padding: 0; }
  td.state { position: absolute; top: .7rem; right: .9rem; text-align: right; }
  td[data-label] { display: flex; gap: .6rem; align-items: baseline; margin-top: .2rem; }
  td[data-label]::before { content: attr(data-label); color: var(--dim); font-size: .8rem; flex: 0 0 4.2rem; }
}
`;
