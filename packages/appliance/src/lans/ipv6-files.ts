import { readFileSync } from 'node:fs';
import { LastGood, SHARED_COPY } from '../runtime/last-good.ts';
import {
  type AssignedAddress,
  assignedAddressesOf,
  type Dhcp6Lease,
  delegationsOf,
  parseDhcp6Lease,
} from '../state/dhcp6-lease.ts';
import { parseGoTime } from '../state/go-time.ts';
import type { InterfacesConfig } from '../state/interfaces.ts';
import { DEFAULT_IPV6_CONFIG, type Ipv6Config, parseIpv6Config } from '../state/ipv6-config.ts';
import type { Parsed } from '../state/state-file.ts';
import { NO_SUBNETS, parseSubnets, type Subnets } from '../state/subnets.ts';
import { errorCode } from '../system/libc.ts';
import { type LanPlan, planLans } from './lan-plan.ts';

/** Where they are. */
export interface Ipv6FilePaths {
  /** ipv6.json. */
  readonly ipv6: string;
  /** subnets.json. */
  readonly subnets: string;
  /** lease.json of dhcp6. */
  readonly delegated: string;
  /** Folder for copies of the last good files. */
  readonly lastGood: string;
}

/** What {@link Ipv6Files.read} found. */
export interface Ipv6Reading {
  readonly plan: LanPlan;
  /** Addresses of the router's own on the link to the provider. */
  readonly assigned: readonly AssignedAddress[];
  readonly config: Ipv6Config;
  readonly subnets: Subnets;
  /** Whether `subnets` is what the file says. */
  readonly subnetsKept: boolean;
  /** Undefined when there is none; `unknown` when there is one that cannot be read, and none was read before. */
  readonly lease: Dhcp6Lease | 'unknown' | undefined;
  /** Milliseconds that the wall clock is ahead of the one that the lease goes by. */
  readonly setBy: number;
  readonly errors: readonly Error[];
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * The files that the home's IPv6 prefixes follow from, besides interfaces.json. One that cannot be used leaves what it said
 * before.
 */
export class Ipv6Files {
  readonly #paths: Ipv6FilePaths;
  readonly #config: LastGood<Ipv6Config>;
  #subnets: Subnets = NO_SUBNETS;
  #lease: Dhcp6Lease | 'unknown' | undefined = 'unknown';
  #leaseText = '';
  /** The clock that the lease goes by minus monotonic time, since the lease was first read as it is. */
  #offset = 0;

  constructor(paths: Ipv6FilePaths) {
    this.#paths = paths;
    this.#config = new LastGood(paths.ipv6, paths.lastGood, parseIpv6Config, SHARED_COPY);
  }

  /**
   * Reads them. Never throws.
   *
   * @param now milliseconds since 1970: what has ended by then is not in the plan
   * @param monotonic milliseconds of a clock that nobody sets. With it, the lease goes by what the wall clock said when it
   *   was first read: a router that starts without a clock, and has it set later, would lose its prefixes otherwise.
   */
  read(interfaces: InterfacesConfig, now: number, monotonic?: number): Ipv6Reading {
    const errors: Error[] = [];
    const warnings: string[] = [];
    const attempt = <T>(file: string, parse: (text: string, file: string) => Parsed<T>, absent: T, before: T): T => {
      try {
        const text = readText(file);
        if (text === undefined) return absent;
        const parsed = parse(text, file);
        warnings.push(...parsed.warnings);
        return parsed.value;
      } catch (error) {
        errors.push(error as Error);
        return before;
      }
    };
    const config = this.#config.read();
    if (config.error !== undefined) errors.push(config.error);
    warnings.push(...config.warnings);
    const kept = attempt<Subnets | undefined>(this.#paths.subnets, parseSubnets, undefined, undefined);
    this.#subnets = kept ?? this.#subnets;
    const parse = (text: string, file: string): Parsed<Dhcp6Lease> => {
      const parsed = parseDhcp6Lease(text, file);
      if (monotonic !== undefined && text !== this.#leaseText) this.#offset = readAt(parsed.value, now) - monotonic;
      this.#leaseText = text;
      return parsed;
    };
    this.#lease = attempt<Dhcp6Lease | 'unknown' | undefined>(this.#paths.delegated, parse, undefined, this.#lease);
    if (this.#lease === undefined) this.#leaseText = '';
    const setBy = monotonic === undefined || this.#leaseText === '' ? 0 : now - monotonic - this.#offset;
    const read = {
      config: config.value ?? DEFAULT_IPV6_CONFIG,
      subnets: this.#subnets,
      subnetsKept: kept !== undefined,
      lease: this.#lease,
      setBy,
    };
    const assigned =
      read.lease === undefined || read.lease === 'unknown' ? [] : assignedAddressesOf(read.lease, now - setBy);
    return {
      ...read,
      assigned: assigned.map((address) => shifted(address, setBy)),
      plan: this.plan(interfaces, now, read),
      errors,
      warnings,
    };
  }

  /** The plan with other numbers or another unique local prefix than was read. */
  plan(
    interfaces: InterfacesConfig,
    now: number,
    { config, subnets, lease, setBy }: Pick<Ipv6Reading, 'config' | 'subnets' | 'lease' | 'setBy'>,
  ): LanPlan {
    const delegations = lease === undefined || lease === 'unknown' ? [] : delegationsOf(lease, now - setBy);
    return planLans({
      ...{ interfaces, config, subnets },
      delegations: delegations.map((delegation) => shifted(delegation, setBy)),
    });
  }

  /** Keeps a copy of ipv6.json when it is good. @throws Node's system error */
  keep(): void {
    this.#config.keep();
  }
}

/**
 * What the clock says that a lease is read by. One from before the lease came is wrong: by it the lease would not end for
 * years. How long ago the lease came is not known then, so it has all of its time once more, as it has for dhcp6.
 */
function readAt({ received_at }: Dhcp6Lease, now: number): number {
  return received_at === undefined ? now : Math.max(now, parseGoTime(received_at));
}

/** By the wall clock of now. */
function shifted<T extends { readonly preferredUntil: number; readonly validUntil: number }>(
  ends: T,
  setBy: number,
): T {
  return { ...ends, preferredUntil: ends.preferredUntil + setBy, validUntil: ends.validUntil + setBy };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
