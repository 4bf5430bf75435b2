import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BlockFileReader, BlockList, type BlockPolicy, BlockTableBuilder } from '@router7/dns';
import fc from 'fast-check';
import t from 'tap';
import { lists, NAMES } from './fixtures/names.ts';
import { question } from './local-home.ts';

const MIB = 1_048_576;

/** A list with the lines of files by number. */
function listOf(files: readonly (readonly string[])[], policies: readonly BlockPolicy[]): BlockList {
  const builder = new BlockTableBuilder();
  for (const [list, lines] of files.entries()) {
    const reader = new BlockFileReader(builder, list);
    reader.push(new TextEncoder().encode(lines.join('\n')));
    reader.end();
  }
  const blockList = new BlockList();
  blockList.configure(builder.build(), policies);
  return blockList;
}

const EVERYBODY: readonly BlockPolicy[] = [{ block: 1, allow: 0 }];
const blocks = (list: BlockList, name: string, group: number = 0): boolean => list.blocks(question(name, 1), group);

t.test('DNS-24 the lines of lists as they are published', (t) => {
  const rows: [line: string, blocked: readonly string[], not: readonly string[]][] = [
    [
      'ads.example',
      ['ads.example', 'x.ads.example', 'a.b.ADS.Example'],
      ['example', 'xads.example', 'ads.example.com'],
    ],
    ['  ads.example.  # comment', ['ads.example'], []],
    ['*.ads.example', ['ads.example', 'x.ads.example'], []],
    ['.ads.example', ['ads.example'], []],
    ['ads.example\r', ['ads.example', 'x.ads.example'], []],
    ['||ads.example^', ['ads.example', 'x.ads.example'], ['example']],
    ['||ads.example^$important', ['ads.example'], []],
    ['||ads.example^$third-party,important', ['ads.example'], []],
    ['||ads.example^|', ['ads.example'], []],
    ['||zip^', ['zip', 'a.zip'], ['zipper']],
    ['0.0.0.0 ads.example', ['ads.example'], ['x.ads.example', 'example']],
    ['127.0.0.1\tads.example  x.example # y.example', ['ads.example', 'x.example'], ['y.example']],
    [':: ads.example', ['ads.example'], []],
    ['fe80::1%lo0 ads.example', ['ads.example'], []],
    ['_dns.ads-2.example', ['_dns.ads-2.example'], []],
    ['# ads.example', [], ['ads.example']],
    ['! ads.example', [], ['ads.example']],
    ['[Adblock Plus 2.0]', [], ['adblock']],
    // A list that is broken, or about something else, does not take the whole of the net away.
    ['com', [], ['com', 'example.com']],
    ['0.0.0.0 localhost', [], ['localhost']],
    ['0.0.0.0 0.0.0.0', [], ['0.0.0.0']],
    ['ads.example other', [], ['ads.example', 'other']],
    ['||ads.example^$domain=shop.example', [], ['ads.example']],
    ['||ads.example/banner', [], ['ads.example']],
    ['||ads.*.example^', [], ['ads.x.example']],
    ['|https://ads.example/', [], ['ads.example']],
    ['shop.example##.banner', [], ['shop.example']],
    ['/^ads[0-9]+/', [], ['ads1.example']],
    ['ads..example', [], ['ads.example']],
    ['-ads.example', [], ['ads.example', '-ads.example']],
    ['ads-.example', [], ['ads-.example']],
    ['ädß.example', [], ['example']],
    [`${'x'.repeat(64)}.example`, [], ['example']],
    [`${'x.'.repeat(200)}example`, [], ['example']],
    ['*', [], ['example']],
    ['.', [], ['example']],
    ['||^', [], ['example']],
    ['', [], ['example']],
  ];
  for (const [line, blocked, not] of rows) {
    const list = listOf([['first.example', line, 'last.example']], EVERYBODY);
    for (const name of [...blocked, 'first.example', 'last.example']) t.ok(blocks(list, name), `${line}: ${name}`);
    for (const name of [...not, 'www.shop.test', '.']) t.notOk(blocks(list, name), `${line}: not ${name}`);
  }
  t.end();
});

t.test('DNS-24 what allows is stronger than what blocks, whatever is more specific', (t) => {
  const list = listOf(
    [
      ['ads.example', 'x.good.example'],
      ['good.example', 'b.ads.example'],
    ],
    [{ block: 1, allow: 2 }],
  );
  t.ok(blocks(list, 'a.ads.example'));
  for (const name of ['b.ads.example', 'c.b.ads.example', 'x.good.example']) t.notOk(blocks(list, name), name);
  const excepted = listOf([['||ads.example^'], ['@@||b.ads.example^']], [{ block: 3, allow: 0 }]);
  t.ok(blocks(excepted, 'a.ads.example'));
  t.notOk(blocks(excepted, 'c.b.ads.example'), 'the exception of one list from another');
  t.end();
});

t.test('DNS-24 groups have lists of their own, and schedules other ones at times', (t) => {
  const files = [['ads.example'], ['games.example', 'ads.example'], ['school.games.example']];
  const list = listOf(files, [
    { block: 1, allow: 0 },
    { block: 3, allow: 4 },
    { block: 0, allow: 0 },
  ]);
  const table: [name: string, groups: boolean[]][] = [
    ['ads.example', [true, true, false, true]],
    ['games.example', [false, true, false, false]],
    ['school.games.example', [false, false, false, false]],
  ];
  for (const [name, groups] of table) {
    t.same(
      groups.map((_, group) => blocks(list, name, group)),
      groups,
      name,
    );
  }
  const { generation } = list;
  list.setPolicies([{ block: 2, allow: 0 }]);
  t.not(list.generation, generation);
  t.ok(blocks(list, 'school.games.example'));
  list.setPolicies([{ block: 0, allow: 4, everything: true }]);
  t.ok(blocks(list, 'any.thing'));
  t.notOk(blocks(list, 'x.school.games.example'));
  list.configure(undefined, []);
  t.notOk(blocks(list, 'ads.example'));
  t.end();
});

t.test('DNS-24 no piece of a file is too small, and no line too long', (t) => {
  const lines = Array.from(
    { length: 300 },
    (_, i) => `0.0.0.0 name-${i}.example${i % 7 === 0 ? ` # ${'x'.repeat(5000)}` : ''}`,
  );
  const bytes = new TextEncoder().encode(lines.join('\n'));
  for (const size of [1, 7, 64, 4096]) {
    const builder = new BlockTableBuilder();
    const reader = new BlockFileReader(builder, 0);
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    reader.end();
    const { count } = builder.build();
    t.equal(count + reader.skipped, 300);
    t.equal(count, reader.names);
    t.ok(count >= 300 - Math.ceil(300 / 7), `${count} with ${size} octets at a time`);
  }
  t.end();
});

t.test('DNS-24 any octets make a list and no error', (t) => {
  const octets = fc.uint8Array({ maxLength: 300 });
  const line = fc.stringMatching(/^(?:@@|\|\||0\.0\.0\.0 |\*\.|::1 )?[a-z.\-^$#| ]{0,80}\n?$/);
  const text = fc.array(line, { maxLength: 12 }).map((all) => new TextEncoder().encode(all.join('')));
  fc.assert(
    fc.property(fc.oneof(octets, text), fc.nat(40), (bytes, cut) => {
      const builder = new BlockTableBuilder();
      const reader = new BlockFileReader(builder, 0);
      reader.push(bytes.subarray(0, cut));
      reader.push(bytes.subarray(cut));
      reader.end();
      const whole = new BlockTableBuilder();
      const other = new BlockFileReader(whole, 0);
      other.push(bytes);
      other.end();
      return whole.build().count === builder.build().count && reader.skipped === other.skipped;
    }),
    { numRuns: 500 },
  );
  t.end();
});

t.test('DNS-24 there is an end to the names that are kept', (t) => {
  const builder = new BlockTableBuilder(1000);
  const reader = new BlockFileReader(builder, 0);
  for (let i = 0; i < 1500; i++) reader.push(new TextEncoder().encode(`name-${i}.example\n`));
  t.equal(builder.build().count, 1000);
  t.equal(builder.leftOut, 500);
  t.end();
});

t.test('DNS-24 a million names in less than 64 MiB', (t) => {
  const text = Array.from({ length: NAMES }, (_, i) => lists(i).line).join('\n');
  const folder = t.testdir({ 'list.txt': text });
  const fixture = join(import.meta.dirname, 'fixtures/million-names.ts');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@router7/source', fixture, join(folder, 'list.txt')],
    { encoding: 'utf8' },
  );
  t.equal(stderr, '');
  const { names, skipped, count, grown, seconds, wrong, nanoseconds } = JSON.parse(stdout);
  t.same({ names, skipped, count, wrong }, { names: NAMES, skipped: 0, count: NAMES, wrong: 0 });
  t.ok(grown < 64 * MIB, `${(grown / MIB).toFixed(1)} MiB`);
  t.comment(`${(grown / MIB).toFixed(1)} MiB, ${seconds.toFixed(1)} s, ${nanoseconds.toFixed(0)} ns for a question`);
  t.end();
});
