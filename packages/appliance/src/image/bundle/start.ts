import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { MemoryTidier } from '../../runtime/memory-tidier.ts';

/*
 * Starts a program of the image; becomes /gokrazy/lib/start.cjs. Reading and compiling its source would take most of the time of
 * a start: V8 is given what it made of it when the image was built. If that does not fit this V8, it compiles.
 */

/** The text of a bundle is that of a function, with the parameters of a module that Node loads by `require`. */
type Bundle = (require: NodeJS.Require, module: { exports?: () => Promise<void> }, url: string) => void;

/** How often it is thought of tidying up, in milliseconds. */
const TIDY_INTERVAL = 30_000;

/** @param name of a program, whose `<name>.js` and `<name>.cache` are in this folder */
export function start(name: string): void {
  const program = load(`${import.meta.dirname}/${name}`);
  // As with modules it is an error when nothing is left to do while the program still waits.
  const waitsForEver = (): never => process.exit(13);
  process.once('beforeExit', waitsForEver);
  void program().then(() => process.off('beforeExit', waitsForEver));
  const tidier = new MemoryTidier(performance.now());
  setInterval(() => tidier.look(performance.now()), TIDY_INTERVAL).unref();
}

function load(path: string): () => Promise<void> {
  // What esbuild writes is ASCII; V8 takes that as it is.
  const source = readFileSync(`${path}.js`, 'latin1');
  const module: { exports?: () => Promise<void> } = {};
  const bundle: Bundle = compile(source, path).runInThisContext();
  bundle(require, module, `file://${path}.cjs`);
  return module.exports as () => Promise<void>;
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
