import { Ipv4Address } from '@router7/wire';
import type { Test } from 'tap';
import type { Lease, LeaseTable } from '../../src/server/lease-table.ts';

/** A lease for a table's tests. */
export function sampleLease(address: string, clientKey: string, change: Partial<Lease> = {}): Lease {
  return {
    address: Ipv4Address.parse(address),
    state: 'bound',
    clientKey,
    hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
    clientIdentifier: undefined,
    hostName: '',
    hostNameOverride: '',
    expiresAt: 2000,
    lastAckAt: 1000,
    ...change,
  };
}

/**
 * What every lease table does, whatever is behind it.
 *
 * @param makeTable an empty table
 */
export function leaseTableContract(t: Test, makeTable: (t: Test) => LeaseTable): void {
  const a = Ipv4Address.parse('10.0.0.1').value;
  const b = Ipv4Address.parse('10.0.0.2').value;
  const all = (table: LeaseTable): string[] =>
    [...table.values()].map(({ address, clientKey }) => `${address} ${clientKey}`).sort();

  t.test('an empty table knows nobody', (t) => {
    const table = makeTable(t);
    t.equal(table.size, 0);
    t.equal(table.byAddress(a), undefined);
    t.equal(table.byClient('01aa'), undefined);
    t.same(all(table), []);
    table.delete(a);
    t.equal(table.size, 0);
    t.end();
  });

  t.test('a lease is found by its address and by its client', (t) => {
    const table = makeTable(t);
    const lease = sampleLease('10.0.0.1', '01aa', { hostName: 'laptop', clientIdentifier: Uint8Array.of(1, 0xaa) });
    table.put(lease);
    t.equal(table.size, 1);
    t.same(table.byAddress(a), lease);
    t.same(table.byClient('01aa'), lease);
    t.equal(table.byAddress(b), undefined);
    t.end();
  });

  t.test('a lease takes the place of the one that its address had', (t) => {
    const table = makeTable(t);
    table.put(sampleLease('10.0.0.1', '01aa'));
    table.put(sampleLease('10.0.0.1', '01bb'));
    t.equal(table.byClient('01aa'), undefined);
    t.equal(table.byAddress(a)?.clientKey, '01bb');
    t.same(all(table), ['10.0.0.1 01bb']);
    t.end();
  });

  t.test('a lease takes the place of the one that its client had', (t) => {
    const table = makeTable(t);
    table.put(sampleLease('10.0.0.1', '01aa'));
    table.put(sampleLease('10.0.0.2', '01aa'));
    t.equal(table.byAddress(a), undefined);
    t.ok(table.byClient('01aa')?.address.equals(Ipv4Address.parse('10.0.0.2')));
    t.same(all(table), ['10.0.0.2 01aa']);
    t.end();
  });

  t.test('a lease takes the place of both at once', (t) => {
    const table = makeTable(t);
    table.put(sampleLease('10.0.0.1', '01aa'));
    table.put(sampleLease('10.0.0.2', '01bb'));
    table.put(sampleLease('10.0.0.2', '01aa'));
    t.equal(table.byClient('01bb'), undefined);
    t.equal(table.byAddress(a), undefined);
    t.equal(table.size, 1);
    t.same(all(table), ['10.0.0.2 01aa']);
    t.end();
  });

  t.test('a lease is renewed in place', (t) => {
    const table = makeTable(t);
    table.put(sampleLease('10.0.0.1', '01aa'));
    table.put(sampleLease('10.0.0.1', '01aa', { expiresAt: 9000 }));
    t.equal(table.size, 1);
    t.equal(table.byAddress(a)?.expiresAt, 9000);
    t.equal(table.byClient('01aa')?.expiresAt, 9000);
    t.end();
  });

  t.test('a deleted lease is gone from both sides', (t) => {
    const table = makeTable(t);
    table.put(sampleLease('10.0.0.1', '01aa'));
    table.put(sampleLease('10.0.0.2', '01bb'));
    table.delete(a);
    t.equal(table.byAddress(a), undefined);
    t.equal(table.byClient('01aa'), undefined);
    t.same(all(table), ['10.0.0.2 01bb']);
    t.end();
  });

  t.test('addresses of the upper half are as good as others', (t) => {
    const table = makeTable(t);
    table.put(sampleLease('192.168.42.10', '01aa', { expiresAt: Infinity }));
    t.equal(table.byAddress(0xc0a8_2a0a)?.clientKey, '01aa');
    t.equal(table.byAddress(0xc0a8_2a0a)?.expiresAt, Infinity);
    t.end();
  });
}
