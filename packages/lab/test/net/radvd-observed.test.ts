import { decodeMessage, defaultHostConfig, HostEngine } from '@router7/ndp';
import { MacAddress } from '@router7/wire';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture } from './capture.ts';
import { needs } from './installed.ts';
import { RadvdSite } from './radvd-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

const OLD = '2001:db8:100::/64';
const NEW = '2001:db8:200::/64';
const ADVERTISEMENT = 134;

/** What radvdump says of a prefix, the latest, without its white space. */
function dumped(output: readonly string[], prefix: string): string {
  const text = output.map((line) => line.trim()).join(' ');
  return text.slice(Math.max(text.lastIndexOf(`prefix ${prefix}`), 0)).replace(/\};.*$/, '');
}

t.test(
  'RA-17: a renumbering as Linux, as a host that lets nobody cut lifetimes below two hours, and as radvdump see it',
  needs('radvdump', 'tcpdump'),
  async (t) => {
    const site = new RadvdSite();
    site.write('/perm/ipv6.json', { ula: 'off' });
    site.defaultRoute(true);
    site.delegate(['2001:db8:100::/56']);
    const dump = site.host.start('radvdump', 'radvdump', []);
    const capture = await Capture.start(site.host, 'eth0', `icmp6 and ip6[40] == ${ADVERTISEMENT}`);
    const radvd = await site.start();
    await site.address('2001:db8:100:', false, 10_000);
    const changedAt = Date.now();
    site.delegate(['2001:db8:200::/56']);
    radvd.kill('SIGUSR1');

    t.comment('Linux');
    const old = await site.address('2001:db8:100:', true, 5000);
    await site.address('2001:db8:200:', false, 5000);
    t.equal(old.preferredSeconds, 0);
    t.ok(
      old.validSeconds > 5000 && old.validSeconds <= 5400,
      `still valid, for ${old.validSeconds} s: connections go on`,
    );

    t.comment('radvdump');
    await until('radvdump reads both', 5000, () => {
      return [OLD, NEW].every((prefix) => dumped(dump.output, prefix).includes('AdvAutonomous'));
    });
    t.match(dumped(dump.output, OLD), /AdvValidLifetime 0; AdvPreferredLifetime 0; AdvOnLink on; AdvAutonomous on;/);
    t.match(
      dumped(dump.output, NEW),
      /AdvValidLifetime 5400; AdvPreferredLifetime 2700; AdvOnLink on; AdvAutonomous on;/,
    );

    t.comment('a host that keeps to RFC 4862 section 5.5.3 e to the letter, as Windows does');
    const config = { ...defaultHostConfig(MacAddress.zero), solicit: false };
    const host = new HostEngine(config, { random: () => 0 });
    const prefixes = (): Record<string, { preferred: boolean; left: number }> =>
      Object.fromEntries(
        host
          .heard('addressPrefix')
          .map(({ prefix, preferred, until }) => [`${prefix}`, { preferred, left: until - now }]),
      );
    let now = 0;
    let last: Uint8Array | undefined;
    for (const { at, frame } of capture.packets) {
      if (frame.ipv6 === undefined) continue;
      const { payload, source, destination, hopLimit } = frame.ipv6;
      if (now < changedAt && at >= changedAt) t.match(prefixes(), { [OLD]: { preferred: true } }, 'before');
      now = at;
      last = payload;
      host.handle({ kind: 'packet', payload, source, destination, hopLimit }, now);
    }
    const after = prefixes();
    t.match(after, { [OLD]: { preferred: false }, [NEW]: { preferred: true } }, 'after');
    t.strictSame(
      host.heard('onLinkPrefix').map(({ prefix }) => `${prefix}`),
      [NEW],
      'the old prefix is on the link no more',
    );
    t.ok((after[OLD]?.left ?? 0) <= 7_200_000, 'its addresses are valid for two hours at most');
    // The router goes on to say it: no host may begin anew with every time.
    const { ipv6 } = capture.packets.at(-1)?.frame ?? {};
    t.match(decodeMessage(last ?? new Uint8Array()), { kind: 'routerAdvertisement' });
    for (let minutes = 0; minutes < 120 && ipv6 !== undefined; minutes += 10) {
      now += 600_000;
      host.handle({ ...ipv6, kind: 'packet' }, now);
    }
    t.notOk(OLD in prefixes(), 'and over within two hours');
    await Promise.all([radvd.stop('SIGKILL'), dump.stop('SIGKILL')]);
  },
);
