import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { dhclient6 } from './dhclient6-once.ts';
import { At, FirewallSite } from './firewall-site.ts';
import { needs } from './installed.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

t.test(
  'LPD-6: what is delegated to a router of the home reaches the Internet, which reaches it by answers only',
  needs('dhclient'),
  async (t) => {
    const site = new FirewallSite(t, 'lpd');
    mkdirSync(join(site.perm, 'dhcp6/wire'), { recursive: true });
    const end = new Date(Date.now() + 7_200_000).toISOString();
    const times = { t1: end, t2: end, preferred_until: end, valid_until: end };
    site.writePerm('ipv6.json', { ula: 'off' });
    site.writePerm('dhcp6/wire/lease.json', {
      valid_until: end,
      prefixes: [{ IP: '2001:db8:42::', Mask: '////////AAAAAAAAAAAAAA==' }],
      dns: [],
      delegations: [{ prefix: '2001:db8:42::/48', iaid: 1, ...times }],
    });
    await site.configure();
    const server = site.daemon('dhcp6d');
    await server.line(/^info serving .*lan0/, 30_000);
    const lease = await dhclient6(site.client, 'p', ['-P', '--prefix-len-hint', '60']);
    const prefix = lease.get('new_ip6_prefix') ?? '';
    t.match(prefix, /^2001:db8:42:[0-9a-f]+::\/60$/);
    const address = prefix.replace('::/60', '::5');
    site.client.ip(`-6 address add ${address}/128 dev lo`);
    await until('the route', 10_000, async () => {
      return (await site.router.run('ip', ['-6', 'route', 'show', 'proto', '117'])).includes(prefix);
    });
    await t.resolves(
      site.client.run('ping', ['-6', '-c', '1', '-W', '5', '-I', address, At.internet6]),
      'out and back',
    );
    const knock = site.internet.run('curl', ['--silent', '-m', '2', `http://[${address}]/`]);
    await t.rejects(knock, { code: 28 }, 'a time-out: the firewall has dropped it');
  },
);
