import { deepEqual, equal } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Address6, Delegation } from '../home.ts';
import { routeDelegation } from './delegation.ts';
import type { IspIpv6 } from './isp-ipv6.ts';

/** Our own DHCPv6 server engine and router engine as a provider. */
export const embeddedIpv6: IspIpv6 = {
  summary: "router7's own engines: a /56 and an address, T1 after 10 s, M and O",
  delegation: Delegation.first,
  renewAfterSeconds: 10,
  async start({ isp }, delegation) {
    routeDelegation(isp, delegation);
    const path = fileURLToPath(new URL('embedded-ipv6-server.ts', import.meta.url));
    const program = isp.startNode('isp embedded6', path, ['customer0', delegation]);
    await program.line(/^ready/, 15_000);
    return [program];
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
