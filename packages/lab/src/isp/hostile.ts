import { deepEqual, equal } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Address } from '../home.ts';
import { hostileIpv6 } from './hostile-ipv6.ts';
import type { Isp } from './isp.ts';

/** Addresses that the hostile provider's servers try to hand out; only the good one may ever be taken. */
export const HostileOffer = { good: '198.51.100.77', poor: '198.51.100.66', wrong: '198.51.100.13' } as const;

/**
 * A provider whose network lies: each message is answered by a crowd of wrong ones first (see hostile-server.ts), and by
 * two servers with different offers, of which the first gives neither router nor name servers.
 */
export const hostile: Isp = {
  name: 'hostile',
  summary: 'wrong xid and server, truncated options, NAK storms, two servers, replies from the wrong port',
  renewAfterSeconds: 10,
  async start({ isp }) {
    isp.ip(`address add ${Address.ispSecond}/24 dev customer0`);
    isp.ip('route add 255.255.255.255/32 dev customer0');
    const program = isp.startNode('isp hostile', fileURLToPath(new URL('hostile-server.ts', import.meta.url)));
    await program.line(/^ready/, 15_000);
    return [program];
  },
  ipv6: hostileIpv6,
  check(lease) {
    equal(lease.client_ip, HostileOffer.good);
    equal(lease.subnet_mask, '255.255.255.0');
    equal(lease.router, Address.ispCustomers);
    deepEqual(lease.dns, ['203.0.113.53', '203.0.113.54']);
    equal(lease.server_id, Address.ispCustomers);
  },
};
