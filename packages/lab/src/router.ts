import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Address, Address6, HardwareAddress } from './home.ts';
import type { Host } from './host.ts';
import type { Program } from './program.ts';

const supervisor = fileURLToPath(new URL('init/main.ts', import.meta.resolve('@router7/appliance')));

/** Password of the lab's router, for the user `gokrazy`. It guards nothing but a stage that ends with the lab. */
export const PASSWORD = 'lab';

/**
 * Writes the configuration of the lab's router to /perm and starts its supervisor.
 *
 * @param firewall what firewall.json is to hold; none when absent
 */
export function startRouter(host: Host, firewall?: object): Program {
  mkdirSync('/perm', { recursive: true });
  const interfaces = {
    interfaces: [
      {
        hardware_addr: HardwareAddress.uplink,
        name: 'uplink0',
        extra_addrs: [`${Address6.wan}/64`],
        extra_routes: [{ destination: '::/0', gateway: Address6.ispCustomers }],
      },
      {
        hardware_addr: HardwareAddress.lan,
        name: 'lan0',
        addr: Address.lanPrefix,
        extra_addrs: [`${Address6.lan}/64`],
      },
    ],
  };
  writePerm('interfaces.json', interfaces);
  if (firewall !== undefined) writePerm('firewall.json', firewall);
  writeFileSync('/perm/gokr-pw.txt', `${PASSWORD}\n`, { mode: 0o600 });
  return host.start('router', process.execPath, ['--conditions=@router7/source', supervisor]);
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
