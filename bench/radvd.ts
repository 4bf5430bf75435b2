import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cable, Host, handResults, onStage, type Program, until } from '@router7/lab';
import { resultsFile } from './results.ts';

/*
 * Router solicitations: how long hosts wait for their answers, and what that costs the daemon that gives them, router7's radvd
 * beside Debian's. RFC 4861 section 6.2.6 has an answer delayed by up to 0.5 s, one for all nodes by up to 3 s more.
 *
 * usage: radvd.ts [--seconds N] [--rounds N] [--rate PER_SECOND] [--hosts N] [--json FILE]
 */
await onStage(import.meta.url, { results: resultsFile('radvd') });

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '500' },
    hosts: { type: 'string', default: '500' },
    json: { type: 'string' },
  },
});
const { seconds, rounds, rate, hosts } = {
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
  rate: Number(values.rate),
  hosts: Number(values.hosts),
};

const HOST_MAC = '02:73:53:00:ca:01';
const PREFIX = '2001:db8:1::/64';
const generator = fileURLToPath(new URL('radvd/solicitations.ts', import.meta.url));
const ours = fileURLToPath(new URL('daemons/radvd.ts', import.meta.resolve('@router7/appliance')));
const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** What the generator prints. */
interface Answers {
  readonly sent: number;
  readonly answered: number;
  readonly unanswered: number;
  readonly unicast: number;
  readonly multicast: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** One server under load once. */
interface Sample extends Answers {
  /** Processor time of the daemon, in percent of a core, while it is asked. */
  readonly cpuPercent: number;
}

const servers: readonly { readonly name: string; readonly start: (router: Host) => Program }[] = [
  { name: 'router7', start: startOurs },
  { name: 'radvd 2.19', start: startTheirs },
];

const results = new Map<string, Sample[]>();
for (const [index, { name, start }] of servers.entries()) {
  const router = new Host(`router${index}`);
  const lan = new Host(`lan${index}`);
  connect(router, lan);
  const program = start(router);
  await until(`${name} advertises`, 20_000, async () =>
    /Prefix|Soliciting/.test(await lan.run('rdisc6', ['--single', '--retry', '1', '--wait', '4000', 'eth0'])),
  );
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) samples.push(await measure(program, lan));
  results.set(name, samples);
  report(name, samples);
  await program.stop('SIGTERM', 6000);
}
const settings = { seconds, rounds, rate, hosts };
handResults({ settings, results: Object.fromEntries(results) });
process.exit(0);

/** A router's lan0 and a LAN of many hosts, all of them with addresses of one interface. */
function connect(router: Host, lan: Host): void {
  cable(router, 'lan0', lan, 'eth0');
  lan.ip(`link set eth0 address ${HOST_MAC}`);
  for (const [host, device] of [
    [router, 'lan0'],
    [lan, 'eth0'],
  ] as const) {
    sysctl(host, `net/ipv6/conf/${device}/accept_dad`, 0);
    sysctl(host, `net/ipv6/conf/${device}/router_solicitations`, 0);
  }
  sysctl(lan, 'net/ipv6/conf/eth0/accept_ra', 0);
  sysctl(router, 'net/ipv6/conf/all/forwarding', 1);
  lan.ip('link set eth0 up');
  router.ip('link set lan0 up');
  const lines = Array.from(
    { length: hosts },
    (_, number) => `address add fe80::99:${(number + 1).toString(16)}/64 dev eth0 nodad\n`,
  );
  execFileSync('ip', ['-netns', lan.name, '-batch', '-'], { input: lines.join('') });
}

function startOurs(router: Host): Program {
  mkdirSync('/perm/radvd', { recursive: true });
  writeFileSync('/perm/interfaces.json', JSON.stringify({ interfaces: [{ name: 'lan0', addr: '2001:db8:1::1/64' }] }));
  return router.startNode('radvd', ours);
}

function startTheirs(router: Host): Program {
  const options = 'AdvSendAdvert on; AdvDefaultLifetime 2700; MaxRtrAdvInterval 600; MinRtrAdvInterval 450;';
  const prefix = `prefix ${PREFIX} { AdvValidLifetime 5400; AdvPreferredLifetime 2700; };`;
  writeFileSync('/tmp/radvd.conf', `interface lan0 { ${options} ${prefix} };\n`);
  const args = ['--nodaemon', '--config', '/tmp/radvd.conf', '--pidfile', '/tmp/radvd.pid', '--logmethod', 'none'];
  return router.start('radvd', 'radvd', args);
}

async function measure(program: Program, lan: Host): Promise<Sample> {
  const before = cpuSeconds(program.pid);
  const args = [
    '--conditions=@router7/source',
    generator,
    'eth0',
    HOST_MAC,
    String(hosts),
    String(rate),
    String(seconds),
  ];
  const text = await lan.run(process.execPath, args, (seconds + 30) * 1000);
  // The generator waits for late answers, when nothing is asked any more: that time is not counted.
  const cpuPercent = ((cpuSeconds(program.pid) - before) / seconds) * 100;
  return { ...(JSON.parse(text) as Answers), cpuPercent };
}

/** User and system time of a process and of those it has started. */
function cpuSeconds(pid: number): number {
  const own = (id: number): number => {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticks;
  };
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [pid, ...children.map(Number)].map(own).reduce((sum, each) => sum + each, 0);
}

function report(name: string, samples: readonly Sample[]): void {
  for (const { cpuPercent, answered, unanswered, unicast, multicast, medianMs, p99Ms, longestMs } of samples) {
    console.log(
      `${name.padEnd(12)} ${rate}/s from ${hosts} hosts: ${cpuPercent.toFixed(1)} % of a core; ${answered} answered ` +
        `(${unicast} alone, ${multicast} for all), ${unanswered} not; median ${medianMs} ms, p99 ${p99Ms}, longest ${longestMs}`,
    );
  }
}

function sysctl(host: Host, name: string, value: number): void {
  execFileSync('ip', ['netns', 'exec', host.name, 'sysctl', '-qw', `${name}=${value}`]);
}
