import { test } from 'tap';
import { mix, RecentTexts } from '../src/recent-texts.ts';

test('a text that was set comes back as long as nothing displaces it, however many there are', (t) => {
  const texts = new RecentTexts();
  t.equal(texts.get(-1), undefined);
  texts.set(-1, 'minus one');
  t.equal(texts.get(-1), 'minus one');
  texts.set(-1, 'another');
  t.equal(texts.get(-1), 'another');
  const hashes = Array.from({ length: 20_000 }, (_, number) => mix(mix(0, number >> 8), number & 0xff));
  // Several rounds: the more displace each other the more room there is.
  for (let round = 0; round < 8; round++) for (const hash of hashes) texts.set(hash, String(hash));
  const kept = hashes.filter((hash) => texts.get(hash) === String(hash));
  t.ok(kept.length > 15_000, `${kept.length} of 20,000`);
  t.end();
});

test('the room has a limit, whatever is set', (t) => {
  const texts = new RecentTexts();
  for (let hash = 0; hash < 1_000_000; hash++) texts.set(hash, String(hash));
  t.equal(texts.get(999_999 - 262_144), '999999');
  t.end();
});
