import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { handResults, onStage } from '@router7/lab';
import { script } from './nft/ruleset.ts';
import { resultsFile } from './results.ts';

/*
 * How long it takes until a rule set is in the kernel, cold and as a re-apply that changes nothing: `applyRuleset` in a
 * process that is running, against `nft -f` and `nft -j -f` as processes, as everybody runs them. Side by side in one
 * run, in a network namespace of its own.
 *
 * usage: nft.ts [--rules N] [--elements N] [--rounds N] [--json FILE]
 */
await onStage(import.meta.url, { results: resultsFile('nft') });

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '1000' },
    elements: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'string' },
  },
});
const [rules, elements, rounds] = [Number(values.rules), Number(values.elements), Number(values.rounds)];
const folder = mkdtempSync(join(tmpdir(), 'bench-nft-'));
const files = {
  text: join(folder, 'cold.nft'),
  again: join(folder, 'again.nft'),
  json: join(folder, 'cold.json'),
  jsonAgain: join(folder, 'again.json'),
};
const texts = script(rules, elements);
writeFileSync(files.text, texts.cold);
writeFileSync(files.again, texts.again);
nft('-f', files.text);
const listed = listing();
writeFileSync(files.json, JSON.stringify({ nftables: listed.map((entry) => ({ add: entry })) }));
const table = { table: { family: 'inet', name: 'bench' } };
const before = [{ add: table }, { delete: table }];
writeFileSync(files.jsonAgain, JSON.stringify({ nftables: [...before, ...listed.map((add) => ({ add }))] }));
clear();

/** Milliseconds of one side: a list for the applies from nothing, a list for those that change nothing. */
interface Times {
  readonly cold: number[];
  readonly again: number[];
}

const times = { router7: newTimes(), text: newTimes(), json: newTimes() };
const applier = fork(fileURLToPath(new URL('nft/applier.ts', import.meta.url)), [values.rules, values.elements], {
  // As the supervisor starts netconfigd.
  execArgv: ['--conditions=@router7/source', '--expose-gc', '--max-semi-space-size=8', '--max-old-space-size=256'],
});
await once(applier, 'message');
for (let round = 0; round < rounds; round++) {
  times.router7.cold.push(await ask(applier, 'apply'));
  if (round === 0) assertSame();
  times.router7.again.push(await ask(applier, 'apply'));
  clear();
  times.text.cold.push(timed('-f', files.text));
  times.text.again.push(timed('-f', files.again));
  clear();
  times.json.cold.push(timed('-j', '-f', files.json));
  times.json.again.push(timed('-j', '-f', files.jsonAgain));
  clear();
}
const memory = await ask(applier, 'memory');
const encode = await ask(applier, 'encode');
applier.kill();
report();
process.exit(0);

function newTimes(): Times {
  return { cold: [], again: [] };
}

async function ask(child: ChildProcess, command: string): Promise<number> {
  child.send(command);
  const [result] = (await once(child, 'message')) as [number];
  return result;
}

function nft(...args: readonly string[]): string {
  return execFileSync('nft', args, { encoding: 'utf8', maxBuffer: 1 << 27 });
}

function timed(...args: readonly string[]): number {
  const start = performance.now();
  nft(...args);
  return performance.now() - start;
}

function clear(): void {
  nft('flush', 'ruleset');
}

/** What nft tells of the rule set, without what differs from one making to the next. */
function listing(): object[] {
  const { nftables } = JSON.parse(nft('-j', 'list', 'ruleset')) as { nftables: object[] };
  const text = JSON.stringify(nftables, (key, value: unknown) => (key === 'handle' ? undefined : value));
  return (JSON.parse(text) as object[]).filter((entry) => !('metainfo' in entry));
}

/** Both sides have to have made the same, or there is nothing to compare. */
function assertSame(): void {
  const sorted = (entries: readonly object[]): string =>
    JSON.stringify(entries, (key, value: unknown) =>
      key === 'elem' && Array.isArray(value) ? value.toSorted() : value,
    );
  if (sorted(listing()) !== sorted(listed)) throw new Error('applyRuleset made something else than nft -f');
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function report(): void {
  const rows: Record<string, unknown>[] = [];
  for (const [name, side] of [
    ['router7', times.router7],
    ['nft -f', times.text],
    ['nft -j -f', times.json],
  ] as const) {
    for (const kind of ['cold', 'again'] as const) {
      // Ratios of each round, so that a machine that changes its speed between rounds changes both sides.
      const ratio = (other: Times): number =>
        median(side[kind].map((value, round) => value / (other[kind][round] ?? Number.NaN)));
      rows.push({
        apply: kind === 'cold' ? 'cold' : 'no-op again',
        by: name,
        'median ms': Number(median(side[kind]).toFixed(2)),
        'first ms': Number((side[kind][0] ?? Number.NaN).toFixed(2)),
        'of nft -f': Number(ratio(times.text).toFixed(4)),
        'nft -f / this': Number((1 / ratio(times.text)).toFixed(1)),
      });
    }
  }
  console.log(`${rules} rules, a set of ${elements} elements, ${rounds} rounds`);
  console.table(rows.toSorted((a, b) => String(a.apply).localeCompare(String(b.apply))));
  console.log(
    `encode: ${(encode / 1e6).toFixed(1)} MB/s; most memory beyond idle: ${(memory / 2 ** 20).toFixed(1)} MiB`,
  );
  const results = { rules, elements, rounds, rows, encodeBytesPerSecond: Math.round(encode), memoryBeyondIdle: memory };
  handResults(results);
}
