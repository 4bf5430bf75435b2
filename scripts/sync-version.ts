/** Gives lerna the version that changesets has given the packages (docs/decisions/0004-shared-version.md). */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const version = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8')).version;

const next = version('packages/wire/package.json');
const lerna = join(root, 'lerna.json');
writeFileSync(lerna, `${JSON.stringify({ ...JSON.parse(readFileSync(lerna, 'utf8')), version: next }, null, 2)}\n`);
