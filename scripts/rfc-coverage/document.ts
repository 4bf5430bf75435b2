import type { Row } from './row.ts';
import { rows, titles } from './rows.ts';
import type { TaggedTest } from './tagged-test.ts';

/** One line of the list. */
interface Line {
  readonly section: string;
  readonly row: string;
  readonly file: string;
  readonly title: string;
  readonly status: string;
}

const HEAD = `# RFC coverage

Made from the titles of the tests by \`node scripts/rfc-coverage.ts --write\`: do not edit it. \`./run lint\` fails when it is not
what the tests say. How a test names rows and sections is in CONTRIBUTING.md. The status is where the test runs: \`unit\` alone, \`net\`
against real peers in namespaces, \`image\` under Debian's kernel, \`lab\` as a step of \`./run lab\`; \`open\` has no test.
`;

/** The whole of docs/rfc-coverage.md. */
export function renderCoverage(tests: readonly TaggedTest[]): string {
  return `${HEAD}\n${renderRows(tests)}\n${renderSections(tests)}`;
}

function renderRows(tests: readonly TaggedTest[]): string {
  const lines = rows.map((row) => {
    const { id, priority, gist, sections, sameAs } = row;
    const own = tests.filter((test) => proves(test, row));
    const kinds = [...new Set(own.map(({ kind }) => kind))].toSorted();
    const files = new Set(own.map(({ file }) => file)).size;
    const status = kinds.length === 0 ? '**open**' : kinds.join(', ');
    const says = sameAs === undefined ? gist : `${gist} (${sameAs})`;
    return [id, priority, says, sections.join(', '), files === 0 ? '' : `${own.length} in ${files}`, status];
  });
  const must = rows.filter(({ priority }) => priority === 'M');
  const held = must.filter((row) => tests.some((test) => proves(test, row)));
  return `## Rows

${held.length} of the ${must.length} rows that must hold (M) have a test.

${table(['row', '', 'what it says', 'RFC', 'tests in files', 'status'], lines)}`;
}

function proves({ rows: named }: TaggedTest, { id, sameAs }: Row): boolean {
  return named.includes(id) || (sameAs !== undefined && named.includes(sameAs));
}

function renderSections(tests: readonly TaggedTest[]): string {
  const lines = new Map<string, Line>();
  const add = (line: Line): void => void lines.set(Object.values(line).join('\0'), line);
  for (const test of tests) {
    const { file, title, kind: status } = test;
    const named = rows.filter(({ id }) => test.rows.includes(id));
    // A test's own sections are nearer than those of its rows.
    if (test.sections.length > 0) {
      const ids = named.map(({ id }) => id).join(', ');
      for (const section of test.sections) add({ section, row: ids, file, title, status });
    }
    for (const row of rows) {
      const isNamed = test.rows.includes(row.id);
      if (!proves(test, row) || (isNamed && test.sections.length > 0)) continue;
      for (const section of row.sections) add({ section, row: row.id, file, title, status });
    }
  }
  for (const row of rows) {
    const { id, sections, priority } = row;
    if (tests.some((test) => proves(test, row)) || priority !== 'M') continue;
    for (const section of sections) add({ section, row: id, file: '', title: '', status: '**open**' });
  }
  const sorted = [...lines.values()].toSorted(compare);
  const numbers = [...new Set(sorted.map(({ section }) => rfcOf(section)))];
  return numbers
    .map((number) => {
      const own = sorted.filter(({ section }) => rfcOf(section) === number);
      const title = titles.get(number);
      return `## RFC ${number}${title === undefined ? '' : `: ${title}`}

${table(
  ['section', 'row', 'file', 'test', 'status'],
  own.map(({ section, row, file, title, status }) => [
    section.split(' ')[2] as string,
    row,
    short(file),
    title,
    status,
  ]),
)}`;
    })
    .join('\n');
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;
  return row(head) + row(head.map(() => '---')) + lines.map(row).join('');
}

/** Text for a cell: what a loop fills in becomes an ellipsis, and nothing is taken for markup. */
function cell(text: string): string {
  return text
    .replace(/\$\{[^}]*\}/g, '…')
    .replace(/\\(['"`])/g, '$1')
    .replace(/[|<_]/g, '\\$&');
}

function short(file: string): string {
  return file.replace(/^packages\//, '').replace('/test/', '/');
}

function rfcOf(section: string): number {
  return Number(section.split(' ')[1]);
}

function compare(a: Line, b: Line): number {
  return (
    numerically(a.section, b.section) ||
    rowIndex(a.row) - rowIndex(b.row) ||
    alphabetically(a.file, b.file) ||
    alphabetically(a.title, b.title)
  );
}

/** By the numbers in them: 18.2.10 after 18.2.9. */
function numerically(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rowIndex(ids: string): number {
  const first = ids.split(', ')[0];
  const index = rows.findIndex(({ id }) => id === first);
  return index < 0 ? rows.length : index;
}

function alphabetically(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
