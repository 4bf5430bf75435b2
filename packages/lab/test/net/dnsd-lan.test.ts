import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { CLIENT, DnsdSite, leaseOf, ROUTER } from './dnsd-site.ts';
import { needs } from './installed.ts';

t.setTimeout(180_000);
await onStage(import.meta.url);

const site = new DnsdSite();

for (const transport of ['batch', 'dgram']) {
  t.test(
    `${transport}: DNS-01, DNS-17, DNS-29: UDP and TCP on private addresses, for clients at home`,
    needs('unbound', 'dig'),
    async (t) => {
      site.clear();
      site.configure({ transport });
      const upstream = await site.startUpstream();
      t.teardown(() => upstream.stop());
      const dnsd = await site.start();
      t.teardown(() => dnsd.stop());
      const asks = (words: string): Promise<string> => site.dig(`${words} www.example A`);
      t.equal(await asks(`@${ROUTER}`), '198.51.100.1');
      t.equal(await asks(`@${ROUTER} +tcp`), '198.51.100.1');
      t.equal(await asks(`@${ROUTER} +tcp +keepopen`), '198.51.100.1');
      t.equal(await site.dig(`@127.0.0.1 localhost A`, site.router), '127.0.0.1');
      const linkLocal = await site.linkLocal();
      await dnsd.line(new RegExp(`^info listening host=${linkLocal}%lan0 port=53$`), 30_000);
      t.equal(await asks(`@${linkLocal}%eth0`), '198.51.100.1', 'link-local');

      t.ok(await site.silent('@203.0.113.1 www.example A'), 'not on a public address');
      t.ok(await site.silent('@203.0.113.1 +tcp www.example A'));
      t.ok(await site.silent('@10.99.0.1 www.example A', site.router), 'not on a private one of the uplink');
      t.ok(await site.silent(`@${ROUTER} www.example A`, site.wan), 'nobody from outside is answered');
      t.equal(await site.metric('dnsd_datagrams_dropped_total{reason="stranger"}'), 1);

      site.router.ip('address add 192.168.77.1/24 dev lan0');
      site.lan.ip('address add 192.168.77.2/24 dev eth0');
      await dnsd.line(/^info listening host=192\.168\.77\.1 port=53$/, 30_000);
      const added = await site.lan.run('dig', ['+tries=1', '@192.168.77.1', 'www.example', 'A']);
      t.match(added, /SERVER: 192\.168\.77\.1#53/, 'answered from the address that was asked');
      t.match(await site.dig('@192.168.77.1 +tcp www.example A'), '198.51.100.1');
      site.router.ip('address del 192.168.77.1/24 dev lan0');
      site.lan.ip('address del 192.168.77.2/24 dev eth0');
      t.equal(await asks(`@${ROUTER}`), '198.51.100.1', 'the others go on');

      // DNS-27, MT-01: router7's names.
      t.ok((await site.metric('dns_queries')) >= 8);
      t.equal(await site.metric('dns_upstream{upstream="local"}'), 1);
      t.equal(await site.metric('dns_questions_bucket{le="+Inf"}'), await site.metric('dns_queries'));
      t.ok((await site.metric('dnsd_answers_total{from="cached"}')) >= 5);
      t.ok((await site.metric('dnsd_upstream_rtt_seconds_count{upstream="203.0.113.53"}')) >= 1);
      t.equal((await site.metric('dnsd_cache_entries')) > 0, true);
    },
  );

  t.test(
    `${transport}: DNS-06, DNS-09: names of leases as soon as SIGUSR1 says so, and names of hosts' own`,
    async (t) => {
      site.clear();
      site.configure({ transport });
      const dnsd = await site.start();
      t.teardown(() => dnsd.stop());
      const dyndns = (query: string): Promise<string> =>
        site.lan.run('curl', ['--silent', '--write-out', '%{http_code}', `http://${ROUTER}:8053/dyndns?${query}`]);
      t.equal(await site.dig(`@${ROUTER} xps.lan A`), '');
      t.equal(await dyndns('host=web&ip=192.168.42.9'), 'no lease\n403');
      site.write('/perm/dhcp4d/leases.json', leaseOf('xps', CLIENT));
      dnsd.kill('SIGUSR1');
      await until('the name', 30_000, async () => (await site.dig(`@${ROUTER} xps.lan A`)) === CLIENT);
      t.equal(await site.dig(`@${ROUTER} -x ${CLIENT}`), 'xps.lan.');
      t.equal(await dyndns('host=web&ip=192.168.42.9'), 'ok\n200');
      t.equal(await site.dig(`@${ROUTER} web.xps.lan A`), '192.168.42.9');
      t.equal(await dyndns('host=web&ip=elsewhere'), 'invalid ip\n400');
      t.equal(await dyndns('host=a.b&ip=192.168.42.9'), 'invalid host\n400');
      await dnsd.stop();
      const again = await site.start();
      t.teardown(() => again.stop());
      t.equal(await site.dig(`@${ROUTER} web.xps.lan A`), '192.168.42.9', 'kept over a restart');
    },
  );
}
