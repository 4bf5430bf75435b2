import { LastGood, type Reading } from '../runtime/last-good.ts';
import type { InterfacesConfig } from '../state/interfaces.ts';
import { parseWireguard, type WireguardFile } from '../state/wireguard.ts';
import { leaseConflict, readInterfaces } from './check-interfaces.ts';
import { readDelegatedPrefixes } from './delegated-prefixes.ts';
import { readUplinkLease } from './uplink-lease.ts';
import { NOTHING_WANTED, type Wanted } from './wanted.ts';

/** Where things are. */
export interface ConfigurationFiles {
  readonly interfaces: string;
  readonly wireguard: string;
  /** lease.json of dhcp4 and of dhcp6. */
  readonly lease: string;
  readonly delegated: string;
  /** Folder for copies of the last good files. */
  readonly lastGood: string;
}

/** What the files want, as far as they say it. */
export type FilesWant = Pick<Wanted, 'interfaces' | 'complete' | 'wireguard' | 'lease' | 'delegated'>;

/** What {@link Configuration.read} found. */
export interface ConfigurationReading {
  readonly want: FilesWant;
  /** Whether interfaces.json, or a good one before it, tells which interfaces there are to be. */
  readonly known: boolean;
  readonly errors: readonly Error[];
  readonly warnings: readonly string[];
}

const NO_WIREGUARD: WireguardFile = { interfaces: [] };

/** The files that netconfigd follows. One that cannot be used leaves what it said before. */
export class Configuration {
  readonly #files: ConfigurationFiles;
  readonly #interfaces: LastGood<InterfacesConfig>;
  readonly #wireguard: LastGood<WireguardFile>;
  #lease: FilesWant['lease'] = 'unknown';
  #delegated: FilesWant['delegated'] = 'unknown';
  /** What interfaces.json said last; without it (it may come back) that goes on. */
  #last: InterfacesConfig | undefined;

  constructor(files: ConfigurationFiles) {
    this.#files = files;
    this.#interfaces = new LastGood(files.interfaces, files.lastGood, readInterfaces);
    this.#wireguard = new LastGood(files.wireguard, files.lastGood, parseWireguard);
  }

  /** Reads all of them. Never throws. */
  read(): ConfigurationReading {
    const errors: Error[] = [];
    const warnings: string[] = [];
    const tell = <T>(reading: Reading<T>): Reading<T> => {
      if (reading.error !== undefined) errors.push(reading.error);
      warnings.push(...reading.warnings);
      return reading;
    };
    const interfaces = tell(this.#interfaces.read());
    if (interfaces.absent) warnings.push(`${this.#files.interfaces}: not there, no interface is configured`);
    else this.#last = interfaces.value;
    const config = this.#last ?? NOTHING_WANTED.interfaces;
    const wireguard = tell(this.#wireguard.read());
    this.#readLeases(config, errors);
    return {
      want: {
        interfaces: config,
        wireguard: wireguard.value ?? NO_WIREGUARD,
        // To take wireguard.json away is how to have no WireGuard any more; a router without interfaces.json is a mistake.
        complete: interfaces.complete && (wireguard.complete || wireguard.absent),
        lease: this.#lease,
        delegated: this.#delegated,
      },
      known: this.#last !== undefined || interfaces.absent,
      errors,
      warnings,
    };
  }

  /** The addresses that interfaces.json gave before the last {@link Configuration.keep}: what is still written may be of them. */
  get keptInterfaces(): InterfacesConfig | undefined {
    return this.#interfaces.kept;
  }

  /** Keeps copies of what is good. @returns one error for each that could not be written */
  keep(): readonly Error[] {
    const errors: Error[] = [];
    for (const file of [this.#interfaces, this.#wireguard]) {
      try {
        file.keep();
      } catch (error) {
        errors.push(error as Error);
      }
    }
    return errors;
  }

  #readLeases(config: InterfacesConfig, errors: Error[]): void {
    try {
      const lease = readUplinkLease(this.#files.lease);
      const conflict = lease && leaseConflict(config, lease, this.#files.lease);
      if (conflict !== undefined) throw new Error(conflict);
      this.#lease = lease;
    } catch (error) {
      errors.push(error as Error);
    }
    try {
      this.#delegated = readDelegatedPrefixes(this.#files.delegated);
    } catch (error) {
      errors.push(error as Error);
    }
  }
}
