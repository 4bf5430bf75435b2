import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BlockPolicy, LocalData } from '@router7/dns';
import type { Ipv4Address, Ipv6Address } from '@router7/wire';
import { LastGood } from '../runtime/last-good.ts';
import type { Log } from '../runtime/log.ts';
import { DEFAULT_DNS_CONFIG, type DnsConfig, parseDnsConfig } from '../state/dns-config.ts';
import type { Clock } from '../system/clock.ts';
import { BlockFiles } from './block-files.ts';
import { blockPolicies } from './block-policies.ts';
import { clientGroups } from './client-groups.ts';
import type { SubNameResult } from './dns-pages.ts';
import { LearnedServers } from './learned-servers.ts';
import { type HomeLeases, hardwareAddressAt } from './lease-hosts.ts';
import { LocalFiles } from './local-files.ts';
import type { NameServer, NameServerSettings } from './name-server.ts';
import { NamesStore } from './names-store.ts';
import type { OwnAddresses } from './own-addresses.ts';
import { serverSettings } from './server-settings.ts';

/** Ends of leases that are nearer to each other are the same one, in milliseconds: clocks do not run alike. */
const SAME_END = 4000;
/** setTimeout's limit. */
const LONGEST_TIMER = 0x7fff_ffff;

/** Where a {@link HomeKnowledge} reads. */
export interface HomeKnowledgeOptions {
  /** `/perm`. */
  readonly perm: string;
  readonly log: Log;
  readonly clock: Clock;
}

/** Reads what dnsd goes by, and teaches it to a name server: the configuration, the home's names, what is blocked, and whom to ask. */
export class HomeKnowledge {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #configFile: LastGood<DnsConfig>;
  readonly #local: LocalFiles;
  readonly #learned: LearnedServers;
  readonly #blocks: BlockFiles;
  readonly #names: NamesStore;
  #config: DnsConfig = DEFAULT_DNS_CONFIG;
  #leases: HomeLeases = { ipv4: [], ipv6: [] };
  #addresses: OwnAddresses = { hosts: [], clients: [], own: [], uplinks: [] };
  /** What was taught last, as text. */
  #taught = '';
  #way = '';
  #policies = '';
  #known: unknown;
  #told = '';
  #schedule: NodeJS.Timeout | undefined;

  constructor({ perm, log, clock }: HomeKnowledgeOptions) {
    this.#log = log;
    this.#clock = clock;
    this.#configFile = new LastGood(join(perm, 'dns.json'), join(perm, 'dnsd/last-good'), parseDnsConfig);
    this.#local = new LocalFiles({ perm, clock, log });
    this.#learned = new LearnedServers(perm, log);
    this.#blocks = new BlockFiles(log);
    this.#names = new NamesStore(join(perm, 'dnsd/names.json'), log);
    this.#readConfig();
  }

  /** The configuration as it was read last. */
  get config(): DnsConfig {
    return this.#config;
  }

  /** What a name server is to begin with. */
  get settings(): NameServerSettings {
    const { own, clients } = this.#addresses;
    const groups = clientGroups(this.#config, this.#leases);
    return serverSettings(this.#config, { upstreams: this.#learned.read(own), own, clients, groups });
  }

  /** Reads everything anew, and teaches what has changed. Calls must not overlap. @returns settles when lists are read too */
  async teach(server: NameServer, addresses: OwnAddresses): Promise<void> {
    this.#addresses = addresses;
    this.#readConfig();
    this.#teachNames(server);
    const { settings } = this;
    const taught = JSON.stringify(settings);
    if (taught !== this.#taught) server.configure(settings);
    this.#taught = taught;
    const way = JSON.stringify([addresses.own, addresses.uplinks, settings.servers]);
    if (this.#way !== '' && way !== this.#way) server.uplinkChanged();
    this.#way = way;
    await this.#teachBlocks(server);
  }

  /** A client of the home wants a name below its own (row DNS-09). */
  setSubName(
    server: NameServer,
    client: Ipv4Address | Ipv6Address,
    name: string,
    address: Ipv4Address | Ipv6Address,
  ): SubNameResult {
    const hardwareAddress = hardwareAddressAt(client.toString(), this.#leases, this.#clock.wall());
    if (hardwareAddress === undefined) return 'no-lease';
    const outcome = this.#names.set(hardwareAddress, name, address.toString());
    if (outcome !== 'ok') return outcome;
    this.#teachNames(server);
    return 'done';
  }

  close(): void {
    clearTimeout(this.#schedule);
  }

  #readConfig(): void {
    const { value, error, warnings } = this.#configFile.read();
    const told = [...warnings, ...(error === undefined ? [] : [error.message])].join('\n');
    if (told !== this.#told) {
      for (const warning of warnings) this.#log.warn(warning);
      if (error !== undefined) this.#log.error('configuration unusable', { error });
    }
    this.#told = told;
    this.#config = value ?? DEFAULT_DNS_CONFIG;
    try {
      this.#configFile.keep();
    } catch (error) {
      this.#log.error('could not keep a copy', { error });
    }
  }

  #teachNames(server: NameServer): void {
    const { data, leases } = this.#local.read(this.#config, this.#names.names);
    this.#leases = leases;
    // Whoever takes in many names does not answer meanwhile.
    const known = comparable(data, this.#clock.now());
    if (isDeepStrictEqual(known, this.#known)) return;
    this.#known = known;
    server.know({ kind: 'local', data });
  }

  async #teachBlocks(server: NameServer): Promise<void> {
    const table = await this.#blocks.load(this.#config);
    const policies = this.#policiesOfNow(server);
    if (table !== 'unchanged') server.know({ kind: 'block', table, policies });
    else if (JSON.stringify(policies) !== this.#policies) server.know({ kind: 'policies', policies });
    this.#policies = JSON.stringify(policies);
  }

  /** What holds now; when a schedule says otherwise, that is taught by itself. */
  #policiesOfNow(server: NameServer): readonly BlockPolicy[] {
    const { policies, holdsFor } = blockPolicies(this.#config, this.#clock.wall());
    clearTimeout(this.#schedule);
    if (holdsFor !== Number.POSITIVE_INFINITY) {
      this.#schedule = setTimeout(
        () => {
          const now = this.#policiesOfNow(server);
          server.know({ kind: 'policies', policies: now });
          this.#policies = JSON.stringify(now);
        },
        Math.min(holdsFor, LONGEST_TIMER),
      );
    }
    return policies;
  }
}

/** The data with ends of leases that do not come nearer from one look to the next. @param now monotonic milliseconds */
function comparable(data: LocalData, now: number): unknown {
  const hosts = data.hosts.map(({ name, addresses, subNames }) => {
    return [
      name,
      subNames,
      addresses.map(({ address, expiresIn }) => [address, Math.round((now + expiresIn) / SAME_END)]),
    ];
  });
  return { ...data, hosts };
}
