import { join } from 'node:path';
import { ImaginaryClock, KernelClock } from '../ntp/clock-keeper.ts';
import {
  buildTime,
  isImage,
  restoreSavedTime,
  SAVED_TIME_FOLDER,
  SAVED_TIME_NAME,
  savedTime,
} from '../ntp/saved-time.ts';
import { ServerNameFiles } from '../ntp/server-names.ts';
import { TimeKeeper } from '../ntp/time-keeper.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { takeTitle } from '../runtime/notify.ts';
import { tellReady } from '../runtime/supervised.ts';

/*
 * ntpd: sets the clock by servers of NTP and keeps it right, and saves the time for a start without battery.
 * SIGUSR1 reads its files again, and asks at once as long as the time is not known. SIGTERM saves the time and ends.
 * Where it is no image of ours that runs, a lab or a test, the clock is another one's: it only says what it would do.
 */

takeTitle('ntpd');
const flags = ownFlags('ntpd', { set: 'auto', state_dir: SAVED_TIME_FOLDER });
const log = createLog();
if (!['auto', 'yes', 'no'].includes(flags.set)) {
  process.stderr.write(`ntpd: -set: found ${JSON.stringify(flags.set)}, expected auto, yes or no\n`);
  process.exit(2);
}
const savedTimeFile = join(flags.state_dir, SAVED_TIME_NAME);
const isOurs = flags.set === 'yes' || (flags.set === 'auto' && isImage());
// The supervisor has done so already, unless it is another one's.
if (isOurs) restoreSavedTime(log, { savedTimeFile });
else log.info('the clock is not set, only what would be done is told');

// They come in turns of the event loop, when all that follows is there.
process.on('SIGUSR1', () => void keeper.look(true));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => void keeper.close().then(() => process.exit(0)));
}

const files = new ServerNameFiles('/perm', join(flags.state_dir, 'last-good'), log);
const keeper = new TimeKeeper({
  clock: isOurs ? new KernelClock(log) : new ImaginaryClock(),
  log,
  read: () => files.read(),
  built: buildTime(),
  saved: savedTime(log, savedTimeFile),
  savedTimeFile,
});

// Nobody waits for the time: it may be long until there is a network.
tellReady();
