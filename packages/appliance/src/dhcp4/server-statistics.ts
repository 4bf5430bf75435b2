import type { ServerEvent } from '@router7/dhcp4';
import type { Registry } from 'prom-client';
import type { ReplyCounters } from '../runtime/durable-replies.ts';
import { PlainMetrics, Tally } from '../runtime/metrics.ts';
import type { JournalLeaseTable } from './journal-lease-table.ts';

/**
 * What the server has done, as plain numbers: prom-client's counters would cost more than a whole exchange does. They are
 * handed over when somebody asks (rows D4S-18 and MT-01).
 */
export class ServerStatistics {
  /** Of the transport that is in use now. */
  transport: () => ReplyCounters = () => ({ truncated: 0, unsent: 0, withheld: 0 });
  readonly #changes = new Tally();
  readonly #discarded = new Tally();
  #renewed = 0;
  #refused = 0;

  count(event: ServerEvent): void {
    switch (event.kind) {
      case 'lease':
        if (event.what === 'renewed') this.#renewed++;
        else this.#changes.add(event.what);
        return;
      case 'refused':
        this.#refused++;
        return;
      case 'discarded':
        this.#discarded.add(event.reason);
        return;
      default:
    }
  }

  /** Makes the metrics of a registry. @param activeLeases how many are in force */
  register(registry: Registry, table: JournalLeaseTable, activeLeases: () => number): void {
    const metrics = new PlainMetrics(registry);
    metrics.gauge('non_expired_leases', 'Leases in force, static ones included.', activeLeases);
    metrics.gauge('dhcp4d_leases', 'Leases that are remembered.', () => table.size);
    metrics.counters('dhcp4d_lease_changes_total', 'Changes of leases.', 'change', () => [
      ...this.#changes,
      ['renewed', this.#renewed],
    ]);
    metrics.counter('dhcp4d_refused_total', 'DHCPNAKs sent.', () => this.#refused);
    metrics.counters('dhcp4d_discarded_total', 'Datagrams that were not answered.', 'reason', () => [
      ...this.#discarded,
      ['truncated', this.transport().truncated],
    ]);
    metrics.replies('dhcp4d', () => this.transport());
    metrics.table('dhcp4d', table);
  }
}
