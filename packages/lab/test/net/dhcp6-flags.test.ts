import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageType, optionValues } from '@router7/dhcp6';
import t, { type Test } from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { Wan6Site } from './wan6-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

/** A site whose provider advertises with these flags, and has no DHCPv6 server. */
async function advertised(t: Test, name: string, flags: string): Promise<Wan6Site> {
  const site = new Wan6Site(t, name);
  await site.isp.run('sysctl', ['-qw', 'net.ipv6.conf.all.forwarding=1']);
  const [config, pid] = [`/tmp/${name}-radvd.conf`, `/tmp/${name}-radvd.pid`];
  writeFileSync(config, `interface wan { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; ${flags} };\n`);
  site.isp.start('radvd', 'radvd', ['--nodaemon', '--logmethod', 'stderr', '--config', config, '--pidfile', pid]);
  await until('the kernel has heard it', 30_000, async () =>
    (await site.router.run('ip', ['-6', 'route', 'show', 'default'])).startsWith('default via fe80'),
  );
  return site;
}

const tools = needs('radvd', 'tcpdump', 'arping');

t.test('WPD-4, D6C-19: only flag O: parameters are asked for, and a prefix all the same', tools, async (t) => {
  const site = await advertised(t, 'other', 'AdvOtherConfigFlag on;');
  const capture = await site.capture6();
  site.dhcp6();
  const request = await capture.message('an Information-request', MessageType.informationRequest, 30_000);
  t.strictSame(optionValues(request.message6, 'iaPd'), []);
  const solicit = await capture.message('a Solicit', MessageType.solicit, 10_000);
  t.equal(optionValues(solicit.message6, 'iaPd').length, 1);
});

t.test('WPD-4, D6C-19: flag M: a prefix is asked for, and parameters come with it', tools, async (t) => {
  const site = await advertised(t, 'managed', 'AdvManagedFlag on; AdvOtherConfigFlag on;');
  const capture = await site.capture6();
  site.dhcp6();
  // The second one: by then a question for parameters would have been put.
  await until('two Solicits', 20_000, () => capture.messages(MessageType.solicit).length >= 2);
  t.strictSame(capture.messages(MessageType.informationRequest), []);
  t.equal(optionValues(capture.messages(MessageType.solicit)[0]?.message6 ?? { options: [] }, 'iaPd').length, 1);
});

t.test('D6C-13, D6C-15: SIGUSR1 reads ipv6.json again, and what is wrong in it changes nothing', tools, async (t) => {
  const site = new Wan6Site(t, 'reread');
  const capture = await site.capture6();
  const wanted = (): number[] =>
    capture
      .messages(MessageType.solicit)
      .map(({ message6 }) => optionValues(message6 ?? { options: [] }, 'iaPd').length);
  const dhcp6 = site.dhcp6();
  await until('a Solicit for one prefix', 20_000, () => wanted().includes(1));
  site.writePerm('ipv6.json', { dhcp6: { delegations: 2 } });
  dhcp6.kill('SIGUSR1');
  await until('a Solicit for two', 20_000, () => wanted().at(-1) === 2);
  writeFileSync(join(site.perm, 'ipv6.json'), '{"dhcp6":');
  dhcp6.kill('SIGUSR1');
  await dhcp6.line(/configuration unusable.*the last good one goes on/, 10_000);
  dhcp6.kill('SIGKILL');
  await dhcp6.exited;
  const before = wanted().length;
  site.dhcp6();
  await until('a Solicit after a restart', 20_000, () => wanted().length > before);
  t.equal(wanted().at(-1), 2);
});
