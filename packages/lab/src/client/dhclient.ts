import { writeFileSync } from 'node:fs';
import type { LanClient } from './lan-client.ts';

// dhclient leaves the work to a script; this one sets what the lab looks at and leaves the machine's own files alone.
const SCRIPT = `#!/bin/sh
case $reason in
BOUND | RENEW | REBIND | REBOOT)
  ip address replace $new_ip_address/$new_subnet_mask broadcast + dev $interface
  for router in $new_routers; do ip route replace default via $router dev $interface; done
  [ -n "$new_routers" ] || ip route flush default dev $interface
  ;;
PREINIT) ip link set $interface up ;;
EXPIRE | FAIL | RELEASE | STOP) ip -4 address flush dev $interface ;;
esac
exit 0
`;

/** ISC dhclient. */
export const dhclient: LanClient = {
  name: 'dhclient',
  start(host) {
    const script = `/tmp/${host.name}-dhclient-script`;
    const configuration = `/tmp/${host.name}-dhclient.conf`;
    writeFileSync(script, SCRIPT, { mode: 0o755 });
    writeFileSync(
      configuration,
      `send host-name "${host.name}";\ntimeout 30;\nretry 5;\ninitial-interval 1;\n` +
        'request subnet-mask, routers, domain-name, domain-name-servers, domain-search, host-name;\n',
    );
    const files = ['-cf', configuration, '-lf', `/tmp/${host.name}.leases`, '-pf', `/tmp/${host.name}.pid`];
    return host.start(`${host.name} dhclient`, 'dhclient', ['-4', '-d', '-sf', script, ...files, 'eth0']);
  },
};
