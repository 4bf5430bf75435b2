import { deepEqual, equal, match } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Address } from '../home.ts';
import { fiber7Ipv6 } from './fiber7-ipv6.ts';
import type { Isp } from './isp.ts';

/**
 * A provider that behaves like Init7's fiber7: the customer's subnet is a /25, two name servers, a lease of 26 min 48 s
 * whose T1 is its half, replies always sent to the client's own hardware and IP address.
 */
export const fiber7: Isp = {
  name: 'fiber7',
  summary: 'like fiber7 in Switzerland: unicast replies, a /25, a lease of 26 min 48 s',
  async start({ isp }) {
    const settings = {
      interface: 'customer0',
      prefix: `${Address.ispCustomers}/25`,
      first: '198.51.100.60',
      last: '198.51.100.99',
      router: Address.ispCustomers,
      dns: ['203.0.113.53', '203.0.113.54'],
      leaseTimeSeconds: 1608,
    };
    const program = isp.startNode('isp fiber7', fileURLToPath(new URL('embedded-server.ts', import.meta.url)), [
      JSON.stringify(settings),
    ]);
    await program.line(/^ready/, 15_000);
    return [program];
  },
  ipv6: fiber7Ipv6,
  check(lease) {
    match(lease.client_ip, /^198\.51\.100\.[6-9]\d$/);
    equal(lease.subnet_mask, '255.255.255.128');
    equal(lease.router, Address.ispCustomers);
    deepEqual(lease.dns, ['203.0.113.53', '203.0.113.54']);
  },
};
