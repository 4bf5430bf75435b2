import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { LocalData } from '@router7/dns';
import { LanReader } from '../lans/lan-reader.ts';
import { filesBelow } from '../netconfig/files.ts';
import type { Log } from '../runtime/log.ts';
import { parseDhcp4dLeases } from '../state/dhcp4d-leases.ts';
import { parseDhcp6dLeases } from '../state/dhcp6d-leases.ts';
import type { DnsConfig } from '../state/dns-config.ts';
import type { DnsName } from '../state/dns-names.ts';
import type { Parsed } from '../state/state-file.ts';
import { parseUplinkRouters, type UplinkRouters } from '../state/uplink-routers.ts';
import type { Clock } from '../system/clock.ts';
import { errorCode } from '../system/libc.ts';
import { type HostsEntry, parseHostsFile } from './hosts-file.ts';
import type { HomeLeases } from './lease-hosts.ts';
import { localData } from './local-data.ts';

/** What {@link LocalFiles.read} found. */
export interface LocalReading {
  readonly data: LocalData;
  readonly leases: HomeLeases;
}

/** Where it is read from. */
export interface LocalFilePaths {
  /** `/perm`. */
  readonly perm: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What this machine calls itself. */
  readonly hostName?: string;
}

/**
 * Reads what dnsd answers by itself: leases of both DHCP servers, the home's prefixes, hosts files. A file that cannot be used
 * leaves what it said before; what is wrong is told once.
 */
export class LocalFiles {
  readonly #perm: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #hostName: string;
  readonly #lans: LanReader;
  readonly #before: Map<string, unknown> = new Map();
  #errors: Error[] = [];
  #warnings: string[] = [];
  #told: ReadonlySet<string> = new Set();

  constructor({ perm, clock, log, hostName = hostname() }: LocalFilePaths) {
    this.#perm = perm;
    this.#clock = clock;
    this.#log = log;
    this.#hostName = hostName;
    this.#lans = new LanReader(filesBelow(perm));
  }

  /** Reads everything anew. Never throws. @param names by `/dyndns` */
  read(config: DnsConfig, names: readonly DnsName[]): LocalReading {
    const wall = this.#clock.wall();
    const { plan, interfaces, errors, warnings } = this.#lans.read(wall);
    this.#errors = [...errors];
    this.#warnings = [...warnings];
    const leases: HomeLeases = {
      ipv4: this.#file('dhcp4d/leases.json', parseDhcp4dLeases, []),
      ipv6: this.#file('dhcp6d/leases.json', parseDhcp6dLeases, []),
    };
    const { nat64 } = this.#file<Pick<UplinkRouters, 'nat64'>>('dhcp6/wire/routers.json', parseUplinkRouters, {
      nat64: [],
    });
    const hostsFiles = config.hosts_files.flatMap((path) =>
      this.#file<readonly HostsEntry[]>(path, (text) => ({ ...CLEAN, value: parseHostsFile(text) }), undefined),
    );
    const hostName = this.#hostName;
    const data = localData({ config, leases, names, hostsFiles, interfaces, plan, nat64, hostName }, wall);
    this.#tell();
    return { data, leases };
  }

  /** @param absent what holds when there is no such file; undefined: that is a mistake */
  #file<T>(name: string, parse: (text: string, file: string) => Parsed<T>, absent: T): T;
  #file<T>(name: string, parse: (text: string, file: string) => Parsed<T>, absent: undefined): T | [];
  #file<T>(name: string, parse: (text: string, file: string) => Parsed<T>, absent: T | undefined): T | [] {
    const path = name.startsWith('/') ? name : join(this.#perm, name);
    try {
      const { value, warnings } = parse(readFileSync(path, 'utf8'), path);
      this.#warnings.push(...warnings);
      this.#before.set(path, value);
      return value;
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && absent !== undefined) {
        this.#before.delete(path);
        return absent;
      }
      this.#errors.push(error as Error);
      return (this.#before.get(path) as T | undefined) ?? absent ?? [];
    }
  }

  #tell(): void {
    const told = new Set<string>();
    const say = (level: 'error' | 'warn', message: string): void => {
      told.add(message);
      if (!this.#told.has(message)) this.#log[level](message);
    };
    for (const { message } of this.#errors) say('error', message);
    for (const warning of this.#warnings) say('warn', warning);
    this.#told = told;
  }
}

const CLEAN = { warnings: [], damaged: false } as const;
