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
BOUND6 | RENEW6 | REBIND6)
  [ -n "$old_ip6_address" ] && [ "$old_ip6_address" != "$new_ip6_address" ] &&
    ip -6 address delete $old_ip6_address/128 dev $interface
  [ -n "$new_ip6_address" ] && ip -6 address replace $new_ip6_address/128 dev $interface \\
    valid_lft $new_max_life preferred_lft $new_preferred_life
  ;;
DEPREF6) ip -6 address change $cur_ip6_address/128 dev $interface preferred_lft 0 ;;
EXPIRE6 | RELEASE6 | STOP6) ip -6 address delete $old_ip6_address/128 dev $interface ;;
esac
exit 0
`;

/** ISC dhclient, one process for each family; the kernel makes addresses of what is advertised, too. */
export const dhclient: LanClient = {
  name: 'dhclient',
  ipv6: 'kernel and dhclient -6',
  asksForAddress6: true,
  start(host) {
    const script = `/tmp/${host.name}-dhclient-script`;
    const configuration = `/tmp/${host.name}-dhclient.conf`;
    writeFileSync(script, SCRIPT, { mode: 0o755 });
    writeFileSync(
      configuration,
      `send host-name "${host.name}";\ntimeout 30;\nretry 5;\ninitial-interval 1;\n` +
        'request subnet-mask, routers, domain-name, domain-name-servers, domain-search, host-name;\n',
    );
    return ['-4', '-6'].map((family) => {
      const files = `/tmp/${host.name}${family}`;
      return host.start(`${host.name} dhclient ${family}`, 'dhclient', [
        ...[family, '-d', '-sf', script, '-cf', configuration, '-lf', `${files}.leases`, '-pf', `${files}.pid`, 'eth0'],
      ]);
    });
  },
};
