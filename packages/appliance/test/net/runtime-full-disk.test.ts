import './own-namespace.ts';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { writeFileAtomic, writeFileAtomicSync } from '../../src/runtime/atomic-file.ts';
import { Journal } from '../../src/runtime/journal.ts';
import { silentLog } from '../../src/runtime/log.ts';

const disk = mkdtempSync(join(tmpdir(), 'r7-disk-'));
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk]);
t.teardown(() => {
  execFileSync('umount', [disk]);
  rmdirSync(disk);
});

/** Fills the disk to the last page. */
function fill(): void {
  for (const size of [4096, 1]) {
    try {
      for (let i = 0; ; i++) writeFileSync(join(disk, `filler-${size}-${i}`), Buffer.alloc(size));
    } catch (error) {
      t.equal((error as { code?: string }).code, 'ENOSPC');
    }
  }
}

function empty(): void {
  for (const name of readdirSync(disk)) if (name.startsWith('filler-')) rmSync(join(disk, name));
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

t.test('a file that does not fit leaves the old one whole, and nothing else', async (t) => {
  const path = join(disk, 'state.json');
  writeFileAtomicSync(path, 'old');
  fill();
  t.throws(() => writeFileAtomicSync(path, 'new'.repeat(50_000)), { code: 'ENOSPC' });
  await t.rejects(writeFileAtomic(path, 'new'.repeat(50_000)), { code: 'ENOSPC' });
  t.equal(readFileSync(path, 'utf8'), 'old');
  t.notOk(readdirSync(disk).some((name) => name.includes('.tmp-')));
  empty();
  await writeFileAtomic(path, 'new');
  t.equal(readFileSync(path, 'utf8'), 'new');
  rmSync(path);
});

t.test('a journal goes on within what it has laid down, says when it cannot, and recovers', async (t) => {
  const open = (): Journal => Journal.open({ folder: disk, name: 'leases', segmentSize: 16_384, log: silentLog });
  const journal = open();
  const wanted: string[] = [];
  const add = (text: string): void => {
    journal.append(bytes(text));
    wanted.push(text);
  };
  add('before');
  journal.syncNow();
  fill();
  for (let i = 0; i < 100; i++) {
    add(`on a full disk ${i} ${'x'.repeat(100)}`);
    if (i % 2 === 0) journal.syncNow();
    else await journal.sync();
  }
  // The segment is nearly full; the next one finds no room.
  let failed = 0;
  for (let i = 0; i < 50; i++) {
    const text = `more ${i} ${'x'.repeat(500)}`;
    journal.append(bytes(text));
    try {
      if (i % 2 === 0) journal.syncNow();
      else await journal.sync();
      wanted.push(text);
    } catch (error) {
      failed++;
      t.equal((error as { code?: string }).code, 'ENOSPC');
    }
  }
  t.ok(failed > 10, `${failed} refused`);
  empty();
  add('after');
  journal.syncNow();
  t.same(
    [...open().replay()].map((record) => Buffer.from(record).toString()),
    wanted,
    'what was not refused is there',
  );
  await journal.checkpoint(() => {});
  t.same([...open().replay()], []);
  fill();
  // A spare takes the place of the segment.
  await journal.checkpoint(() => {});
  journal.append(bytes('last'));
  journal.syncNow();
  t.same(
    [...open().replay()].map((record) => Buffer.from(record).toString()),
    ['last'],
  );
  await journal.close();
});
