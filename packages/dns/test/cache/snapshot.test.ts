import t from 'tap';
import { AnswerCache, CacheState, nameOctets } from '../../src/index.ts';
import { absent, numbered, question, readNumbered, uniqueName } from './numbered.ts';
import { SEED } from './questions.ts';

const WALL = 1_700_000_000_000;
const make = (maximumBytes = 1 << 20, seed = SEED) => new AnswerCache({ maximumBytes, seed });

/** A cache with answers to names from 0 on, stored at second 100. */
function filled(count: number, maximumBytes?: number): AnswerCache {
  const cache = make(maximumBytes);
  for (let i = 0; i < count; i++) {
    const name = uniqueName(i);
    cache.store(question(name), i & 1, numbered(name, i, i % 500, 3600), 100_000);
  }
  return cache;
}

/** A snapshot in one piece, at an odd place. */
function snapshot(cache: AnswerCache, now: number): Uint8Array {
  const pieces = [...cache.snapshot(now, WALL)];
  const octets = Buffer.concat([Buffer.alloc(3), ...pieces]);
  return new Uint8Array(octets.buffer, octets.byteOffset + 3, octets.length - 3);
}

t.test('a cache comes back after a restart, as old as it is, and is asked about', async (t) => {
  const cache = filled(1000);
  const gone = nameOctets('gone.example');
  cache.store(question(gone), 0, absent(gone, 7, 3600), 100_000);
  cache.storeFailure(question(nameOctets('fails.example')), 0, 22, 100_000);
  const octets = snapshot(cache, 400_000);
  const again = make();
  t.equal(again.restore(octets, 5_000, WALL + 60_500), 1001);
  for (let i = 0; i < 1000; i++) {
    const view = question(uniqueName(i));
    const entry = again.lookup(view, i & 1, 5_000);
    if (again.found !== CacheState.unchecked) t.fail(`${i}: ${again.found}`);
    again.approve(entry);
    again.lookup(view, i & 1, 5_000);
    const told = readNumbered(view, again.write(entry, view, view.bytes.length, 5_000));
    if (again.found !== CacheState.fresh || told.number !== i || told.ttl !== 3240) t.fail(`${i}: ${told.ttl}`);
  }
  const below = question(nameOctets('a.gone.example'));
  t.equal(again.nxdomainAbove(below, 0, 5_000), 0);
  again.approve(again.lookup(question(gone), 0, 5_000));
  t.ok(again.nxdomainAbove(question(nameOctets('a.gone.example')), 0, 5_000));
  again.lookup(question(nameOctets('fails.example')), 0, 5_000);
  t.equal(again.found, CacheState.none, 'failures do not come back');
  t.equal(again.restore(octets, 5_000, WALL + 60_500), 0, 'what is there already stays');
});

t.test('what expired while nobody looked serves as such, and what is too old is gone', async (t) => {
  const octets = snapshot(filled(10), 100_000);
  const found = (elapsedSeconds: number) => {
    const cache = make();
    const restored = cache.restore(octets, 0, WALL + elapsedSeconds * 1000);
    const entry = cache.lookup(question(uniqueName(0)), 0, 0);
    if (entry !== 0) cache.approve(entry);
    cache.lookup(question(uniqueName(0)), 0, 0);
    return [restored, cache.found];
  };
  t.strictSame(found(3599), [10, CacheState.fresh]);
  t.strictSame(found(3600), [10, CacheState.stale]);
  t.strictSame(found(3600 + 259_199), [10, CacheState.stale]);
  t.strictSame(found(3600 + 259_200), [0, CacheState.none]);
  t.strictSame(found(10 ** 9), [0, CacheState.none]);
  t.strictSame(found(-1), [0, CacheState.none], 'a clock that was set back');
  t.strictSame(found(Number.NaN), [0, CacheState.none]);
});

t.test('of a snapshot that is not whole nothing is taken in', async (t) => {
  const octets = snapshot(filled(5), 100_000);
  const restored = (bytes: Uint8Array) => make().restore(bytes, 0, WALL);
  t.equal(restored(octets), 5);
  for (let length = 0; length < octets.length; length += length < 200 ? 1 : 37) {
    if (restored(octets.subarray(0, length)) !== 0) t.fail(`${length} octets`);
  }
  for (let at = 0; at < octets.length; at++) {
    const flipped = octets.slice();
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
    if (restored(flipped) !== 0) t.fail(`octet ${at}`);
  }
  t.equal(restored(new Uint8Array(0)), 0);
  t.equal(restored(new Uint8Array(1000)), 0);
});

t.test('octets that only have the right sum neither break the cache nor get out of their entries', async (t) => {
  const octets = snapshot(filled(20), 100_000);
  let state = 1;
  const random = (below: number) => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;
  let taken = 0;
  for (let turn = 0; turn < 2_000; turn++) {
    const changed = octets.slice();
    for (let left = 1 + random(3); left > 0; left--) changed[16 + random(changed.length - 20)] = random(256);
    new DataView(changed.buffer).setUint32(changed.length - 4, checksum(changed.subarray(0, -4)), true);
    const cache = make(65_536);
    if (cache.restore(changed, 0, WALL) > 0) taken++;
    for (let i = 0; i < 20; i++) {
      const view = question(uniqueName(i));
      const entry = cache.lookup(view, i & 1, 0);
      if (entry !== 0 && cache.write(entry, view, 512, 0) > 512) t.fail(`${turn}`);
      cache.store(view, i & 1, numbered(uniqueName(i), i, 300, 60), 0);
    }
  }
  t.ok(taken > 500, `${taken} taken`);
});

t.test('a smaller cache takes in what fits, the newest', async (t) => {
  const octets = snapshot(filled(10_000, 4 << 20), 200_000);
  const small = make(200_000);
  t.ok(small.restore(octets, 0, WALL) > 500);
  t.ok(small.statistics.bytes < 200_000);
  for (let i = 9_990; i < 10_000; i++) t.ok(small.lookup(question(uniqueName(i)), i & 1, 0));
});

/** CRC-32, bit by bit. */
function checksum(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (const octet of bytes) {
    value ^= octet;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  }
  return ~value >>> 0;
}
