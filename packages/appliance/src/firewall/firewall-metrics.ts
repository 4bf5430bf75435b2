import type { FamilyName } from '@router7/nft';
import { Counter, type Registry } from 'prom-client';
import { compatCounters } from './compat.ts';
import { countedFamilies, countedHooks, type DropReason, dropCounter, dropReasons, passCounter } from './counters.ts';
import type { CounterState, FirewallKernel } from './firewall-kernel.ts';
import { TABLE } from './names.ts';

/** A counter of the kernel, in a sum of such. */
type Source = readonly [family: FamilyName, table: string, name: string];

/**
 * Counters of the kernel as counters of Prometheus: they never go back while the process lives, even when a table is
 * made anew and its counters start again. They are read, never reset, so that whoever else reads them sees them whole;
 * and since the kernel keeps them, they go on where they were when this process is started again.
 */
export class FirewallMetrics {
  readonly #kernel: FirewallKernel;
  readonly #seen = new Map<string, { before: CounterState; packets: bigint; bytes: bigint }>();
  #reading: Promise<void> | undefined;

  constructor(kernel: FirewallKernel) {
    this.#kernel = kernel;
  }

  /** Makes the metrics: router7's names, and what was dropped by reason. */
  register(registry: Registry): void {
    for (const hook of countedHooks) {
      for (const unit of ['packets', 'bytes'] as const) {
        this.#counter(
          registry,
          `nftables_filter_${hook}_${unit}`,
          `${unit} that passed at ${hook}`,
          'family',
          unit,
          () =>
            countedFamilies.map((family) => [
              family,
              [
                ['inet', TABLE, passCounter(hook, family)],
                [family === 'ipv4' ? 'ip' : 'ip6', 'filter', compatCounters[hook]],
              ],
            ]),
        );
      }
    }
    for (const unit of ['packets', 'bytes'] as const) {
      const sources = (reason: DropReason): readonly Source[] => [['inet', TABLE, dropCounter(reason)]];
      this.#counter(registry, `nftables_dropped_${unit}`, `${unit} dropped by the firewall`, 'reason', unit, () =>
        dropReasons.map((reason) => [reason, sources(reason)]),
      );
    }
  }

  #counter(
    registry: Registry,
    name: string,
    help: string,
    label: string,
    unit: 'packets' | 'bytes',
    series: () => readonly (readonly [string, readonly Source[]])[],
  ): void {
    const refresh = (): Promise<void> => this.#refresh();
    const sum = (sources: readonly Source[]): number => this.#sum(sources, unit);
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      async collect() {
        await refresh();
        this.reset();
        for (const [value, sources] of series()) this.inc({ [label]: value }, sum(sources));
      },
    });
  }

  #sum(sources: readonly Source[], unit: 'packets' | 'bytes'): number {
    return Number(sources.reduce((total, source) => total + (this.#seen.get(source.join(' '))?.[unit] ?? 0n), 0n));
  }

  /** Reads all counters; all who ask at the same time are served by one reading. */
  #refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    for (const [family, table] of [
      ['inet', TABLE],
      ['ip', 'filter'],
      ['ip6', 'filter'],
    ] as const) {
      for (const state of await this.#kernel.counters(family, table)) this.#note([family, table, state.name], state);
    }
  }

  #note(source: Source, now: CounterState): void {
    const key = source.join(' ');
    const { before, packets, bytes } = this.#seen.get(key) ?? { before: undefined, packets: 0n, bytes: 0n };
    // Less than before: it started again.
    const again = before === undefined || now.packets < before.packets || now.bytes < before.bytes;
    this.#seen.set(key, {
      before: now,
      packets: packets + now.packets - (again ? 0n : before.packets),
      bytes: bytes + now.bytes - (again ? 0n : before.bytes),
    });
  }
}
