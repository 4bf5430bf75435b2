import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Service, SMALL_HEAP } from './services.ts';

/** A file to run, and what it is told. */
export type Command = readonly [file: string, ...args: string[]];

/** True in the programs of the image, where the build puts it; from sources nobody declares it. */
declare const ROUTER7_BUNDLED: true | undefined;

/**
 * Options of Node for the supervisor. For every program: an option of V8 that is not about sizes has Node compile its own
 * modules, since the caches it brings along are for none; that costs as much as Node itself.
 */
export const supervisorOptions: readonly string[] = SMALL_HEAP;

/** The command that runs a service: its program in the image, its source elsewhere. */
export function commandOf({ name, args, nodeOptions = [] }: Service): Command {
  return [...program(`user/${name}`, `../daemons/${name}.ts`, nodeOptions), ...args];
}

/** The command that runs the supervisor. */
export function supervisorCommand(): Command {
  return program('gokrazy/init.cjs', './main.ts', supervisorOptions);
}

function program(bundled: string, source: string, nodeOptions: readonly string[]): Command {
  const folder = programsFolder();
  if (folder !== undefined) return [join(folder, 'gokrazy/node'), ...nodeOptions, join(folder, bundled)];
  const path = fileURLToPath(new URL(source, import.meta.url));
  return [process.execPath, '--conditions=@router7/source', ...nodeOptions, path];
}

/**
 * Where the programs of the image are: what is `/` in the image itself. From sources the variable ROUTER7_PROGRAMS names a
 * folder that they have been made in, to try them without an image.
 */
function programsFolder(): string | undefined {
  // Node is at gokrazy/node.
  return typeof ROUTER7_BUNDLED === 'undefined' ? process.env.ROUTER7_PROGRAMS : resolve(process.execPath, '../..');
}
