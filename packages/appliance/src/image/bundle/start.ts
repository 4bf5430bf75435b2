import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

/*
 * Starts a program of the image; becomes /gokrazy/lib/start.cjs. Reading and compiling its source would take most of the time of
 * a start: V8 is given what it made of it when the image was built. If that does not fit this V8, it compiles.
 */

/** A bundle: the text of a function with these parameters. `url` is where the program would be, were it a module. */
type Bundle = (require: NodeJS.Require, module: { exports: unknown }, url: string) => void;

/** @param name of a program, whose `<name>.js` and `<name>.cache` are in this folder */
export function start(name: string): void {
  const path = `${import.meta.dirname}/${name}`;
  // What esbuild writes is ASCII; V8 takes that as it is.
  const source = readFileSync(`${path}.js`, 'latin1');
  const bundle: Bundle = compile(source, path).runInThisContext();
  bundle(require, { exports: {} }, `file://${path}.cjs`);
}

function compile(source: string, path: string): Script {
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(`${path}.cache`);
  } catch {
    // Without it everything works, later.
  }
  const filename = `${path}.js`;
  return new Script(source, cachedData === undefined ? { filename } : { filename, cachedData });
}
