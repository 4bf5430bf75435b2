// Goes into a guest and does there what its first argument says, or loads the module of that name.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { inGuest } from '../../src/guest/in-guest.ts';
import { handResults } from '../../src/results.ts';

const [what = '', path = ''] = process.argv.slice(2);
await inGuest(import.meta.url, {
  modules: what.startsWith('module:') ? [what.slice('module:'.length)] : ['dummy'],
  memoryMiB: 512,
  ...(path !== '' && { results: `${path}.json` }),
});

execFileSync('ip', ['link', 'add', 'dummy7', 'type', 'dummy']);
if (path !== '') {
  writeFileSync(path, 'written in the guest');
  handResults({ from: 'the guest' });
}
console.log(`inside ${execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim()}`);
console.error('to standard error');
if (what === 'stay') setInterval(() => undefined, 1000);
else process.exitCode = 7;
