import type { HostAddress6 } from './host.ts';
import type { Running } from './program.ts';

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

/** A port on which something listens. */
export interface ListeningPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** The router between the provider and the home, whatever it runs in: a namespace of this machine, or a machine of its own. */
export interface Router {
  /** Gives it its configuration and switches it on. */
  start(settings: RouterSettings): Promise<Running>;
  /** The power goes: nothing gets the time for anything, and only /perm stays. */
  cutPower(): Promise<void>;
  /** The power is back, with what /perm held. */
  powerOn(): Promise<Running>;
  /** Pulls or plugs the cable to the provider, at the provider's end. */
  setLine(isUp: boolean): Promise<void>;
  /** IPv4 addresses of an interface as `address/length`, none when there is no such interface. */
  addresses(device: string): Promise<readonly string[]>;
  /** Global and unique local IPv6 addresses of an interface, none when there is no such interface. */
  addresses6(device: string): Promise<readonly HostAddress6[]>;
  /** Its default routes as ip(8) prints them. */
  defaultRoutes(family: 4 | 6): Promise<string>;
  listeningPorts(): Promise<readonly ListeningPort[]>;
  /** Text of a file below /perm, undefined when it is not there. */
  readPerm(path: string): Promise<string | undefined>;
  /** Writes a configuration file below /perm. */
  writePerm(path: string, content: object): Promise<void>;
  /** Signals a daemon, found by its title. */
  signal(daemon: string, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void>;
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
export async function readWanLease(router: Router): Promise<WanLease | undefined> {
  return (await readJson(router, 'dhcp4/wire/lease.json')) as WanLease | undefined;
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
export async function readWanLease6(router: Router): Promise<WanLease6 | undefined> {
  return (await readJson(router, 'dhcp6/wire/lease.json')) as WanLease6 | undefined;
}

async function readJson(router: Router, path: string): Promise<unknown> {
  const text = await router.readPerm(path);
  return text === undefined ? undefined : JSON.parse(text);
}
