import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';

/*
 * Runs in the Node of the image while that is being built, see code-cache.ts: loads the bundle that it is told of, up to where
 * the program itself would begin, and keeps what V8 has made of it. Functions that nobody has called by then are not in it: to
 * read them would take longer than to compile the few that are called later. A program that has much to do at each start
 * does that here.
 */

const [lib, name] = process.argv.slice(-2) as [string, string];
const script = new Script(readFileSync(`${lib}/${name}.js`, 'latin1'), { filename: `/gokrazy/lib/${name}.js` });
const module: { rehearse?: () => void } = {};
script.runInThisContext()(createRequire(`${lib}/`), module, `file:///gokrazy/lib/${name}.cjs`);
module.rehearse?.();
writeFileSync(`${lib}/${name}.cache`, script.createCachedData());
process.exit();
