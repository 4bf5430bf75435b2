import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readElfNeeds } from './elf.ts';

/** Where packages of Debian have libraries. */
const LIBRARY_FOLDERS = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'];
/** Where the loader looks for them, without a cache. */
const HOME = 'lib/x86_64-linux-gnu';

/**
 * Copies the libraries that programs in a folder need, those that these need, and the program that loads them all.
 *
 * @param packages folders of unpacked packages
 * @throws Error that names a library which no package has, and who needs it
 */
export function copyLibraries(root: string, packages: readonly string[]): void {
  const queue = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ko'))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of queue) {
    const needs = readElfNeeds(readFileSync(path));
    if (needs === undefined) continue;
    const wanted = needs.libraries.map((name) => join(HOME, name));
    // Its path is written into each program.
    if (needs.interpreter !== undefined) wanted.push(needs.interpreter.slice(1));
    for (const file of wanted) {
      const target = join(root, file);
      if (existsSync(target)) continue;
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(findLibrary(basename(file), packages, path), target);
      queue.push(target);
    }
  }
}

function findLibrary(name: string, packages: readonly string[], needer: string): string {
  for (const folder of packages) {
    for (const home of LIBRARY_FOLDERS) {
      const path = join(folder, home, name);
      if (existsSync(path)) return path;
    }
  }
  throw new Error(`no package has ${name}, which ${needer} needs`);
}
