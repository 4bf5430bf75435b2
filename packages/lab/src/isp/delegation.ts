import { Delegation, ROUTER_LINK_LOCAL } from '../home.ts';
import type { Host } from '../host.ts';

/**
 * Makes the provider route a delegated prefix to the customer's router, and no other prefix any more: the servers of DHCPv6
 * install no routes; with a real provider a relay agent or its own software does.
 */
export function routeDelegation(isp: Host, prefix: string): void {
  for (const other of Object.values(Delegation)) {
    if (other !== prefix) isp.ip(`-6 route replace unreachable ${other}`);
  }
  isp.ip(`-6 route replace ${prefix} via ${ROUTER_LINK_LOCAL} dev customer0 onlink`);
}
