import { writeSysctl } from '../system/sysctl.ts';

/** Interfaces that may lead to the provider; router advertisements are listened to on the first that exists. */
export const UPLINK_NAMES: readonly string[] = ['uplink0', 'eth0', 'ens3'];

/**
 * Sets the kernel parameters of a router.
 *
 * @param links names of the interfaces that exist
 * @returns one error for each parameter that could not be set; the others are set all the same
 */
export function enableForwarding(links: ReadonlySet<string>): readonly Error[] {
  const parameters: [name: string, value: number][] = [
    ['net.ipv4.ip_forward', 1],
    ['net.ipv6.conf.all.forwarding', 1],
    ['net.ipv4.icmp_ratelimit', 0],
    ['net.ipv6.icmp.ratelimit', 0],
  ];
  const uplink = UPLINK_NAMES.find((name) => links.has(name));
  // 2: also while forwarding (Documentation/networking/ip-sysctl.rst of Linux); 1 would be ignored on a router.
  if (uplink !== undefined) {
    parameters.push([`net/ipv6/conf/${uplink}/accept_ra`, 2]);
    // Otherwise the kernel takes a new address away with the old one of the same subnet, and the routes with it.
    parameters.push([`net/ipv4/conf/${uplink}/promote_secondaries`, 1]);
  }
  const errors: Error[] = [];
  for (const [name, value] of parameters) {
    try {
      writeSysctl(name, value);
    } catch (cause) {
      errors.push(new Error(`cannot set ${name} to ${value}: ${(cause as Error).message}`, { cause }));
    }
  }
  return errors;
}
