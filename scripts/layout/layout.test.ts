/** Holds the house together: docs/decisions/0001-sans-io.md and CONTRIBUTING.md say why. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import {
  applianceFloors,
  floorOf,
  floors,
  isSansIo,
  nativeDependencies,
  nativeUsers,
  pureDependencies,
} from './floors.ts';
import { findCycle, readSourceFiles, root } from './source-file.ts';

const files = readSourceFiles();
const sources = files.filter((file) => /^packages\/[^/]+\/src\//.test(file.path));
const packageNames = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);

// biome-ignore lint/suspicious/noExplicitAny: JSON of ours, asserted below
type Json = any;
const readJson = (path: string): Json => JSON.parse(readFileSync(join(root, path), 'utf8'));
const manifests = new Map(packageNames.map((name) => [name, readJson(`packages/${name}/package.json`)]));

/** `@router7/nft/node` is package nft, subpath ./node; `zod/mini` is package zod. */
function packageOf(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return { name: parts.slice(0, length).join('/'), subpath: ['.', ...parts.slice(length)].join('/') };
}

// A compiler is started, on a machine that may have better things to do.
t.setTimeout(240_000);

t.test('every package and folder has its floor', async (t) => {
  for (const name of packageNames) t.ok(name in floors, `packages/${name} is in scripts/layout/floors.ts`);
  for (const { path } of sources) t.type(floorOf(path), 'number', `${path} has a floor`);
  t.ok(Object.keys(applianceFloors).length > 0);
});

t.test('imports point down', async (t) => {
  for (const { path, imports, packageName } of sources) {
    const floor = floorOf(path) ?? 0;
    const wrong: string[] = [];
    for (const { specifier, line, target } of imports) {
      const own = target === undefined ? undefined : floorOf(target);
      if (own !== undefined && own > floor) wrong.push(`line ${line}: ${specifier} is on floor ${own}`);
      const other = /^@router7\/([^/]+)/.exec(specifier)?.[1];
      const below = other === undefined ? undefined : floors[other];
      // Packages of one floor do not know each other; nft/node may use its own package by name.
      if (below !== undefined && below >= floor && other !== packageName) {
        wrong.push(`line ${line}: ${specifier} is on floor ${below}`);
      }
    }
    t.same(wrong, [], `${path} (floor ${floor})`);
  }
});

t.test('files do not import in a circle', async (t) => {
  t.same(findCycle(files) ?? [], []);
});

t.test('packages meet by their exports only', async (t) => {
  for (const { path, imports, packageName } of files) {
    const wrong: string[] = [];
    for (const { specifier, line, target } of imports) {
      if (target !== undefined) {
        if (packageName !== undefined && !target.startsWith(`packages/${packageName}/`)) {
          wrong.push(`line ${line}: ${specifier} leaves the package`);
        } else if (packageName === undefined && target.startsWith('packages/')) {
          wrong.push(`line ${line}: ${specifier} reaches into a package`);
        }
        continue;
      }
      if (!specifier.startsWith('@router7/')) continue;
      const { name, subpath } = packageOf(specifier);
      const exported = Object.keys(manifests.get(name.slice('@router7/'.length))?.exports ?? {});
      const matches = exported.some((key) => {
        const [head, tail] = key.split('*');
        return tail === undefined ? key === subpath : subpath.startsWith(head as string) && subpath.endsWith(tail);
      });
      if (!matches) wrong.push(`line ${line}: ${specifier} is not exported`);
    }
    t.same(wrong, [], path);
  }
});

t.test('what a package imports, its package.json declares', async (t) => {
  const rootManifest = readJson('package.json');
  for (const { path, imports, packageName } of files) {
    const manifest = packageName === undefined ? undefined : manifests.get(packageName);
    const test = manifest === undefined || !/^packages\/[^/]+\/src\//.test(path);
    const declared = new Set([
      ...Object.keys(manifest?.dependencies ?? {}),
      ...Object.keys(manifest?.peerDependencies ?? {}),
      ...(test ? Object.keys({ ...manifest?.devDependencies, ...rootManifest.devDependencies }) : []),
      ...(manifest === undefined ? packageNames.map((name) => `@router7/${name}`) : [manifest.name]),
    ]);
    const wrong: string[] = [];
    for (const { specifier, line, target } of imports) {
      if (target !== undefined || specifier.startsWith('node:')) continue;
      const { name } = packageOf(specifier);
      if (!declared.has(name)) wrong.push(`line ${line}: ${name} is not declared`);
      if (isSansIo(path) && !name.startsWith('@router7/') && !pureDependencies.includes(name)) {
        wrong.push(`line ${line}: ${name} is not for floors 1 and 2`);
      }
      if (nativeDependencies.includes(name) && !nativeUsers.test(path)) {
        wrong.push(`line ${line}: native code (${name}) stays in appliance/src/system and */src/node`);
      }
    }
    t.same(wrong, [], path);
  }
});

t.test('files are small and named after what they hold', async (t) => {
  const banned = /^(utils?|helpers?|common|misc|types?|const|consts|constants)(\.|$)/;
  for (const { path, lineCount } of files) {
    const limit = /\/src\/daemons\//.test(path) ? 150 : /\/test\/|\.test\.ts$/.test(path) ? 600 : 400;
    t.ok(lineCount <= limit, `${path}: ${lineCount} lines of at most ${limit}`);
    if (limit === 400 && lineCount > 300) t.comment(`${path}: ${lineCount} lines, over 300: time to split it`);
    t.notMatch(basename(path), banned, `${path}: a name that says nothing`);
    t.match(path, /^[a-z0-9./-]+$/, `${path}: kebab-case`);
  }
});

t.test('every export says what it is', async (t) => {
  for (const { path, undocumented } of sources) t.same(undocumented, [], path);
});

t.test('one version, one licence', async (t) => {
  const { version } = readJson('lerna.json');
  const license = readFileSync(join(root, 'LICENSE'), 'utf8');
  const references = readJson('tsconfig.json').references.map((reference: Json) => reference.path);
  for (const [name, manifest] of manifests) {
    t.equal(manifest.version, version, `${name}: version`);
    t.equal(manifest.license, 'Apache-2.0', `${name}: license`);
    for (const [other, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (other.startsWith('@router7/')) t.equal(range, version, `${name}: ${other} is of the same version`);
    }
    t.ok(references.includes(`packages/${name}`), `${name} is in tsconfig.json`);
    t.ok(references.includes(`packages/${name}/test`), `the tests of ${name} are in tsconfig.json`);
    if (manifest.private) continue;
    t.equal(readFileSync(join(root, 'packages', name, 'LICENSE'), 'utf8'), license, `${name}: LICENSE`);
    t.ok(existsSync(join(root, 'packages', name, 'README.md')), `${name}: README.md`);
  }
});

/** What must not work below the fence; `types` when the compiler refuses it, too. */
const probes = [
  {
    name: 'node:fs',
    text: `import { readFileSync } from 'node:fs';\nexport const probe: unknown = readFileSync;\n`,
    types: true,
  },
  {
    name: 'fs',
    text: `import { readFileSync } from 'fs';\nexport const probe: unknown = readFileSync;\n`,
    types: true,
  },
  { name: 'setTimeout', text: 'export const probe: unknown = setTimeout;\n', types: true },
  { name: 'process', text: 'export const probe: unknown = process.pid;\n', types: true },
  { name: 'console', text: `export const probe = (): void => console.log('x');\n`, types: true },
  { name: 'Buffer', text: 'export const probe: unknown = Buffer.alloc(1);\n', types: true },
  { name: 'fetch', text: `export const probe: unknown = fetch('x');\n`, types: true },
  { name: 'crypto', text: 'export const probe: unknown = crypto.randomUUID();\n', types: true },
  { name: 'performance', text: 'export const probe: unknown = performance.now();\n', types: true },
  { name: 'Date.now', text: 'export const probe: number = Date.now();\n', types: false },
  { name: 'new Date', text: 'export const probe: unknown = new Date();\n', types: false },
  { name: 'Math.random', text: 'export const probe: number = Math.random();\n', types: false },
  { name: 'any', text: 'export const probe: any = 1;\n', types: false },
  { name: '@ts-ignore', text: '// @ts-ignore\nexport const probe: number = 1;\n', types: false },
] as const;
const harmless = `/** Nothing wrong here. */\nexport const probe: number = Math.max(1, new Uint8Array(1).length);\n`;

/** Errors of the compiler for a file of that name and text, which is never on disk. */
function typeErrors(folder: string, name: string, text: string): readonly string[] {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const path = join(folder, 'src', name);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (file) => (file === path ? text : readFile(file));
  host.fileExists = (file) => file === path || fileExists(file);
  const getSourceFile = host.getSourceFile;
  host.getSourceFile = (file, language) =>
    file === path ? ts.createSourceFile(file, text, language) : getSourceFile(file, language);
  const program = ts.createProgram([path], { ...options, composite: false, incremental: false, noEmit: true }, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** The rules that lint refuses each file for; the files stand in an empty folder with our own lint configuration. */
function lintErrors(folder: string, texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const configuration = readJson('biome.json');
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...configuration, vcs: { enabled: false } }));
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { stdout } = spawnSync('biome', ['lint', '--reporter=json', '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const found = new Map([...texts.keys()].map((path): [string, string[]] => [path, []]));
  for (const { category, severity, location } of JSON.parse(stdout).diagnostics) {
    if (severity === 'error') found.get(location.path.file ?? location.path)?.push(category);
  }
  return found;
}

t.test('the fence around floors 1 and 2 refuses the outside world', async (t) => {
  const fenced = packageNames.filter((name) => (floors[name] ?? 4) <= 2);
  t.ok(fenced.length >= 4);
  const cases = [{ name: 'what is harmless', text: harmless, types: false }, ...probes];
  const pathOf = (name: string, index: number): string => `packages/${name}/src/fence-probe-${index}.ts`;
  const refused = lintErrors(
    t.testdir(),
    new Map(fenced.flatMap((name) => cases.map(({ text }, index) => [pathOf(name, index), text] as const))),
  );
  for (const name of fenced) {
    const folder = join(root, 'packages', name);
    t.same(typeErrors(folder, 'fence-probe.ts', harmless), [], `${name}: the compiler takes what is harmless`);
    for (const [index, { name: what, text, types }] of cases.entries()) {
      const rules = refused.get(pathOf(name, index));
      if (index === 0) t.same(rules, [], `${name}: lint takes ${what}`);
      else t.not(rules?.length, 0, `${name}: lint refuses ${what}`);
      if (types) t.ok(typeErrors(folder, 'fence-probe.ts', text).length > 0, `${name}: the compiler refuses ${what}`);
    }
  }
});
