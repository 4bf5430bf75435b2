import { deepEqual, equal, match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Address } from '../home.ts';
import type { Isp } from './isp.ts';
import { keaIpv6 } from './kea-ipv6.ts';

const configuration = {
  Dhcp4: {
    // The link has no carrier before the router has set its end up, and Kea opens its socket only then.
    'interfaces-config': {
      interfaces: ['customer0'],
      'dhcp-socket-type': 'raw',
      'service-sockets-max-retries': 1000,
      'service-sockets-retry-wait-time': 100,
    },
    'lease-database': { type: 'memfile', persist: false },
    'valid-lifetime': 40,
    'renew-timer': 10,
    'rebind-timer': 30,
    subnet4: [
      {
        id: 1,
        subnet: Address.customers,
        pools: [{ pool: '198.51.100.100 - 198.51.100.200' }],
        'option-data': [
          { name: 'routers', data: Address.ispCustomers },
          { name: 'domain-name-servers', data: '203.0.113.53, 203.0.113.54' },
          { name: 'ntp-servers', data: Address.ispTime },
        ],
      },
    ],
    loggers: [{ name: 'kea-dhcp4', output_options: [{ output: 'stdout' }], severity: 'INFO' }],
  },
};

/** ISC Kea. */
export const kea: Isp = {
  name: 'kea',
  summary: 'ISC Kea, a lease of 40 s, T1 after 10 s',
  renewAfterSeconds: 10,
  async start({ isp }) {
    writeFileSync('/tmp/isp-kea.json', JSON.stringify(configuration));
    const program = isp.start('isp kea', 'kea-dhcp4', ['-c', '/tmp/isp-kea.json'], {
      KEA_PIDFILE_DIR: '/tmp',
      KEA_LOCKFILE_DIR: '/tmp',
      KEA_LOGGER_DESTINATION: 'stdout',
    });
    await program.line(/DHCP4_STARTED/, 10_000);
    return [program];
  },
  ipv6: keaIpv6,
  check(lease) {
    match(lease.client_ip, /^198\.51\.100\.1\d\d$/);
    equal(lease.subnet_mask, '255.255.255.0');
    equal(lease.router, Address.ispCustomers);
    deepEqual(lease.dns, ['203.0.113.53', '203.0.113.54']);
  },
};
