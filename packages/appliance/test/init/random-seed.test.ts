import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { keepRandomSeed, type RandomPool, useRandomSeed } from '../../src/init/random-seed.ts';
import { createLog } from '../../src/runtime/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'router7-'));
t.teardown(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'random.seed');
const lines: string[] = [];
const log = createLog((line) => lines.push(line));

/** A pool that has always the same to give, like a machine that knows nothing yet. */
class Pool implements RandomPool {
  readonly deeds: string[] = [];
  /** What is on the disk at the moment of the credit. */
  kept: Uint8Array | undefined;

  stir(octets: Uint8Array): void {
    this.deeds.push(`stir ${octets.length}`);
  }

  credit(octets: Uint8Array): void {
    this.kept = readFileSync(file);
    this.deeds.push(`credit ${octets.length}`);
  }

  read(length: number): Uint8Array {
    return new Uint8Array(length).fill(7);
  }
}

t.test('RD-01: a seed is kept for the next start before the present one counts', async (t) => {
  const pool = new Pool();
  useRandomSeed(log, file, pool);
  t.same(pool.deeds, [], 'there is none yet');
  const first = readFileSync(file);
  t.equal(first.length, 512);
  t.equal(statSync(file).mode & 0o777, 0o600);
  useRandomSeed(log, file, pool);
  t.same(pool.deeds, ['stir 512', 'credit 512']);
  const second = readFileSync(file);
  t.notSame(second, first, 'another one, though the pool had the same to give');
  t.same(pool.kept, second, 'which was there before');
  t.ok(keepRandomSeed(log, file, pool));
  t.notSame(readFileSync(file), second);
  t.same(lines, []);
});

t.test('RD-01: a seed of another length counts nothing, nor does one that would come again', async (t) => {
  const pool = new Pool();
  writeFileSync(file, new Uint8Array(511));
  useRandomSeed(log, file, pool);
  t.same(pool.deeds, ['stir 511']);
  t.equal(readFileSync(file).length, 512, 'and is replaced');
  // Its folder is a file: what is there can neither be read nor replaced.
  useRandomSeed(log, join(file, 'x'), pool);
  t.match(lines.splice(0), [/^warn random seed unusable /, /^warn no random seed kept /]);
  const sealed = join(folder, 'sealed');
  mkdirSync(join(sealed, 'random.seed'), { recursive: true });
  chmodSync(sealed, 0o500);
  useRandomSeed(log, join(sealed, 'random.seed'), pool);
  t.same(pool.deeds, ['stir 511']);
  t.equal(lines.splice(0).length, 2);
});
