// Runs in a namespace of its own, the router; two children hold those of the home (192.168.42.2) and the Internet
// (203.0.113.2). Prints what came through and what did not.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { accept, clampMss, counter, dnat, drop, limit, masquerade, rule, type TableDefinition } from '@router7/nft';
import { applyRuleset, NftConnection } from '@router7/nft/node';

const lan = { iifname: 'lan0' } as const;
const uplink = { iifname: 'uplink0' } as const;
const replies = rule({ 'ct.state': ['established', 'related'] }, accept());
const tables: TableDefinition[] = [
  {
    family: 'inet',
    name: 'router7',
    counters: { dropped: {}, clamped: {} },
    chains: {
      input: {
        ...{ type: 'filter', hook: 'input', priority: 0, policy: 'drop' },
        rules: [
          replies,
          rule({ 'ct.state': 'invalid' }, drop()),
          rule(lan, accept()),
          rule({ iifname: 'lo' }, accept()),
          rule({ 'icmp.type': 'echo-request' }, limit({ rate: 10, per: 'second' }), accept()),
          rule({ ...uplink, 'udp.sport': 67, 'udp.dport': 68 }, accept()),
          rule(counter('dropped')),
        ],
      },
      forward: {
        ...{ type: 'filter', hook: 'forward', priority: 0, policy: 'drop' },
        rules: [
          rule({ oifname: 'uplink0', 'tcp.flags': 'syn' }, counter('clamped'), clampMss()),
          replies,
          rule({ ...lan, oifname: 'uplink0' }, accept()),
          rule({ 'ct.status': 'dnat' }, accept()),
          rule(counter('dropped')),
        ],
      },
    },
  },
  {
    family: 'ip',
    name: 'nat',
    chains: {
      prerouting: {
        ...{ type: 'nat', hook: 'prerouting', priority: -100 },
        rules: [rule({ 'fib.daddr.type': 'local', 'tcp.dport': 8081 }, dnat('192.168.42.2', { port: 8080 }))],
      },
      postrouting: {
        ...{ type: 'nat', hook: 'postrouting', priority: 100 },
        rules: [
          rule({ oifname: 'uplink0' }, masquerade()),
          rule({ ...lan, oifname: 'lan0', 'ct.status': 'dnat' }, masquerade()),
        ],
      },
    },
  },
];

const children: ChildProcess[] = [];
const ip = (text: string): void => void execFileSync('ip', text.split(' '));

/** A child that holds a namespace; it ends with this process's standard input to it. */
async function holdNamespace(): Promise<number> {
  const child = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
  children.push(child);
  const own = readlinkSync('/proc/self/ns/net');
  while (readlinkSync(`/proc/${child.pid}/ns/net`) === own) await pause(5);
  return child.pid as number;
}

const inside = (pid: number, command: readonly string[]): string[] => ['-t', `${pid}`, '-n', '--', ...command];

async function serve(pid: number): Promise<void> {
  const code = `require('node:http').createServer((request, response) => response.end(request.socket.remoteAddress))
    .listen(8080, '0.0.0.0', () => console.log('ready'))`;
  const child = spawn('nsenter', inside(pid, [process.execPath, '-e', code]), { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
}

/** What the server saw as the source's address; undefined when nothing came back. */
function fetchFrom(pid: number, url: string): string | undefined {
  const done = spawnSync('nsenter', inside(pid, ['curl', '-s', '--max-time', '1', url]), { encoding: 'utf8' });
  return done.status === 0 ? done.stdout : undefined;
}

try {
  const [home, internet] = [await holdNamespace(), await holdNamespace()];
  for (const [name, peer, pid, address, other] of [
    ['lan0', 'eth0', home, '192.168.42.1/24', '192.168.42.2/24'],
    ['uplink0', 'eth0', internet, '203.0.113.1/24', '203.0.113.2/24'],
  ] as const) {
    ip(`link add ${name} type veth peer name ${peer} netns ${pid}`);
    ip(`addr add ${address} dev ${name}`);
    ip(`link set ${name} up`);
    execFileSync('nsenter', inside(pid, ['ip', 'addr', 'add', other, 'dev', peer]));
    execFileSync('nsenter', inside(pid, ['ip', 'link', 'set', peer, 'up']));
    execFileSync('nsenter', inside(pid, ['ip', 'link', 'set', 'lo', 'up']));
    const gateway = address.split('/')[0] as string;
    execFileSync('nsenter', inside(pid, ['ip', 'route', 'add', 'default', 'via', gateway]));
  }
  ip('link set lo up');
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  await Promise.all([serve(home), serve(internet), serve(process.pid)]);

  const urls = {
    internet: 'http://203.0.113.2:8080/',
    home: 'http://192.168.42.2:8080/',
    router: 'http://192.168.42.1:8080/',
  };
  const open = { out: fetchFrom(home, urls.internet), intoHome: fetchFrom(internet, urls.home) };
  using connection = new NftConnection();
  await applyRuleset(connection, { tables });
  const out = fetchFrom(home, urls.internet);
  const intoHome = fetchFrom(internet, urls.home);
  const intoRouter = fetchFrom(internet, 'http://203.0.113.1:8080/');
  const homeToRouter = fetchFrom(home, urls.router);
  const forwarded = fetchFrom(internet, 'http://203.0.113.1:8081/');
  const hairpin = fetchFrom(home, 'http://203.0.113.1:8081/');
  const counters = await connection.objects('inet', { table: 'router7' });
  const packets = Object.fromEntries(
    counters.map(({ name, data }) => [name, data.kind === 'counter' ? Number(data.packets) : undefined]),
  );
  console.log(JSON.stringify({ open, out, intoHome, intoRouter, homeToRouter, forwarded, hairpin, packets }));
} finally {
  for (const child of children) child.kill();
}
