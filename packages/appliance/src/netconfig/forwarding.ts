import { readSysctl, writeSysctl } from '../system/sysctl.ts';
import { LAN, UPLINK } from './wanted.ts';

/** Interfaces that may lead to the provider; router advertisements are listened to on the first that exists. */
const UPLINK_NAMES: readonly string[] = ['uplink0', 'eth0', 'ens3'];

/** A kernel parameter and the value that it is to have. */
export interface Parameter {
  /** As `writeSysctl` takes it. */
  readonly name: string;
  readonly value: number;
}

/**
 * The kernel parameters of a router.
 *
 * @param links names of the interfaces that exist
 * @param home names of the home's links
 * @param icmpRatelimit milliseconds between two ICMP errors to one host; 0: no limit
 */
export function forwardingParameters(
  links: ReadonlySet<string>,
  home: readonly string[],
  icmpRatelimit: number = 0,
): readonly Parameter[] {
  const uplink = UPLINK_NAMES.find((name) => links.has(name));
  return [
    ...(uplink === undefined ? [] : uplinkParameters(uplink)),
    { name: 'net.ipv4.ip_forward', value: 1 },
    { name: 'net.ipv6.conf.all.forwarding', value: 1 },
    { name: 'net.ipv4.icmp_ratelimit', value: icmpRatelimit },
    { name: 'net.ipv6.icmp.ratelimit', value: icmpRatelimit },
    ...home.filter((name) => links.has(name)).map(announcing),
    ...[...new Set([UPLINK, LAN, ...home])].filter((name) => links.has(name)).map(addressed),
  ];
}

/** Set before forwarding is: what the kernel has learnt of the provider's routers it would forget then. */
function uplinkParameters(uplink: string): readonly Parameter[] {
  return [
    // 2: also while forwarding (Documentation/networking/ip-sysctl.rst of Linux); 1 would be ignored on a router.
    { name: `net/ipv6/conf/${uplink}/accept_ra`, value: 2 },
    // Otherwise the kernel takes a new address away with the old one of the same subnet, and the routes with it.
    { name: `net/ipv4/conf/${uplink}/promote_secondaries`, value: 1 },
    announcing(uplink),
  ];
}

/** The link-local address, which a link has not that was switched on before there was a firewall (init/early-links.ts). */
function addressed(name: string): Parameter {
  return { name: `net/ipv6/conf/${name}/addr_gen_mode`, value: 0 };
}

/** Neighbours hear of a new address before they ask for it (RFC 9131, RFC 9096 L-17). */
function announcing(name: string): Parameter {
  return { name: `net/ipv6/conf/${name}/ndisc_notify`, value: 1 };
}

/** Those that have another value now, or cannot be read. */
export function differingParameters(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.filter(({ name, value }) => {
    try {
      return readSysctl(name) !== String(value);
    } catch {
      return true;
    }
  });
}

/** Sets parameters. @returns one error for each that could not be set; the others are set all the same */
export function setParameters(parameters: readonly Parameter[]): readonly Error[] {
  const errors: Error[] = [];
  for (const { name, value } of parameters) {
    try {
      writeSysctl(name, value);
    } catch (cause) {
      errors.push(new Error(`cannot set ${name} to ${value}: ${(cause as Error).message}`, { cause }));
    }
  }
  return errors;
}
