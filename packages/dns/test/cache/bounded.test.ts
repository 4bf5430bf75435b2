import t from 'tap';
import { EntryBit, Word } from '../../src/cache/entry.ts';
import { QuestionIndex } from '../../src/cache/question-index.ts';
import { AnswerCache, CacheState, nameOctets } from '../../src/index.ts';
import { NaiveCache, type Outcome } from './naive-cache.ts';
import { absent, numbered, question, readNumbered, uniqueName } from './numbered.ts';
import { SEED } from './questions.ts';

/** Numbers from 0 to below 1, the same for one seed (xorshift). */
function seeded(seed: number): () => number {
  let state = Math.imul(seed, 0x9e37_79b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** What a client is told. */
function told(cache: AnswerCache, name: Uint8Array, flavour: number, seconds: number): Outcome {
  const view = question(name);
  const entry = cache.lookup(view, flavour, seconds * 1000 + 1);
  const { found } = cache;
  if (entry === 0) return { found, number: 0, ttl: 0 };
  const end = cache.write(entry, view, view.bytes.length, seconds * 1000 + 1);
  return { found, ...readNumbered(view, end) };
}

/**
 * Random stores, failures, changes of policy, restarts and long waits; after each of them one question.
 *
 * @param check what is told, and the naive cache that knows what may be
 */
function play(
  seed: number,
  options: { maximumBytes: number; names: number; steps: number; longest: number; start: number },
  check: (outcome: Outcome, naive: NaiveCache, key: string, now: number) => void,
): AnswerCache {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  let cache = new AnswerCache({ maximumBytes: options.maximumBytes, seed: SEED });
  const naive = new NaiveCache();
  let now = options.start;
  for (let step = 1; step <= options.steps; step++) {
    const name = nameOctets(`host${below(options.names)}.${'x'.repeat(below(3))}.example`.replace('..', '.'));
    const flavour = below(2);
    const key = `${name.toString()} ${flavour}`;
    const what = below(100);
    const ttl = 1 + below(below(2) === 0 ? 60 : 3600);
    if (what < 35) {
      cache.store(question(name), flavour, numbered(name, step, below(options.longest), ttl), now * 1000);
      naive.store(key, false, step, ttl, now);
    } else if (what < 45) {
      cache.store(question(name), flavour, absent(name, step, ttl), now * 1000);
      naive.store(key, true, step, ttl, now);
    } else if (what < 52) {
      cache.storeFailure(question(name), flavour, 22, now * 1000);
      naive.storeFailure(key, now);
    } else if (what < 53) {
      cache.invalidate();
      naive.policy++;
    } else if (what < 54) {
      cache.forgetFailures();
      naive.failureGeneration++;
    } else if (what < 60) {
      const entry = cache.lookup(question(name), flavour, now * 1000);
      if (cache.found === CacheState.unchecked) {
        cache.approve(entry);
        const { number } = told(cache, name, flavour, now);
        for (const known of [naive.exact.get(key), naive.named.get(key)]) {
          if (known?.number === number) known.policy = naive.policy;
        }
      }
    } else if (what === 60 && step % 20 === 0) {
      const pieces = [...cache.snapshot(now * 1000, 1e12)];
      now += 7;
      cache = new AnswerCache({ maximumBytes: options.maximumBytes, seed: SEED });
      cache.restore(new Uint8Array(Buffer.concat(pieces)), now * 1000, 1e12 + 7000);
      naive.policy++;
      naive.failures.clear();
    }
    now += below(20) === 0 ? below(below(40) === 0 ? 100_000 : 300) : below(3);
    check(told(cache, name, flavour, now), naive, key, now);
  }
  return cache;
}

t.test('knows what a naive cache knows, as long as there is room', async (t) => {
  let checked = 0;
  // The second one goes over the end of 32 bits of seconds, the third over that of 31.
  for (const [seed, start] of [
    [1, 0],
    [2, 2 ** 32 - 500_000],
    [3, 2 ** 31 - 500_000],
    [4, 77],
  ] as const) {
    play(seed, { maximumBytes: 1 << 22, names: 60, steps: 8_000, longest: 300, start }, (outcome, naive, key, now) => {
      checked++;
      const expected = naive.outcome(key, now);
      if (JSON.stringify(outcome) !== JSON.stringify(expected))
        t.strictSame(outcome, expected, `${seed}: ${key} at ${now}`);
    });
  }
  t.equal(checked, 32_000);
});

t.test('without room it forgets, and says nothing that a naive cache would not', async (t) => {
  let [found, lost] = [0, 0];
  for (let seed = 1; seed <= 6; seed++) {
    const options = {
      maximumBytes: 1 << 16,
      names: 2_000,
      steps: 8_000,
      longest: seed % 2 === 0 ? 60 : 2500,
      start: 5,
    };
    const cache = play(seed, options, (outcome, naive, key, now) => {
      const may = naive.outcomes(key, now).map((one) => JSON.stringify(one));
      if (outcome.number !== 0) found++;
      else if (naive.outcome(key, now).number !== 0) lost++;
      if (!may.includes(JSON.stringify(outcome))) t.fail(`${seed}: ${key} at ${now}: ${JSON.stringify(outcome)}`);
    });
    const { bytes, capacityBytes, entries } = cache.statistics;
    t.ok(entries > 10 && bytes < capacityBytes && capacityBytes <= 1 << 16, `${entries} entries of ${bytes} octets`);
  }
  t.ok(found > 5_000 && lost > 1_000, `${found} found, ${lost} lost`);
});

t.test('DNS-28 a million names that are asked for once flush nothing popular, nor grow the cache', async (t) => {
  const maximumBytes = 4_000_001;
  const before = process.memoryUsage();
  const cache = new AnswerCache({ maximumBytes, seed: SEED });
  const popular = Array.from({ length: 500 }, (_, i) => nameOctets(`popular${i}.example`));
  const random = seeded(7);
  let [asked, hits] = [0, 0];
  const ask = (name: Uint8Array) => {
    asked++;
    if (told(cache, name, 0, 1).found === CacheState.fresh) hits++;
    else cache.store(question(name), 0, numbered(name, 1, 40, 86_400), 1000);
  };
  for (let round = 0; round < 3; round++) popular.forEach(ask);
  asked = hits = 0;
  // What a cache of as many answers would find that forgets what was not asked for the longest: no more than this.
  const lastAsked = new Array<number>(popular.length).fill(0);
  let plainHits = 0;
  for (let i = 0; i < 1_000_000; i++) {
    const name = uniqueName(i);
    cache.store(question(name), 0, numbered(name, i, 40, 86_400), 1000);
    if (i % 100 !== 0) continue;
    const index = Math.floor(random() * popular.length);
    ask(popular[index] as Uint8Array);
    if (i - (lastAsked[index] as number) < 30_000) plainHits++;
    lastAsked[index] = i;
  }
  const { entries, bytes, capacityBytes, evicted } = cache.statistics;
  const after = process.memoryUsage();
  t.comment(`${hits} of ${asked} hits, of a plain cache ${plainHits}; ${entries} entries of ${bytes} octets`);
  t.ok(hits >= 0.99 * asked, `${hits} of ${asked}`);
  t.ok(plainHits < 0.5 * asked, `${plainHits} of ${asked}`);
  t.equal(capacityBytes, maximumBytes & ~7);
  t.ok(bytes <= capacityBytes && bytes > 0.9 * capacityBytes, `${bytes} octets are in use`);
  t.ok(entries > 25_000 && entries < 30_000, `${entries} entries`);
  t.ok(evicted > 900_000);
  // The buffer is all that there is, but for what this test left behind.
  const grown = after.arrayBuffers - before.arrayBuffers + Math.max(0, after.heapUsed - before.heapUsed);
  t.ok(grown < maximumBytes + 32_000_000, `${grown} octets more`);
});

t.test('every size of cache keeps to it, and the smallest ones work', async (t) => {
  for (const maximumBytes of [65_536, 65_537, 70_001, 100_000, 131_072, 999_999, 1 << 20, 5_000_003]) {
    const cache = new AnswerCache({ maximumBytes, seed: SEED });
    for (let i = 0; i < 1_000; i++) {
      const name = uniqueName(i);
      cache.store(question(name), 0, numbered(name, i, (i * 131) % 5_000, 60), 0);
    }
    const { capacityBytes, bytes, entries } = cache.statistics;
    t.ok(capacityBytes <= maximumBytes && capacityBytes > maximumBytes - 8);
    t.ok(bytes < capacityBytes && entries > 0);
  }
  for (const maximumBytes of [0, 65_535, 2 ** 31, Number.NaN]) {
    t.throws(() => new AnswerCache({ maximumBytes, seed: SEED }), RangeError);
  }
  const small = new AnswerCache({ maximumBytes: 65_536, seed: SEED });
  const name = uniqueName(1);
  t.equal(small.store(question(name), 0, numbered(name, 1, 20_000, 60), 0), 0, 'too large for it');
  t.equal(small.statistics.refused, 1);
});

t.test('names that share a bucket make nothing slow, and lose only each other', async (t) => {
  const words = new Int32Array(101 * 16);
  const index = new QuestionIndex(words, new Uint8Array(words.buffer), new Int32Array(1));
  for (let number = 1; number <= 100; number++) {
    words[number * 16 + Word.question] = number;
    words[number * 16 + Word.state] = EntryBit.live;
    index.add(number * 64);
  }
  t.equal(index.entries, 16);
  const found = Array.from({ length: 101 }, (_, number) => number).filter(
    (number) => index.find(0, number, 0, new Uint8Array(0), 0) !== 0,
  );
  t.strictSame(found, [85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
});
