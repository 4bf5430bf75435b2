import t, { type Test } from 'tap';
import { scan } from '../../src/attack/scan.ts';
import type { Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { At, FirewallSite } from './firewall-site.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

/** For ports that are open: a busy machine may take its time to answer. */
const PATIENCE = 15_000;

const FORWARDINGS = {
  forwardings: [
    { port: '2222', dest_addr: At.client, dest_port: '22' },
    { proto: 'tcp,udp', port: '8040-8043', dest_addr: At.client, dest_port: '8040-8043' },
    { proto: 'udp,tcp', port: '80-83', dest_addr: At.client, dest_port: '180-183' },
    { proto: 'udp', port: '5000-5002', dest_addr: At.client, dest_port: '5353' },
    { proto: '', port: '53', dest_addr: At.client, dest_port: '53' },
    // From here on nothing is as it should be.
    { proto: 'sctp', port: '1', dest_addr: At.client, dest_port: '1' },
    { port: '90-80', dest_addr: At.client, dest_port: '90-80' },
    { port: '70000', dest_addr: At.client, dest_port: '1' },
    { port: '100-110', dest_addr: At.client, dest_port: '200-220' },
    { port: '443', dest_addr: '10.1.2.3', dest_port: '443' },
    { port: '443', dest_addr: At.lan, dest_port: '443' },
    { port: '443', dest_addr: At.client6, dest_port: '443' },
    'nothing',
    // And this one is good again; two of its four ports are those of another entry already.
    { port: '82-85', dest_addr: At.other, dest_port: '82-85' },
  ],
};

const COMPLAINTS = [
  /forwardings\[5\]\.proto: found .*sctp.*, expected tcp, udp, a list/,
  /forwardings\[6\]\.port: found .*90-80.*, expected ports from 1 to 65535, the lower one first/,
  /forwardings\[7\]\.port: found .*70000.*, expected ports from 1 to 65535/,
  /forwardings\[8\]\.dest_port: found .*200-220.*, expected one port, or as many as there are in port/,
  /forwardings\[9\]\.dest_addr: found .*10\.1\.2\.3.*, expected an address of the home \(192\.168\.42\.0\/24\)/,
  /forwardings\[10\]\.dest_addr: found .*192\.168\.42\.1.*, the router itself, expected a computer of the home/,
  /forwardings\[11\]\.dest_addr: found .*2001:db8.*, expected an IPv4 address/,
  /forwardings\[12\]: found .*nothing.*, expected an object/,
  /forwardings\[13\]\.port: found .*82-85.*, expected none of forwardings\[2\] \(.*80-83.*\), which counts/,
];

t.test('FW-02 FW-18 forwarded ports', async (t) => {
  const site = new FirewallSite(t, 'forwards');
  site.writePerm('portforwardings.json', FORWARDINGS);
  const said = await site.configure();
  const listener = await site.listen(
    site.client,
    [22, 53, 8040, 8043, 180, 181, 182, 183],
    [8040, 8043, 5353, 180, 181, 182, 183],
  );
  const other = await site.listen(site.other, [82, 83, 84, 85], []);
  const own = await site.listen(site.router, [53, 2222, 22], []);

  await t.test('what is wrong is told in one line each, and the others go on', async (t) => {
    const lines = said.split('\n').filter((line) => line.includes('portforwardings.json'));
    for (const complaint of COMPLAINTS) {
      t.equal(lines.filter((line) => complaint.test(line)).length, 1, String(complaint));
    }
    t.equal(lines.length, COMPLAINTS.length);
  });

  await t.test('protocols, equal and shifted ranges, many ports to one', async (t) => {
    await open(t, site.internet, 'tcp', [2222, 8040, 8043, 80, 81, 82, 83, 84, 85, 53]);
    await open(t, site.internet, 'udp', [8040, 8043, 80, 81, 82, 83, 5000, 5001, 5002]);
    const seen = await guests(listener, 17);
    const ports = (protocol: string): string[] => {
      const lines = seen.filter((line) => line.startsWith(protocol)).map((line) => line.split(' ')[1] as string);
      return lines.sort((a, b) => Number(a) - Number(b));
    };
    t.same(ports('tcp'), ['22', '53', '180', '181', '182', '183', '8040', '8043'], 'shifted one by one');
    t.same(ports('udp'), ['180', '181', '182', '183', '5353', '5353', '5353', '8040', '8043']);
    t.ok(
      seen.every((line) => line.endsWith(` ${At.internet}`)),
      'who came is seen as who it is',
    );
    t.same((await guests(other, 2)).map((line) => line.split(' ')[1]).sort(), ['84', '85']);
    t.same(
      own.output.filter((line) => line !== 'ready'),
      [],
      'also a port that the router itself uses',
    );
  });

  await t.test('no other port, and no IPv6', async (t) => {
    t.same(await reach(site.internet, 'tcp', [22, 8039, 8044, 79, 86, 180, 443]), Array(7).fill('silent'));
    t.same(await reach(site.internet, 'udp', [2222, 53, 84, 5003, 5353]), Array(5).fill('silent'));
    t.same(await reach(site.internet, 'tcp', [2222, 8040, 80], At.wan6), Array(3).fill('silent'));
    t.same(await reach(site.internet, 'tcp', [22, 180], At.client), Array(2).fill('silent'), 'nor the address behind');
  });

  await t.test('FW-18 RFC 4787 REQ-9: from home by the address outside, also from the server to itself', async (t) => {
    const before = listener.output.length - 1;
    for (const host of [site.other, site.client]) {
      await open(t, host, 'tcp', [2222, 80, 83]);
      await open(t, host, 'udp', [8040, 80, 5001]);
    }
    const seen = (await guests(listener, before + 12)).slice(before);
    t.equal(seen.length, 12);
    t.ok(
      seen.every((line) => line.endsWith(` ${At.wan}`)),
      'the server sees the address outside',
    );
    t.match(
      await site.knock(site.client, At.lan, 53, 3000),
      /^tcp open/,
      'the router by its own address is the router',
    );
    t.same(await guests(own, 1), [`tcp 53 ${At.client}`]);
  });

  await t.test('each rule says which entry has made it', async (t) => {
    const rules = (await site.ruleset())
      // nft breaks the lines of long maps.
      .replaceAll(/,\s*\n\s*/g, ', ')
      .split('\n')
      .filter((line) => /dnat (ip )?to|ct status dnat ip daddr/.test(line));
    t.ok(rules.length > 10);
    t.ok(rules.every((line) => /comment "portforwardings\.json forwardings\[\d+\]"$/.test(line)));
    t.match(
      rules.join('\n'),
      /tcp dport 80-83 dnat ip to 192\.168\.42\.2:tcp dport map \{ 80 : 180, 81 : 181, 82 : 182, 83 : 183 \} comment "portforwardings\.json forwardings\[2\]"/,
    );
  });

  await t.test('without the file nothing is forwarded', async (t) => {
    await site.router.run('rm', [`${site.perm}/portforwardings.json`]);
    await site.netconfigd();
    t.same(await reach(site.internet, 'tcp', [2222, 80, 8040]), Array(3).fill('silent'));
    t.notMatch(await site.ruleset(), /port-forwards/);
  });
});

async function open(t: Test, from: Host, protocol: 'tcp' | 'udp', ports: readonly number[]): Promise<void> {
  const outcomes = await reach(from, protocol, ports, At.wan, PATIENCE);
  t.same(outcomes, Array(ports.length).fill('open'), `${from.name}: ${protocol} ${ports}`);
}

/** Who came, once so many have: a port is open before the program behind it says who knocked. */
async function guests(listener: Program, count: number): Promise<readonly string[]> {
  const seen = (): readonly string[] => listener.output.filter((line) => line !== 'ready');
  await until(`${count} guests`, PATIENCE, () => seen().length >= count).catch(() => undefined);
  return seen();
}

function reach(
  from: Host,
  protocol: 'tcp' | 'udp',
  ports: readonly number[],
  host: string = At.wan,
  patience?: number,
): Promise<unknown> {
  return scan(
    from,
    ports.map((port) => ({ protocol, host, port })),
    patience,
  );
}
