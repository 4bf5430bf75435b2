import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, Ipv4Address, Ipv6Address } from '@router7/wire';
import { LastGood } from '../runtime/last-good.ts';
import type { Log } from '../runtime/log.ts';
import { DHCP4_LEASE_FILE, parseDhcp4Lease } from '../state/dhcp4-lease.ts';
import { DHCP6_LEASE_FILE, parseDhcp6Lease } from '../state/dhcp6-lease.ts';
import { DEFAULT_NTP_SERVERS, type NtpFileConfig, parseNtpConfig } from '../state/ntp-config.ts';
import { errorCode } from '../system/libc.ts';

/** Option of DHCPv4 with addresses of NTP servers (RFC 2132 section 8.3). */
const NTP_SERVERS = '42';
/**
 * Servers of the provider's that are asked at most: fewer than router7's own four, so that a provider who is wrong about
 * the time does not outvote them.
 */
const MOST_OF_PROVIDER = 3;

/** What the files say, and what servers follow from it. */
export interface ServerNames {
  readonly config: NtpFileConfig;
  /** Names and addresses, the most important one first. */
  readonly names: readonly string[];
}

/** Reads ntp.json, and in the leases which servers the provider tells of (NT-02). */
export class ServerNameFiles {
  readonly #perm: string;
  readonly #log: Log;
  readonly #config: LastGood<NtpFileConfig>;
  /** By file: what it said when it could be read last. */
  readonly #before = new Map<string, readonly string[]>();
  #told = '';

  /** @param lastGood folder for the copy of the last good ntp.json */
  constructor(perm: string, lastGood: string, log: Log) {
    this.#perm = perm;
    this.#log = log;
    this.#config = new LastGood(join(perm, 'ntp.json'), lastGood, parseNtpConfig);
  }

  /** Reads what there is. Never throws; what is wrong with a file is told once, and what was good before goes on. */
  read(): ServerNames {
    const { value, error, warnings } = this.#config.read();
    const config = value ?? {};
    const faults = [...(error === undefined ? [] : [error.message])];
    const wantsProvider = config.provider ?? config.servers === undefined;
    const provider = wantsProvider ? [...this.#dhcp4(faults), ...this.#dhcp6(faults)].filter(isUsable) : [];
    this.#tell(faults, warnings);
    try {
      this.#config.keep();
    } catch (cause) {
      this.#log.warn('the last good ntp.json cannot be kept', { error: cause });
    }
    const own = config.servers ?? DEFAULT_NTP_SERVERS;
    return { config, names: [...new Set([...own, ...[...new Set(provider)].slice(0, MOST_OF_PROVIDER)])] };
  }

  #dhcp4(faults: string[]): readonly string[] {
    return this.#learned(join(this.#perm, 'dhcp4', DHCP4_LEASE_FILE), faults, (text, file) => {
      const octets = fromHex(parseDhcp4Lease(text, file).value.options?.[NTP_SERVERS] ?? '');
      const addresses: string[] = [];
      for (let at = 0; at + 4 <= octets.length; at += 4) {
        addresses.push(Ipv4Address.fromBytes(octets.subarray(at, at + 4)).toString());
      }
      return addresses;
    });
  }

  #dhcp6(faults: string[]): readonly string[] {
    const file = join(this.#perm, 'dhcp6', DHCP6_LEASE_FILE);
    return this.#learned(file, faults, (text) => parseDhcp6Lease(text, file).value.ntp ?? []);
  }

  #learned(
    file: string,
    faults: string[],
    parse: (text: string, file: string) => readonly string[],
  ): readonly string[] {
    try {
      this.#before.set(file, parse(readFileSync(file, 'utf8'), file));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') this.#before.delete(file);
      else faults.push((error as Error).message);
    }
    return this.#before.get(file) ?? [];
  }

  #tell(faults: readonly string[], warnings: readonly string[]): void {
    const told = [...faults, ...warnings].join('\n');
    if (told === this.#told) return;
    this.#told = told;
    for (const error of faults) this.#log.error('file unusable, what it said before goes on', { error });
    for (const warning of warnings) this.#log.warn(warning);
  }
}

/** Whether a server can have the address; multicast ones, which RFC 5908 has as well, are asked nothing. Never throws. */
function isUsable(server: string): boolean {
  if (!/^(?:[\d.]+|.*:.*)$/.test(server)) return /^[\w.-]{1,253}$/.test(server);
  try {
    return isUsableAddress(server);
  } catch {
    return false; // nor has a host such a name: `123`, `a:b`
  }
}

function isUsableAddress(text: string): boolean {
  if (text.includes(':')) {
    const address = Ipv6Address.parse(text);
    return !(address.isUnspecified || address.isLoopback || address.isMulticast || address.isLinkLocal);
  }
  const address = Ipv4Address.parse(text);
  return !(address.isLoopback || address.isMulticast || address.value >>> 24 === 0 || address.value >>> 28 === 15);
}
