import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whom a cache is made for. */
export interface CodeCacheOptions {
  /** Absolute path of the Node of the image. */
  readonly node: string;
  /** Options that the program is going to have: V8 takes no cache that was made with others. */
  readonly nodeOptions: readonly string[];
  /** What makes the cache: the text of rehearsal.ts for `require`. */
  readonly rehearsal: string;
  /** Absolute path of the folder with `<name>.js`; that of `<name>.cache` is written to. */
  readonly lib: string;
  readonly name: string;
}

/** The same input gives the same cache. V8 takes them nevertheless in a process without these options. */
const PREDICTABLE = ['--predictable', '--random-seed=1'] as const;

/**
 * Makes V8's cache of a program.
 *
 * @throws Error when the program cannot be loaded
 */
export async function writeCodeCache({ node, nodeOptions, rehearsal, lib, name }: CodeCacheOptions): Promise<void> {
  // The environment might hold NODE_OPTIONS.
  await promisify(execFile)(node, [...nodeOptions, ...PREDICTABLE, '--eval', rehearsal, lib, name], { env: {} });
}
