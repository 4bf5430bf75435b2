import { writeFileSync } from 'node:fs';
import type { Host } from '../host.ts';
import type { Program } from '../program.ts';

/** The length of the prefix that the inner router asks for. */
export const INNER_PREFIX_LENGTH = 60;

// Gives its own network the first /64 of each prefix that it has been delegated, and forgets those that have ended.
const SCRIPT = `#!/bin/sh
case $reason in
BOUND6 | RENEW6 | REBIND6 | EXPIRE6 | RELEASE6 | STOP6)
  [ -n "$old_ip6_prefix" ] && [ "$old_ip6_prefix" != "$new_ip6_prefix" ] &&
    ip -6 address delete \${old_ip6_prefix%/*}1/64 dev inside0
  [ -n "$new_ip6_prefix" ] && ip -6 address replace \${new_ip6_prefix%/*}1/64 dev inside0 nodad
  ;;
esac
exit 0
`;

/**
 * Makes a host a router behind the router: it makes an address for itself of what is advertised, asks for a prefix by
 * `dhclient -6 -P`, and has an address of it on `inside0`.
 */
export async function startInnerRouter(host: Host): Promise<Program> {
  // A host that forwards listens to advertisements only when it is told to.
  await host.run('sysctl', ['-qw', 'net.ipv6.conf.eth0.accept_ra=2', 'net.ipv6.conf.all.forwarding=1']);
  const script = `/tmp/${host.name}-dhclient-script`;
  writeFileSync(script, SCRIPT, { mode: 0o755 });
  writeFileSync(`/tmp/${host.name}-dhclient.conf`, '');
  return host.start(`${host.name} dhclient -6 -P`, 'dhclient', [
    ...['-6', '-P', '--prefix-len-hint', String(INNER_PREFIX_LENGTH), '-d', '-sf', script],
    ...['-cf', `/tmp/${host.name}-dhclient.conf`, '-lf', `/tmp/${host.name}.leases`, '-pf', `/tmp/${host.name}.pid`],
    'eth0',
  ]);
}
