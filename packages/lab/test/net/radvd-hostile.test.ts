import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeMessage } from '@router7/ndp';
import { MacAddress, toHex } from '@router7/wire';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { RadvdSite } from './radvd-site.ts';

t.setTimeout(180_000);
await onStage(import.meta.url);

const sender = fileURLToPath(new URL('radvd-sender.ts', import.meta.url));
const mac = MacAddress.parse('02:00:00:00:00:99').toBytes();
const solicitation = encodeMessage({
  kind: 'routerSolicitation',
  options: [{ kind: 'sourceLinkLayerAddress', value: mac }],
});

const site = new RadvdSite();
site.delegate(['2001:db8:100::/56']);
site.defaultRoute(true);
site.write('/perm/ipv6.json', { ula: 'off' });

/** Sends messages from the host, and gives what the program said in the end. */
async function send(settings: Record<string, unknown>): Promise<string> {
  const program = site.host.startNode('sender', sender, [JSON.stringify(settings)]);
  await program.exited;
  return program.output.at(-1) ?? '';
}

/** A file into which tcpdump writes a line for each advertisement that the host gets. */
async function watch(): Promise<{ readonly count: () => number; readonly stop: () => Promise<number> }> {
  const args = ['-i', 'eth0', '-n', '-l', '--immediate-mode', 'icmp6 and ip6[40] == 134'];
  const program = site.host.start('tcpdump', 'tcpdump', args);
  await program.line(/listening on/, 10_000);
  let count = 0;
  program.follow((line) => {
    if (line.includes('router advertisement')) count++;
  });
  return { count: () => count, stop: () => program.stop() };
}

/** Milliseconds of processor time that a process has had. */
function cpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

t.test('RA-10: what is no valid solicitation gets no answer, and harms nobody', needs('tcpdump'), async (t) => {
  const radvd = await site.start();
  await site.address('2001:db8:100:', false, 5000);
  const advertisements = await watch();
  const withCode = solicitation.slice();
  withCode[1] = 1;
  const emptyOption = solicitation.slice();
  emptyOption[9] = 0;
  const longOption = solicitation.slice();
  longOption[9] = 200;
  const bad = [withCode, emptyOption, longOption, solicitation.subarray(0, 4), solicitation.subarray(0, 11)].map(toHex);
  // The first advertisements are 16 s apart: none comes by itself meanwhile.
  t.match(await send({ payloads: bad, count: 50, perSecond: 500 }), 'sent 50 dropped 0');
  t.match(await send({ payloads: [toHex(solicitation)], hopLimit: 254, count: 10 }), 'sent 10 dropped 0');
  t.match(await send({ payloads: [`8600${'00'.repeat(14)}`], source: '2001:db8:100::99', count: 1 }), /sent/);
  t.equal(advertisements.count(), 0);
  t.equal(radvd.status, undefined);
  await send({ payloads: [toHex(solicitation)] });
  await until('a good one gets its answer', 2000, () => advertisements.count() === 1);
  await advertisements.stop();

  t.comment('a flood from hundreds of addresses');
  site.sysctl(site.host, 'net/ipv6/ip_nonlocal_bind', 1);
  const flood = await watch();
  const before = cpu(radvd.pid);
  const started = performance.now();
  const said = await send({
    payloads: [toHex(solicitation)],
    source: 'fe80::99:0:*',
    count: 40_000,
    perSecond: 10_000,
  });
  t.equal(said, 'sent 40000 dropped 0');
  const share = (cpu(radvd.pid) - before) / (performance.now() - started);
  t.comment(`${flood.count()} answers, ${Math.round(share * 100)} % of a core`);
  t.ok(flood.count() < 6000, 'answers are bounded');
  await flood.stop();
  t.equal(radvd.status, undefined, 'it goes on');
  t.match(await site.rdisc6(), /Prefix {19}: 2001:db8:100::\/64\n/);

  t.comment('RA-10: an interface that cannot be sent by');
  site.router.ip('link set lan0 down');
  radvd.kill('SIGUSR1');
  site.router.ip('link set lan0 up');
  await until('an answer again', 15_000, async () => (await site.rdisc6()).includes('2001:db8:100::'));
  t.equal(radvd.status, undefined);
  await radvd.stop('SIGKILL');
});
