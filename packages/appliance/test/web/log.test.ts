import t from 'tap';
import { LogReader } from '../../src/web/log-reader.ts';
import { eventOf, harmless, LogStreams, plainLine } from '../../src/web/log-stream.ts';
import { FakeControl } from './fake-control.ts';

const control = (): FakeControl => new FakeControl([{ name: 'dnsd' }]);
const at = (second: number): Date => new Date(Date.UTC(2026, 10, 22, 12, 0, second));
const events = (stream: LogStreams, reader: LogReader, isNamed: boolean) =>
  stream.open(reader, (line) => eventOf(line, isNamed), ':\n\n')?.getReader();

const decoder = new TextDecoder();
const textOf = ({ value }: { value?: Uint8Array | undefined }): string => decoder.decode(value);

/** Text and id of each event. */
function parse(text: string): { readonly data: string; readonly id: string; readonly event: string | undefined }[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '' && event !== ':')
    .map((event) => {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1];
      return { data: field('data') ?? '', id: field('id') ?? '', event: field('event') };
    });
}

t.test('IN-03: the lines that are kept, in the order of their times, then each one as it comes', async (t) => {
  const fake = control();
  fake.log('dnsd', 'stderr').add('one', at(1));
  fake.log('dnsd', 'stdout').add('two', at(2));
  fake.log('dnsd', 'stderr').add('three', at(3));
  const streams = new LogStreams();
  const both = events(streams, new LogReader(fake, 'dnsd', 'both', undefined), true);
  const plain = streams.open(new LogReader(fake, 'dnsd', 'stderr', undefined), plainLine, '')?.getReader();
  if (both === undefined || plain === undefined) throw new Error('no stream');
  t.same(
    parse(textOf(await both.read())).map(({ event, data }) => `${event} ${data}`),
    ['stderr one', 'stdout two', 'stderr three'],
  );
  t.equal(textOf(await plain.read()), 'one\nthree\n');
  const next = both.read();
  const nextPlain = plain.read();
  fake.log('dnsd', 'stderr').add('four', at(4));
  t.match(textOf(await next), /^event: stderr\nid: [0-9a-f]{8}-1-3-\d+\ndata: four\n\n$/);
  t.equal(textOf(await nextPlain), 'four\n');
  t.equal(streams.readers, 2);
  await both.cancel();
  await plain.cancel();
  t.equal(streams.readers, 0, 'readers that have gone are forgotten');
});

t.test('IN-03: who connects again has each line once', async (t) => {
  const fake = control();
  const streams = new LogStreams();
  const seen: string[] = [];
  let position: string | undefined;
  for (let written = 0; written < 60; ) {
    for (let n = 0; n < 7; n++) {
      fake.log('dnsd', written % 3 === 0 ? 'stdout' : 'stderr').add(`line ${written}`, at(written++));
    }
    const reader = events(streams, new LogReader(fake, 'dnsd', 'both', position), true);
    for (const { data, id } of parse(textOf((await reader?.read()) ?? {}))) {
      seen.push(data);
      position = id;
      // The connection is cut in the middle of what was sent.
      if (seen.length % 5 === 4) break;
    }
    await reader?.cancel();
  }
  const rest = events(streams, new LogReader(fake, 'dnsd', 'both', position), true);
  seen.push(...parse(textOf((await rest?.read()) ?? {})).map(({ data }) => data));
  await rest?.cancel();
  t.same(
    seen,
    Array.from({ length: 63 }, (_, n) => `line ${n}`),
  );
  for (const wrong of ['', 'x', '00000000-50-50-0', '-1--1', '9'.repeat(99), `${position?.slice(0, 8)}-999-999-0`]) {
    const lines = new LogReader(fake, 'dnsd', 'both', wrong).read();
    t.equal(lines[0]?.text, 'line 0', `${wrong}: of another supervisor, or of nobody`);
  }
});

t.test('a reader that is too slow is told what it has missed, and costs no more than others', async (t) => {
  const fake = control();
  const streams = new LogStreams();
  const stderr = fake.log('dnsd', 'stderr');
  stderr.add('first', at(0));
  const reader = events(streams, new LogReader(fake, 'dnsd', 'stderr', undefined), false);
  t.match(textOf((await reader?.read()) ?? {}), /^id: \S+\ndata: first\n\n$/, 'not named when only one is read');
  for (let n = 0; n < 5000; n++) stderr.add(`line ${n}`, at(1));
  const text = textOf((await reader?.read()) ?? {});
  t.match(text, /^event: gap\ndata: 4900\n\nid: \S+\ndata: line 4900\n/);
  t.match(text, /data: line 4999\n\n$/);
  for (let n = 0; n < 100; n++) stderr.add('x'.repeat(600), at(2));
  let chunks = 0;
  for (let lines = 0; lines < 100; chunks++) {
    const chunk = textOf((await reader?.read()) ?? {});
    t.ok(chunk.length < 48 * 1024);
    lines += parse(chunk).length;
  }
  t.ok(chunks > 1, 'in several pieces');
  await reader?.cancel();
});

t.test('there are only so many readers, and those that take nothing are let go', async (t) => {
  const fake = control();
  const streams = new LogStreams(5);
  const awake = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(awake));
  const open = () => events(streams, new LogReader(fake, 'dnsd', 'both', undefined), true);
  const readers = Array.from({ length: 32 }, open);
  t.equal(open(), undefined, 'the 33rd');
  const alive = readers[0];
  t.equal(textOf((await alive?.read()) ?? {}), ':\n\n', 'a sign of life');
  const until = performance.now() + 30_000;
  while (streams.readers > 1 && performance.now() < until) await alive?.read();
  t.equal(streams.readers, 1, 'only the one that reads is left');
  await t.rejects(async () => readers[1]?.read(), /takes nothing/);
  await alive?.cancel();
});

t.test('nothing in a line ends it or drives a terminal', async (t) => {
  const fake = control();
  fake.log('dnsd', 'stdout').add('a\r\n\ndata: b', at(1));
  const reader = events(new LogStreams(), new LogReader(fake, 'dnsd', 'stdout', undefined), false);
  t.match(textOf((await reader?.read()) ?? {}), /^id: \S+\ndata: a\ufffd\ufffd\ufffddata: b\n\n$/);
  await reader?.cancel();
  t.equal(harmless('a\r\nevent: x\u2028\u001b[31m\u009b\tb'), 'a\ufffd\ufffdevent: x\ufffd\ufffd[31m\ufffd\tb');
});
