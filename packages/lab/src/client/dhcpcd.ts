import { writeFileSync } from 'node:fs';
import type { LanClient } from './lan-client.ts';

/** Roy Marples' dhcpcd. */
export const dhcpcd: LanClient = {
  name: 'dhcpcd',
  start(host) {
    const configuration = `/tmp/${host.name}-dhcpcd.conf`;
    writeFileSync(
      configuration,
      `hostname ${host.name}\nclientid\npersistent\noption domain_name_servers, domain_name, domain_search, host_name\n` +
        'option classless_static_routes, interface_mtu\nrequire dhcp_server_identifier\nnoipv6\nnohook resolv.conf\n',
    );
    return host.start(`${host.name} dhcpcd`, 'unshare', [
      // Its files are named after the interface, which is eth0 on every host.
      ...['--mount', '--', 'sh', '-c'],
      'mount -t tmpfs tmpfs /var/lib/dhcpcd && mkdir -p /run/dhcpcd && mount -t tmpfs tmpfs /run/dhcpcd && exec "$@"',
      ...['sh', 'dhcpcd', '-4', '-B', '-f', configuration, '--script', '/bin/true', 'eth0'],
    ]);
  },
};
