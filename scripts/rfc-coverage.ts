/**
 * docs/rfc-coverage.md: which test proves what of which RFC.
 *
 *   node scripts/rfc-coverage.ts           fails when the file is not what the tests say
 *   node scripts/rfc-coverage.ts --write   writes it
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './layout/source-file.ts';
import { renderCoverage } from './rfc-coverage/document.ts';
import { readTaggedTests } from './rfc-coverage/tagged-test.ts';

const path = join(root, 'docs/rfc-coverage.md');
const made = renderCoverage(readTaggedTests());
if (process.argv.includes('--write')) {
  writeFileSync(path, made);
} else if (made !== readCurrent()) {
  console.error('docs/rfc-coverage.md is not what the tests say: node scripts/rfc-coverage.ts --write');
  process.exitCode = 1;
}

function readCurrent(): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
