import { join } from 'node:path';
import { restoreSavedTime } from '../ntp/saved-time.ts';
import { createLog } from '../runtime/log.ts';
import { notify, takeTitle } from '../runtime/notify.ts';
import type { Web } from '../web/web.ts';
import { isConfinementOn, outliveMost } from './confinement.ts';
import { raiseLinks } from './early-links.ts';
import { firstStart } from './first-start.ts';
import { isImage } from './image.ts';
import { endLeftBehind } from './left-behind.ts';
import { restartMachine, switchMachineOff, watchPowerButtons } from './machine-power.ts';
import { keepPermSettled } from './perm-modes.ts';
import { keepRandomSeed, useRandomSeed } from './random-seed.ts';
import { claimFolder, runFolder } from './run-folder.ts';
import { serviceCommand } from './service-command.ts';
import { services, THEN } from './services.ts';
import { Supervisor } from './supervisor.ts';

/*
 * init: keeps the router's services running. SIGHUP looks for addresses to listen on, SIGTERM ends all services and itself.
 * What it imports has to be read before the first service can start: pages and their libraries come later.
 */

/** Octets that may wait for whoever reads our output. */
const CONSOLE_BACKLOG = 1 << 20;
/** Before it is tried again to serve pages, in milliseconds. */
const WEB_RETRY = 10_000;

const log = createLog((line) => print('init', line.trimEnd()));
let supervisor: Supervisor | undefined;
let web: Web | undefined;
let stopping = false;
let links: Promise<void> | undefined;

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
process.on('SIGHUP', relisten);
process.stdout.on('error', () => undefined);
takeTitle('init');

const folder = runFolder();
await claimFolder(folder);
if (isImage()) {
  useRandomSeed(log);
  firstStart((text) => print('init', text));
  links = raiseLinks(log);
  restoreSavedTime(log);
}
if (isConfinementOn()) {
  outliveMost();
  keepPermSettled('/perm', (name) => void notify(name));
}
// The machine's console is slow, and there are pages that show what services say.
supervisor = new Supervisor({
  services,
  folder,
  command: serviceCommand,
  listener: { told: print, wrote: isImage() ? () => undefined : print },
  relisten,
  ...(isImage() ? { machine: { restart: orLeave(restartMachine), powerOff: orLeave(switchMachineOff) } } : {}),
});
const adopted = supervisor.adopt();
const others = services.map(({ name }) => name).filter((name) => !adopted.includes(name));
for (const name of await endLeftBehind(others)) print(name, 'ended, an earlier supervisor had left it behind');
await links;
if (!stopping) await supervisor.begin();
await supervisor.settled(THEN);
if (isImage()) watchPowerButtons(log, () => void supervisor?.powerOff());
await serveWeb();

/** All services have ended by then: when the machine stays on, another supervisor starts them. */
function orLeave(end: () => void): () => void {
  return () => {
    try {
      end();
    } catch (error) {
      log.error('the machine stays on', { error });
      process.exit(1);
    }
  };
}

/** Nobody reads it, or not as fast as it comes: it is lost here, and kept elsewhere. */
function print(name: string, text: string): void {
  if (process.stdout.writableLength < CONSOLE_BACKLOG) process.stdout.write(`${name}: ${text}\n`);
}

/** Pages and their libraries are large, and nobody waits for them as for the network. */
async function serveWeb(): Promise<void> {
  try {
    const { startWeb } = await import('../web/web.ts');
    // Other routers on this machine have theirs in folders of their own.
    const elsewhere = isImage() ? {} : { socketPath: join(folder, 'gokrazy-http.sock') };
    web = await startWeb(supervisor as Supervisor, { log: (supervisor as Supervisor).ownLog, ...elsewhere });
  } catch (error) {
    log.error('no pages', { error });
    setTimeout(() => void serveWeb(), WEB_RETRY);
  }
}

function relisten(): void {
  void web?.refresh();
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await supervisor?.end();
  if (isImage()) keepRandomSeed(log);
  process.exit(0);
}
