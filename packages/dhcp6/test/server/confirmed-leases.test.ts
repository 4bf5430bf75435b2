import fc from 'fast-check';
import t from 'tap';
import { type Lease, MemoryLeaseTable } from '../../src/index.ts';
import { ConfirmedLeases } from '../../src/server/confirmed-leases.ts';
import { ip, net } from './simulated-server.ts';

function lease(slot: number, lastReplyAt: number): Lease {
  const [kind, state] = ['address', 'bound'] as const;
  const duid = Uint8Array.of(0, 3, slot);
  const given = [net('2001:db8:1::/64')];
  const rest = { link: 'lan0', key: `${slot}`, duid, iaid: 1, given, peer: ip('fe80::1'), reconfigureKey: undefined };
  return { kind, state, slot, length: 128, ...rest, expiresAt: lastReplyAt + 1000, lastReplyAt };
}

const changeOf = fc.record({
  what: fc.constantFrom('add', 'prolong', 'prolong', 'prolong', 'replace', 'delete', 'ask'),
  slot: fc.nat(12),
  pause: fc.nat(2),
});

t.test('D6S-02: the lease that was confirmed longest ago, however the others were', (t) => {
  const table = new MemoryLeaseTable();
  fc.assert(
    fc.property(fc.array(changeOf, { maxLength: 120, size: 'max' }), (changes) => {
      const leases = new ConfirmedLeases();
      const model = new Map<number, Lease>();
      let now = 0;
      for (const { what, slot, pause } of changes) {
        now += pause;
        const there = model.get(slot);
        if (what === 'add') {
          const added = lease(slot, now);
          model.set(slot, added);
          leases.add(added);
        } else if (what === 'prolong' && there !== undefined) {
          table.prolong(there, now + 1000, now);
        } else if (what === 'replace') {
          const other = lease(slot, now);
          if (there !== undefined) model.set(slot, other);
          leases.replace(other);
        } else if (what === 'delete') {
          if (leases.delete(slot) !== there) return false;
          model.delete(slot);
        } else if (what === 'ask') {
          const oldest = leases.findOldest();
          if (oldest !== model.get(oldest?.slot ?? -1)) return false;
          const first = Math.min(...[...model.values()].map(({ lastReplyAt }) => lastReplyAt));
          if ((oldest?.lastReplyAt ?? Infinity) !== first) return false;
        }
        if (leases.size !== model.size) return false;
      }
      return true;
    }),
    { numRuns: 1000 },
  );
  t.end();
});

t.test('D6S-02: of leases that were confirmed at the same time the one that was added first', (t) => {
  const leases = new ConfirmedLeases();
  const table = new MemoryLeaseTable();
  const all = [1, 2, 3, 4].map((slot) => lease(slot, slot));
  for (const each of all) leases.add(each);
  for (const each of all.slice(0, 3)) table.prolong(each, 1009, 9);
  leases.add(lease(5, 9));
  const order: (number | undefined)[] = [];
  for (const _ of [...all, undefined]) {
    const slot = leases.findOldest()?.slot;
    order.push(slot);
    leases.delete(slot ?? -1);
  }
  t.strictSame(order, [4, 1, 2, 3, 5]);
  t.equal(leases.findOldest(), undefined);
  t.end();
});

t.test('a lease that was given back is no older than what was there before', (t) => {
  const leases = new ConfirmedLeases();
  for (const each of [lease(1, 1), lease(2, 2), lease(3, 3), lease(1, 1)]) leases.add(each);
  t.equal(leases.findOldest()?.slot, 2);
  const second = leases.findOldest() as Lease;
  new MemoryLeaseTable().prolong(second, 1003, 2.5);
  t.equal(leases.findOldest(), second, 'it was confirmed before the third one');
  t.end();
});
