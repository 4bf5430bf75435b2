import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CpioEntry } from '@router7/appliance/image/boot/cpio';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const SOURCES = ['packages/*/{src,test}/**/*.ts', 'bench/**/*.ts'];

/**
 * The project's sources without their types, below `folder` under the paths that they have on this machine; lines and
 * columns are the same. In a guest Node is to load these (strip-types-hook.mjs): its own way, a WebAssembly program, is
 * slow there, and under QEMU's emulation of several processors one process in twenty dies of it in V8's code allocation.
 */
export function strippedSources(folder: string): readonly CpioEntry[] {
  const directories = new Map<string, CpioEntry>();
  const files = globSync(SOURCES, { cwd: root }).map((name): CpioEntry => {
    const path = `${folder}${root}${name}`;
    addParents(path, directories);
    const data = Buffer.from(strip(readFileSync(`${root}${name}`, 'utf8')));
    return { kind: 'file', path, mode: 0o644, data };
  });
  return [...directories.values(), ...files];
}

function strip(source: string): string {
  const { emitWarning } = process;
  // It is said to be experimental each time the process uses it for the first time.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Parents come before what is in them. */
function addParents(path: string, directories: Map<string, CpioEntry>): void {
  const parent = dirname(path);
  if (parent === '.' || directories.has(parent)) return;
  addParents(parent, directories);
  directories.set(parent, { kind: 'directory', path: parent, mode: 0o755 });
}
