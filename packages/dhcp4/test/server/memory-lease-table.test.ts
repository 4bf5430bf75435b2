import t from 'tap';
import { MemoryLeaseTable } from '../../src/server/memory-lease-table.ts';
import { leaseTableContract, sampleLease } from './lease-table-contract.ts';

leaseTableContract(t, () => new MemoryLeaseTable());

t.test('starts with leases from before; of two for one client the later one stays', (t) => {
  const table = new MemoryLeaseTable([
    sampleLease('10.0.0.1', '01aa'),
    sampleLease('10.0.0.2', '01bb'),
    sampleLease('10.0.0.3', '01aa'),
  ]);
  t.equal(table.size, 2);
  t.equal(table.byClient('01aa')?.address.toString(), '10.0.0.3');
  t.end();
});
