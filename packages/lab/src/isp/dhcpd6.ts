import { writeFileSync } from 'node:fs';
import { Address6 } from '../home.ts';
import type { Host } from '../host.ts';
import type { Program } from '../program.ts';

/** What ISC dhcpd is told about time, and what it delegates to whom. */
export interface Dhcpd6Settings {
  readonly preferredSeconds: number;
  readonly validSeconds: number;
  readonly t1Seconds: number;
  readonly t2Seconds: number;
  /** What the customers' subnet holds, in dhcpd's words. */
  readonly subnet?: string;
  /** Known hosts, in dhcpd's words. */
  readonly hosts?: string;
}

/** Starts ISC dhcpd for IPv6; resolves when it answers. It gives no addresses. */
export async function startDhcpd6(isp: Host, settings: Dhcpd6Settings): Promise<Program> {
  writeFileSync(
    '/tmp/isp-dhcpd6.conf',
    `default-lease-time ${settings.validSeconds};
preferred-lifetime ${settings.preferredSeconds};
option dhcp-renewal-time ${settings.t1Seconds};
option dhcp-rebinding-time ${settings.t2Seconds};
option dhcp6.name-servers ${Address6.dns};
subnet6 ${Address6.customers} { ${settings.subnet ?? ''} }
${settings.hosts ?? ''}
`,
  );
  writeFileSync('/tmp/isp-dhcpd6.leases', '');
  const program = isp.start('isp dhcpd6', 'dhcpd', [
    ...['-6', '-f', '-d', '--no-pid', '-user', 'root', '-group', 'root'],
    ...['-cf', '/tmp/isp-dhcpd6.conf', '-lf', '/tmp/isp-dhcpd6.leases', 'customer0'],
  ]);
  await program.line(/Server starting service/, 10_000);
  return program;
}
