import { LastGood } from '../runtime/last-good.ts';
import { type InterfacesConfig, parseInterfaces } from '../state/interfaces.ts';
import { type Ipv6FilePaths, Ipv6Files, type Ipv6Reading } from './ipv6-files.ts';

/** What {@link LanReader.read} found. */
export interface LanReading extends Ipv6Reading {
  readonly interfaces: InterfacesConfig;
}

/**
 * Reads what the prefixes of the home's links follow from, for the daemons that serve them: the same files, and the same
 * last good copies, as netconfigd goes by. Nothing is written.
 */
export class LanReader {
  readonly #interfaces: LastGood<InterfacesConfig>;
  readonly #ipv6: Ipv6Files;
  #last: InterfacesConfig = { interfaces: [], bridges: [] };

  constructor(paths: Ipv6FilePaths & { readonly interfaces: string }) {
    this.#interfaces = new LastGood(paths.interfaces, paths.lastGood, parseInterfaces);
    this.#ipv6 = new Ipv6Files(paths);
  }

  /**
   * Reads them. Never throws.
   *
   * @param now milliseconds since 1970
   */
  read(now: number): LanReading {
    const interfaces = this.#interfaces.read();
    this.#last = interfaces.value ?? this.#interfaces.good ?? this.#last;
    const ipv6 = this.#ipv6.read(this.#last, now);
    const errors = interfaces.error === undefined ? ipv6.errors : [interfaces.error, ...ipv6.errors];
    return { ...ipv6, interfaces: this.#last, errors, warnings: [...interfaces.warnings, ...ipv6.warnings] };
  }
}
