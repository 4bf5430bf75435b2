import { HEADER_LENGTH } from '../header.ts';
import { MAX_UPSTREAMS } from './pending.ts';
import type { ForwarderSettings } from './settings.ts';
import { SuffixTable } from './suffix-table.ts';

const NOBODY: readonly number[] = [];

/** Which upstreams are asked for which names, and which names may have private addresses. */
export class Routes {
  readonly #settings: ForwarderSettings;
  readonly #domains: SuffixTable;
  readonly #allowed: SuffixTable;
  readonly #everyone: readonly number[];
  /** By group of clients, where that has upstreams of its own. */
  readonly #groups = new Map<number, number[]>();

  /** @param seed 32 random bits */
  constructor(settings: ForwarderSettings, seed: number) {
    this.#settings = settings;
    this.#domains = new SuffixTable(
      settings.domains.map(({ suffix }) => suffix),
      seed,
    );
    this.#allowed = new SuffixTable(settings.rebindAllow, seed);
    const everyone: number[] = [];
    settings.upstreams.slice(0, MAX_UPSTREAMS).forEach(({ group, domainsOnly }, index) => {
      if (domainsOnly === true) return;
      if (group === undefined) everyone.push(index);
      else this.#groups.set(group, [...(this.#groups.get(group) ?? []), index]);
    });
    this.#everyone = everyone;
  }

  /**
   * @param bytes with a message at `start`
   * @param nameLength octets of QNAME, 0 without a question
   * @param group of the client
   */
  of(bytes: Uint8Array, start: number, nameLength: number, group: number): readonly number[] {
    const domain = nameLength > 0 ? this.#domains.find(bytes, start + HEADER_LENGTH, nameLength) : -1;
    if (domain >= 0) return this.#settings.domains[domain]?.upstreams.filter((i) => this.#exists(i)) ?? NOBODY;
    return this.#groups.get(group) ?? this.#everyone;
  }

  /** Whether an answer for this name may have private addresses. */
  allowsPrivate(bytes: Uint8Array, start: number, nameLength: number): boolean {
    if (!this.#settings.rebindProtection) return true;
    const at = start + HEADER_LENGTH;
    return this.#domains.find(bytes, at, nameLength) >= 0 || this.#allowed.find(bytes, at, nameLength) >= 0;
  }

  #exists(index: number): boolean {
    return index >= 0 && index < Math.min(this.#settings.upstreams.length, MAX_UPSTREAMS);
  }
}
