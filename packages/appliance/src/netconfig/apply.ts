import { release } from 'node:os';
import { type FecState, readFec, writeFec } from '../system/ethtool.ts';
import type { GenericNetlink } from '../system/genetlink.ts';
import { errorCode } from '../system/libc.ts';
import type { RtNetlink } from '../system/rtnetlink.ts';
import { AddressGeneration } from '../system/rtnetlink-link.ts';
import { readWireguard, type WireguardDevice, writeWireguard } from '../system/wireguard.ts';
import type { KernelState, Operation } from './kernel-state.ts';
import { matchLinks } from './match-links.ts';
import type { Wanted } from './wanted.ts';

/** The kernel's answers to removing what is not there: it went with something else, or somebody was faster. */
const GONE: ReadonlySet<string | undefined> = new Set(['ESRCH', 'EADDRNOTAVAIL', 'ENODEV']);

/** The two sockets by which the kernel is asked and told. */
export interface Kernel {
  readonly route: RtNetlink;
  readonly generic: GenericNetlink;
}

/**
 * Reads what the kernel has, of forward error correction and WireGuard only what is wanted.
 *
 * @throws SystemError when links, addresses or routes cannot be read
 */
export async function readKernelState({ route, generic }: Kernel, wanted: Wanted): Promise<KernelState> {
  const links = await route.links();
  const fec = new Map<number, FecState | undefined>();
  const wireguard = new Map<number, WireguardDevice>();
  const unread: Error[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      unread.push(error as Error);
    }
  };
  for (const { config, link } of matchLinks(wanted.interfaces, links).matched) {
    if (config.fec === undefined || config.fec === '') continue;
    await attempt(async () => fec.set(link.index, await readFec(generic, link.index)));
  }
  const names = new Set(wanted.wireguard.interfaces.map(({ name }) => name));
  for (const { index, name, kind } of links) {
    if (kind !== 'wireguard' || !names.has(name)) continue;
    await attempt(async () => wireguard.set(index, await readWireguard(generic, index)));
  }
  const addresses = (await route.addresses()).map(({ protocol, ...address }) =>
    KEEPS_PROTOCOLS ? { ...address, protocol } : address,
  );
  return { links, addresses, routes: await route.routes(), fec, wireguard, unread };
}

/** Since Linux 5.18 an address keeps who has made it. Before, ours cannot be told from others', and are never removed. */
const KEEPS_PROTOCOLS = ((): boolean => {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 18);
})();

/**
 * Carries operations out, in order. One that fails does not keep the others from being tried.
 *
 * @param done hears of each that worked
 * @returns one error for each that failed
 */
export async function applyOperations(
  kernel: Kernel,
  operations: readonly Operation[],
  done: (operation: Operation) => void,
): Promise<readonly Error[]> {
  const errors: Error[] = [];
  for (const operation of operations) {
    try {
      await applyOperation(kernel, operation);
      done(operation);
    } catch (error) {
      errors.push(error as Error);
    }
  }
  return errors;
}

/** A port of a bridge has no link-local address. Where there is no IPv6, there is none in any case. */
async function setAddressGeneration(route: RtNetlink, link: number, addressGeneration: number): Promise<void> {
  try {
    await route.setLink(link, { addressGeneration });
  } catch (error) {
    if (errorCode(error) !== 'EAFNOSUPPORT') throw error;
  }
}

async function applyOperation({ route, generic }: Kernel, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case 'add-link':
      return route.addLink(operation.link);
    case 'delete-link':
      return unlessGone(route.deleteLink(operation.link));
    case 'set-up':
      return route.setLink(operation.link, { up: operation.up });
    case 'rename':
      return route.setLink(operation.link, { name: operation.name });
    case 'set-mtu':
      return route.setLink(operation.link, { mtu: operation.mtu });
    case 'set-hardware-address':
      return route.setHardwareAddress(operation.link, operation.hardwareAddress);
    case 'set-fec':
      return writeFec(generic, operation.link, operation.mode);
    case 'set-master':
      await setAddressGeneration(route, operation.link, AddressGeneration[operation.master === 0 ? 'eui64' : 'none']);
      return route.setLink(operation.link, { master: operation.master, group: operation.group });
    case 'set-wireguard':
      return writeWireguard(generic, operation.link, operation.change);
    case 'add-address':
      return route.addAddress(operation.address);
    case 'delete-address':
      return unlessGone(route.deleteAddress(operation.address));
    case 'replace-route':
      return route.replaceRoute(operation.route);
    case 'delete-route':
      return unlessGone(route.deleteRoute(operation.route));
  }
}

async function unlessGone(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!GONE.has(errorCode(error))) throw error;
  }
}
