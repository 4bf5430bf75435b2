/** What goes to disk ahead of clients' requests, and which requests need not wait for the disk then. */
// Covers: D4S-05
import type { Lease } from '@router7/dhcp4';
import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { Foresight } from '../../src/dhcp4/foresight.ts';

const LEEWAY = 2000;
const OFFSET = 1_000_000;

function lease(n: number, over: Partial<Lease> = {}): Lease {
  return {
    address: Ipv4Address.parse(`192.168.42.${n}`),
    state: 'bound',
    clientKey: `01020000000${n}`,
    hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, n),
    clientIdentifier: undefined,
    hostName: `host-${n}`,
    hostNameOverride: '',
    expiresAt: 60_000,
    lastAckAt: 0,
    ...over,
  };
}

/** A table over a disk, whose writes are told by the last octets of the addresses. */
class Table {
  readonly foresight = new Foresight();
  readonly leases = new Map<number, Lease>();
  snapshots = 0;
  offset = OFFSET;
  isQuick = true;

  constructor(...leases: Lease[]) {
    for (const each of leases) this.leases.set(each.address.value, each);
  }

  /** Whether the disk has to be waited for. */
  put(each: Lease): boolean {
    const address = each.address.value;
    const covered = this.foresight.covers(each, this.leases.get(address), this.offset, this.snapshots);
    this.leases.set(address, each);
    if (!covered) this.foresight.changed();
    return !covered;
  }

  /** @returns what was written ahead */
  sync(): readonly Lease[] {
    const ahead = this.foresight.begin((address) => this.leases.get(address), this.snapshots);
    if (this.isQuick && ahead.length > 0) this.foresight.wrote(ahead, this.offset, this.snapshots);
    this.foresight.end(this.isQuick);
    return ahead.map((each) => each.lease);
  }

  /** Offers leases as they are, for a while longer. */
  offer(...leases: Lease[]): void {
    for (const each of leases) this.foresight.offered(each, each.expiresAt + 100, 5000);
  }
}

t.test('one client at a time: its lease is written at once, for a little more than it will be told', (t) => {
  const one = lease(1);
  const table = new Table(one);
  table.offer(one);
  t.same(table.sync(), [{ ...one, expiresAt: 60_100 + LEEWAY, lastAckAt: 5000 }]);
  t.notOk(table.put({ ...one, expiresAt: 60_130 }), 'nothing to wait for');
  t.same(table.sync(), []);
  t.ok(table.put({ ...one, expiresAt: 60_140 }), 'once only');
  t.end();
});

const differences: Readonly<Record<string, (table: Table) => Partial<Lease>>> = {
  'another name': () => ({ hostName: 'other' }),
  'a name by a person': () => ({ hostNameOverride: 'desk' }),
  'another client': () => ({ clientKey: 'ff01' }),
  'another hardware address': () => ({ hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 9) }),
  'an identifier': () => ({ clientIdentifier: Uint8Array.of(1, 2) }),
  'given back': () => ({ state: 'released' }),
  'another address': () => ({ address: Ipv4Address.parse('192.168.42.9') }),
  'more time': () => ({ expiresAt: 60_100 + LEEWAY + 1 }),
  'a clock that was set': (table) => {
    table.offset += LEEWAY + 1;
    return {};
  },
  'more time, by a clock that was set back': (table) => {
    table.offset -= 3_600_000;
    return { expiresAt: 60_100 + LEEWAY + 1 };
  },
  'one that was to be written once more, and was not': (table) => {
    table.foresight.offered(table.leases.get(lease(1).address.value) as Lease, 70_000, 6000);
    table.foresight.begin((address) => table.leases.get(address), table.snapshots);
    return {};
  },
  'a snapshot since then': (table) => {
    table.snapshots++;
    return {};
  },
  'a change since then': (table) => {
    table.leases.set(lease(1).address.value, lease(1));
    return {};
  },
};

for (const [name, difference] of Object.entries(differences)) {
  t.test(`what is on disk does not do for ${name}`, (t) => {
    const one = lease(1);
    const table = new Table(one);
    table.offer(one);
    t.equal(table.sync().length, 1);
    t.ok(table.put({ ...one, expiresAt: 60_100, ...difference(table) }));
    t.end();
  });
}

t.test('a snapshot drops all that was written before it, whatever is written after it', (t) => {
  const [one, two] = [lease(1), lease(2)];
  const table = new Table(one, two);
  table.offer(one);
  table.sync();
  table.snapshots++;
  table.offer(two);
  t.equal(table.sync().length, 1);
  t.notOk(table.put({ ...two, expiresAt: 60_100 }));
  t.ok(table.put({ ...one, expiresAt: 60_100 }));
  t.end();
});

t.test('several clients: their leases go with what is written anyway', (t) => {
  const [one, two, three] = [lease(1), lease(2), lease(3)];
  const table = new Table(one, two, three);
  table.offer(one, two);
  t.same(table.sync(), [], 'not for their own sake');
  t.ok(table.put({ ...two, expiresAt: 60_050 }), 'this one was quick');
  t.ok(table.put({ ...three, expiresAt: 60_050 }));
  t.same(
    table.sync().map(({ address }) => `${address}`),
    ['192.168.42.1'],
    'without the one that is written as it is by now',
  );
  t.notOk(table.put({ ...one, expiresAt: 60_100 }));
  t.same(table.sync(), []);
  table.offer(table.leases.get(three.address.value) as Lease);
  t.same(table.sync(), [], 'two were written for a moment ago');
  table.put(lease(2));
  t.equal(table.sync().length, 1, 'the third one with it');
  const now = table.leases.get(two.address.value) as Lease;
  table.offer(now);
  t.equal(table.sync().length, 1, 'one at a time by now');
  table.offer(now);
  t.same(table.sync(), [], 'on disk already');
  const anew = { ...now };
  t.notOk(table.put(anew));
  table.offer(anew);
  t.equal(table.sync().length, 1);
  t.end();
});

t.test('who discovers again and again does not wear the disk', (t) => {
  const one = lease(1);
  const table = new Table(one);
  const writes = Array.from({ length: 100 }, (_, time) => {
    // It wants so many seconds from now on.
    table.foresight.offered(one, 70_000 + time * 100, time * 100);
    return table.sync().length;
  });
  t.equal(
    writes.reduce((sum, count) => sum + count),
    5,
    'in ten seconds',
  );
  t.end();
});

t.test('what is on disk is never less than what was promised before', (t) => {
  const one = lease(1);
  const table = new Table(one);
  table.foresight.offered(one, 10_000, 5000);
  t.same(table.sync(), [{ ...one, lastAckAt: 5000 }]);
  t.notOk(table.put({ ...one, expiresAt: 10_000 }), 'it is safe to promise less');
  t.end();
});

t.test(
  'a slow disk gets nothing ahead until it is quick again, and what it has not told to have does not count',
  (t) => {
    const one = lease(1);
    const table = new Table(one);
    table.isQuick = false;
    table.offer(one);
    t.equal(table.sync().length, 1);
    const renewed = { ...one, expiresAt: 60_100 };
    t.ok(table.put(renewed));
    table.sync();
    table.offer(renewed);
    t.same(table.sync(), []);
    table.isQuick = true;
    table.put({ ...renewed });
    table.sync();
    table.offer(table.leases.get(one.address.value) as Lease);
    t.equal(table.sync().length, 1);
    t.end();
  },
);

t.test('a flood of offers is bounded, and so is what was written for clients that never ask', (t) => {
  const table = new Table(lease(1));
  for (let n = 1; n <= 200; n++) {
    const each = lease(n);
    table.leases.set(each.address.value, each);
    table.offer(each);
  }
  table.put({ ...lease(1) });
  t.ok(table.sync().length <= 64);
  for (let i = 0; i < 5000; i++) {
    const each = lease(1, { address: new Ipv4Address(0x0a00_0000 + i) });
    table.leases.set(each.address.value, each);
    table.offer(each);
    table.foresight.changed();
    table.sync();
  }
  const isCovered = (i: number): boolean => {
    const before = table.leases.get(0x0a00_0000 + i) as Lease;
    return table.foresight.covers(before, before, OFFSET, 0);
  };
  t.notOk(isCovered(0), 'forgotten');
  t.ok(isCovered(4999));
  t.end();
});
