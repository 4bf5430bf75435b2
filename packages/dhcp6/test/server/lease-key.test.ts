import { test } from 'tap';
import { leaseKey, leaseKeyOf, octetKey } from '../../src/server/lease-key.ts';

test('the key of a DUID is the one that its octets make, first time and later, whoever was there in between', (t) => {
  const duid = Uint8Array.of(0, 3, 0, 1, 0xff, 0x80, 0, 0);
  const expected = leaseKey(octetKey(duid), 'prefix', 0xfedc_ba98);
  t.equal(leaseKeyOf(duid, 'prefix', 0xfedc_ba98), expected);
  t.equal(leaseKeyOf(duid, 'prefix', 0xfedc_ba98), expected);
  const keys = new Set([expected]);
  // More than there is room for, so that they displace each other; of two lengths, as one may go on where another ends.
  for (let round = 0; round < 2; round++) {
    for (let iaid = 0; iaid < 100_000; iaid++) {
      const other = duid.slice(0, 7 + (iaid & 1));
      const kind = (iaid & 2) === 0 ? 'address' : 'prefix';
      const key = leaseKeyOf(other, kind, iaid);
      if (key !== leaseKey(octetKey(other), kind, iaid)) t.fail(`${kind} ${iaid}`);
      keys.add(key);
    }
  }
  t.equal(keys.size, 100_001, 'all differ');
  t.equal(leaseKeyOf(duid, 'prefix', 0xfedc_ba98), expected);
  t.end();
});
