import { writeFileSync } from 'node:fs';
import { Address6 } from '../home.ts';
import type { Host } from '../host.ts';
import type { Program } from '../program.ts';

/** What a provider's router advertises on its customers' link. */
export interface Advertised {
  /** M flag: addresses are to be had by DHCPv6 (RFC 4861 section 4.2). */
  readonly managed: boolean;
  /** O flag: other things are to be had by DHCPv6. */
  readonly other: boolean;
  /** A flag of the link's prefix: addresses may be made of it (RFC 4862). */
  readonly autonomous: boolean;
}

/** Starts radvd on a provider's link to its customers; it advertises as soon as the link has a carrier. */
export function startRadvd(isp: Host, { managed, other, autonomous }: Advertised): Program {
  const flag = (on: boolean): string => (on ? 'on' : 'off');
  writeFileSync(
    '/tmp/isp-radvd.conf',
    `interface customer0 {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 10;
  AdvDefaultLifetime 1800;
  AdvManagedFlag ${flag(managed)};
  AdvOtherConfigFlag ${flag(other)};
  prefix ${Address6.customers} { AdvOnLink on; AdvAutonomous ${flag(autonomous)}; };
  RDNSS ${Address6.dns} {};
};
`,
  );
  return isp.start('isp radvd', 'radvd', [
    ...['--nodaemon', '--logmethod', 'stderr'],
    ...['--config', '/tmp/isp-radvd.conf', '--pidfile', '/tmp/isp-radvd.pid'],
  ]);
}
