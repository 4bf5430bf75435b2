import { MemoryLeaseTable, type ServerConfig, ServerEngine } from '@router7/dhcp6';
import { LanReader } from '../lans/lan-reader.ts';
import { filesBelow } from '../netconfig/files.ts';
import { LastGood } from '../runtime/last-good.ts';
import type { Log } from '../runtime/log.ts';
import { type Dhcp6dConfig, parseDhcp6dConfig } from '../state/dhcp6d-config.ts';
import type { Clock } from '../system/clock.ts';
import { serverSettings } from './server-settings.ts';

/** The clock was set when it differs by more from what it was, milliseconds: ends of prefixes are other ones then. */
const JUMP = 2000;
const NO_CONFIG: Dhcp6dConfig = { interfaces: {} };

/** Settings of an engine, and a text that differs when they do. */
export interface ReadSettings {
  readonly config: ServerConfig;
  readonly key: string;
}

/** Where the server's files are. */
export interface ServerFilePaths {
  /** Below it lie what is shared with netconfigd, and dhcp6d.json. */
  readonly perm: string;
  /** For the copy of the last good dhcp6d.json. */
  readonly lastGood: string;
}

/** Reads what the server's settings follow from. */
export class ServerFiles {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #lans: LanReader;
  readonly #config: LastGood<Dhcp6dConfig>;
  #told = '';
  #offset: number;
  #before: ReadSettings | undefined;

  constructor({ perm, lastGood }: ServerFilePaths, log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#offset = clock.wall() - clock.now();
    this.#lans = new LanReader(filesBelow(perm));
    this.#config = new LastGood(`${perm}/dhcp6d.json`, lastGood, parseDhcp6dConfig);
  }

  /**
   * The settings as the files have them now. What is wrong with a file is told once in the log, and what was good before
   * goes on; settings that contradict themselves are as none.
   *
   * @param duid the server's
   */
  read(duid: Uint8Array): ReadSettings | undefined {
    const { plan, config: ipv6, lease, errors, warnings } = this.#lans.read(this.#clock.wall());
    const own = this.#config.read();
    const faults = [...errors, ...(own.error === undefined ? [] : [own.error])];
    const remarks = new Set([...warnings, ...own.warnings, ...plan.remarks]);
    // What the provider has delegated is not known: to take it for gone would take it away from everybody.
    if (lease === 'unknown' && this.#before !== undefined) {
      this.#tell(faults, remarks);
      return this.#before;
    }
    const offset = this.#clock.wall() - this.#clock.now();
    if (Math.abs(offset - this.#offset) > JUMP) this.#offset = offset;
    const inputs = { duid, plan, ipv6, lease: lease === 'unknown' ? undefined : lease, offset: this.#offset };
    const warn = (line: string): void => void remarks.add(line);
    const make = (config: Dhcp6dConfig): ReadSettings | undefined => {
      try {
        const settings = serverSettings({ ...inputs, config, warn });
        // The engine knows what contradicts itself.
        new ServerEngine(settings, new MemoryLeaseTable(), NO_ENVIRONMENT);
        return { config: settings, key: keyOf(settings) };
      } catch (error) {
        this.#log.error('settings unusable', { error });
        return undefined;
      }
    };
    const made = own.value === undefined ? make(NO_CONFIG) : (make(own.value) ?? make(NO_CONFIG));
    this.#tell(faults, remarks);
    this.#before = made ?? this.#before;
    this.#keep();
    return this.#before;
  }

  #keep(): void {
    try {
      this.#config.keep();
    } catch (error) {
      this.#log.warn('the last good dhcp6d.json cannot be kept', { error });
    }
  }

  #tell(errors: readonly Error[], warnings: ReadonlySet<string>): void {
    const told = [...errors.map(String), ...warnings].join('\n');
    if (told === this.#told) return;
    this.#told = told;
    for (const error of errors) this.#log.error('file unusable', { error });
    for (const warning of warnings) this.#log.warn(warning);
  }
}

const NO_ENVIRONMENT = {
  randomOctets: (count: number) => new Uint8Array(count),
  placeSecret: new Uint8Array(16),
  replayDetection: () => 0n,
};

/** Values that JSON does not know become texts. */
function keyOf(config: ServerConfig): string {
  return JSON.stringify(config, (_, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    return value === Infinity ? 'never' : value;
  });
}
