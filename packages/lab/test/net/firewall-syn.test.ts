import { execFileSync } from 'node:child_process';
import t from 'tap';
import { scan } from '../../src/attack/scan.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { Capture } from './capture.ts';
import { At, FirewallSite } from './firewall-site.ts';
import { needs } from './installed.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

const DESTINATION_UNREACHABLE = 1;
const ADMINISTRATIVELY_PROHIBITED = 1;

t.test('FW-10 REC-34 a vain SYN over IPv6 is answered after six seconds, not before', needs('tcpdump'), async (t) => {
  const site = new FirewallSite(t, 'vain');
  await site.configure();
  const capture = await Capture.start(site.internet, 'eth0', 'ip6');
  // The kernel sends the SYN again after 1, 3 and 7 s; the error ends the attempt.
  const outcomes = scan(
    site.internet,
    [
      { protocol: 'tcp', host: At.client6, port: 22 },
      { protocol: 'tcp', host: At.wan6, port: 22 },
    ],
    30_000,
  );
  t.same(await outcomes, ['refused', 'refused'], 'for a computer of the home and for the router');
  const syns = capture.packets.filter(
    ({ frame }) => frame.ipv6?.nextHeader === 6 && frame.ipv6.destination.toString() === At.client6,
  );
  const errors = capture.packets.filter(
    ({ frame }) => frame.icmpv6?.type === DESTINATION_UNREACHABLE && frame.icmpv6.code === ADMINISTRATIVELY_PROHIBITED,
  );
  t.equal(errors.length, 2);
  t.ok((errors[0]?.at ?? 0) - (syns[0]?.at ?? 0) >= 6000, 'RFC 5382 REQ-4: six seconds');
  t.match(await site.ruleset(), /set syn-recent/);

  await t.test('IPv4 is never answered (RFC 5382 REQ-4 allows it)', async (t) => {
    t.same(await scan(site.internet, [{ protocol: 'tcp', host: At.wan, port: 22 }], 9000), ['silent']);
  });

  await t.test('answer_syn: false', async (t) => {
    site.writePerm('firewall.json', { answer_syn: false });
    await site.netconfigd();
    t.same(await scan(site.internet, [{ protocol: 'tcp', host: At.client6, port: 23 }], 9000), ['silent']);
    t.notMatch(await site.ruleset(), /set syn-recent/);
  });
});

t.test('FW-22 a source that opens connections without end is limited, others are not', async (t) => {
  const site = new FirewallSite(t, 'flood');
  site.writePerm('firewall.json', { syn_limit: { rate: 5, burst: 20 } });
  site.writePerm('portforwardings.json', {
    forwardings: [{ port: '8080', dest_addr: At.client, dest_port: '80' }],
  });
  await site.configure();
  await site.listen(site.client, [80], []);
  const knocks = Array.from({ length: 120 }, () => ({ protocol: 'tcp', host: At.wan, port: 8080 }) as const);
  const outcomes = await scan(site.internet, knocks, 300);
  const open = outcomes.filter((outcome) => outcome === 'open').length;
  t.ok(open >= 20, `${open} connections, the burst`);
  t.ok(open < 100, `of 120`);
  t.ok((await site.counted('drop-syn-flood')) >= 20);
  t.same(await scan(site.isp, [{ protocol: 'tcp', host: At.wan, port: 8080 }]), ['open'], 'somebody else is served');
  await until('the source is served again', 15_000, async () => {
    return (await scan(site.internet, [{ protocol: 'tcp', host: At.wan, port: 8080 }], 500))[0] === 'open';
  });
  t.match(await site.router.run('nft', ['list', 'set', 'inet', 'router7', 'syn-sources-ipv4']), /203\.0\.113\.10/);

  await t.test('what is remembered survives new rules, and is bounded', async (t) => {
    const list = (): Promise<string> => site.router.run('nft', ['list', 'set', 'inet', 'router7', 'syn-sources-ipv4']);
    await site.netconfigd();
    site.writePerm('portforwardings.json', { forwardings: [] });
    await site.netconfigd();
    t.match(await list(), /203\.0\.113\.10/);
    t.match(await list(), /size 16384/);
  });
});

t.test('FW-11 FW-14 FW-15 FW-16 FW-17 FW-22 the timers of connections, helpers off', async (t) => {
  const site = new FirewallSite(t, 'timers');
  await site.configure();
  const timers = async (): Promise<Record<string, number>> => {
    const names = ['udp_timeout', 'udp_timeout_stream', 'tcp_timeout_established', 'icmp_timeout', 'icmpv6_timeout'];
    const states = ['syn_sent', 'syn_recv', 'fin_wait', 'close_wait', 'last_ack', 'time_wait', 'close'];
    const all = [...names, ...states.map((state) => `tcp_timeout_${state}`), 'generic_timeout'];
    const values = all.map(async (name) => [name, await site.sysctl(`net.netfilter.nf_conntrack_${name}`)] as const);
    return Object.fromEntries(await Promise.all(values));
  };
  const transitory = (seconds: number): object =>
    Object.fromEntries(
      ['syn_sent', 'syn_recv', 'fin_wait', 'close_wait', 'last_ack', 'time_wait', 'close'].map((state) => [
        `tcp_timeout_${state}`,
        seconds,
      ]),
    );
  t.same(await timers(), {
    ...{ udp_timeout: 300, udp_timeout_stream: 300, tcp_timeout_established: 7440 },
    ...{ icmp_timeout: 60, icmpv6_timeout: 60, generic_timeout: 300 },
    ...transitory(240),
  });
  site.writePerm('firewall.json', {
    timers: { udp: 120, tcp_established: 86_400, tcp_transitory: 300, icmp: 90, other: 200 },
  });
  await site.netconfigd();
  t.same(await timers(), {
    ...{ udp_timeout: 120, udp_timeout_stream: 120, tcp_timeout_established: 86_400 },
    ...{ icmp_timeout: 90, icmpv6_timeout: 90, generic_timeout: 200 },
    ...transitory(300),
  });
  // A connection has the timer that it is told to have.
  await site.knock(site.client, At.internet, 9, 500);
  const flow = await site.router.run('conntrack', ['-L', '-p', 'udp', '--dport', '9']);
  const left = Number(/^udp\s+17 (\d+)/m.exec(flow)?.[1]);
  t.ok(left > 60 && left <= 120, `${left} s left`);

  site.writePerm('firewall.json', { timers: { udp: 119 } });
  const program = site.daemon('netconfigd', '-linger=false');
  t.equal(await program.exited, 1);
  t.match(
    program.output.join('\n'),
    /timers\.udp: found 119, expected at least 120/,
    'none shorter than the RFCs allow',
  );

  // Helpers are assigned by rules only; there are none.
  t.notMatch(await site.ruleset(), /helper/);
  t.equal(
    execFileSync('sh', ['-c', 'cat /proc/sys/net/netfilter/nf_conntrack_helper 2>/dev/null || echo 0'], {
      encoding: 'utf8',
    }).trim(),
    '0',
  );
});
