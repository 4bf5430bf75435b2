import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { cable, Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { LAN_LINK_LOCAL, RadvdSite } from './radvd-site.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

/*
 * [router] lan0 --- eth0 [host: a bridge that is a host itself] r0 --- eth0 [rogue]
 */
const site = new RadvdSite();
const rogue = new Host('rogue');
cable(rogue, 'eth0', site.host, 'r0');
site.host.ip('link add br0 type bridge');
for (const [host, device] of [
  [site.host, 'br0'],
  [rogue, 'eth0'],
] as const) {
  site.sysctl(host, `net/ipv6/conf/${device}/accept_dad`, 0);
  site.sysctl(host, `net/ipv6/conf/${device}/use_tempaddr`, 0);
  site.sysctl(host, `net/ipv6/conf/${device}/router_solicitations`, 0);
}
for (const port of ['eth0', 'r0']) {
  site.sysctl(site.host, `net/ipv6/conf/${port}/disable_ipv6`, 1);
  site.host.ip(`link set ${port} up`);
  site.host.ip(`link set ${port} master br0`);
}
site.host.ip('link set br0 up');
site.sysctl(rogue, 'net/ipv6/conf/all/forwarding', 1);
rogue.ip('link set eth0 address 02:00:00:00:0b:ad');
rogue.ip('link set eth0 up');
const ROGUE = 'fe80::ff:fe00:bad';

function startRogue(): Program {
  const config = `interface eth0 {
    AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultPreference high;
    prefix 2001:db8:bad::/64 { };
    RDNSS 2001:db8:bad::53 { };
  };`;
  writeFileSync('/tmp/rogue.conf', config);
  return rogue.start('rogue', 'radvd', [
    '--nodaemon',
    '--logmethod',
    'stderr',
    '--config',
    '/tmp/rogue.conf',
    '--pidfile',
    '/tmp/rogue.pid',
  ]);
}

interface Victim {
  readonly routers: readonly string[];
  /** Addresses of the rogue's prefix, and whether they are deprecated. */
  readonly deprecated: readonly boolean[];
}

function victim(): Victim {
  const ip = (...args: string[]): string =>
    execFileSync('ip', ['-netns', site.host.name, '-json', '-6', ...args], { encoding: 'utf8' });
  const routes = JSON.parse(ip('route', 'show', 'default') || '[]') as {
    gateway?: string;
    nexthops?: { gateway: string }[];
  }[];
  const links = JSON.parse(ip('address', 'show', 'dev', 'br0')) as {
    addr_info?: { local?: string; deprecated?: boolean }[];
  }[];
  const own = links.flatMap(({ addr_info = [] }) => addr_info);
  return {
    routers: routes.flatMap(({ gateway, nexthops = [] }) => gateway ?? nexthops.map((hop) => hop.gateway)),
    deprecated: own
      .filter(({ local }) => local?.startsWith('2001:db8:bad:') === true)
      .map(({ deprecated }) => deprecated === true),
  };
}

t.test(
  'RA-16: a router at home that is not ours is told, and taken back when that is wanted',
  needs('radvd'),
  async (t) => {
    site.write('/perm/ipv6.json', { ula: 'off' });
    site.defaultRoute(true);
    site.delegate(['2001:db8:100::/56']);
    const radvd = await site.start();
    const other = startRogue();
    const line = await radvd.line(/^warn router that is not ours .*/, 15_000);
    t.match(
      line,
      `interface=lan0 router=${ROGUE} hardwareAddress=02:00:00:00:0b:ad lifetime=12 prefixes=2001:db8:bad::/64`,
    );
    t.match(line, 'dns=2001:db8:bad::53');
    t.match(line, 'countered=false');
    await until('the host believes it', 10_000, () => victim().routers.includes(ROGUE));

    site.write('/perm/ipv6.json', { ula: 'off', radvd: { counter_rogues: true } });
    radvd.kill('SIGUSR1');
    const end = await until('the host is told otherwise', 10_000, () => {
      const now = victim();
      return !now.routers.includes(ROGUE) && now.deprecated.every(Boolean) && now;
    });
    t.ok(end.deprecated.length > 0, 'addresses of that prefix are deprecated');
    t.strictSame(end.routers, [LAN_LINK_LOCAL], 'ours is still there');
    t.strictSame(
      radvd.output.filter((text) => text.startsWith('warn router that is not ours')),
      [line],
      'told once',
    );
    await other.stop('SIGKILL');
    t.equal(await radvd.stop('SIGTERM', 6000), 0);
  },
);
