import fc from 'fast-check';
import t from 'tap';
import { AddressPool } from '../../src/server/address-pool.ts';
import { ip } from './simulated-lan.ts';

t.test('addresses of several ranges, overlapping or not, are one pool', (t) => {
  const pool = new AddressPool([
    { first: ip('10.0.0.20'), last: ip('10.0.0.29') },
    { first: ip('10.0.0.5'), last: ip('10.0.0.9') },
    { first: ip('10.0.0.25'), last: ip('10.0.0.31') },
    { first: ip('10.0.0.22'), last: ip('10.0.0.23') },
  ]);
  t.equal(pool.size, 17);
  t.equal(`${pool.nextFree(0)}`, '10.0.0.5');
  t.equal(`${pool.nextFree(5)}`, '10.0.0.20');
  t.equal(`${pool.nextFree(16)}`, '10.0.0.31');
  for (const [address, has] of [
    ['10.0.0.4', false],
    ['10.0.0.9', true],
    ['10.0.0.10', false],
    ['10.0.0.31', true],
  ] as const) {
    t.equal(pool.has(ip(address).value), has, address);
  }
  pool.setFree(ip('10.0.0.31').value, false);
  t.equal(`${pool.nextFree(16)}`, '10.0.0.5', 'goes round');
  pool.setFree(ip('10.0.0.99').value, true);
  t.notOk(pool.isFree(ip('10.0.0.99').value));
  t.end();
});

t.test('an empty pool has nothing', (t) => {
  const pool = new AddressPool([]);
  t.equal(pool.size, 0);
  t.equal(pool.nextFree(0), undefined);
  t.end();
});

t.test('the last free address of a large pool is found at once', (t) => {
  const first = ip('10.0.0.0').value;
  const pool = new AddressPool([{ first: ip('10.0.0.0'), last: ip('10.15.255.255') }]);
  t.equal(pool.size, 2 ** 20);
  for (let i = 0; i < pool.size; i++) if (i !== 777_777) pool.setFree(first + i, false);
  for (const start of [0, 777_776, 777_777, 777_778, 2 ** 20 - 1])
    t.equal(pool.nextFree(start)?.value, first + 777_777);
  pool.setFree(first + 777_777, false);
  t.equal(pool.nextFree(0), undefined);
  t.end();
});

t.test('the next free address is what a search one by one finds', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.array(fc.tuple(fc.nat(2999), fc.boolean()), { maxLength: 200 }),
      fc.boolean(),
      (size, changes, emptyAtFirst) => {
        const first = ip('10.0.0.0');
        const pool = new AddressPool([{ first, last: first.plus(size - 1) }]);
        const free = new Array<boolean>(size).fill(!emptyAtFirst);
        if (emptyAtFirst) for (let i = 0; i < size; i++) pool.setFree(first.value + i, false);
        for (const [index, value] of changes) {
          pool.setFree(first.value + index, value);
          if (index < size) free[index] = value;
          const start = (index * 7) % size;
          let expected = free.indexOf(true, start);
          if (expected === -1) expected = free.indexOf(true);
          const found = pool.nextFree(start);
          if ((found === undefined ? -1 : found.value - first.value) !== expected) return false;
        }
        return true;
      },
    ),
    { numRuns: 60 },
  );
  t.end();
});
