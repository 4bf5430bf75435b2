import type { RtNetlink } from '../system/rtnetlink.ts';
import type { KernelState, Operation } from './kernel-state.ts';

/** Reads what the kernel has. @throws SystemError */
export async function readKernelState(netlink: RtNetlink): Promise<KernelState> {
  const links = await netlink.links();
  return { links, addresses: await netlink.addresses(), routes: await netlink.routes() };
}

/**
 * Carries operations out, in order. One that fails does not keep the others from being tried.
 *
 * @param done hears of each that worked
 * @returns one error for each that failed
 */
export async function applyOperations(
  netlink: RtNetlink,
  operations: readonly Operation[],
  done: (operation: Operation) => void,
): Promise<readonly Error[]> {
  const errors: Error[] = [];
  for (const operation of operations) {
    try {
      await applyOperation(netlink, operation);
      done(operation);
    } catch (error) {
      errors.push(error as Error);
    }
  }
  return errors;
}

async function applyOperation(netlink: RtNetlink, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case 'add-bridge':
      return netlink.addBridge(operation.name, operation.hardwareAddress);
    case 'set-up':
      return netlink.setLink(operation.link, { up: operation.up });
    case 'rename':
      return netlink.setLink(operation.link, { name: operation.name });
    case 'set-mtu':
      return netlink.setLink(operation.link, { mtu: operation.mtu });
    case 'set-hardware-address':
      return netlink.setHardwareAddress(operation.link, operation.hardwareAddress);
    case 'set-master':
      return netlink.setLink(operation.link, { master: operation.master });
    case 'add-address':
      return netlink.addAddress(operation.address);
    case 'delete-address':
      return netlink.deleteAddress(operation.address);
    case 'replace-route':
      return netlink.replaceRoute(operation.route);
    case 'delete-route':
      return netlink.deleteRoute(operation.route);
  }
}

/** One line for the log. */
export function tellOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'add-bridge':
      return `add bridge ${operation.name}`;
    case 'set-up':
      return `set link ${operation.link} ${operation.up ? 'up' : 'down'}`;
    case 'rename':
      return `rename link ${operation.link} to ${operation.name}`;
    case 'set-mtu':
      return `set MTU of link ${operation.link} to ${operation.mtu}`;
    case 'set-hardware-address':
      return `set hardware address of link ${operation.link} to ${operation.hardwareAddress}`;
    case 'set-master':
      return `make link ${operation.link} a port of bridge ${operation.master}`;
    case 'add-address':
    case 'delete-address':
      return `${operation.kind.replace('-', ' ')} ${operation.address.prefix} on link ${operation.address.link}`;
    case 'replace-route':
    case 'delete-route': {
      const { destination, gateway, link } = operation.route;
      return `${operation.kind.replace('-', ' ')} ${destination}${gateway === undefined ? '' : ` via ${gateway}`} on link ${link}`;
    }
  }
}
