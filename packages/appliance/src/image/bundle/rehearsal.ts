import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';

/*
 * Runs in the Node of the image while that is being built, see code-cache.ts: loads the bundle that it is told of, up to where
 * the program itself would begin, and keeps what V8 has made of it. Functions that nobody has called by then are not in it: to
 * read them would take longer than to compile the few that are called later.
 */

const [lib, name] = process.argv.slice(-2) as [string, string];
const script = new Script(readFileSync(`${lib}/${name}.js`, 'latin1'), { filename: `/gokrazy/lib/${name}.js` });
script.runInThisContext()(createRequire(`${lib}/`), {}, `file:///gokrazy/lib/${name}.cjs`);
writeFileSync(`${lib}/${name}.cache`, script.createCachedData());
process.exit();
