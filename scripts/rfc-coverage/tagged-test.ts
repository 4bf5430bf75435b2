import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../layout/source-file.ts';
import { rows } from './rows.ts';

/** A test that says what it proves. */
export interface TaggedTest {
  /** Relative to the root. */
  readonly file: string;
  /** As it stands in the source, with `${...}` for what a loop fills in; `(all of it)` for a whole file. */
  readonly title: string;
  readonly kind: 'unit' | 'net' | 'image' | 'lab';
  /** Ids of rows, in the order they are named. */
  readonly rows: readonly string[];
  /** `RFC 9915 18.2.4`, in the order they are named. */
  readonly sections: readonly string[];
}

const rowIds = rows.map(({ id }) => id).toSorted((a, b) => b.length - a.length);
const ROW = new RegExp(`(?<![\\w-])(?:${rowIds.join('|')})(?![\\w-])`, 'g');
/** A number, then sections: `RFC 9915 18.2.4`, `RFC 2132 section 9.14`, `RFC 9915 14.2, 21.4 and 21.21`. Only the first may be without a dot. */
const SECTION = '\\d+(?:\\.\\d+)+';
const RFC = new RegExp(
  `\\bRFC (\\d{3,5}),?(?: sections?)? ((?:${SECTION}|\\d{1,2}\\b)(?:(?:,| and|, and) ${SECTION})*)`,
  'g',
);
const COVERS = /^\s*(?:\/\/|\*|\/\*\*) ?Covers: (.+?)(?: \*\/)?$/;

/** Rows and sections that a text names. */
export function tagsOf(text: string): Pick<TaggedTest, 'rows' | 'sections'> {
  const sections: string[] = [];
  for (const [, number, list] of text.matchAll(RFC)) {
    for (const [section] of (list as string).matchAll(/\d+(?:\.\d+)*/g)) sections.push(`RFC ${number} ${section}`);
  }
  return { rows: [...new Set(text.match(ROW) ?? [])], sections: [...new Set(sections)] };
}

/** Every test of the project that names a row or a section of an RFC. */
export function readTaggedTests(): readonly TaggedTest[] {
  return globSync(['packages/*/test/**/*.ts', 'packages/lab/src/**/*.ts'], {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist|\.tsc|\.tap|fixtures)$/.test(String(path)),
  })
    .toSorted()
    .flatMap((file) => taggedTests(file, readFileSync(join(root, file), 'utf8')));
}

/** The tests of one file that name something. */
export function taggedTests(file: string, text: string): readonly TaggedTest[] {
  const kind = kindOf(file);
  const found: TaggedTest[] = [];
  const add = (title: string, tags: string): void => {
    const { rows, sections } = tagsOf(tags);
    if (rows.length > 0 || sections.length > 0) found.push({ file, title, kind, rows, sections });
  };
  const covers = coversLines(text);
  if (kind !== 'lab') {
    for (const { title, line } of titlesOf(file, text)) {
      const above = covers.get(line - 1);
      covers.delete(line - 1);
      add(title, above === undefined ? title : `${title} ${above}`);
    }
  }
  for (const tags of covers.values()) add('(all of it)', tags);
  return found;
}

function kindOf(file: string): TaggedTest['kind'] {
  if (file.startsWith('packages/lab/src/')) return 'lab';
  const [, folder] = /\/test\/(net|image)\//.exec(file) ?? [];
  return folder === undefined ? 'unit' : (folder as 'net' | 'image');
}

/** `// Covers: ...` by its line, from 0. */
function coversLines(text: string): Map<number, string> {
  const lines = new Map<number, string>();
  for (const [line, content] of text.split('\n').entries()) {
    const tags = COVERS.exec(content)?.[1];
    if (tags !== undefined) lines.set(line, tags);
  }
  return lines;
}

/**
 * Titles of tests, of rows of tables that tests are made from (`name: '...'`), and messages of assertions that begin with a
 * row. Tests that are always skipped are left out.
 */
function titlesOf(file: string, text: string): { title: string; line: number }[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true);
  const titles: { title: string; line: number }[] = [];
  const add = (owner: ts.Node, literal: ts.Expression | undefined): void => {
    if (literal === undefined || !(ts.isStringLiteralLike(literal) || ts.isTemplateExpression(literal))) return;
    const line = tree.getLineAndCharacterOfPosition(owner.getStart()).line;
    titles.push({ title: literal.getText().slice(1, -1).replace(/\s+/g, ' '), line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|\.)test$/.test(node.expression.getText()) && !isSkipped(node)) {
      add(node, node.arguments[0]);
    } else if (ts.isCallExpression(node) && startsWithRow(node.arguments.at(-1))) {
      add(node, node.arguments.at(-1));
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'name') {
      add(node, node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return titles;
}

function startsWithRow(literal: ts.Expression | undefined): boolean {
  return literal !== undefined && ts.isStringLiteralLike(literal) && literal.text.search(ROW) === 0;
}

function isSkipped(call: ts.CallExpression): boolean {
  return call.arguments.some(
    (argument) => ts.isObjectLiteralExpression(argument) && /\b(skip|todo)\s*:\s*(true|'|"|`)/.test(argument.getText()),
  );
}
