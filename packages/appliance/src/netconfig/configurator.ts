import { readFileSync } from 'node:fs';
import { Ipv4Prefix } from '@router7/wire';
import type { Firewall } from '../firewall/firewall.ts';
import type { Log } from '../runtime/log.ts';
import { type InterfacesConfig, parseInterfaces } from '../state/interfaces.ts';
import type { RtNetlink } from '../system/rtnetlink.ts';
import { applyOperations, readKernelState, tellOperation } from './apply.ts';
import { enableForwarding } from './forwarding.ts';
import { plan, UPLINK } from './plan.ts';
import type { UplinkLease } from './plan-lease.ts';
import { matchLinks } from './plan-links.ts';
import { writeResolvConf } from './resolv-conf.ts';
import { readUplinkLease } from './uplink-lease.ts';

/** Plans follow each other until nothing is left to do: a bridge has to exist before its ports can join it. */
const MAXIMUM_PASSES = 6;

/** Where things are. */
export interface ConfiguratorFiles {
  readonly interfaces: string;
  readonly lease: string;
  readonly resolvConf: string;
}

/** What one run did. */
export interface Applied {
  /** Whether anything was changed. */
  readonly changed: boolean;
  /** What did not work; all the rest was done. */
  readonly errors: readonly Error[];
}

/** Makes the kernel what the files in /perm say. A second run with the same files changes nothing (NC-12). */
export class Configurator {
  readonly #netlink: RtNetlink;
  readonly #firewall: Firewall;
  readonly #files: ConfiguratorFiles;
  readonly #log: Log;
  #interfaces: InterfacesConfig = { interfaces: [], bridges: [] };
  #lease: UplinkLease | 'unknown' | undefined = 'unknown';
  #told = new Set<string>();

  constructor(netlink: RtNetlink, firewall: Firewall, files: ConfiguratorFiles, log: Log) {
    this.#netlink = netlink;
    this.#firewall = firewall;
    this.#files = files;
    this.#log = log;
  }

  /** Reads the files and applies them. Never rejects. */
  async apply(): Promise<Applied> {
    const errors: Error[] = [];
    let changed = false;
    const attempt = async (work: () => Promise<boolean>): Promise<void> => {
      try {
        if (await work()) changed = true;
      } catch (error) {
        errors.push(error as Error);
      }
    };
    await attempt(async () => this.#readFiles(errors));
    // The rules first: no address is reachable before what protects it is there.
    await attempt(() => this.#applyFirewall());
    await attempt(() => this.#applyNetwork(errors));
    await attempt(async () => this.#applySysctls(errors));
    await attempt(async () => this.#applyResolvConf());
    return { changed, errors };
  }

  /** A file that cannot be used is told about, and what it said before goes on. */
  #readFiles(errors: Error[]): boolean {
    try {
      const { value, warnings } = parseInterfaces(readFileSync(this.#files.interfaces, 'utf8'), this.#files.interfaces);
      for (const warning of warnings) this.#once(warning);
      this.#interfaces = value;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        this.#once(`${this.#files.interfaces}: not there, no interface is configured`);
      } else {
        errors.push(error as Error);
      }
    }
    try {
      this.#lease = readUplinkLease(this.#files.lease);
    } catch (error) {
      errors.push(error as Error);
    }
    errors.push(...this.#firewall.readFiles());
    return false;
  }

  async #applyFirewall(): Promise<boolean> {
    const links = await this.#netlink.links();
    return this.#firewall.apply({
      interfaces: this.#interfaces,
      tunnels: [],
      uplink: UPLINK,
      leased: this.#lease === 'unknown' ? undefined : this.#lease?.address.address,
      links: new Set(links.map(({ name }) => name)),
    });
  }

  async #applyNetwork(errors: Error[]): Promise<boolean> {
    let failed: readonly Error[] = [];
    let changed = false;
    for (let pass = 0; pass < MAXIMUM_PASSES; pass++) {
      const state = await readKernelState(this.#netlink);
      const matches = matchLinks(this.#interfaces, state.links);
      for (const { name } of matches.unknown) if (name !== 'lo') this.#once(`no config for interface ${name}`);
      for (const { name } of matches.missing) this.#once(`interface ${name} is configured and not there`);
      for (const { name } of matches.repeated)
        this.#once(`interface ${name} is configured twice, the first entry counts`);
      const operations = plan(this.#interfaces, matches, this.#lease, state);
      failed = await applyOperations(this.#netlink, operations, (operation) =>
        this.#log.info(tellOperation(operation)),
      );
      // What fails may work when the rest is done; when nothing else is left, it fails for good.
      if (failed.length === operations.length) break;
      changed = true;
    }
    errors.push(...failed);
    return changed;
  }

  async #applySysctls(errors: Error[]): Promise<boolean> {
    const links = await this.#netlink.links();
    errors.push(...enableForwarding(new Set(links.map(({ name }) => name))));
    errors.push(...this.#firewall.applySettings());
    return false;
  }

  #applyResolvConf(): boolean {
    const lan = this.#interfaces.interfaces.find(({ name }) => name === 'lan0')?.addr;
    if (lan === undefined || lan === '' || lan.includes(':')) return false;
    return writeResolvConf(this.#files.resolvConf, Ipv4Prefix.parse(lan).address);
  }

  /** Says a thing when it is new, not at each of the many runs. */
  #once(message: string): void {
    if (this.#told.has(message)) return;
    if (this.#told.size > 1000) this.#told.clear();
    this.#told.add(message);
    this.#log.warn(message);
  }
}
