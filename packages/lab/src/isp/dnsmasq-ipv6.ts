import { deepEqual } from 'node:assert/strict';
import { Address6 } from '../home.ts';
import { routeDelegation } from './delegation.ts';
import { startDhcpd6 } from './dhcpd6.ts';
import type { IspIpv6 } from './isp-ipv6.ts';

/**
 * dnsmasq advertises the link's prefix, with M and O, and gives addresses by DHCPv6, but cannot delegate: that does ISC dhcpd
 * beside it, which gives no addresses. Both answer each Solicit.
 */
export const dnsmasqIpv6: IspIpv6 = {
  summary: 'dnsmasq advertises and gives addresses, ISC dhcpd delegates a /56, T1 after 10 s',
  delegation: '2001:db8:4200::/56',
  renewAfterSeconds: 10,
  async start({ isp }, delegation) {
    routeDelegation(isp, delegation);
    const [prefix = '', length = ''] = delegation.split('/');
    const dhcpd = await startDhcpd6(isp, {
      preferredSeconds: 40,
      validSeconds: 60,
      t1Seconds: 10,
      t2Seconds: 30,
      subnet: `prefix6 ${prefix} ${prefix} /${length};`,
    });
    const dnsmasq = isp.start('isp dnsmasq6', 'dnsmasq', [
      ...['--keep-in-foreground', '--conf-file=/dev/null', '--user=root', '--group=', '--port=0', '--pid-file='],
      ...['--log-facility=-', '--log-dhcp', '--interface=customer0', '--bind-dynamic', '--enable-ra'],
      ...['--ra-param=customer0,5,1800', '--dhcp-leasefile=/tmp/isp-dnsmasq6.leases'],
      ...['--dhcp-range=2001:db8:100::1000,2001:db8:100::1fff,slaac,64,120'],
      `--dhcp-option=option6:dns-server,[${Address6.dns}]`,
    ]);
    await dnsmasq.line(/DHCPv6, IP range/, 5000);
    return [dhcpd, dnsmasq];
  },
  check(lease, delegation) {
    deepEqual(
      lease.delegations?.map(({ prefix }) => prefix),
      [delegation],
    );
    deepEqual(lease.dns, [Address6.dns]);
  },
};
