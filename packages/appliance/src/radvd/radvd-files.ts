import { readFileSync } from 'node:fs';
import type { Ipv6Prefix } from '@router7/wire';
import { LanReader, type LanReading } from '../lans/lan-reader.ts';
import type { Log } from '../runtime/log.ts';
import { parseRadvdConfig, type RadvdConfig } from '../state/radvd-config.ts';
import { parseRadvdPrefixes } from '../state/radvd-prefixes.ts';
import { errorCode } from '../system/libc.ts';

/** Where they are. */
export interface RadvdFilePaths {
  readonly interfaces: string;
  /** ipv6.json. */
  readonly ipv6: string;
  /** subnets.json. */
  readonly subnets: string;
  /** lease.json of dhcp6. */
  readonly delegated: string;
  /** netconfigd's copies of the last good files. */
  readonly lastGood: string;
  /** prefixes.json. */
  readonly prefixes: string;
}

/** What {@link RadvdFiles.read} found. */
export interface RadvdReading extends LanReading {
  readonly radvd: RadvdConfig;
  /** Of prefixes.json. */
  readonly extra: readonly Ipv6Prefix[];
}

/** The files that advertisements follow from. One that cannot be used leaves what it said before; each fault is told once. */
export class RadvdFiles {
  readonly #paths: RadvdFilePaths;
  readonly #reader: LanReader;
  readonly #log: Log;
  #radvd: RadvdConfig = {};
  #extra: readonly Ipv6Prefix[] = [];
  #said: ReadonlySet<string> = new Set();

  constructor(paths: RadvdFilePaths, log: Log) {
    this.#paths = paths;
    this.#reader = new LanReader(paths);
    this.#log = log;
  }

  /** Reads them. Never throws. What has ended is in the plan too: clocks may be wrong, see `SteadyEnds`. */
  read(): RadvdReading {
    const reading = this.#reader.read(0);
    const errors = [...reading.errors];
    const warnings = [...reading.warnings];
    try {
      const { value, ...rest } = parseRadvdConfig(reading.config.radvd, this.#paths.ipv6);
      this.#radvd = value;
      warnings.push(...rest.warnings);
    } catch (error) {
      errors.push(error as Error);
    }
    try {
      const { value, ...rest } = parseRadvdPrefixes(readFileSync(this.#paths.prefixes, 'utf8'), this.#paths.prefixes);
      this.#extra = value;
      warnings.push(...rest.warnings);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') this.#extra = [];
      else errors.push(error as Error);
    }
    const said = new Set<string>();
    for (const { message } of errors) this.#say('error', message, said);
    for (const warning of warnings) this.#say('warn', warning, said);
    this.#said = said;
    return { ...reading, radvd: this.#radvd, extra: this.#extra, errors, warnings };
  }

  #say(level: 'error' | 'warn', message: string, said: Set<string>): void {
    said.add(message);
    if (!this.#said.has(message)) this.#log[level](message);
  }
}
