import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { lockFolder } from '../../src/system/folder-lock.ts';
import { flock } from '../../src/system/libc.ts';

t.test('a folder belongs to one at a time', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-lock-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  lockFolder(folder);
  for (let i = 0; i < 3; i++) t.throws(() => lockFolder(folder), { code: 'EAGAIN', syscall: 'flock' });
  t.throws(() => lockFolder(join(folder, 'missing')), { code: 'ENOENT' });
});

t.test('whoever may only read a folder cannot keep it from its owner', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-lock-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const fd = openSync(folder, 'r');
  t.teardown(() => closeSync(fd));
  // LOCK_EX, as any other user of the machine could.
  t.equal(flock(fd, 2), 0);
  lockFolder(folder);
  t.throws(() => lockFolder(folder), { code: 'EAGAIN' });
  t.equal(statSync(join(folder, '.lock')).mode & 0o777, 0o600);
});
