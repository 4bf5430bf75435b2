import { isDeepStrictEqual } from 'node:util';
import { NftError, type TableDefinition } from '@router7/nft';
import { LastGood } from '../runtime/last-good.ts';
import type { Log } from '../runtime/log.ts';
import { DEFAULT_FIREWALL, type FirewallConfig, parseFirewall } from '../state/firewall.ts';
import { type PortForwarding, parsePortForwardings } from '../state/portforwardings.ts';
import { applyConntrackSettings, conntrackSettings } from './conntrack.ts';
import type { FirewallKernel } from './firewall-kernel.ts';
import { type WantedRuleset, wantedRuleset } from './rule-set.ts';
import type { Situation } from './situation.ts';

/** Where the firewall's files are. */
export interface FirewallFiles {
  readonly firewall: string;
  readonly portForwardings: string;
  /** Folder for copies of the last good ones. */
  readonly lastGood: string;
}

/** What the rule set follows from, besides the firewall's own files. */
export type Surroundings = Pick<
  Situation,
  'interfaces' | 'tunnels' | 'uplink' | 'leased' | 'delegated' | 'stale' | 'links'
>;

/**
 * Keeps the kernel's rule set as firewall.json and portforwardings.json say. What cannot be read, or is refused by the
 * kernel, leaves what was valid before.
 */
export class Firewall {
  readonly #kernel: FirewallKernel;
  readonly #files: FirewallFiles;
  readonly #log: Log;
  readonly #configFile: LastGood<FirewallConfig>;
  readonly #forwardingsFile: LastGood<readonly PortForwarding[]>;
  #config: FirewallConfig = DEFAULT_FIREWALL;
  #portForwardings: readonly PortForwarding[] = [];
  #canOffload = true;
  /** What was there in which generation. */
  #known: { readonly tables: readonly TableDefinition[]; readonly generation: number } | undefined;
  #told = new Set<string>();

  constructor(kernel: FirewallKernel, files: FirewallFiles, log: Log) {
    this.#kernel = kernel;
    this.#files = files;
    this.#log = log;
    this.#configFile = new LastGood(files.firewall, files.lastGood, parseFirewall);
    // An entry that makes no sense costs nothing but itself.
    this.#forwardingsFile = new LastGood(files.portForwardings, files.lastGood, (text, file) => ({
      ...parsePortForwardings(text, file),
      damaged: false,
    }));
  }

  /** Reads the files again. @returns what is wrong with them; for those that are, what was valid before goes on */
  readFiles(): readonly Error[] {
    const config = this.#configFile.read();
    const forwardings = this.#forwardingsFile.read();
    this.#config = config.value ?? DEFAULT_FIREWALL;
    this.#portForwardings = forwardings.value ?? [];
    for (const warning of [...config.warnings, ...forwardings.warnings]) this.#once(warning);
    return [config.error, forwardings.error].filter((error) => error !== undefined);
  }

  /** The rule set that would be applied now; nothing is changed. */
  wanted(surroundings: Surroundings): WantedRuleset {
    const files = { config: this.#config, portForwardings: this.#portForwardings };
    const situation = { ...surroundings, ...files, canOffload: this.#canOffload };
    return wantedRuleset(situation, this.#files.portForwardings);
  }

  /**
   * Applies the rule set, in one transaction, if it is another one than before or somebody has changed the kernel's.
   *
   * @returns whether anything was changed
   * @throws Error when the kernel refuses it; then the one before stays
   */
  async apply(surroundings: Surroundings): Promise<boolean> {
    const { tables, warnings } = this.wanted(surroundings);
    for (const warning of warnings) this.#once(warning);
    const known = this.#known;
    if (known?.generation === (await this.#kernel.generation()) && isDeepStrictEqual(known.tables, tables))
      return false;
    let applied: Awaited<ReturnType<FirewallKernel['apply']>>;
    try {
      applied = await this.#kernel.apply(tables);
    } catch (cause) {
      if (this.#canOffload && isOffloadRefusal(cause)) {
        this.#canOffload = false;
        this.#log.info('this kernel has no flowtables: every packet takes the way through the rules');
        return this.apply(surroundings);
      }
      throw new Error(`rule set refused, the one before stays: ${(cause as Error).message}`, { cause });
    }
    // Only now: in between both rule sets hold, and what one of them drops is dropped.
    const removed = await this.#kernel.removeOthers(tables);
    this.#keep();
    // Whoever has been at it right behind us has begun another generation, as has what was removed.
    const { generation } = applied;
    this.#known = { tables, generation };
    this.#log.info('firewall applied', { generation, changes: applied.changes + removed });
    return applied.changes + removed > 0;
  }

  /**
   * What {@link apply} would change, without changing it.
   *
   * @returns lines of a diff, none when nothing would be changed, and what is passed over in the files
   */
  async difference(
    surroundings: Surroundings,
  ): Promise<{ readonly lines: readonly string[]; readonly warnings: readonly string[] }> {
    const { tables, warnings } = this.wanted(surroundings);
    try {
      return { lines: await this.#kernel.difference(tables), warnings };
    } catch (error) {
      if (!this.#canOffload || !isOffloadRefusal(error)) throw error;
      this.#canOffload = false;
      return this.difference(surroundings);
    }
  }

  /** Whether the kernel has a rule set of ours, be it an earlier one. @throws NftError */
  isThere(): Promise<boolean> {
    return this.#kernel.isThere();
  }

  /** Sets the kernel's parameters for tracking connections; to be called behind {@link apply}. */
  applySettings(): readonly Error[] {
    return applyConntrackSettings(conntrackSettings(this.#config));
  }

  /** Keeps copies of files that have led to a rule set that the kernel took. */
  #keep(): void {
    try {
      this.#configFile.keep();
      this.#forwardingsFile.keep();
    } catch (error) {
      this.#once(`no copy of what is good could be kept: ${(error as Error).message}`);
    }
  }

  /** Says a thing when it is new, not at each of the many runs. */
  #once(message: string): void {
    if (this.#told.has(message)) return;
    if (this.#told.size > 1000) this.#told.clear();
    this.#told.add(message);
    this.#log.warn(message);
  }
}

/** Whether the kernel, or one of the devices, has no flowtables. */
function isOffloadRefusal(error: unknown): boolean {
  if (!(error instanceof NftError)) return false;
  return error.failures.some(({ operation }) => operation?.object.kind === 'flowtable');
}
