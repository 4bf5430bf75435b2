import { deepEqual } from 'node:assert/strict';
import { Address6, Delegation } from '../home.ts';
import { routeDelegation } from './delegation.ts';
import { startDhcpd6 } from './dhcpd6.ts';
import type { IspIpv6 } from './isp-ipv6.ts';
import { startRadvd } from './radvd.ts';

/** The identifier by which fiber7 knows its customer: of a type that nobody has defined, so the router keeps it as it is. */
const DUID = '00:0a:00:03:00:01:4c:5e:0c:41:bf:39';

/** A /48 that is reserved for the customer's identifier, and no address: the router makes one of the advertised prefix. */
export const fiber7Ipv6: IspIpv6 = {
  summary: 'a /48 reserved for an opaque DUID, T1 after 20 min; radvd: O',
  delegation: Delegation.reserved,
  duid: Uint8Array.from(DUID.split(':'), (byte) => Number.parseInt(byte, 16)),
  async start({ isp }, delegation) {
    routeDelegation(isp, delegation);
    const dhcpd = await startDhcpd6(isp, {
      preferredSeconds: 2400,
      validSeconds: 4800,
      t1Seconds: 1200,
      t2Seconds: 1920,
      hosts: `host customer { host-identifier option dhcp6.client-id ${DUID}; fixed-prefix6 ${delegation}; }`,
    });
    return [dhcpd, startRadvd(isp, { managed: false, other: true, autonomous: true })];
  },
  check(lease, delegation) {
    deepEqual(
      lease.delegations?.map(({ prefix }) => prefix),
      [delegation],
    );
    deepEqual(lease.addresses ?? [], []);
    deepEqual(lease.dns, [Address6.dns]);
  },
};
