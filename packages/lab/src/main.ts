import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireQemu } from './appliance/machine.ts';
import { MADE_IMAGE, makeImage } from './appliance/made-image.ts';
import { type LabOptions, parseLabOptions, usage } from './args.ts';
import { forward } from './forward.ts';
import { openStage } from './stage.ts';

/*
 * `./run lab`: opens a stage, runs inside.ts on it, and serves the router's lease page on the machine's loopback.
 */
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(usage());
  process.exit(0);
}
let options: LabOptions;
try {
  options = parseLabOptions(args);
} catch (error) {
  const [message] = (error as Error).message.split('\n');
  console.error(`router7 lab: ${message} (--help tells more)`);
  process.exit(2);
}

if (options.image === MADE_IMAGE) haveImage();

const stage = openStage(fileURLToPath(new URL('inside.ts', import.meta.url)), args);
if (!options.once) servePage(options.port, join(stage.exchange, 'web.sock'));

let asked = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time without patience: the stage's end takes everything with it.
    if (++asked > 1) stage.signal('SIGKILL');
    else askToEnd();
  });
}
process.exit(await stage.finished);

/** Makes the image here, where the machine's network is. */
function haveImage(): void {
  try {
    requireQemu();
    makeImage();
  } catch (error) {
    console.error(`router7 lab: no image: ${(error as Error).message.split('\n')[0]}`);
    process.exit(1);
  }
}

/** Again and again: as the first process of its namespace the stage hears no signal before it listens to it. */
function askToEnd(): void {
  stage.signal('SIGTERM');
  setTimeout(askToEnd, 200);
}

function servePage(port: number, socket: string): void {
  const server = createServer((outer) => {
    const inner = connect({ path: socket });
    forward(outer, inner);
  });
  server.on('error', (error) => console.error(`router7 lab: no page on 127.0.0.1:${port}: ${error.message}`));
  server.listen(port, '127.0.0.1');
}
