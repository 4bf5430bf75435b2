import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { restoreSavedTime, saveTime } from '../../src/ntp/saved-time.ts';
import { createLog } from '../../src/runtime/log.ts';
import { mkfifo } from '../../src/system/libc.ts';

const BUILT = Date.parse('2026-03-01T00:00:00Z');

const folder = mkdtempSync(join(tmpdir(), 'saved-time-'));
t.teardown(() => rmSync(folder, { recursive: true }));
const savedTimeFile = join(folder, 'home/ntp/ntp-time-at-last-shutdown');
const buildFile = join(folder, 'build.json');

/** Starts with this clock; what it was set to, and what the log says. */
function start(wall: number, set?: (time: number) => void): { readonly to: readonly number[]; readonly log: string } {
  const to: number[] = [];
  let lines = '';
  const log = createLog((line) => {
    lines += line;
  });
  const options = { savedTimeFile, buildFile, wall: () => wall, set: set ?? ((time: number) => void to.push(time)) };
  const result = restoreSavedTime(log, options);
  if (set === undefined) t.equal(result, to[0], 'tells what it has done');
  return { to, log: lines };
}

t.test('NT-01 the clock is restored when it is behind, and never set back', async (t) => {
  t.same(start(0).to, [], 'no image: a clock that is not ours');

  writeFileSync(buildFile, JSON.stringify({ version: '1', buildTimestamp: '2026-03-01T00:00:00Z' }));
  t.same(start(0).to, [BUILT], 'never saved: it is later than the image');
  t.same(start(BUILT + 1).to, []);

  const saved = Date.parse('2026-11-22T10:00:00Z');
  saveTime(saved + 999.5, savedTimeFile);
  t.equal(readFileSync(savedTimeFile, 'utf8'), '2026-11-22T10:00:00Z', 'as Go reads it');
  t.same(readdirSync(join(folder, 'home/ntp')), ['ntp-time-at-last-shutdown']);
  const restored = start(0);
  t.same(restored.to, [saved]);
  t.match(restored.log, /^info clock was behind, set to=2026-11-22T10:00:00Z from="last shutdown"\n$/);
  t.same(start(saved + 1).to, [], 'a clock that is ahead stays');

  // What router7 writes.
  writeFileSync(savedTimeFile, '2026-11-23T11:00:00.123456789+01:00');
  t.same(start(0).to, [Date.parse('2026-11-23T10:00:00.123Z')]);
});

t.test('NT-01 a saved time that makes no sense costs nothing but a line', async (t) => {
  writeFileSync(buildFile, JSON.stringify({ buildTimestamp: '2026-03-01T00:00:00Z' }));
  for (const text of [
    '',
    '2046-06-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    'yesterday',
    '2026-13-01T00:00:00Z',
    '\0'.repeat(10_000),
    '2'.repeat(100_000),
  ]) {
    writeFileSync(savedTimeFile, text);
    const { to, log } = start(0);
    t.same(to, [BUILT], JSON.stringify(text.slice(0, 20)));
    t.match(log, /^warn saved time unusable/);
  }
  rmSync(savedTimeFile);
  const refuse = (): void => {
    throw new Error('clock_settime: EPERM');
  };
  t.match(start(0, refuse).log, /^error clock cannot be set error="clock_settime: EPERM"\n$/, 'nor does the kernel');
  writeFileSync(buildFile, '{"buildTimestamp":12}');
  t.same(start(0).to, [], 'a build file without a time');
});

function writeHole(path: string): void {
  writeFileSync(path, '');
  truncateSync(path, 2 ** 40);
}

t.test('NT-01 nothing that ntpd could have put in its place keeps the router from starting', async (t) => {
  writeFileSync(buildFile, JSON.stringify({ buildTimestamp: '2026-03-01T00:00:00Z' }));
  const secret = join(folder, 'secret');
  writeFileSync(secret, '2026-11-24T10:00:00Z');
  for (const [what, make] of [
    ['a link', () => symlinkSync(secret, savedTimeFile)],
    ['larger than memory', () => writeHole(savedTimeFile)],
    ['a pipe that nobody writes to', () => mkfifo(savedTimeFile, 0o600)],
  ] as const) {
    rmSync(savedTimeFile, { force: true });
    make();
    const { to, log } = start(0);
    t.same(to, [BUILT], what);
    t.match(log, /^warn saved time unusable/);
  }
});
