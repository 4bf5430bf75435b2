import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUplinkRouters, type UplinkRouters } from '@router7/appliance/state/uplink-routers';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { Wan6Site } from './wan6-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

const RADVD = `interface wan {
  AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultLifetime 1800; AdvDefaultPreference high;
  AdvManagedFlag on; AdvLinkMTU 1492;
  prefix 2001:db8:a::/64 { DeprecatePrefix on; };
  RDNSS 2001:db8:a::53 fe80::53 { AdvRDNSSLifetime 600; FlushRDNSS on; };
  DNSSL isp.example { AdvDNSSLLifetime 600; FlushDNSSL on; };
};
`;

t.test('DNS-02: what the provider’s routers advertise is in a file, as long as they do', needs('radvd'), async (t) => {
  const site = new Wan6Site(t, 'routers');
  await site.isp.run('sysctl', ['-qw', 'net.ipv6.conf.all.forwarding=1']);
  writeFileSync('/tmp/routers-radvd.conf', RADVD);
  const radvd = site.isp.start('radvd', 'radvd', [
    ...['--nodaemon', '--logmethod', 'stderr', '--config', '/tmp/routers-radvd.conf'],
    ...['--pidfile', '/tmp/routers-radvd.pid'],
  ]);
  mkdirSync(join(site.perm, 'dhcp6/wire'), { recursive: true });
  site.writePerm('dhcp6/wire/routers.json', { routers: [], prefixes: [], dns: ['2001:db8:dead::53'] });
  const read = (): UplinkRouters | undefined => {
    const text = site.readPerm('dhcp6/wire/routers.json');
    return text === undefined ? undefined : parseUplinkRouters(text).value;
  };
  const dhcp6 = site.dhcp6();
  const heard = await until('routers.json', 30_000, () => {
    const text = site.readPerm('dhcp6/wire/routers.json');
    return text?.includes('dead') === true ? undefined : read();
  });
  const [router] = heard.routers;
  t.match(router?.address, /^fe80::/);
  t.match(heard, {
    routers: [{ default: true, preference: 'high', managed: true, other: false, mtu: 1492 }],
    prefixes: ['2001:db8:a::/64'],
    dns: ['2001:db8:a::53', 'fe80::53'],
    domain_search: ['isp.example'],
    nat64: [],
  });
  t.ok(
    dhcp6.output.some((line) => line.startsWith(`info router heard interface=uplink0 router=${router?.address}`)),
    'and told once',
  );

  await radvd.stop('SIGTERM');
  const left = await until('it has said good-bye', 10_000, () => {
    const now = read();
    return now?.dns.length === 0 && now;
  });
  t.match(left, { routers: [{ default: false, preference: 'medium' }], prefixes: [], domain_search: [] });
  t.equal(await dhcp6.stop('SIGTERM', 6000), 0);
});
