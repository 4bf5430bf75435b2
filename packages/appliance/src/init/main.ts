import { notify, takeTitle } from '../runtime/notify.ts';
import { isConfinementOn, outliveMost } from './confinement.ts';
import { firstStart } from './first-start.ts';
import { isImage } from './image.ts';
import { endLeftBehind } from './left-behind.ts';
import { keepPermSettled } from './perm-modes.ts';
import { claimFolder, runFolder } from './run-folder.ts';
import { serviceCommand } from './service-command.ts';
import { FIRST, services } from './services.ts';
import { Supervisor } from './supervisor.ts';

/*
 * init: keeps the router's services running. SIGHUP looks for addresses to listen on, SIGTERM ends all services and itself.
 * What it imports has to be read before the first service can start: pages and their libraries come later.
 */

/** Octets that may wait for whoever reads our output. */
const CONSOLE_BACKLOG = 1 << 20;

let supervisor: Supervisor | undefined;
let stopping = false;

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
process.on('SIGHUP', relisten);
process.stdout.on('error', () => undefined);
takeTitle('init');

const folder = runFolder();
await claimFolder(folder);
if (isImage()) firstStart((text) => print('init', text));
if (isConfinementOn()) {
  outliveMost();
  keepPermSettled('/perm', (name) => notify(name));
}
// The machine's console is slow, and there are pages that show what services say.
supervisor = new Supervisor({
  services,
  folder,
  command: serviceCommand,
  listener: { told: print, wrote: isImage() ? () => undefined : print },
  relisten,
});
const adopted = supervisor.adopt();
const others = services.map(({ name }) => name).filter((name) => !adopted.includes(name));
for (const name of await endLeftBehind(others)) print(name, 'ended, an earlier supervisor had left it behind');
if (!stopping) await supervisor.begin();
await supervisor.settled(FIRST);

/** Nobody reads it, or not as fast as it comes: it is lost here, and kept elsewhere. */
function print(name: string, text: string): void {
  if (process.stdout.writableLength < CONSOLE_BACKLOG) process.stdout.write(`${name}: ${text}\n`);
}

function relisten(): void {}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await supervisor?.end();
  process.exit(0);
}
