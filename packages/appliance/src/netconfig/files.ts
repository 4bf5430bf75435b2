import { join } from 'node:path';
import type { FirewallFiles } from '../firewall/firewall.ts';
import type { ConfigurationFiles } from './configuration.ts';

/** Where the router's own programs look for a name server. */
export const RESOLV_CONF = '/tmp/resolv.conf';

/** The files of a router: below `/perm`, or below another folder to try them. */
export function filesBelow(perm: string): ConfigurationFiles & FirewallFiles {
  return {
    interfaces: join(perm, 'interfaces.json'),
    wireguard: join(perm, 'wireguard.json'),
    firewall: join(perm, 'firewall.json'),
    portForwardings: join(perm, 'portforwardings.json'),
    lease: join(perm, 'dhcp4/wire/lease.json'),
    delegated: join(perm, 'dhcp6/wire/lease.json'),
    ipv6: join(perm, 'ipv6.json'),
    subnets: join(perm, 'netconfig/subnets.json'),
    lastGood: join(perm, 'netconfigd/last-good'),
  };
}
