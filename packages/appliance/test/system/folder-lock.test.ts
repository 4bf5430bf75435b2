import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { lockFolder } from '../../src/system/folder-lock.ts';

t.test('a folder belongs to one at a time', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-lock-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  lockFolder(folder);
  for (let i = 0; i < 3; i++) t.throws(() => lockFolder(folder), { code: 'EAGAIN', syscall: 'flock' });
  t.throws(() => lockFolder(join(folder, 'missing')), { code: 'ENOENT' });
});
