import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext, Script } from 'node:vm';

/*
 * Starts a program of the image; becomes /gokrazy/lib/start.cjs. Reading and compiling its source would take most of the time of
 * a start: V8 is given what it made of it when the image was built. If that does not fit this V8, it compiles.
 */

/** The text of a bundle is that of a function, with the parameters of a module that Node loads by `require`. */
type Bundle = (require: NodeJS.Require, module: { exports?: () => Promise<void> }, url: string) => void;

/** When the memory is tidied up, milliseconds after the start: whoever waits for the router is online by then. */
const TIDY_AFTER = 60_000;

/** @param name of a program, whose `<name>.js` and `<name>.cache` are in this folder */
export function start(name: string): void {
  const program = load(`${import.meta.dirname}/${name}`);
  // As with modules it is an error when nothing is left to do while the program still waits.
  const waitsForEver = (): never => process.exit(13);
  process.once('beforeExit', waitsForEver);
  void program().then(() => process.off('beforeExit', waitsForEver));
  setTimeout(tidyUp, TIDY_AFTER).unref();
}

/**
 * Gives back what the start has taken and is not needed for the work, a third of all: V8 by itself looks for it only when a
 * program goes on asking for memory, and a router has little to do.
 */
function tidyUp(): void {
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  // Whatever Node loads from now on is compiled anew, else: see programs.ts.
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
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
