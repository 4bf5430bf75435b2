import { deepEqual, equal } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Address6 } from '../home.ts';
import { routeDelegation } from './delegation.ts';
import type { IspIpv6 } from './isp-ipv6.ts';
import { startRadvd } from './radvd.ts';

/** Kea delegates and gives an address; radvd says so, and that no address is to be made of the link's prefix. */
export const keaIpv6: IspIpv6 = {
  summary: 'ISC Kea with a /56 and an address by DHCPv6, T1 after 10 s; radvd: M and O',
  delegation: '2001:db8:4200::/56',
  renewAfterSeconds: 10,
  async start({ isp }, delegation) {
    routeDelegation(isp, delegation);
    writeFileSync('/tmp/isp-kea6.json', JSON.stringify(configuration(delegation)));
    const server = isp.start('isp kea6', 'kea-dhcp6', ['-c', '/tmp/isp-kea6.json'], {
      KEA_PIDFILE_DIR: '/tmp',
      KEA_LOCKFILE_DIR: '/tmp',
      KEA_DHCP_DATA_DIR: '/tmp',
      KEA_LOGGER_DESTINATION: 'stdout',
    });
    await server.line(/DHCP6_STARTED/, 10_000);
    return [server, startRadvd(isp, { managed: true, other: true, autonomous: false })];
  },
  check(lease, delegation) {
    deepEqual(
      lease.delegations?.map(({ prefix }) => prefix),
      [delegation],
    );
    equal(lease.addresses?.length, 1);
    deepEqual(lease.dns, [Address6.dns]);
  },
};

function configuration(delegation: string): object {
  const [prefix = '', length = ''] = delegation.split('/');
  return {
    Dhcp6: {
      // The link has no carrier before the router has set its end up, and Kea opens its socket only then.
      'interfaces-config': {
        interfaces: ['customer0'],
        'service-sockets-max-retries': 1000,
        'service-sockets-retry-wait-time': 100,
      },
      'lease-database': { type: 'memfile', persist: false },
      'server-id': { type: 'EN', 'enterprise-id': 2495, identifier: '0102030405', persist: false },
      'preferred-lifetime': 40,
      'valid-lifetime': 60,
      'renew-timer': 10,
      'rebind-timer': 30,
      subnet6: [
        {
          id: 1,
          subnet: Address6.customers,
          interface: 'customer0',
          pools: [{ pool: '2001:db8:100::1000 - 2001:db8:100::1fff' }],
          'pd-pools': [{ prefix, 'prefix-len': Number(length), 'delegated-len': Number(length) }],
          'option-data': [
            { name: 'dns-servers', data: Address6.dns },
            { name: 'sntp-servers', data: Address6.time },
          ],
        },
      ],
      loggers: [{ name: 'kea-dhcp6', output_options: [{ output: 'stdout' }], severity: 'INFO' }],
    },
  };
}
