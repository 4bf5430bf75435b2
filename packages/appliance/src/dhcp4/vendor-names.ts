import { readFile, stat } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { MacAddress } from '@router7/wire';
import type { Log } from '../runtime/log.ts';

/** Where IEEE's list is looked for: a newer one that the user has put there, and the one of Debian's ieee-data. */
export const OUI_FILES: readonly string[] = ['/perm/dhcp4d/oui/oui.csv', '/usr/share/ieee-data/oui.csv'];

/** One line of the list: registry, the first three octets, the name in quotes where it has commas, the address. */
const ENTRY = /^MA-L,([0-9A-F]{6}),(?:"((?:[^"]|"")*)"|([^,\r\n]*)),/gm;
/** Lines that are read before others get a turn. */
const SLICE = 2000;

/**
 * Who has made a network interface, by the first three octets of its address (row D4S-17): IEEE's list "MA-L" in CSV. It
 * is read when it is first asked for, and again when the file has changed.
 */
export class VendorNames {
  readonly #files: readonly string[];
  readonly #log: Log;
  #names: ReadonlyMap<number, string> = new Map();
  #version = '';
  #reading: Promise<void> | undefined;

  constructor(log: Log, files: readonly string[] = OUI_FILES) {
    this.#log = log;
    this.#files = files;
  }

  /** Reads the list unless it is known already. Never rejects: without a list nobody has a name. */
  load(): Promise<void> {
    this.#reading ??= this.#load().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** The maker's name; undefined when it is not listed, or the device has made its address up. */
  nameOf(address: MacAddress): string | undefined {
    return address.isLocal ? undefined : this.#names.get(Math.floor(address.value / 2 ** 24));
  }

  async #load(): Promise<void> {
    for (const file of this.#files) {
      try {
        const { mtimeMs, size } = await stat(file);
        const version = `${file} ${mtimeMs} ${size}`;
        if (version === this.#version) return;
        const names = await parse(await readFile(file, 'utf8'));
        if (names.size === 0) continue;
        this.#names = names;
        this.#version = version;
        this.#log.info('list of makers read', { file, makers: names.size });
        return;
      } catch {
        // Not there: the next one, or none.
      }
    }
  }
}

async function parse(text: string): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for (const [, octets = '', quoted, plain = ''] of text.matchAll(ENTRY)) {
    const name = (quoted?.replaceAll('""', '"') ?? plain).trim();
    if (name !== '') names.set(Number.parseInt(octets, 16), name);
    if (names.size % SLICE === 0) await turn();
  }
  return names;
}
