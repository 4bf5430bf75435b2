import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { cleanHostName } from '@router7/dhcp4';
import { readOrSetAside, removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { type DnsName, formatDnsNames, parseDnsNames } from '../state/dns-names.ts';

/** Names of one host, and of all together. */
const MOST_OF_A_HOST = 64;
const MOST = 2048;

/** What became of a wish. `full`: there are too many names, or no room on the disk. */
export type NameOutcome = 'ok' | 'bad-name' | 'bad-address' | 'full';

/**
 * The names below their own that hosts have asked for by `/dyndns` (row DNS-09), kept over a restart. They belong to a
 * machine, by its hardware address: whoever gets the name of another one later does not get its names with it.
 */
export class NamesStore {
  readonly #file: string;
  readonly #log: Log;
  #names: readonly DnsName[];

  /** Reads the file. One that cannot be parsed is set aside. */
  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
    removeStaleTemporaries(file);
    this.#names = readOrSetAside(file, parseDnsNames, log) ?? [];
  }

  /** All of them, a list that does not change. */
  get names(): readonly DnsName[] {
    return this.#names;
  }

  /**
   * Sets one address of a name, in place of what it had of that family.
   *
   * @param hardwareAddress whose name it is, see `hardwareAddressAt`
   * @param name one label
   * @param address IPv4 or IPv6, as text
   */
  set(hardwareAddress: string, name: string, address: string): NameOutcome {
    const label = name.toLowerCase();
    if (label === '' || cleanHostName(label) !== label) return 'bad-name';
    const family = address.includes('%') ? 0 : isIP(address);
    if (family === 0) return 'bad-address';
    const isIt = (each: DnsName): boolean => each.hardware_addr === hardwareAddress && each.name === label;
    const known = this.#names.find(isIt);
    if (known?.addrs.includes(address) === true) return 'ok';
    const own = this.#names.filter(({ hardware_addr }) => hardware_addr === hardwareAddress);
    if (known === undefined && (own.length >= MOST_OF_A_HOST || this.#names.length >= MOST)) return 'full';
    const addrs = [...(known?.addrs ?? []).filter((text) => isIP(text) !== family), address];
    const names = [
      ...this.#names.filter((each) => !isIt(each)),
      { hardware_addr: hardwareAddress, name: label, addrs },
    ];
    // On disk before anybody is told that it is so.
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileAtomicSync(this.#file, formatDnsNames(names));
    } catch (error) {
      this.#log.error('name cannot be kept', { file: this.#file, name: label, error });
      return 'full';
    }
    this.#names = names;
    return 'ok';
  }
}
