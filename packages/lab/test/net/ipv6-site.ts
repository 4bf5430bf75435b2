import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { HardwareAddress } from '../../src/home.ts';
import { LanSite } from './lan-site.ts';

/** The interfaces of an {@link Ipv6Site}, as interfaces.json has them. */
export const UPLINK: { readonly hardware_addr: string; readonly name: string } = {
  hardware_addr: HardwareAddress.uplink,
  name: 'uplink0',
};
export const LAN: { readonly hardware_addr: string; readonly name: string; readonly addr: string } = {
  hardware_addr: HardwareAddress.lan,
  name: 'lan0',
  addr: '192.168.42.1/24',
};
export const GUEST: { readonly hardware_addr: string; readonly name: string; readonly addr: string } = {
  hardware_addr: '02:73:53:00:07:02',
  name: 'guest0',
  addr: '192.168.43.1/24',
};

/** A prefix that the provider has delegated, with what is left of its lifetimes in seconds. */
export interface Delegated {
  readonly prefix: string;
  readonly iaid?: number;
  readonly preferred?: number;
  readonly valid?: number;
  readonly excluded?: string;
}

/** A global address as `ip` tells it; lifetimes in seconds, Infinity for ever. */
export interface GlobalAddress {
  readonly address: string;
  readonly valid: number;
  readonly preferred: number;
}

/** A {@link LanSite} whose router has a third socket for guests, and whose dhcp6 is the test. */
export class Ipv6Site extends LanSite {
  constructor(t: Test, name: string, interfaces: readonly object[] = [UPLINK, LAN, GUEST]) {
    super(t, name, { interfaces });
    this.router.ip(`link add enp3s0 address ${GUEST.hardware_addr} type veth peer name guests`);
    this.router.ip('link set guests up');
    mkdirSync(join(this.perm, 'dhcp6/wire'), { recursive: true });
  }

  /** Writes dhcp6's lease.json; without prefixes takes it away. */
  delegate(...delegated: readonly Delegated[]): void {
    this.lend([], delegated);
  }

  /** {@link delegate}, with addresses for the uplink, which are valid for an hour. */
  lend(addresses: readonly string[], delegated: readonly Delegated[]): void {
    const file = 'dhcp6/wire/lease.json';
    if (delegated.length + addresses.length === 0) {
      rmSync(join(this.perm, file));
      return;
    }
    const time = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
    this.writePerm(file, {
      ...{ valid_until: time(600), prefixes: [], dns: [] },
      delegations: delegated.map(({ prefix, iaid = 1, preferred = 1800, valid = 3600, excluded }) => ({
        ...{ prefix, iaid, t1: time(600), t2: time(900), excluded },
        ...{ preferred_until: time(preferred), valid_until: time(valid) },
      })),
      addresses: addresses.map((address) => ({
        ...{ address, iaid: 1, t1: time(600), t2: time(900) },
        ...{ preferred_until: time(1800), valid_until: time(3600) },
      })),
    });
  }

  /** The router's global and unique local addresses on an interface, in order. */
  async global(device: string): Promise<readonly GlobalAddress[]> {
    const text = await this.router.run('ip', ['-6', '-json', 'address', 'show', 'dev', device, 'scope', 'global']);
    const links = JSON.parse(text) as readonly {
      addr_info?: readonly { local: string; prefixlen: number; valid_life_time: number; preferred_life_time: number }[];
    }[];
    const seconds = (value: number): number => (value === 0xffff_ffff ? Number.POSITIVE_INFINITY : value);
    return links
      .flatMap(({ addr_info = [] }) => addr_info)
      .filter(({ local }) => local !== undefined)
      .map(({ local, prefixlen, valid_life_time, preferred_life_time }) => ({
        address: `${local}/${prefixlen}`,
        valid: seconds(valid_life_time),
        preferred: seconds(preferred_life_time),
      }))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** {@link global} without the lifetimes and the unique local ones. */
  async delegatedAddresses(device: string): Promise<readonly string[]> {
    const all = await this.global(device);
    return all.map(({ address }) => address).filter((address) => !address.startsWith('fd'));
  }

  /** The router's IPv6 routes, as `ip -6 route` writes them, without the kernel's own for link-local addresses. */
  async routes6(): Promise<readonly string[]> {
    const text = await this.router.run('ip', ['-6', 'route', 'show']);
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('fe80'));
  }

  /** subnets.json, parsed. */
  subnets(): { readonly subnets: Readonly<Record<string, number>>; readonly ula?: string } {
    return JSON.parse(this.readPerm('netconfig/subnets.json') ?? '{}');
  }
}
