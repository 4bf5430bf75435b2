import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { InterfacesConfig } from '../state/interfaces.ts';

/** Where the image says what a new router is to be like. */
const SETTINGS_FILE = 'etc/router7/first-start.json';
const LAN_ADDRESS = '192.168.42.1/24';

/** ARPHRD_ETHER of linux/if_arp.h. */
const ETHERNET = '1';
/** IFF_UP of linux/if.h. */
const IFF_UP = 1;
/** Without characters that look like others. */
const PASSWORD_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const PASSWORD_GROUPS = 4;
const PASSWORD_GROUP_LENGTH = 4;

/** A network card. */
export interface Card {
  /** As the kernel calls it, until netconfigd gives it another name. */
  readonly name: string;
  /** Where it is, below /sys/devices. */
  readonly path: string;
  /** MAC address. */
  readonly hardwareAddress: string;
  /** Whether it is switched on. */
  readonly isUp: boolean;
}

/**
 * Gives a router that has no configuration yet one that works: the first card is the uplink, the others are one LAN; and a
 * password. Each file is there whole or not at all, whenever power fails; what is there stays as it is.
 *
 * @param tell takes a line for whoever sits at the console
 * @param root below which everything is; `/` but in tests
 */
export function firstStart(tell: (text: string) => void, root: string = '/'): void {
  attempt('interfaces.json', tell, () => makeInterfaces(root, tell));
  attempt('gokr-pw.txt', tell, () => makePassword(root, tell));
}

/** A disk that cannot be written must not keep the router from starting. */
function attempt(file: string, tell: (text: string) => void, make: () => void): void {
  try {
    make();
  } catch (error) {
    tell(`first start: ${file} could not be made: ${(error as Error).message}`);
  }
}

function makeInterfaces(root: string, tell: (text: string) => void): void {
  const path = join(root, 'perm/interfaces.json');
  removeStaleTemporaries(path);
  if (existsSync(path)) return;
  const config = defaultInterfaces(ethernetCards(root), lanAddress(root));
  if (config === undefined) {
    tell('first start: found no network card');
    return;
  }
  writeFileAtomicSync(path, `${JSON.stringify(config, undefined, 2)}\n`);
  const [uplink] = config.interfaces;
  const ports = config.bridges.flatMap(({ interface_hardware_addrs }) => interface_hardware_addrs);
  tell(`first start: uplink0 is ${uplink?.hardware_addr}, lan0 is ${ports.join(' and ') || 'without a card'}`);
}

/**
 * The configuration of a new router; undefined when it has no card.
 *
 * @param cards in the order in which people count them
 */
export function defaultInterfaces(
  cards: readonly Pick<Card, 'hardwareAddress'>[],
  lanAddress: string,
): InterfacesConfig | undefined {
  const [uplink, ...ports] = cards.map(({ hardwareAddress }) => hardwareAddress);
  if (uplink === undefined) return undefined;
  return {
    interfaces: [
      { hardware_addr: uplink, name: 'uplink0' },
      { name: 'lan0', addr: lanAddress },
    ],
    bridges: [{ name: 'lan0', interface_hardware_addrs: ports }],
  };
}

/** Ethernet cards that are in the machine, by their place on the PCI bus; those on USB come last. */
export function ethernetCards(root: string): readonly Card[] {
  const home = join(root, 'sys/class/net');
  const read = (name: string, file: string): string => readFileSync(join(home, name, file), 'utf8').trim();
  return readdirSync(home)
    .map((name) => ({ name, path: realpathSync(join(home, name)) }))
    .filter(({ name, path }) => !path.includes('/virtual/') && read(name, 'type') === ETHERNET)
    .filter(({ path }) => !existsSync(join(path, 'wireless')) && !existsSync(join(path, 'phy80211')))
    .map(({ name, path }) => ({
      ...{ name, path, hardwareAddress: read(name, 'address') },
      isUp: (Number(read(name, 'flags')) & IFF_UP) !== 0,
    }))
    .sort((a, b) => Number(isUsb(a)) - Number(isUsb(b)) || (a.path < b.path ? -1 : 1));
}

function isUsb({ path }: Card): boolean {
  return /\/usb\d/.test(path);
}

function lanAddress(root: string): string {
  try {
    const { lanAddress } = JSON.parse(readFileSync(join(root, SETTINGS_FILE), 'utf8')) as { lanAddress?: string };
    return lanAddress ?? LAN_ADDRESS;
  } catch {
    return LAN_ADDRESS;
  }
}

function makePassword(root: string, tell: (text: string) => void): void {
  const path = join(root, 'perm/gokr-pw.txt');
  removeStaleTemporaries(path);
  const sizeIn = (folder: string): number =>
    statSync(join(root, folder, 'gokr-pw.txt'), { throwIfNoEntry: false })?.size ?? 0;
  // An empty one lets nobody in.
  if (['perm', 'etc', ''].some((folder) => sizeIn(folder) > 0)) return;
  const group = (): string =>
    Array.from({ length: PASSWORD_GROUP_LENGTH }, () => PASSWORD_LETTERS[randomInt(PASSWORD_LETTERS.length)]).join('');
  const password = Array.from({ length: PASSWORD_GROUPS }, group).join('-');
  writeFileAtomicSync(path, `${password}\n`, 0o600);
  tell(`first start: the password of user gokrazy is ${password} (it is in /perm/gokr-pw.txt)`);
}
