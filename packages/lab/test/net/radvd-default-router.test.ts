import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { RadvdSite } from './radvd-site.ts';

t.setTimeout(180_000);
await onStage(import.meta.url);

const site = new RadvdSite();

function defaultRoute(present: boolean, timeoutMs: number = 5000): Promise<boolean> {
  return until(`host ${present ? 'with' : 'without'} default route`, timeoutMs, async () => {
    const routes = await site.defaultRoutes();
    return /^default via fe80::/m.test(routes) === present;
  });
}

t.test('RA-07, G-4, G-5, L-4, ULA-5: a default router only with a prefix and a way out', async (t) => {
  site.write('/perm/netconfig/subnets.json', { subnets: { lan0: 0, lan1: 1 }, ula: 'fd12:3456:789a::/48' });
  const radvd = await site.start();
  await site.address('fd12:3456:789a:0:', false, 5000);
  t.equal(await site.defaultRoutes(), '', 'ULA-5: unique local addresses make no default router');
  site.defaultRoute(true);
  site.delegate(['2001:db8:100::/56']);
  radvd.kill('SIGUSR1');
  await defaultRoute(true);
  t.pass('with both it is one');
  const lostAt = performance.now();
  site.defaultRoute(false);
  await defaultRoute(false);
  t.ok(performance.now() - lostAt < 5000, `G-5: ${Math.round(performance.now() - lostAt)} ms after the route was lost`);
  t.match(await site.addresses(), [{ deprecated: false }, { deprecated: false }], 'the prefixes stay');
  site.defaultRoute(true);
  await defaultRoute(true);
  site.delegate([]);
  radvd.kill('SIGUSR1');
  await defaultRoute(false);
  t.pass('L-4: without a delegated prefix');

  site.delegate(['2001:db8:100::/56']);
  radvd.kill('SIGUSR1');
  await defaultRoute(true);
  t.equal(await radvd.stop('SIGTERM', 6000), 0);
  await defaultRoute(false, 1000);
  t.pass('nor after SIGTERM');
});

t.test('who is killed is a router still when it is back', async (t) => {
  const radvd = await site.start();
  await defaultRoute(true);
  await radvd.stop('SIGKILL');
  const again = await site.start();
  t.match(await site.defaultRoutes(), /^default via fe80::/);
  await again.stop('SIGKILL');
});
