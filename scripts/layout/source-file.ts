import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

export const root: string = resolve(import.meta.dirname, '../..');

/** One import of a file, as it is written: `./reader.ts`, `@router7/wire`, `node:fs`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** The file meant, relative to the root, when the import is relative. */
  readonly target: string | undefined;
}

export interface SourceFile {
  /** Relative to the root: `packages/wire/src/reader.ts`. */
  readonly path: string;
  /** `wire`, or undefined outside of packages/. */
  readonly packageName: string | undefined;
  readonly lineCount: number;
  readonly imports: readonly Import[];
  /** Exported declarations that no TSDoc comment stands before, as `name:line`. */
  readonly undocumented: readonly string[];
}

/** Every TypeScript file of ours: sources, tests, scripts, benchmarks. */
export function readSourceFiles(): readonly SourceFile[] {
  return globSync(['packages/*/src/**/*.ts', 'packages/*/test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'], {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist|\.tsc|\.tap)$/.test(String(path)),
  })
    .filter((path) => !path.endsWith('.d.ts'))
    .sort()
    .map(readSourceFile);
}

function readSourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true);
  const lineOf = (node: ts.Node): number => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;

  const imports: Import[] = [];
  const addImport = (node: ts.Node | undefined): void => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    const specifier = node.text;
    const target = specifier.startsWith('.') ? relative(root, resolve(root, dirname(path), specifier)) : undefined;
    imports.push({ specifier, line: lineOf(node), target });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) addImport(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) addImport(node.argument.literal);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      addImport(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);

  const undocumented: string[] = [];
  const seen = new Set<string>(); // of overloads, the first is the one documented
  for (const statement of tree.statements) {
    if (!ts.canHaveModifiers(statement)) continue;
    if (!ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) continue;
    const declaration = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : statement;
    const name = (declaration as ts.NamedDeclaration | undefined)?.name?.getText() ?? 'default';
    if (seen.has(name)) continue;
    seen.add(name);
    if (ts.getJSDocCommentsAndTags(statement).length === 0) undocumented.push(`${name}:${lineOf(statement)}`);
  }

  return {
    path,
    packageName: /^packages\/([^/]+)\//.exec(path)?.[1],
    lineCount: text.split('\n').length - 1,
    imports,
    undocumented,
  };
}

/** The first cycle that importing relative files can run into, as the paths on it; undefined when there is none. */
export function findCycle(files: readonly SourceFile[]): readonly string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const onPath: string[] = [];
  const walk = (path: string): readonly string[] | undefined => {
    const at = onPath.indexOf(path);
    if (at >= 0) return [...onPath.slice(at), path];
    if (done.has(path)) return undefined;
    onPath.push(path);
    for (const { target } of byPath.get(path)?.imports ?? []) {
      const cycle = target === undefined ? undefined : walk(target);
      if (cycle !== undefined) return cycle;
    }
    onPath.pop();
    done.add(path);
    return undefined;
  };
  for (const { path } of files) {
    const cycle = walk(path);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
