import type { Firewall } from '../firewall/firewall.ts';
import type { Log } from '../runtime/log.ts';
import type { InterfacesConfig } from '../state/interfaces.ts';
import type { Kernel } from './apply.ts';
import type { Configuration, ConfigurationReading } from './configuration.ts';
import { earlierAddresses, endpointHosts, homeNames, lanAddress, lanKey, nextEnd, surroundingsOf } from './derive.ts';
import type { EndpointResolver } from './endpoint-resolver.ts';
import { differingParameters, forwardingParameters, setParameters } from './forwarding.ts';
import type { KernelState } from './kernel-state.ts';
import { applyNetwork, nameLinks } from './network.ts';
import { writeResolvConf } from './resolv-conf.ts';
import { endpointKey, endpointOf, endpointText, type Wanted } from './wanted.ts';

/** What one run did. */
export interface Applied {
  /** Whether anything was changed. */
  readonly changed: boolean;
  /** Whether there are firewall rules of ours. */
  readonly guarded: boolean;
  /** Stands for what the home's links and their prefixes are: another text when they have changed. */
  readonly lans: string;
  /** When something in the files ends next, milliseconds since 1970; Infinity: never. */
  readonly endsAt: number;
  /** What did not work; all the rest was done. */
  readonly errors: readonly Error[];
}

/** Makes the kernel what the files in /perm say. A second run with the same files changes nothing (NC-12). */
export class Configurator {
  readonly #kernel: Kernel;
  readonly #firewall: Firewall;
  readonly #configuration: Configuration;
  readonly #resolver: EndpointResolver;
  readonly #resolvConf: string;
  readonly #log: Log;
  #given = new Map<string, string>();
  #told = new Set<string>();
  #isFirst = true;

  constructor(
    kernel: Kernel,
    firewall: Firewall,
    configuration: Configuration,
    resolver: EndpointResolver,
    resolvConf: string,
    log: Log,
  ) {
    this.#kernel = kernel;
    this.#firewall = firewall;
    this.#configuration = configuration;
    this.#resolver = resolver;
    this.#resolvConf = resolvConf;
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
    const now = Date.now();
    const reading = this.#configuration.read(now, performance.now());
    errors.push(...reading.errors, ...this.#firewall.readFiles());
    for (const warning of reading.warnings) this.#once(warning);
    let guarded = false;
    const look = (): Promise<void> =>
      attempt(async () => {
        guarded = await this.#firewall.isThere();
        return false;
      });
    const refused = errors.length;
    if (this.#isFirst) {
      await look();
      // Or else the rules would be made twice: flows are handed over between interfaces that are there, by their names.
      if (!guarded) await attempt(() => nameLinks(this.#kernel, this.#wanted(reading, false, now), this.#log));
    }
    this.#isFirst = false;
    // The rules first: nothing is forwarded, and no address is reachable, before what protects it is there.
    await attempt(() => this.#applyFirewall(reading));
    const tries = errors.length - refused;
    await look();
    const wanted = this.#wanted(reading, guarded, now);
    let before: KernelState | undefined;
    await attempt(async () => {
      const applied = await applyNetwork(this.#kernel, wanted, this.#log);
      before = applied.before;
      for (const remark of applied.remarks) this.#once(remark);
      errors.push(...applied.errors);
      this.#remember(wanted);
      return applied.changed;
    });
    // Names that links have got only now, and those that went.
    if (changed) {
      // What the first try was refused for counts no more.
      errors.splice(refused, tries);
      await attempt(() => this.#applyFirewall(reading));
      if (!guarded) await look();
    }
    if (guarded) await attempt(() => this.#applyParameters(wanted, errors));
    await attempt(async () => this.#applyResolvConf(wanted.interfaces, before));
    for (const error of this.#configuration.keep())
      this.#once(`no copy of what is good could be kept: ${error.message}`);
    return { changed, guarded, lans: lanKey(wanted), endsAt: nextEnd(wanted), errors };
  }

  async #applyFirewall({ want, known }: ConfigurationReading): Promise<boolean> {
    // With no idea of which interfaces there are, the rules that are there know better.
    if (!known && (await this.#firewall.isThere())) return false;
    const [links, routes] = await Promise.all([this.#kernel.route.links(), this.#kernel.route.routes()]);
    return this.#firewall.apply(surroundingsOf(want, links, routes));
  }

  /** @param guarded whether there are rules: without any, the way to the Internet is not opened */
  #wanted({ want }: ConfigurationReading, guarded: boolean, now: number): Wanted {
    return {
      ...want,
      lease: guarded ? want.lease : 'unknown',
      resolved: this.#resolver.follow(endpointHosts(want)),
      given: this.#given,
      wallSeconds: now / 1000,
    };
  }

  #remember({ wireguard, resolved }: Wanted): void {
    this.#given = new Map(
      wireguard.interfaces.flatMap(({ name, peers }) =>
        peers.flatMap((peer) => {
          const endpoint = endpointOf(peer, resolved);
          return endpoint === undefined ? [] : [[endpointKey(name, peer), endpointText(endpoint)] as const];
        }),
      ),
    );
  }

  async #applyParameters(wanted: Wanted, errors: Error[]): Promise<boolean> {
    const links = await this.#kernel.route.links();
    const names = new Set(links.map(({ name }) => name));
    const differing = differingParameters(
      forwardingParameters(names, homeNames(wanted), wanted.interfaces.icmp_ratelimit),
    );
    errors.push(...setParameters(differing), ...this.#firewall.applySettings());
    return false;
  }

  #applyResolvConf(config: InterfacesConfig, before: KernelState | undefined): boolean {
    const nameServer = lanAddress(config);
    if (nameServer === undefined) return false;
    const earlier = earlierAddresses(before, this.#configuration.keptInterfaces);
    return writeResolvConf(this.#resolvConf, nameServer, earlier);
  }

  /** Says a thing when it is new, not at each of the many runs. */
  #once(message: string): void {
    if (this.#told.has(message)) return;
    if (this.#told.size > 1000) this.#told.clear();
    this.#told.add(message);
    this.#log.warn(message);
  }
}
