import { deepEqual, equal, match } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Address } from '../home.ts';
import { embeddedIpv6 } from './embedded-ipv6.ts';
import type { Isp } from './isp.ts';

/** Our own server engine as a provider: needs nothing that is not in this repository. */
export const embedded: Isp = {
  name: 'embedded',
  summary: "router7's own server engine, a lease of 40 s, T1 after 10 s",
  renewAfterSeconds: 10,
  async start({ isp }) {
    const settings = {
      interface: 'customer0',
      prefix: `${Address.ispCustomers}/24`,
      first: '198.51.100.100',
      last: '198.51.100.200',
      router: Address.ispCustomers,
      dns: ['203.0.113.53', '203.0.113.54'],
      ntp: [Address.ispTime],
      leaseTimeSeconds: 40,
      renewalTimeSeconds: 10,
    };
    const program = isp.startNode('isp embedded', fileURLToPath(new URL('embedded-server.ts', import.meta.url)), [
      JSON.stringify(settings),
    ]);
    await program.line(/^ready/, 15_000);
    return [program];
  },
  ipv6: embeddedIpv6,
  check(lease) {
    match(lease.client_ip, /^198\.51\.100\.1\d\d$/);
    equal(lease.subnet_mask, '255.255.255.0');
    equal(lease.router, Address.ispCustomers);
    deepEqual(lease.dns, ['203.0.113.53', '203.0.113.54']);
  },
};
