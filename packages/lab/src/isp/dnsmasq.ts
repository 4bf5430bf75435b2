import { equal, match } from 'node:assert/strict';
import { Address } from '../home.ts';
import { dnsmasqIpv6 } from './dnsmasq-ipv6.ts';
import type { Isp } from './isp.ts';

/** Simon Kelley's dnsmasq. */
export const dnsmasq: Isp = {
  name: 'dnsmasq',
  summary: 'dnsmasq, a lease of 2 minutes, T1 after 10 s',
  renewAfterSeconds: 10,
  async start({ isp }) {
    const program = isp.start('isp dnsmasq', 'dnsmasq', [
      ...[
        '--keep-in-foreground',
        '--conf-file=/dev/null',
        '--user=root',
        '--group=',
        '--port=0',
        '--log-facility=-',
        '--log-dhcp',
      ],
      ...['--interface=customer0', '--bind-interfaces', '--dhcp-authoritative', '--pid-file='],
      ...['--dhcp-range=198.51.100.100,198.51.100.200,255.255.255.0,120', '--dhcp-leasefile=/tmp/isp-dnsmasq.leases'],
      ...[`--dhcp-option=option:router,${Address.ispCustomers}`, '--dhcp-option=option:dns-server,203.0.113.53'],
      `--dhcp-option=option:ntp-server,${Address.ispTime}`,
      ...['--dhcp-option=option:T1,10', '--dhcp-option=option:T2,90'],
    ]);
    await program.line(/DHCP, IP range/, 5000);
    return [program];
  },
  ipv6: dnsmasqIpv6,
  check(lease) {
    match(lease.client_ip, /^198\.51\.100\.1\d\d$/);
    equal(lease.subnet_mask, '255.255.255.0');
    equal(lease.router, Address.ispCustomers);
    equal(lease.dns[0], '203.0.113.53');
  },
};
