import { join } from 'node:path';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { LanSite } from './lan-site.ts';

await onStage(import.meta.url);

const LEASE = {
  valid_until: '2030-01-01T00:00:00Z',
  client_ip: '198.51.100.7',
  subnet_mask: '255.255.255.0',
  router: '198.51.100.1',
  dns: [],
};

t.test('NC-04 another address of the same subnet takes over without a moment without any', async (t) => {
  const site = new LanSite(t, 'renumber', { interfaces: [{ name: 'uplink0' }] }, ['uplink0', 'lan0']);
  await site.isp.run('mkdir', ['-p', join(site.perm, 'dhcp4/wire')]);
  site.writePerm('dhcp4/wire/lease.json', JSON.stringify(LEASE));
  t.equal(await site.once(), 0);
  site.writePerm('dhcp4/wire/lease.json', JSON.stringify({ ...LEASE, client_ip: '198.51.100.8' }));
  const { status, output } = await site.run();
  t.equal(status, 0);
  t.same(await site.router.addresses('uplink0'), ['198.51.100.8/24']);
  // The kernel has not taken it away together with the old one, so it was not to be added again.
  t.equal(output.match(/\+ address/g)?.length, 1);
});
