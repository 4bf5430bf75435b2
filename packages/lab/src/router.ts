import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { supervisorCommand } from '@router7/appliance/init/programs';
import { Address, HardwareAddress } from './home.ts';
import type { Host } from './host.ts';
import type { Program } from './program.ts';

/** Password of the lab's router, for the user `gokrazy`. It guards nothing but a stage that ends with the lab. */
export const PASSWORD = 'lab';

/** What the lab's router finds in /perm besides interfaces.json. */
export interface RouterSettings {
  /** What firewall.json is to hold; none when absent. */
  readonly firewall?: object;
  /** What dns.json is to hold; none when absent. */
  readonly dns?: object;
  /** Whether it gives addresses by DHCPv6 to those that ask, besides the prefix that it advertises. */
  readonly addresses6?: boolean;
  /** By which DHCPv6 is to know it; the router makes one up when absent. */
  readonly duid?: Uint8Array;
}

/** Writes the configuration of the lab's router to /perm and starts its supervisor. */
export function startRouter(host: Host, settings: RouterSettings = {}): Program {
  mkdirSync('/perm', { recursive: true });
  writePerm('interfaces.json', {
    interfaces: [
      { hardware_addr: HardwareAddress.uplink, name: 'uplink0' },
      { hardware_addr: HardwareAddress.lan, name: 'lan0', addr: Address.lanPrefix },
    ],
  });
  if (settings.addresses6 === true) writePerm('dhcp6d.json', { interfaces: { lan0: { addresses: true } } });
  if (settings.firewall !== undefined) writePerm('firewall.json', settings.firewall);
  if (settings.dns !== undefined) writePerm('dns.json', settings.dns);
  if (settings.duid !== undefined) {
    mkdirSync('/perm/dhcp6', { recursive: true });
    writeFileSync('/perm/dhcp6/duid', settings.duid);
  }
  writeFileSync('/perm/gokr-pw.txt', `${PASSWORD}\n`, { mode: 0o600 });
  return powerOn(host);
}

/** Starts the supervisor of the lab's router with what /perm holds. */
export function powerOn(host: Host): Program {
  const [file, ...args] = supervisorCommand();
  return host.start('router', file, args);
}

/** Writes a configuration file of the lab's router. */
export function writePerm(name: string, content: object): void {
  writeFileSync(`/perm/${name}`, `${JSON.stringify(content, null, 2)}\n`);
}

/** The part of /perm/dhcp4/wire/lease.json that the lab looks at. */
export interface WanLease {
  readonly valid_until: string;
  readonly client_ip: string;
  readonly subnet_mask: string;
  readonly router: string;
  readonly dns: readonly string[];
  readonly acquired?: string;
  readonly server_id?: string;
}

/** The lease that the router's DHCP client has, or undefined before there is one. */
export function readWanLease(): WanLease | undefined {
  return readLease('/perm/dhcp4/wire/lease.json') as WanLease | undefined;
}

/** The part of /perm/dhcp6/wire/lease.json that the lab looks at. */
export interface WanLease6 {
  readonly valid_until: string;
  readonly dns: readonly string[] | null;
  readonly server_duid?: string;
  readonly delegations?: readonly { readonly prefix: string; readonly valid_until: string | null }[];
  readonly addresses?: readonly { readonly address: string }[];
}

/** The lease that the router's DHCPv6 client has, or undefined before there is one. */
export function readWanLease6(): WanLease6 | undefined {
  return readLease('/perm/dhcp6/wire/lease.json') as WanLease6 | undefined;
}

function readLease(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
