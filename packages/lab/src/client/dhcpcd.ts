import { writeFileSync } from 'node:fs';
import type { LanClient } from './lan-client.ts';

/** Roy Marples' dhcpcd, which takes router advertisements upon itself, and DHCPv6 where they tell to. */
export const dhcpcd: LanClient = {
  name: 'dhcpcd',
  ipv6: 'dhcpcd',
  asksForAddress6: false,
  start(host) {
    const configuration = `/tmp/${host.name}-dhcpcd.conf`;
    writeFileSync(
      configuration,
      `hostname ${host.name}\nclientid\npersistent\noption domain_name_servers, domain_name, domain_search, host_name\n` +
        'option classless_static_routes, interface_mtu\nrequire dhcp_server_identifier\nslaac hwaddr\nnohook resolv.conf\n',
    );
    const options = [
      // Its files are named after the interface, which is eth0 on every host.
      ...['--mount', '--', 'sh', '-c'],
      'mount -t tmpfs tmpfs /var/lib/dhcpcd && mkdir -p /run/dhcpcd && mount -t tmpfs tmpfs /run/dhcpcd && exec "$@"',
      ...['sh', 'dhcpcd', '-B', '-f', configuration, '--script', '/bin/true', 'eth0'],
    ];
    return [host.start(`${host.name} dhcpcd`, 'unshare', options)];
  },
};
