import type { ServerEvent } from '@router7/dhcp6';
import type { Registry } from 'prom-client';
import type { ReplyCounters } from '../runtime/durable-replies.ts';
import { PlainMetrics, Tally } from '../runtime/metrics.ts';
import type { JournalLeaseTable } from './server-lease-table.ts';

/** What the server has done, as plain numbers. */
export class ServerStatistics {
  /** Of the transport that is in use now. */
  transport: () => ReplyCounters = () => ({ truncated: 0, unsent: 0, withheld: 0 });
  readonly #changes = new Tally();
  readonly #refused = new Tally();
  readonly #discarded = new Tally();
  #renewed = 0;
  #reconfigures = 0;

  count(event: ServerEvent): void {
    switch (event.kind) {
      case 'lease':
        if (event.what === 'renewed') this.#renewed++;
        else this.#changes.add(event.what);
        return;
      case 'refused':
        this.#refused.add(event.what);
        return;
      case 'reconfigure':
        this.#reconfigures++;
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
    metrics.gauge('dhcp6d_active_leases', 'Leases in force.', activeLeases);
    metrics.gauge('dhcp6d_leases', 'Leases that are remembered.', () => table.size);
    metrics.counters('dhcp6d_lease_changes_total', 'Changes of leases.', 'change', () => [
      ...this.#changes,
      ['renewed', this.#renewed],
    ]);
    metrics.counters('dhcp6d_refused_total', 'Associations that got nothing.', 'kind', () => this.#refused);
    metrics.counter('dhcp6d_reconfigures_total', 'Clients asked to renew.', () => this.#reconfigures);
    metrics.counters('dhcp6d_discarded_total', 'Datagrams that were not answered.', 'reason', () => [
      ...this.#discarded,
      ['truncated', this.transport().truncated],
    ]);
    metrics.replies('dhcp6d', () => this.transport());
    metrics.table('dhcp6d', table);
  }
}
