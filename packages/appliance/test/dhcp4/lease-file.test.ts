import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { LeaseFile } from '../../src/dhcp4/lease-file.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemClock } from '../../src/system/clock.ts';

t.test('an edit right after the file was replaced is not taken for what was written', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'r7-lease-file-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'leases.json');
  const file = new LeaseFile(path, silentLog, systemClock, () => {});
  await file.write([], 0, Date.now());
  t.notOk(file.isEdited, 'its own');
  // The folder is still being synced when the new file shows. More than once, for the moment can be missed.
  for (let round = 0; round < 10; round++) {
    const before = statSync(path, { bigint: true }).ino;
    const writing = file.write([], 0, Date.now());
    while (statSync(path, { bigint: true }).ino === before) await turn();
    const edit = join(folder, 'edit');
    writeFileSync(edit, `[${' '.repeat(round)}]`);
    renameSync(edit, path);
    await writing;
    t.ok(file.isEdited, `edit ${round} is found`);
    file.read(0, 0);
    t.notOk(file.isEdited, `edit ${round} is known`);
  }
});
