import type { ServerEvent } from '@router7/dhcp4';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { JournalLeaseTable } from './journal-lease-table.ts';
import type { ServerTransportCounters } from './server-transport.ts';

/**
 * What the server has done, as plain numbers: prom-client's counters would cost more than a whole exchange does. They are
 * handed over when somebody asks (rows D4S-18 and MT-01).
 */
export class ServerStatistics {
  /** Of the transport that is in use now. */
  transport: () => ServerTransportCounters = () => ({ truncated: 0, unsent: 0, withheld: 0 });
  readonly #changes = new Map<string, number>();
  readonly #discarded = new Map<string, number>();
  #renewed = 0;
  #refused = 0;

  count(event: ServerEvent): void {
    switch (event.kind) {
      case 'lease':
        if (event.what === 'renewed') this.#renewed++;
        else add(this.#changes, event.what);
        return;
      case 'refused':
        this.#refused++;
        return;
      case 'discarded':
        add(this.#discarded, event.reason);
        return;
      default:
    }
  }

  /** Makes the metrics of a registry. @param activeLeases how many are in force */
  register(registry: Registry, table: JournalLeaseTable, activeLeases: () => number): void {
    const registers = [registry];
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    };
    const counter = (name: string, help: string, value: () => number): void => {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(value());
        },
      });
    };
    const counters = (name: string, help: string, label: string, values: () => Iterable<[string, number]>): void => {
      new Counter({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [key, value] of values()) this.inc({ [label]: key }, value);
        },
      });
    };
    gauge('non_expired_leases', 'Leases in force, static ones included.', activeLeases);
    gauge('dhcp4d_leases', 'Leases that are remembered.', () => table.size);
    counters('dhcp4d_lease_changes_total', 'Changes of leases.', 'change', () => [
      ...this.#changes,
      ['renewed', this.#renewed],
    ]);
    counter('dhcp4d_refused_total', 'DHCPNAKs sent.', () => this.#refused);
    counters('dhcp4d_discarded_total', 'Datagrams that were not answered.', 'reason', () => [
      ...this.#discarded,
      ['truncated', this.transport().truncated],
    ]);
    counter('dhcp4d_replies_withheld_total', 'DHCPACKs not sent: their lease could not be written.', () => {
      return this.transport().withheld;
    });
    counter('dhcp4d_replies_unsent_total', 'Replies that found no room in a queue.', () => this.transport().unsent);
    counter('dhcp4d_journal_syncs_total', 'Groups of leases written to disk.', () => table.counters.syncs);
    counter('dhcp4d_journal_failures_total', 'Groups that could not be written.', () => table.counters.failedSyncs);
    counter('dhcp4d_snapshots_total', 'How often leases.json was written.', () => table.counters.snapshots);
    counter('dhcp4d_snapshot_failures_total', 'How often it could not be written.', () => {
      return table.counters.failedSnapshots;
    });
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
