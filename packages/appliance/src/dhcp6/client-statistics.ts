import { type ClientOutput, MessageType } from '@router7/dhcp6';
import { Counter, Gauge, type Registry } from 'prom-client';

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(MessageType).map(([name, type]) => [type, name]));

/** What the client has sent, heard and dropped, by type of message (D6C-26, MT-01). */
export class ClientStatistics {
  readonly #sent = new Map<string, number>();
  readonly #received = new Map<string, number>();
  readonly #discarded = new Map<string, number>();
  #prefixes = 0;
  #addresses = 0;

  count(output: ClientOutput): void {
    switch (output.kind) {
      case 'send':
        add(this.#sent, nameOf(output.messageType));
        return;
      case 'received':
        add(this.#received, nameOf(output.messageType));
        return;
      case 'discarded':
        add(this.#discarded, output.reason);
        return;
      case 'changed':
        this.#prefixes = output.configuration.delegations.length;
        this.#addresses = output.configuration.addresses.length;
        return;
      default:
    }
  }

  /** Makes the metrics of a registry. */
  register(registry: Registry): void {
    const registers = [registry];
    const counters = (name: string, help: string, label: string, values: ReadonlyMap<string, number>): void => {
      new Counter({
        name,
        help,
        registers,
        labelNames: [label],
        collect() {
          this.reset();
          for (const [value, count] of values) this.inc({ [label]: value }, count);
        },
      });
    };
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
    counters('dhcp6_sent', 'Messages sent, by type', 'type', this.#sent);
    counters('dhcp6_received', 'Messages accepted, by type', 'type', this.#received);
    counters('dhcp6_discarded', 'Datagrams dropped, by reason', 'reason', this.#discarded);
    gauge('dhcp6_prefixes', 'Prefixes in use', () => this.#prefixes);
    gauge('dhcp6_addresses', 'Addresses in use', () => this.#addresses);
  }
}

function nameOf(messageType: number): string {
  return NAMES.get(messageType) ?? String(messageType);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
