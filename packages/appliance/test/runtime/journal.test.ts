import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Journal } from '../../src/runtime/journal.ts';
import { readSegment } from '../../src/runtime/journal-segment.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { killRepeatedly } from './fixtures/journal-kills.ts';

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'r7-journal-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const open = (folder: string, segmentSize = 4096): Journal =>
  Journal.open({ folder, name: 'leases', segmentSize, log: silentLog });
const records = (journal: Journal): string[] => [...journal.replay()].map((record) => Buffer.from(record).toString());

t.test('what was synced is replayed in order, by both ways of syncing and over several runs', async (t) => {
  const folder = folderOf(t);
  const wanted: string[] = [];
  for (let run = 0; run < 3; run++) {
    const journal = open(folder);
    t.same(records(journal), wanted);
    for (let i = 0; i < 100; i++) {
      const text = `run ${run} record ${i}`;
      journal.append(bytes(text));
      wanted.push(text);
      if (i % 7 === 0) journal.syncNow();
      else if (i % 5 === 0) await journal.sync();
    }
    await journal.sync();
    journal.append(bytes('never synced'));
    t.ok(journal.hasPending);
    await journal.close();
    t.throws(() => journal.append(bytes('late')), { code: 'closed' });
  }
  t.same(records(open(folder)), wanted);
});

t.test('callers at the same time share one write', async (t) => {
  const journal = open(folderOf(t));
  journal.append(bytes('a'));
  const first = journal.sync();
  journal.append(bytes('b'));
  const second = journal.sync();
  journal.append(bytes('c'));
  t.equal(journal.sync(), second);
  t.throws(() => journal.syncNow(), { code: 'busy' });
  await Promise.all([first, second]);
  t.notOk(journal.hasPending);
  await journal.sync();
  await journal.close();
});

t.test('a group larger than a segment, and a record larger than one', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  const wanted = Array.from({ length: 500 }, (_, i) => `record ${i} ${'x'.repeat(i % 50)}`);
  for (const text of wanted) journal.append(bytes(text));
  journal.syncNow();
  for (const length of [0, 4096, 4096 - 31]) {
    t.throws(() => journal.append(new Uint8Array(length)), { code: 'too-long' }, `${length}`);
  }
  journal.append(new Uint8Array(4096 - 32).fill(65));
  await journal.sync();
  t.same(records(open(folder)), [...wanted, 'A'.repeat(4096 - 32)]);
  await journal.close();
});

t.test('a checkpoint drops what came before, keeps spares, and uses them again', async (t) => {
  const folder = folderOf(t);
  let journal = open(folder);
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 300; i++) journal.append(bytes(`${round}.${i} ${'y'.repeat(20)}`));
    await journal.sync();
    await journal.checkpoint(() => {});
  }
  journal.append(bytes('after'));
  await journal.sync();
  await journal.close();
  journal = open(folder);
  t.same(records(journal), ['after'], 'nothing of the recycled files is left');
  t.same(readdirSync(folder).filter((name) => name.endsWith('.spare')).length <= 2, true);
  t.equal(readdirSync(folder).filter((name) => name.endsWith('.journal')).length, 1);
  t.end();
});

t.test('checkpoints that fail again and again do not fill the disk', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  const written: string[] = [];
  for (let i = 0; i < 20; i++) {
    written.push(`record ${i}`);
    journal.append(bytes(`record ${i}`));
    journal.syncNow();
    await t.rejects(journal.checkpoint(() => Promise.reject(new Error('no state'))));
  }
  t.ok(readdirSync(folder).length < 8, readdirSync(folder).join(' '));
  t.same(records(open(folder)), written, 'all are there');
  await journal.checkpoint(() => {});
  journal.append(bytes('last'));
  journal.syncNow();
  await journal.checkpoint(() => {});
  t.same(records(open(folder)), [], 'all are dropped');
  await journal.close();
});

t.test('a checkpoint that fails drops nothing', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  journal.append(bytes('kept'));
  await journal.sync();
  await t.rejects(
    journal.checkpoint(() => {
      throw new Error('disk full');
    }),
    { message: 'disk full' },
  );
  journal.append(bytes('more'));
  await journal.sync();
  t.same(records(open(folder)), ['kept', 'more']);
  await journal.close();
});

t.test('a torn or changed tail ends the replay, cut at every octet', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  const wanted = ['one', 'two', 'three'];
  for (const text of wanted) journal.append(bytes(text));
  await journal.sync();
  await journal.close();
  const path = join(folder, readdirSync(folder)[0] as string);
  const whole = readFileSync(path);
  const ends = [16, 16 + 11, 16 + 22, 16 + 35];
  for (let cut = 0; cut <= 60; cut++) {
    writeFileSync(path, whole.subarray(0, cut));
    const left = [...readSegment(path, 1)].map((record) => Buffer.from(record).toString());
    t.same(left, wanted.slice(0, Math.max(0, ends.filter((end) => end <= cut).length - 1)), `cut at ${cut}`);
  }
  for (let at = 0; at < 51; at++) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] as number) ^ 0x10;
    writeFileSync(path, changed);
    const left = [...readSegment(path, 1)].map((record) => Buffer.from(record).toString());
    t.same(left, wanted.slice(0, Math.max(0, ends.filter((end) => end <= at).length - 1)), `changed at ${at}`);
  }
  writeFileSync(path, whole);
  t.same([...readSegment(path, 2)], [], 'not the segment of that number');
});

t.test('a sync that fails is told, forgets its group, and the journal works again', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  const obstacle = join(folder, 'leases.0000000001.journal');
  mkdirSync(obstacle);
  journal.append(bytes('lost'));
  await t.rejects(journal.sync(), { code: 'EISDIR' });
  journal.append(bytes('lost too'));
  t.throws(() => journal.syncNow(), { code: 'EISDIR' });
  t.notOk(journal.hasPending);
  rmSync(obstacle, { recursive: true });
  journal.append(bytes('kept'));
  journal.syncNow();
  t.same(records(open(folder)), ['kept']);
  await journal.close();
});

t.test('a sync that waits for another one fails with it: what was appended before is lost', async (t) => {
  const folder = folderOf(t);
  const journal = open(folder);
  const obstacle = join(folder, 'leases.0000000001.journal');
  mkdirSync(obstacle);
  journal.append(bytes('lost'));
  const first = journal.sync();
  journal.append(bytes('later'));
  const second = journal.sync();
  rmSync(obstacle, { recursive: true });
  await Promise.all([t.rejects(first, { code: 'EISDIR' }), t.rejects(second, { code: 'EISDIR' })]);
  t.ok(journal.hasPending, 'not written yet');
  await journal.sync();
  t.same(records(open(folder)), ['later']);
  await journal.close();
});

t.test('strange files in the folder are no records', async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, 'leases.0000000007.journal'), 'rubbish');
  writeFileSync(join(folder, 'leases.0000000008.journal'), '');
  writeFileSync(join(folder, 'other.0000000009.journal'), 'rubbish');
  const journal = open(folder);
  t.same(records(journal), []);
  journal.append(bytes('x'));
  await journal.sync();
  t.ok(readdirSync(folder).includes('leases.0000000009.journal'));
  await journal.close();
});

// Some of the kills; all of them are among the net tests, for each takes as long as Node takes to start.
t.test('kill -9 while syncing on the spot', (t) => killRepeatedly(t, 'now', 4));
t.test('kill -9 while syncing in a thread', (t) => killRepeatedly(t, 'later', 4));
