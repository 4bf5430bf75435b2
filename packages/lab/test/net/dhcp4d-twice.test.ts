import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { buildSite, configure, launchDaemon, startDaemon } from './dhcp4d-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

t.test('a second dhcp4d on the same folder serves nobody until the first has ended', async (t) => {
  const site = buildSite();
  configure();
  const first = await startDaemon(site);
  const second = launchDaemon(site);
  t.teardown(() => Promise.all([first.stop(), second.stop()]));
  await second.line(/^error leases cannot be had.*EAGAIN/, 30_000);
  t.notOk(second.output.some((line) => line.startsWith('info serving')));
  await first.stop('SIGKILL');
  await second.line(/^info serving/, 30_000);
});
