/**
 * Adds to package-lock.json the optional packages for other platforms that npm left out of it.
 *
 * npm writes them down only when the registry it asks has them; a mirror of what Linux needs has not. `npm ci` then
 * refuses the lockfile as incomplete. Run this after every change of a dependency. On Linux none of them is installed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Entry {
  version?: string;
  optionalDependencies?: Record<string, string>;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const path = resolve(import.meta.dirname, '../package-lock.json');
const lockfile: { packages: Record<string, Entry> } = JSON.parse(readFileSync(path, 'utf8'));
const { packages } = lockfile;

const words = (name: string, known: readonly string[]): string[] => {
  const found = name.split(/[^a-z0-9]+/).filter((word) => known.includes(word));
  return [...new Set(found)];
};

let added = 0;
for (const [owner, { optionalDependencies }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    // Where Node would look for it: below the owner, then in each folder above.
    let folder = owner;
    let found = false;
    for (;;) {
      found ||= `${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages;
      if (found || folder === '') break;
      const at = folder.lastIndexOf('/node_modules/');
      folder = at < 0 ? '' : folder.slice(0, at);
    }
    const os = words(name, [
      'linux',
      'darwin',
      'win32',
      'freebsd',
      'openbsd',
      'netbsd',
      'sunos',
      'android',
      'aix',
      'openharmony',
    ]);
    if (found || !/^\d+\.\d+\.\d+/.test(version)) continue;
    if (os.length === 0) {
      console.log(`left out, its platform is not in its name: ${name}`);
      continue;
    }
    const cpu = words(name, ['x64', 'arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x']);
    const musl = /musl/.test(name);
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(musl ? { libc: ['musl'] } : {}),
      optional: true,
      os,
    };
    added += 1;
  }
}
const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify({ ...lockfile, packages: sorted }, null, 2)}\n`);
console.log(`${added} packages for other platforms added`);
