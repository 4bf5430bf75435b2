import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lease, MemoryLeaseTable } from '@router7/dhcp4';
import { Ipv4Address, toHex } from '@router7/wire';
import t, { type Test } from 'tap';
import { JournalLeaseTable } from '../../src/dhcp4/journal-lease-table.ts';
import { leaseEdits } from '../../src/dhcp4/lease-edits.ts';
import { entryOf } from '../../src/dhcp4/lease-entry.ts';
import { createLog } from '../../src/runtime/log.ts';
import { type Dhcp4dLease, formatDhcp4dLeases, parseDhcp4dLeases } from '../../src/state/dhcp4d-leases.ts';
import { ZERO_TIME } from '../../src/state/go-time.ts';

const NOON = Date.parse('2024-05-01T12:00:00Z');
const MINUTE = 60_000;
const address = (n: number): Ipv4Address => Ipv4Address.parse('192.168.42.0').plus(n);
const key = (n: number): string => `0102000000${toHex(Uint8Array.of(n >> 8, n & 255))}`;

function lease(n: number, over: Partial<Lease> = {}): Lease {
  return {
    address: address(n),
    state: 'bound',
    clientKey: key(n),
    hardwareAddress: Uint8Array.of(2, 0, 0, 0, n >> 8, n & 255),
    clientIdentifier: undefined,
    hostName: `host-${n}`,
    hostNameOverride: '',
    expiresAt: 5000 + 20 * MINUTE,
    lastAckAt: 5000,
    ...over,
  };
}

/** An entry as a person writes it. */
const entry = (n: number, over: Partial<Dhcp4dLease> = {}): Dhcp4dLease => ({
  num: 0,
  addr: `${address(n)}`,
  hardware_addr: `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`,
  hostname: '',
  hostname_override: '',
  expiry: ZERO_TIME,
  last_ack: ZERO_TIME,
  ...over,
});

/** A running table with its leases on disk, and a person with an editor. */
class Home {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'r7-d4d-edits-'));
  readonly path: string = join(this.folder, 'leases.json');
  readonly lines: string[] = [];
  readonly clock: { mono: number; now: () => number; wall: () => number } = {
    mono: 5000,
    now: () => this.clock.mono,
    wall: () => NOON - 5000 + this.clock.mono,
  };
  readonly table: JournalLeaseTable;
  edits = 0;
  #saved: (() => void) | undefined;

  private constructor(t: Test) {
    this.table = JournalLeaseTable.open({
      folder: this.folder,
      clock: this.clock,
      log: createLog((line) => this.lines.push(line.trim())),
      onSaved: () => this.#saved?.(),
      onEdited: () => {
        this.edits++;
        this.table.adoptEdits();
      },
    });
    t.teardown(async () => {
      await this.table.close();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  static async with(t: Test, ...leases: Lease[]): Promise<Home> {
    const home = new Home(t);
    for (const each of leases) home.table.put(each);
    await home.saved();
    return home;
  }

  /** Resolves when leases.json has been written the next time. */
  saved(): Promise<void> {
    return new Promise((resolve) => {
      this.#saved = resolve;
    });
  }

  entries(): Dhcp4dLease[] {
    return parseDhcp4dLeases(readFileSync(this.path, 'utf8')).value;
  }

  /** A person saves the file. */
  edit(change: (entries: Dhcp4dLease[]) => readonly Dhcp4dLease[], from: Dhcp4dLease[] = this.entries()): void {
    writeFileSync(this.path, formatDhcp4dLeases(change(from)));
  }

  at(n: number): Lease | undefined {
    return this.table.byAddress(address(n).value);
  }
}

t.test('D4S-05 what a person writes into leases.json while the server runs is taken over', async (t) => {
  const home = await Home.with(
    t,
    lease(10),
    lease(11),
    lease(12, { expiresAt: 4000 }),
    lease(13, { expiresAt: Infinity }),
    lease(14, { state: 'declined', clientKey: 'declined:192.168.42.14', hardwareAddress: new Uint8Array(0) }),
    lease(15, { expiresAt: Infinity }),
  );
  t.notOk(home.table.isEdited, 'its own writing is no edit');
  home.edit((entries) => [
    ...entries
      .filter(({ addr }) => !['192.168.42.12', '192.168.42.13', '192.168.42.14'].includes(addr))
      .map((each): Dhcp4dLease => {
        if (each.addr === '192.168.42.10') return { ...each, expiry: ZERO_TIME };
        if (each.addr === '192.168.42.11') return { ...each, hostname_override: 'kitchen' };
        return { ...each, expiry: '2024-05-01T12:30:00Z' };
      }),
    entry(200, { hostname_override: 'printer' }),
  ]);
  t.ok(home.table.isEdited);
  home.table.adoptEdits();
  t.equal(home.at(10)?.expiresAt, Infinity, 'made static');
  t.match(home.at(11), { hostNameOverride: 'kitchen', expiresAt: 5000 + 20 * MINUTE });
  for (const n of [12, 13, 14]) t.equal(home.at(n), undefined, `${n} was taken out`);
  t.equal(home.at(15)?.expiresAt, 5000 + 30 * MINUTE, 'not static any more');
  t.match(home.at(200), { expiresAt: Infinity, hostNameOverride: 'printer', clientKey: key(200) });
  t.match(home.lines.at(-1), /^info edits taken over .*changed=4 forgotten=3$/);
  t.notOk(home.table.isEdited);
  await home.saved();
  t.equal(home.entries().length, 4, 'and written back');
  t.equal(home.edits, 0);
});

t.test('nobody says that there was an edit: it is found before leases.json is written the next time', async (t) => {
  const home = await Home.with(t, lease(10));
  home.edit((entries) => [...entries, entry(200)]);
  home.table.put(lease(20));
  await home.saved();
  t.equal(home.edits, 1);
  t.equal(home.at(200)?.expiresAt, Infinity);
  t.same(
    home.entries().map(({ addr }) => addr),
    ['192.168.42.10', '192.168.42.20', '192.168.42.200'],
  );
});

t.test('an edit right before the end is not lost', async (t) => {
  const home = await Home.with(t, lease(10));
  home.edit((entries) => [...entries, entry(200)]);
  await home.table.close();
  t.equal(home.entries().length, 2);
});

t.test('leases in force win over an old copy', async (t) => {
  const home = await Home.with(t, lease(10), lease(11), lease(12));
  const copy = home.entries();
  home.clock.mono += 10 * MINUTE;
  const renewed = lease(10, { expiresAt: home.clock.mono + 20 * MINUTE, lastAckAt: home.clock.mono });
  home.table.put(renewed);
  home.table.put(lease(16));
  home.table.delete(address(12).value);
  home.table.put(lease(30, { address: address(12) }));
  await home.saved();
  // Made from the copy: it does not know 16, has the old times of 10, and another client at 12.
  home.edit((entries) => [...entries.filter(({ addr }) => addr !== '192.168.42.11'), entry(200)], copy);
  home.table.adoptEdits();
  t.strictSame(home.at(10), renewed);
  t.ok(home.at(16));
  t.equal(home.at(12)?.clientKey, key(30));
  t.ok(home.at(11), 'in force: not struck out');
  t.ok(home.at(200));
  const kept = home.lines.filter((line) => line.startsWith('warn edit not taken over'));
  t.match(kept.join('\n'), /192\.168\.42\.11 /);
  t.match(kept.join('\n'), /192\.168\.42\.12 /);
});

t.test('a static entry at the address of a device that is there has to wait', async (t) => {
  const home = await Home.with(t, lease(10));
  home.edit(() => [entry(99, { addr: '192.168.42.10' })]);
  home.table.adoptEdits();
  t.equal(home.at(10)?.clientKey, key(10));
  t.match(home.lines.at(-2), /^warn edit not taken over, a device has this address .*address=192\.168\.42\.10 /);
});

t.test('another address for a device', async (t) => {
  const home = await Home.with(t, lease(10), lease(11, { expiresAt: Infinity }));
  home.edit(([ten, eleven]) => [
    ten as Dhcp4dLease,
    { ...(eleven as Dhcp4dLease), addr: '192.168.42.50' },
    entry(10, { addr: '192.168.42.60' }),
  ]);
  home.table.adoptEdits();
  t.equal(home.table.byClient(key(11))?.address.toString(), '192.168.42.50');
  t.equal(home.at(11), undefined);
  t.equal(home.table.byClient(key(10))?.address.toString(), '192.168.42.60', 'with its next renewal');
});

t.test('a file that cannot be parsed is set aside, and the leases go on', async (t) => {
  const home = await Home.with(t, lease(10));
  writeFileSync(home.path, '[{"addr": "192.168.42.200",');
  home.table.adoptEdits();
  t.ok(home.at(10));
  t.equal(home.lines.filter((line) => line.startsWith('error')).length, 1);
  await home.saved();
  t.equal(home.entries().length, 1);
  const aside = readdirSync(home.folder).find((name) => name.startsWith('leases.json.corrupt-'));
  t.equal(readFileSync(join(home.folder, aside ?? ''), 'utf8'), '[{"addr": "192.168.42.200",');
});

t.test('with one mistyped entry the others count, but none as taken out', async (t) => {
  const home = await Home.with(t, lease(10, { expiresAt: Infinity }), lease(11));
  home.edit((entries) => [
    { ...(entries[0] as Dhcp4dLease), hardware_addr: '02:00:00:00:00:0' },
    entries[1] as Dhcp4dLease,
    entry(200),
  ]);
  home.table.adoptEdits();
  t.equal(home.at(10)?.expiresAt, Infinity);
  t.ok(home.at(200));
  t.match(home.lines.join('\n'), /warn .*\[0\]\.hardware_addr: found "02:00:00:00:00:0", expected a MAC address/);
  t.ok(readdirSync(home.folder).some((name) => name.startsWith('leases.json.corrupt-')));
});

t.test('what has changed since a person took a copy is not undone by it', (t) => {
  const table = new MemoryLeaseTable();
  const moment = { now: 5000, wall: NOON };
  const at = (lease: Lease): Dhcp4dLease => entryOf(lease, 0, NOON - 5000);
  const ended = { state: 'released', expiresAt: 4000 } as const;

  // Between the copy and now another device got the address that a person has taken out, and gave it back.
  table.put(lease(10, { ...ended, clientKey: key(99) }));
  t.same(leaseEdits([at(lease(10))], [], true, table, moment).forget, [], 'somebody else’s lease since');

  // The device has moved since: its old entry, in the copy with another name, is no reason to move it back.
  table.put(lease(21, { clientKey: key(20) }));
  const moved = lease(20, ended);
  const renamed = { ...at(moved), hostname: 'other' };
  t.same(leaseEdits([at(moved)], [renamed], true, table, moment).put, [], 'a device has one lease');

  // Moved by the person: taken out at one address, written at another.
  table.put(lease(30, ended));
  const elsewhere = at(lease(31, { ...ended, clientKey: key(30) }));
  const edits = leaseEdits([at(lease(30, ended))], [elsewhere], true, table, moment);
  t.same(
    edits.forget.map(({ address }) => `${address}`),
    ['192.168.42.30'],
  );
  t.same(
    edits.put.map(({ address }) => `${address}`),
    ['192.168.42.31'],
    'which it does not keep from its new one',
  );

  // The device calls itself something else since, and a person in another window has named it.
  table.put(lease(40, { hostName: 'new', hostNameOverride: 'desk' }));
  const before = at(lease(40, { hostName: 'old' }));
  const copy = { ...before, hostname: 'typed', last_ack: '2024-05-01T11:00:00Z' };
  t.same(leaseEdits([before], [copy], true, table, moment).put, [], 'both names stay');

  // Nothing was edited, and the table has gone on.
  table.put(lease(50, { hostName: 'new', expiresAt: Infinity }));
  const untouched = at(lease(50));
  t.same(leaseEdits([untouched], [untouched], true, table, moment), { forget: [], put: [], kept: [] });
  const forgotten = at(lease(60));
  t.same(leaseEdits([forgotten], [forgotten], true, table, moment).put, [], 'what the server has forgotten is not new');
  t.end();
});
