import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Where a benchmark's results go: the file of `--json`, or results/NAME.json. */
export function resultsFile(name: string): string {
  // The others are the benchmark's own.
  const { values } = parseArgs({ options: { json: { type: 'string' } }, strict: false });
  if (typeof values.json === 'string') return resolve(values.json);
  return fileURLToPath(new URL(`results/${name}.json`, import.meta.url));
}
