import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { LineSplitter } from '../../src/init/line-splitter.ts';
import { LogRing } from '../../src/init/log-ring.ts';
import { KeptRing } from '../../src/init/log-stream.ts';

const at = new Date(1_700_000_000_000);
const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

t.test('IN-03: a ring keeps a hundred lines, numbered, and not too many characters', async (t) => {
  const ring = new LogRing();
  const heard: number[] = [];
  const end = ring.subscribe(({ number }) => heard.push(number));
  for (let i = 0; i < 150; i++) ring.add(`line ${i}`, at);
  t.equal(ring.lines().length, 100);
  t.same(ring.lines()[0], { number: 50, at, text: 'line 50' });
  t.equal(heard.length, 150);
  end();
  ring.skip(1000);
  ring.add('x', at);
  t.equal(heard.length, 150);
  t.equal(ring.lines().at(-1)?.number, 1150);
  for (let i = 0; i < 100; i++) ring.add('y'.repeat(4096), at);
  t.equal(ring.lines().length, 16);
  ring.add('z'.repeat(100_000), at);
  t.equal(ring.lines().length, 1, 'the last line is there in any case');
});

t.test('however a text comes, its lines are the same', async (t) => {
  const text = `one\n\ntwo ü€😀\n${'l'.repeat(10_000)}\nthree\n`;
  const long = 'l'.repeat(4096);
  const expected = ['one', '', 'two ü€😀', long, long, 'l'.repeat(10_000 - 8192), 'three'];
  const all = octets(text);
  for (const size of [1, 2, 3, 7, 100, 4095, 4096, 4097, 20_000]) {
    const splitter = new LineSplitter(100);
    const lines: string[] = [];
    for (let i = 0; i < all.length; i += size) {
      // What is handed in is overwritten by what comes next.
      const chunk = all.slice(i, i + size);
      lines.push(...splitter.push(chunk).lines);
      chunk.fill(0);
    }
    t.same(lines, expected, `${size} octets at a time`);
  }
  const edge = new LineSplitter(100);
  t.same(edge.push(octets('m'.repeat(4096))).lines, ['m'.repeat(4096)]);
  t.same(edge.push(octets('n\n')).lines, ['n']);
  t.same(edge.push(octets('o')).lines, []);
  t.same(edge.push(octets('\np')).lines, ['o']);
  const few = new LineSplitter(2);
  few.push(octets('a'));
  t.same(few.push(octets('\nb\nc\nd\ne')), { lines: ['c', 'd'], left: 2 });
  t.same(few.push(octets('\nf\n')), { lines: ['e', 'f'], left: 0 });
});

t.test('the next supervisor finds the lines, whatever has become of the file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a');
  const kept = new KeptRing(path);
  for (let i = 0; i < 5000; i++) kept.add([`line ${i} ${'x'.repeat(100)}`], at);
  t.ok(statSync(path).size < 150_000, 'it does not grow');
  t.equal(statSync(path).mode & 0o777, 0o600);
  const next = new KeptRing(path);
  t.same(next.ring.lines(), kept.ring.lines());
  next.add(['more'], at);
  t.equal(next.ring.lines().at(-1)?.number, 5000);
  t.same(new KeptRing(path).ring.lines(), next.ring.lines());
  for (const cut of ['5001 17000', '5001 17000 the beginn']) {
    appendFileSync(path, cut);
    t.equal(new KeptRing(path).ring.lines().at(-1)?.text, 'more', 'cut off');
    writeFileSync(path, `${readFileSync(path, 'utf8').slice(0, -cut.length)}`);
  }
  writeFileSync(path, 'rubbish\n\n7 x y\n');
  t.same(new KeptRing(path).ring.lines(), []);
  const nowhere = new KeptRing(join(folder, 'none', 'a'));
  nowhere.add(['goes on'], at);
  t.equal(nowhere.ring.lines().length, 1);
});

t.test('a line has its number for good, even if the supervisor is killed in the middle of a burst', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a');
  const kept = new KeptRing(path);
  const burst = (length: number, word: string): string[] => Array.from({ length }, (_, i) => `${word} ${i}`);
  for (const length of [10, 60, 3, 100, 99, 1]) {
    kept.add(burst(length, `burst of ${length}`), at);
    t.same(new KeptRing(path).ring.lines(), kept.ring.lines(), `${length} lines at once`);
  }
  for (let i = 0; i < 200; i++) kept.add(burst(100, 'y'.repeat(200)), at);
  t.same(new KeptRing(path).ring.lines(), kept.ring.lines(), 'however many');
  t.ok(statSync(path).size < 200_000, 'it does not grow');
  kept.add(['50 %\r100 %', 'one\u2028two'], at);
  t.same(new KeptRing(path).ring.lines(), kept.ring.lines(), 'with characters that end a line elsewhere');
});

t.test('where there is no room for a line, what follows is not added to half of it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a');
  const kept = new KeptRing(path);
  kept.add(['one'], at);
  rmSync(path);
  mkdirSync(path);
  kept.add(['two'], at);
  rmdirSync(path);
  writeFileSync(path, '0 1 one\n1 1 tw');
  kept.add(['three'], at);
  t.same(new KeptRing(path).ring.lines(), kept.ring.lines());
});
