/** `./run lint`: format, lint rules, types of sources and tests, layout, docs/rfc-coverage.md. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const fix = process.argv.includes('--fix');
const steps = [
  ['biome', 'check', '--error-on-warnings', ...(fix ? ['--write'] : []), '.'],
  ['tsc', '--build'],
  [
    'tap',
    '--node-arg=--conditions=@router7/source',
    '--reporter=terse',
    'scripts/layout/layout.test.ts',
    'scripts/rfc-coverage/tagged-test.test.ts',
  ],
  ['node', '--conditions=@router7/source', 'scripts/rfc-coverage.ts', ...(fix ? ['--write'] : [])],
];
let failed = 0;
for (const [command, ...args] of steps) {
  const { status } = spawnSync(command as string, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
