import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { needs } from './installed.ts';
import { GUEST, Ipv6Site, LAN, UPLINK } from './ipv6-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

t.test('a full disk keeps nothing from being applied, and what could not be kept is told', needs('nft'), async (t) => {
  const site = new Ipv6Site(t, 'full');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', site.perm]);
  t.teardown(() => execFileSync('umount', ['--lazy', site.perm]));
  await site.isp.run('mkdir', ['-p', join(site.perm, 'dhcp6/wire')]);
  site.configure({ interfaces: [UPLINK, LAN, GUEST] });
  site.writePerm('firewall.json', { ping: false });
  site.delegate({ prefix: '2001:db8:a::/56' });
  t.throws(() => writeFileSync(join(site.perm, 'filler'), Buffer.alloc(256 << 10)), { code: 'ENOSPC' });

  const { output } = await site.run();
  t.same(await site.router.addresses('lan0'), ['192.168.42.1/24']);
  t.same(await site.router.addresses('guest0'), ['192.168.43.1/24']);
  t.same(await site.delegatedAddresses('lan0'), ['2001:db8:a::1/64']);
  t.same(await site.delegatedAddresses('guest0'), ['2001:db8:a:1::1/64']);
  t.same((await site.global('lan0')).length, 1, 'but a unique local prefix that could not be kept');
  t.match(await site.router.run('nft', ['list', 'table', 'inet', 'router7']), /hook forward/);
  t.match(output, /^warn .*no copy of what is good could be kept: .*ENOSPC/m);
  t.match(output, /^error .*subnets\.json: cannot be written: .*ENOSPC/m);

  execFileSync('rm', [join(site.perm, 'filler')]);
  t.equal(await site.once(), 0);
  t.equal((await site.global('lan0')).length, 2, 'with room again it is made');
});
