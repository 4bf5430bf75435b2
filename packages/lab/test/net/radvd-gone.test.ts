import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { RadvdSite } from './radvd-site.ts';

t.setTimeout(60_000);
await onStage(import.meta.url);

const site = new RadvdSite();
site.write('/perm/netconfig/subnets.json', { subnets: { lan0: 0, lan1: 7 } });
site.write('/perm/ipv6.json', { ula: 'off' });
site.defaultRoute(true);

t.test('L-7: a lease that could not be read is read once it can be, whoever says so', async (t) => {
  site.write('/perm/dhcp6/wire/lease.json', '{');
  const radvd = site.launch();
  await radvd.line(/^error .*lease\.json/, 15_000);
  site.delegate(['2001:db8:100::/56']);
  await radvd.line(/^info advertising interface=lan0 /, 5000);
  t.equal(radvd.status, undefined);
  await radvd.stop('SIGKILL');
});

t.test('WPD-10: a link that is taken out of the configuration is told that its prefixes are over', async (t) => {
  site.delegate(['2001:db8:100::/56']);
  const radvd = await site.start();
  await site.address('2001:db8:100:7:', false, 8000, site.guest);
  site.write('/perm/interfaces.json', {
    interfaces: [{ name: 'uplink0', hardware_addr: '02:00:00:00:00:01' }, { name: 'lan0' }],
  });
  radvd.kill('SIGUSR1');
  await site.address('2001:db8:100:7:', true, 8000, site.guest);
  await until('guest has no router', 5000, async () => (await site.defaultRoutes(site.guest)) === '');
  await site.address('2001:db8:100:0:', false, 8000);
  t.match(await site.defaultRoutes(), /^default via fe80/, 'the other link goes on');
  await radvd.stop('SIGKILL');
});

t.test(
  'RA-15, RFC 8106 5.1: hosts are told when the name server is dead, and when it is back',
  needs('rdisc6'),
  async (t) => {
    site.delegate(['2001:db8:100::/56']);
    const server = "require('dgram').createSocket('udp4',(m,{port,address})=>s.send(m,port,address))";
    const serve = () => site.router.start('dns', process.execPath, ['-e', `const s=${server};s.bind(53,'127.0.0.1')`]);
    let dns = serve();
    const radvd = await site.start();
    // It has to have been asked once: every two seconds.
    await sleep(3000);
    await dns.stop('SIGKILL');
    await radvd.line(/^warn the name server does not answer/, 20_000);
    await radvd.line(/^info taken back .*name server fe80/, 8000);
    await radvd.line(/^info taken back .*domain lan/, 8000);
    t.match(await site.rdisc6(), /Recursive DNS server.*fe80.*\n.*lifetime +: +0 /);
    dns = serve();
    await radvd.line(/^info the name server answers again/, 5000);
    t.match(await site.rdisc6(), /Recursive DNS server.*fe80.*\n.*lifetime +: +1800 /);
    await dns.stop('SIGKILL');
    await radvd.stop('SIGKILL');
  },
);
