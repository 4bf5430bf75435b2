import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { RadvdSite } from './radvd-site.ts';

t.setTimeout(180_000);
await onStage(import.meta.url);

const OLD = '2001:db8:100::/56';
const NEW = '2001:db8:200::/56';
const site = new RadvdSite();
site.write('/perm/ipv6.json', { ula: 'off' });
site.defaultRoute(true);

t.test('RA-05, L-13: 5 s after the provider has changed the prefix no host prefers the old one', async (t) => {
  site.delegate([OLD]);
  const radvd = await site.start();
  for (const host of [site.host, site.guest]) {
    const { preferredSeconds, validSeconds } = await site.address('2001:db8:100:', false, 5000, host);
    t.ok(preferredSeconds <= 2700 && preferredSeconds > 2600, 'L-16: at most 45 minutes');
    t.ok(validSeconds <= 5400 && validSeconds > 5300, 'L-16: at most 90 minutes');
  }
  site.delegate([NEW]);
  const changedAt = performance.now();
  radvd.kill('SIGUSR1');
  for (const host of [site.host, site.guest]) {
    await site.address('2001:db8:100:', true, 5000, host);
    await site.address('2001:db8:200:', false, 5000, host);
  }
  t.ok(performance.now() - changedAt < 5000, `after ${Math.round(performance.now() - changedAt)} ms`);
  const source = await site.host.run('ip', ['-6', 'route', 'get', '2001:db8:ffff::1']);
  t.match(source, /src 2001:db8:200:/, 'what a host sends has the new address');
  await radvd.stop('SIGKILL');
});

t.test('RA-06, L-13: also when the power was cut in between', async (t) => {
  site.delegate([OLD]);
  const changedAt = performance.now();
  const radvd = await site.start();
  for (const host of [site.host, site.guest]) {
    await site.address('2001:db8:200:', true, 15_000, host);
    await site.address('2001:db8:100:', false, 5000, host);
  }
  const took = Math.round(performance.now() - changedAt);
  t.ok(took < 5000, `${took} ms after the start`);

  t.comment('and when there is no prefix any more');
  await radvd.stop('SIGKILL');
  site.delegate([]);
  const again = await site.start();
  await site.address('2001:db8:100:', true, 5000);
  const output = await site.rdisc6();
  t.match(output, /Router lifetime {11}: {12}0 /, 'L-4: nor a default router');
  t.match(
    output,
    /Prefix {19}: 2001:db8:100::\/64\n.*\n.*\n {2}Valid time {14}: {12}0 .*\n {2}Pref. time {14}: {12}0 /,
  );
  await again.stop('SIGKILL');
});

t.test('RA-04, L-15: what hosts are told counts down with the delegation', async (t) => {
  site.delegate([NEW], { preferred: 100, valid: 200 });
  const radvd = await site.start();
  const { preferredSeconds, validSeconds } = await site.address('2001:db8:200:', false, 5000);
  t.ok(preferredSeconds <= 100 && preferredSeconds > 80, `${preferredSeconds}`);
  // Linux takes a valid lifetime below two hours only if it is longer (RFC 4862 section 5.5.3): it is what was told before.
  t.ok(validSeconds <= 5400, `${validSeconds}`);
  site.delegate([NEW], { preferred: 5, valid: 8 });
  radvd.kill('SIGUSR1');
  await site.address('2001:db8:200:', true, 12_000);
  const end = performance.now() + 10_000;
  let output = '';
  do output = await site.rdisc6();
  while (!/Router lifetime {11}: {12}0 /.test(output) && performance.now() < end);
  t.match(output, /Router lifetime {11}: {12}0 /, 'RA-07, L-4: no default router once the last one has ended');
  await radvd.stop('SIGKILL');
});
