import { fileURLToPath } from 'node:url';
import { MessageType } from '@router7/dhcp6';
import t from 'tap';
import { HostilePrefix, setMood } from '../../src/isp/hostile-ipv6.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { Wan6Site } from './wan6-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

const serverProgram = fileURLToPath(new URL('../../src/isp/hostile-ipv6-server.ts', import.meta.url));

t.test(
  'D6C-08 D6C-10 D6C-11 D6C-24 D6C-27 a server that lies, forgets, withdraws, and answers from another port',
  needs('tcpdump', 'arping'),
  async (t) => {
    const site = new Wan6Site(t, 'hostile');
    // That server stands on the cable itself.
    site.isp.ip('link set customer0 nomaster');
    setMood('goodwill');
    const capture = await site.capture6();
    await site.isp.startNode('hostile6', serverProgram).line(/^ready/, 20_000);
    const dhcp6 = site.dhcp6();
    const first = await site.leased6(40_000);
    t.same(site.prefixes(), [HostilePrefix.good], 'none of the wrong answers is believed');
    await capture.settle();
    const [solicit, ...others] = capture.messages(MessageType.solicit);
    t.ok(others.length > 0, 'the first copy was lost');
    t.equal(others[0]?.message6.transactionId, solicit?.message6.transactionId);

    /** Makes the client renew, in a mood of the server's, until a lease satisfies a condition. */
    const renewed = async (
      mood: Parameters<typeof setMood>[0],
      condition: (prefixes: readonly string[]) => boolean,
    ): Promise<void> => {
      setMood(mood);
      const before = Date.now();
      await until(`${mood}: another lease`, 30_000, () => {
        dhcp6.kill('SIGUSR1');
        return Date.parse(site.lease6()?.received_at ?? '') > before && condition(site.prefixes());
      });
    };
    const requests = (): number => capture.messages(MessageType.request).length;
    const only = (prefix: string) => (prefixes: readonly string[]) => prefixes.join() === prefix;
    await renewed('goodwill', only(HostilePrefix.good));
    const before = requests();
    await renewed('NoBinding', (prefixes) => requests() > before && only(HostilePrefix.good)(prefixes));
    // What has a lifetime of 0 leaves at once, and so does, by a Request, what has NoBinding inside.
    await renewed('another prefix', only(HostilePrefix.other));
    await renewed('withdrawn', only(HostilePrefix.good));
    t.pass('NoBinding beside, lifetime 0, and NoBinding inside of a prefix');

    // Neither the refusal nor the server that is silent costs the lease; at T2 the other server prolongs it.
    setMood('UseMulticast');
    const mark = Date.now();
    dhcp6.kill('SIGUSR1');
    await capture.message('a Renew in vain', MessageType.renew, 20_000, ({ at }) => at > mark);
    setMood('another server');
    const rebind = await capture.message('a Rebind', MessageType.rebind, 30_000, ({ at }) => at > mark);
    const rebound = await site.leased6(20_000, ({ server_duid }) => server_duid !== first.server_duid);
    t.ok(Date.parse(rebound.received_at ?? '') >= rebind.at - 1000);
    t.same(site.prefixes(), [HostilePrefix.good]);

    setMood('T1 and T2 reversed');
    const kept = site.lease6();
    const late = Date.now();
    await capture.message('another Rebind', MessageType.rebind, 30_000, ({ at }) => at > late);
    await capture.settle();
    t.same(site.lease6(), kept, 'an IA with T1 behind T2 extends nothing, and costs nothing');
  },
);
