import { readFileSync, statfsSync } from 'node:fs';
import { hostname, release, uptime } from 'node:os';
import { privateHosts } from '../runtime/private-address.ts';
import type { Link, LinkAddress } from '../system/rtnetlink.ts';

/** Use of a file system, in octets. */
export interface DiskUse {
  /** Such as `/dev/sda4`. */
  readonly device: string;
  readonly used: number;
  /** What is free for those who are not root. */
  readonly available: number;
  readonly total: number;
}

/** What the pages tell of the machine. What cannot be found out is '' or 0. */
export interface Machine {
  readonly hostname: string;
  readonly model: string;
  readonly kernel: string;
  readonly uptimeSeconds: number;
  readonly memory: { readonly total: number; readonly available: number };
  readonly perm: DiskUse;
  /** The partition's GUID. */
  readonly permUuid: string;
  /** Every file system on a block device. */
  readonly mounts: readonly DiskUse[];
  readonly privateAddresses: readonly string[];
  readonly publicAddresses: readonly string[];
  readonly build: { readonly version: string; readonly timestamp: string; readonly sbomHash: string };
}

/** Addresses of this machine, see `RtNetlink`. */
export interface Network {
  readonly links: readonly Link[];
  readonly addresses: readonly LinkAddress[];
}

/** Looks at the machine as it is now. */
export function readMachine({ links, addresses }: Network): Machine {
  const mounts = readText('/proc/self/mounts');
  return {
    hostname: hostname(),
    model: modelName(),
    kernel: `Linux ${release()}`,
    uptimeSeconds: Math.floor(uptime()),
    memory: parseMeminfo(readText('/proc/meminfo')),
    perm: diskUse(deviceOf(mounts, '/perm'), '/perm'),
    permUuid: permUuid(readText('/proc/cmdline')),
    mounts: blockDevices(mounts).map(([device, folder]) => diskUse(device, folder)),
    privateAddresses: privateHosts(links, addresses),
    publicAddresses: publicHosts(links, addresses),
    build: parseBuild(readText('/etc/router7/build.json')),
  };
}

/** Octets of /proc/meminfo. */
export function parseMeminfo(text: string): Machine['memory'] {
  const octets = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { total: octets('MemTotal'), available: octets('MemAvailable') };
}

/** Device and folder of each file system on a block device, of /proc/self/mounts; the first place of each counts. */
export function blockDevices(mounts: string): readonly [device: string, folder: string][] {
  const found = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [device = '', folder = ''] = line.split(' ');
    if (device.startsWith('/dev/') && !found.has(device)) found.set(device, unescapeMount(folder));
  }
  return [...found];
}

/** The GUID of /perm's partition, 4, from the kernel's command line, which names the boot partition's: `root=PARTUUID=`. */
export function permUuid(commandLine: string): string {
  const [, boot] = /\broot=PARTUUID=([0-9a-f-]+)01(?:\/|\s|$)/i.exec(commandLine) ?? [];
  return boot === undefined ? '' : `${boot}04`;
}

/** What /etc/router7/build.json says; '' for each key that it has not. */
export function parseBuild(text: string): Machine['build'] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    // Not an image.
  }
  const keys = (typeof found === 'object' && found !== null ? found : {}) as Readonly<Record<string, unknown>>;
  const word = (key: string): string => (typeof keys[key] === 'string' ? keys[key] : '');
  return { version: word('version'), timestamp: word('buildTimestamp'), sbomHash: word('sbomHash') };
}

/** The addresses that nothing is offered at; gokrazy counts those of an uplink among them, whatever they are. */
function publicHosts(links: readonly Link[], addresses: readonly LinkAddress[]): readonly string[] {
  const offered = new Set(privateHosts(links, addresses));
  const hosts = new Set<string>();
  for (const { link: index, prefix } of addresses) {
    const link = links.find((candidate) => candidate.index === index);
    if (link === undefined || !link.up) continue;
    const host = `${prefix.address}`;
    const zoned = `${host}%${link.name}`;
    if (!offered.has(host) && !offered.has(zoned)) hosts.add(host.startsWith('fe80:') ? zoned : host);
  }
  return [...hosts].sort();
}

function modelName(): string {
  const board = readText('/proc/device-tree/model').replace(/\0/g, '').trim();
  if (board !== '') return board;
  const [vendor, product] = ['sys_vendor', 'product_name'].map((name) => readText(`/sys/class/dmi/id/${name}`).trim());
  return [vendor, product].filter((word) => word).join(' ');
}

/** @param folder where it is mounted */
function diskUse(device: string, folder: string): DiskUse {
  try {
    const { bsize, blocks, bfree, bavail } = statfsSync(folder);
    return { device, used: bsize * (blocks - bfree), available: bsize * bavail, total: bsize * blocks };
  } catch {
    return { device, used: 0, available: 0, total: 0 };
  }
}

function deviceOf(mounts: string, folder: string): string {
  const line = mounts.split('\n').find((each) => each.split(' ')[1] === folder);
  return line?.split(' ')[0] ?? '';
}

/** Blanks in a name are `\040` there. */
function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
