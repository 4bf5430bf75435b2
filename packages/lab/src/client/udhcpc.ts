import { writeFileSync } from 'node:fs';
import type { LanClient } from './lan-client.ts';

const SCRIPT = `#!/bin/sh
case $1 in
bound | renew)
  ip address replace $ip/$mask broadcast + dev $interface
  for gateway in $router; do ip route replace default via $gateway dev $interface; done
  ;;
deconfig) ip link set $interface up && ip -4 address flush dev $interface ;;
esac
exit 0
`;

/** BusyBox udhcpc; the kernel alone makes the IPv6 addresses, of what is advertised. */
export const udhcpc: LanClient = {
  name: 'udhcpc',
  ipv6: 'kernel',
  asksForAddress6: false,
  start(host) {
    const script = `/tmp/${host.name}-udhcpc-script`;
    writeFileSync(script, SCRIPT, { mode: 0o755 });
    const options = ['-f', '-i', 'eth0', '-s', script, '-t', '10', '-T', '1', '-x', `hostname:${host.name}`];
    return [host.start(`${host.name} udhcpc`, 'udhcpc', options)];
  },
};
