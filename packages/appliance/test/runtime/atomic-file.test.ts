import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import {
  readOrReport,
  readOrSetAside,
  removeFileSync,
  removeStaleTemporaries,
  writeFileAtomic,
  writeFileAtomicSync,
} from '../../src/runtime/atomic-file.ts';
import { createLog } from '../../src/runtime/log.ts';
import { parseDhcp4dLeases } from '../../src/state/dhcp4d-leases.ts';

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'r7-file-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

t.test('a file is replaced, with its mode whatever the umask is', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'state.json');
  const umask = process.umask(0o077);
  t.teardown(() => process.umask(umask));
  writeFileAtomicSync(path, 'one');
  t.equal(statSync(path).mode & 0o777, 0o644);
  await writeFileAtomic(path, new TextEncoder().encode('two'), 0o600);
  t.equal(readFileSync(path, 'utf8'), 'two');
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.same(readdirSync(folder), ['state.json']);
  t.ok(removeFileSync(path));
  t.notOk(removeFileSync(path));
});

t.test('the last of several writes at the same time wins', async (t) => {
  const path = join(folderOf(t), 'state.json');
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => writeFileAtomic(path, `write ${i} ${'x'.repeat((20 - i) * 50_000)}`)),
  );
  t.match(readFileSync(path, 'utf8'), /^write 19 /);
});

t.test('a write that fails leaves the old file and nothing else', async (t) => {
  const folder = folderOf(t);
  // A folder in the place of the file: everything up to the rename works.
  const path = join(folder, 'state.json');
  mkdirSync(path);
  t.throws(() => writeFileAtomicSync(path, 'new'), { code: 'EISDIR' });
  await t.rejects(writeFileAtomic(path, 'new'), { code: 'EISDIR' });
  t.same(readdirSync(folder), ['state.json']);
  t.throws(() => writeFileAtomicSync(join(folder, 'no', 'state.json'), 'new'), { code: 'ENOENT' });
});

t.test('what a killed writer has left is removed, and only that', async (t) => {
  const folder = folderOf(t);
  const keep = ['.other.json.tmp-12-3', '.state.json.tmp-x', 'state.json', 'state.json.corrupt-20240501T102000.000Z'];
  for (const name of [...keep, '.state.json.tmp-12-3', '.state.json.tmp-99999-0'])
    writeFileSync(join(folder, name), '');
  removeStaleTemporaries(join(folder, 'state.json'));
  t.same(readdirSync(folder).sort(), keep);
  removeStaleTemporaries(join(folder, 'no', 'state.json'));
});

t.test('reading: missing, unusable and partly unusable files', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'leases.json');
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line));
  const read = (): unknown => readOrSetAside(path, parseDhcp4dLeases, log, () => Date.UTC(2024, 4, 1, 10, 20));
  t.equal(read(), undefined);
  t.same(lines, []);
  writeFileSync(path, '[{"addr":"10.0.0.2"');
  t.equal(readOrReport(path, parseDhcp4dLeases, log), undefined);
  t.same(readdirSync(folder), ['leases.json'], "a person's file stays where it is");
  t.equal(read(), undefined);
  t.same(readdirSync(folder), ['leases.json.corrupt-20240501T102000.000Z']);
  t.equal(lines.length, 2);
  t.match(lines[1], /^error state file unusable, set aside file=.*aside=.*corrupt-.* error=".*expected JSON"\n$/);
  const partly = '[{"addr":"10.0.0.2","hardware_addr":"02:00:00:00:00:01"},{"addr":"x","hardware_addr":""}]';
  writeFileSync(path, partly);
  t.equal((read() as unknown[]).length, 1);
  t.equal(readFileSync(path, 'utf8'), partly);
  t.equal(readFileSync(`${path}.corrupt-20240501T102000.000Z`, 'utf8'), partly, 'a copy is kept');
  mkdirSync(join(folder, 'd'));
  t.equal(readOrSetAside(join(folder, 'd'), parseDhcp4dLeases, log), undefined);
  t.match(lines.at(-1), /file unreadable/);
});
