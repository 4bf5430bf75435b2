import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { ParsedFile } from '../../src/runtime/atomic-file.ts';
import { LastGood, SHARED_COPY } from '../../src/runtime/last-good.ts';

/** `a b` are two words; `a?` is passed over; `!` cannot be read at all. */
function parse(text: string, file: string): ParsedFile<readonly string[]> {
  if (text.includes('!')) throw new Error(`${file}: found !`);
  const words = text.split(' ');
  const warnings = words.filter((word) => word.endsWith('?')).map((word) => `${word} passed over`);
  return { value: words.filter((word) => !word.endsWith('?')), warnings, damaged: warnings.length > 0 };
}

t.test('what was good goes on, in this process and in the next', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-last-good-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'words');
  const copies = join(folder, 'kept/deep');
  const open = (): LastGood<readonly string[]> => new LastGood(path, copies, parse);

  let file = open();
  t.match(file.read(), { value: undefined, complete: false, absent: true, error: undefined });
  file.keep();
  t.notOk(existsSync(copies), 'nothing to keep');

  writeFileSync(path, 'a b?');
  t.match(
    file.read(),
    { value: ['a'], complete: false, error: undefined, warnings: ['b? passed over'] },
    'nothing better yet',
  );
  file.keep();
  t.equal(file.kept, undefined, 'a file with something wrong is not kept');
  writeFileSync(path, '!');
  const nothing = file.read();
  t.match(nothing, { value: undefined, complete: false, absent: false });
  t.match(nothing.error?.message, /found !$/);

  writeFileSync(path, 'a b');
  t.match(file.read(), { value: ['a', 'b'], complete: true, error: undefined });
  t.equal(file.kept, undefined, 'not before it is in force');
  file.keep();
  t.same(file.kept, ['a', 'b']);
  t.equal(statSync(join(copies, 'words')).mode & 0o777, 0o600, 'there may be keys in it');
  const { ino } = statSync(join(copies, 'words'));
  file.read();
  file.keep();
  t.equal(statSync(join(copies, 'words')).ino, ino, 'the same is not written again');

  const shared = new LastGood(path, copies, parse, SHARED_COPY);
  shared.read();
  shared.keep();
  t.equal(statSync(join(copies, 'words')).mode & 0o777, 0o644, 'IN-12: what other daemons go by they can read');
  t.equal(statSync(copies).mode & 0o777, 0o711);
  file.read();
  file.keep();

  for (const bad of ['!', 'c d?']) {
    writeFileSync(path, bad);
    for (const each of [file, open()]) {
      const reading = each.read();
      t.match(reading, { value: ['a', 'b'], complete: true, absent: false });
      t.match(reading.error?.message, /the last good one goes on$/);
      each.keep();
    }
  }
  t.equal(readFileSync(join(copies, 'words'), 'utf8'), 'a b');

  // A copy that is broken itself is as good as none.
  writeFileSync(join(copies, 'words'), '!');
  file = open();
  t.equal(file.read().value?.join(), 'c');
  t.equal(file.kept, undefined);
  t.end();
});

t.test('a folder in the place of the file is told by its name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-last-good-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'words');
  mkdirSync(path);
  const { error } = new LastGood(path, join(folder, 'kept'), parse).read();
  t.equal(error?.message, `${path}: EISDIR: illegal operation on a directory, read`);
  t.end();
});
