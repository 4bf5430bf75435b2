import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ipv4Address, Ipv6Address } from '@router7/wire';
import type { Log } from '../runtime/log.ts';
import { DHCP4_LEASE_FILE, parseDhcp4Lease } from '../state/dhcp4-lease.ts';
import { DHCP6_LEASE_FILE, parseDhcp6Lease } from '../state/dhcp6-lease.ts';
import type { Parsed } from '../state/state-file.ts';
import { parseUplinkRouters, UPLINK_ROUTERS_FILE } from '../state/uplink-routers.ts';
import { errorCode } from '../system/libc.ts';

/** Whom router7 always asks: here, when nobody is configured and the provider names nobody. */
export const FALLBACK_SERVERS: readonly string[] = [
  '8.8.8.8',
  '8.8.4.4',
  '2001:4860:4860::8888',
  '2001:4860:4860::8844',
];

/** Below `/perm`. */
const FILES = [
  ['dhcp4', DHCP4_LEASE_FILE, parseDhcp4Lease],
  ['dhcp6', DHCP6_LEASE_FILE, parseDhcp6Lease],
  ['dhcp6', UPLINK_ROUTERS_FILE, parseUplinkRouters],
] as const;

/** The name servers that the provider has told of (row DNS-02), by DHCPv4, DHCPv6 and router advertisements. */
export class LearnedServers {
  readonly #perm: string;
  readonly #uplink: string;
  readonly #log: Log;
  readonly #before: Map<string, readonly string[]> = new Map();
  #told = '';

  /** @param uplink where link-local servers are */
  constructor(perm: string, log: Log, uplink: string = 'uplink0') {
    this.#perm = perm;
    this.#uplink = uplink;
    this.#log = log;
  }

  /**
   * Reads what there is. Never throws: a file that cannot be read leaves what it said before. The end of a lease is not
   * looked at: a server that was told of is better than none.
   *
   * @param own the router's addresses: to ask itself would go on for ever
   * @returns addresses without doubles, link-local ones with their zone; {@link FALLBACK_SERVERS} when there are none
   */
  read(own: readonly string[]): readonly string[] {
    const errors: string[] = [];
    const all = FILES.flatMap(([folder, file, parse]) => {
      const path = join(this.#perm, folder, file);
      try {
        const { value } = (parse as (text: string, file: string) => Parsed<{ readonly dns: readonly string[] }>)(
          readFileSync(path, 'utf8'),
          path,
        );
        this.#before.set(path, value.dns);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') this.#before.delete(path);
        else errors.push((error as Error).message);
      }
      return this.#before.get(path) ?? [];
    });
    this.#tell(errors);
    const mine = new Set(own.map((text) => text.replace(/%.*$/, '')).map(canonical));
    const usable = all.map(canonical).filter((text) => isServer(text) && !mine.has(text));
    const servers = [...new Set(usable)].map((text) => (isLinkLocal(text) ? `${text}%${this.#uplink}` : text));
    return servers.length === 0 ? FALLBACK_SERVERS : servers;
  }

  #tell(errors: readonly string[]): void {
    const told = errors.join('\n');
    if (told === this.#told) return;
    this.#told = told;
    for (const error of errors) this.#log.error('file unusable, what it said before goes on', { error });
  }
}

function canonical(text: string): string {
  return text.includes(':') ? Ipv6Address.parse(text).toString() : text;
}

function isLinkLocal(text: string): boolean {
  return text.includes(':') && Ipv6Address.parse(text).isLinkLocal;
}

/** Whether a host can have the address. */
function isServer(text: string): boolean {
  if (text.includes(':')) {
    const address = Ipv6Address.parse(text);
    return !(address.isUnspecified || address.isLoopback || address.isMulticast);
  }
  const address = Ipv4Address.parse(text);
  // 0.0.0.0/8 is "this network", and 240.0.0.0/4 nobody's.
  return !(address.isLoopback || address.isMulticast || address.value >>> 24 === 0 || address.value >>> 28 === 15);
}
