import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lease, leaseKey, octetKey, quarantineKey } from '@router7/dhcp6';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { JournalLeaseTable } from '../../src/dhcp6/server-lease-table.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { parseDhcp6dLeases } from '../../src/state/dhcp6d-leases.ts';
import type { Clock } from '../../src/system/clock.ts';

const NOON = Date.parse('2026-05-01T12:00:00Z');
const MINUTE = 60_000;

/** A clock that stands still until it is set. */
class TestClock implements Clock {
  mono = 5000;
  time: number = NOON;
  now = (): number => this.mono;
  wall = (): number => this.time;
}

function lease(n: number, over: Partial<Lease> = {}): Lease {
  const duid = Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, n >> 8, n & 255);
  const kind = over.kind ?? 'address';
  return {
    kind,
    link: 'lan0',
    slot: 0x1000 + n,
    length: kind === 'address' ? 128 : 64,
    state: 'bound',
    key: leaseKey(octetKey(duid), kind, 7),
    duid,
    iaid: 7,
    given: [Ipv6Prefix.parse('2001:db8:1::/64'), Ipv6Prefix.parse('fd00:7::/64')],
    peer: Ipv6Address.parse(`fe80::${n.toString(16)}`),
    reconfigureKey: undefined,
    expiresAt: 5000 + 90 * MINUTE,
    lastReplyAt: 5000,
    ...over,
  };
}

const prefixLease = (n: number): Lease =>
  lease(n, {
    kind: 'prefix',
    slot: 0x80,
    length: 60,
    given: [Ipv6Prefix.parse('2001:db8:1::/56')],
    reconfigureKey: new Uint8Array(16).fill(9),
  });

const declined = (n: number): Lease =>
  lease(n, { state: 'declined', key: quarantineKey('lan0', 0x1000 + n), duid: new Uint8Array(0), iaid: 0 });

type Teardown = { teardown(fn: () => unknown): void };

function folderFor(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'r7-d6d-table-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(t: Teardown, folder: string, clock: Clock = new TestClock()): JournalLeaseTable {
  const table = JournalLeaseTable.open({ folder, clock, log: silentLog });
  t.teardown(() => table.close());
  return table;
}

/** A copy of a folder as a kill at this instant would leave it. */
function killed(t: Teardown, folder: string): string {
  const copy = folderFor(t);
  cpSync(folder, copy, { recursive: true });
  return copy;
}

const contents = (table: JournalLeaseTable): Lease[] => [...table.values()].sort((a, b) => (a.key < b.key ? -1 : 1));

t.test('D6S-05: what was synced is there after a kill, and nothing else', async (t) => {
  const folder = folderFor(t);
  const first = open(t, folder);
  const kept = [lease(1), prefixLease(2), lease(3, { state: 'released', given: [] }), declined(4)];
  for (const each of kept) first.put(each);
  first.put(lease(5));
  first.delete(lease(5).key);
  first.put(declined(6));
  first.delete(declined(6).key);
  await first.sync();
  first.put(lease(7));
  const second = open(t, killed(t, folder));
  t.strictSame(
    contents(second),
    [...kept].sort((a, b) => (a.key < b.key ? -1 : 1)),
  );
  t.strictSame(second.get(lease(1).key), lease(1));
});

t.test(
  'D6S-05: a lease that was prolonged has its new times after a kill once that was synced, and after the end',
  async (t) => {
    const folder = folderFor(t);
    const table = open(t, folder);
    table.put(lease(1));
    await table.sync();
    const { key, expiresAt, lastReplyAt } = lease(1);
    const there = table.get(key) as Lease;
    const times = (other: JournalLeaseTable): number => (other.get(key)?.expiresAt ?? 0) - expiresAt;
    table.prolong(there, expiresAt + MINUTE, lastReplyAt);
    t.equal(times(open(t, killed(t, folder))), 0);
    await table.sync();
    t.equal(times(open(t, killed(t, folder))), MINUTE);
    table.prolong(there, expiresAt + 2 * MINUTE, lastReplyAt);
    await table.close();
    t.equal(times(open(t, folder)), 2 * MINUTE);
  },
);

t.test('leases.json says what people want to know, and a table read from it is the same', async (t) => {
  const folder = folderFor(t);
  const table = open(t, folder);
  const kept = [lease(0x234), prefixLease(2), declined(4)];
  for (const each of kept) table.put(each);
  await table.close();
  const text = readFileSync(join(folder, 'leases.json'), 'utf8');
  const { value, warnings } = parseDhcp6dLeases(text);
  t.strictSame(warnings, []);
  t.match(value[1], {
    interface: 'lan0',
    addresses: ['2001:db8:1::1234', 'fd00:7::1234'],
    duid: '00030001020000000234',
    iaid: 7,
    expiry: '2026-05-01T13:30:00Z',
    last_reply: '2026-05-01T12:00:00Z',
  });
  t.match(value[2], { prefixes: ['2001:db8:1:80::/60'], peer: 'fe80::2', reconfigure_key: '09'.repeat(16) });
  t.strictSame(
    contents(open(t, folder)),
    [...kept].sort((a, b) => (a.key < b.key ? -1 : 1)),
  );
});

t.test('a lease in a file that is damaged is passed over, and a file that is none is set aside', async (t) => {
  const folder = folderFor(t);
  const table = open(t, folder);
  table.put(lease(1));
  table.put(lease(2));
  await table.close();
  const path = join(folder, 'leases.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"num": 4097', '"num": "x"'));
  t.strictSame(
    contents(open(t, killed(t, folder))).map(({ slot }) => slot),
    [0x1002],
  );
  writeFileSync(path, '[{');
  t.equal(open(t, folder).size, 0);
  t.ok(readdirSync(folder).some((name) => name.startsWith('leases.json.corrupt-')));
});

t.test('the clock has jumped: no lease gets more time than it was given', async (t) => {
  for (const [wall, left] of [
    [NOON + 30 * MINUTE, 60 * MINUTE],
    [1000, 90 * MINUTE],
    [NOON + 1000 * MINUTE, -910 * MINUTE],
  ] as const) {
    const folder = folderFor(t);
    const before = open(t, folder);
    before.put(lease(1));
    await before.sync();
    const clock = new TestClock();
    clock.time = wall;
    clock.mono = 77;
    t.equal(open(t, killed(t, folder), clock).get(lease(1).key)?.expiresAt, 77 + left);
  }
});

t.test('any row of changes, with kills in between, is read back as it was', async (t) => {
  const change = fc.record({
    what: fc.constantFrom('put' as const, 'put' as const, 'prolong' as const, 'delete' as const, 'kill' as const),
    n: fc.integer({ min: 1, max: 5 }),
    make: fc.constantFrom(lease, prefixLease, declined),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 20 }), async (changes) => {
      let folder = folderFor(t);
      let table = open(t, folder);
      for (const { what, n, make } of changes) {
        const there = table.get(make(n).key);
        if (what === 'put') table.put(make(n));
        else if (what === 'prolong') {
          if (there !== undefined) table.prolong(there, there.expiresAt + MINUTE, there.lastReplyAt + 1000);
        } else if (what === 'delete') table.delete(make(n).key);
        else {
          await table.sync();
          const expected = contents(table);
          folder = killed(t, folder);
          table = open(t, folder);
          t.strictSame(contents(table), expected);
        }
      }
    }),
    { numRuns: 15 },
  );
});
