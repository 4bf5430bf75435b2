import type { Ipv6Prefix } from '@router7/wire';
import { type Ipv6FilePaths, Ipv6Files } from '../lans/ipv6-files.ts';
import { LastGood, type Reading, SHARED_COPY } from '../runtime/last-good.ts';
import type { InterfacesConfig } from '../state/interfaces.ts';
import type { Subnets } from '../state/subnets.ts';
import { parseWireguard, type WireguardFile } from '../state/wireguard.ts';
import { leaseConflict, readInterfaces } from './check-interfaces.ts';
import { settledSubnets, writeSubnets } from './settled-subnets.ts';
import { readUplinkLease } from './uplink-lease.ts';
import { NOTHING_WANTED, type Wanted } from './wanted.ts';

/** Where things are. */
export interface ConfigurationFiles extends Ipv6FilePaths {
  readonly interfaces: string;
  readonly wireguard: string;
  /** lease.json of dhcp4. */
  readonly lease: string;
}

/** What the files want, as far as they say it. */
export type FilesWant = Pick<
  Wanted,
  'interfaces' | 'complete' | 'wireguard' | 'lease' | 'lans' | 'assigned' | 'delegationsKnown'
>;

/** What {@link Configuration.read} found. */
export interface ConfigurationReading {
  readonly want: FilesWant;
  /** Whether interfaces.json, or a good one before it, tells which interfaces there are to be. */
  readonly known: boolean;
  /** What subnets.json is to have and has not, when that is not to be written. */
  readonly unsettled: Subnets | undefined;
  readonly errors: readonly Error[];
  readonly warnings: readonly string[];
}

const NO_WIREGUARD: WireguardFile = { interfaces: [] };

/** The files that netconfigd follows. One that cannot be used leaves what it said before. */
export class Configuration {
  readonly #files: ConfigurationFiles;
  readonly #interfaces: LastGood<InterfacesConfig>;
  readonly #wireguard: LastGood<WireguardFile>;
  readonly #ipv6: Ipv6Files;
  readonly #makeUla: (() => Ipv6Prefix) | undefined;
  #lease: FilesWant['lease'] = 'unknown';
  #unsettled: Subnets | undefined;
  /** What interfaces.json said last; without it (it may come back) that goes on. */
  #last: InterfacesConfig | undefined;

  /** @param makeUla makes a unique local prefix; without it nothing is made, and no numbers of subnets are kept */
  constructor(files: ConfigurationFiles, makeUla?: () => Ipv6Prefix) {
    this.#files = files;
    this.#makeUla = makeUla;
    this.#ipv6 = new Ipv6Files(files);
    this.#interfaces = new LastGood(files.interfaces, files.lastGood, readInterfaces, SHARED_COPY);
    this.#wireguard = new LastGood(files.wireguard, files.lastGood, parseWireguard);
  }

  /**
   * Reads all of them. Never throws.
   *
   * @param now milliseconds since 1970
   * @param monotonic milliseconds of a clock that nobody sets
   */
  read(now: number, monotonic: number): ConfigurationReading {
    const errors: Error[] = [];
    const warnings: string[] = [];
    const tell = <T>(reading: Reading<T>): Reading<T> => {
      if (reading.error !== undefined) errors.push(reading.error);
      warnings.push(...reading.warnings);
      return reading;
    };
    const interfaces = tell(this.#interfaces.read());
    if (interfaces.absent) {
      // Nobody wants a router without interfaces: it was lost, or is being written. (router7 leaves all as it is, too.)
      this.#last ??= this.#interfaces.good;
      const consequence = this.#last === undefined ? 'no interface is configured' : 'the last good one goes on';
      warnings.push(`${this.#files.interfaces}: not there, ${consequence}`);
    } else {
      this.#last = interfaces.value;
    }
    const config = this.#last ?? NOTHING_WANTED.interfaces;
    const wireguard = tell(this.#wireguard.read());
    this.#readLease(config, errors);
    const ipv6 = this.#readIpv6(config, now, monotonic, errors, warnings);
    return {
      want: {
        interfaces: config,
        wireguard: wireguard.value ?? NO_WIREGUARD,
        // To take wireguard.json away is how to have no WireGuard any more; a router without interfaces.json is a mistake.
        complete: interfaces.complete && (wireguard.complete || wireguard.absent),
        lease: this.#lease,
        ...ipv6,
      },
      unsettled: this.#unsettled,
      known: this.#last !== undefined || interfaces.absent,
      errors,
      warnings,
    };
  }

  /** Path of subnets.json. */
  get subnetsFile(): string {
    return this.#files.subnets;
  }

  /** The addresses that interfaces.json gave before the last {@link Configuration.keep}: what is still written may be of them. */
  get keptInterfaces(): InterfacesConfig | undefined {
    return this.#interfaces.kept;
  }

  /** Keeps copies of what is good. @returns one error for each that could not be written */
  keep(): readonly Error[] {
    const errors: Error[] = [];
    for (const file of [this.#interfaces, this.#wireguard, this.#ipv6]) {
      try {
        file.keep();
      } catch (error) {
        errors.push(error as Error);
      }
    }
    return errors;
  }

  #readLease(config: InterfacesConfig, errors: Error[]): void {
    try {
      const lease = readUplinkLease(this.#files.lease);
      const conflict = lease && leaseConflict(config, lease, this.#files.lease);
      if (conflict !== undefined) throw new Error(conflict);
      this.#lease = lease;
    } catch (error) {
      errors.push(error as Error);
    }
  }

  /** The links' prefixes. Their numbers, and a unique local prefix, are written before anything is made of them. */
  #readIpv6(
    config: InterfacesConfig,
    now: number,
    monotonic: number,
    errors: Error[],
    warnings: string[],
  ): Pick<FilesWant, 'lans' | 'assigned' | 'delegationsKnown'> {
    const reading = this.#ipv6.read(config, now, monotonic);
    errors.push(...reading.errors);
    warnings.push(...reading.warnings);
    let { plan } = reading;
    const settled = this.#last && settledSubnets(reading, this.#makeUla);
    if (this.#makeUla === undefined) {
      this.#unsettled = settled;
    } else if (settled !== undefined) {
      try {
        writeSubnets(this.#files.subnets, settled);
        // Only now: a unique local prefix that is not kept would be another one after the next start.
        plan = this.#ipv6.plan(config, now, { ...reading, subnets: settled });
      } catch (cause) {
        const { message } = cause as Error;
        errors.push(new Error(`${this.#files.subnets}: cannot be written: ${message}`, { cause }));
      }
    }
    warnings.push(...plan.remarks);
    return { lans: plan, assigned: reading.assigned, delegationsKnown: reading.lease !== 'unknown' };
  }
}
