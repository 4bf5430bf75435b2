import { test } from 'tap';
import { NumberMap } from '../src/number-map.ts';

test('values by address, on both sides of a page and of the sign bit', (t) => {
  const map = new NumberMap<string>();
  const addresses = [0, 0x0a0000ff, 0x0a000100, 0x7fffffff, 0x80000000, 0xc0a80001, 0xffffffff];
  for (const address of addresses) map.set(address, String(address));
  t.equal(map.size, addresses.length);
  for (const address of addresses) {
    t.equal(map.get(address), String(address));
    t.ok(map.has(address));
  }
  t.equal(map.get(0x0a0000fe), undefined);
  t.equal(map.get(0x0a010000), undefined);
  t.notOk(map.has(0x0a010000));
  map.set(0x80000000, 'again');
  t.equal(map.get(0x80000000), 'again');
  t.equal(map.size, addresses.length);
  t.same([...map.values()].sort(), [...addresses.map(String).filter((text) => text !== '2147483648'), 'again'].sort());
  t.end();
});

test('what is deleted is gone, also while the values are being walked over', (t) => {
  const map = new NumberMap<number>();
  for (let address = 250; address < 262; address++) map.set(address, address);
  map.delete(999);
  const seen: number[] = [];
  for (const value of map.values()) {
    seen.push(value);
    // The one at hand, and one that has not had its turn; with them a whole page goes.
    map.delete(value);
    map.delete(value + 1);
  }
  t.same(seen, [250, 252, 254, 256, 258, 260]);
  t.equal(map.size, 0);
  t.same([...map.values()], []);
  map.set(250, 1);
  t.equal(map.get(250), 1);
  t.equal(map.get(251), undefined);
  t.end();
});

// With few numbers pages come and go all the time.
for (const [count, distance] of [
  [1024, 3],
  [5, 256],
] as const) {
  test(`agrees with a Map over a long random story of ${count} numbers`, (t) => {
    const map = new NumberMap<number>();
    const model = new Map<number, number>();
    let state = 1;
    const random = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % limit;
    };
    for (let step = 0; step < 20_000; step++) {
      const address = (0xc0a80000 + random(count) * distance) >>> 0;
      if (random(3) === 0) {
        map.delete(address);
        model.delete(address);
      } else {
        map.set(address, step);
        model.set(address, step);
      }
      if (map.get(address) !== model.get(address) || map.size !== model.size) t.fail(`differs at step ${step}`);
    }
    t.same([...map.values()].sort(), [...model.values()].sort());
    t.end();
  });
}
