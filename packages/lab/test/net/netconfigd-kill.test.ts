import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { seed } from '../seed.ts';
import { needs } from './installed.ts';
import { LanSite } from './lan-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 25);

t.setTimeout(120_000 + KILLS * 20_000);
await onStage(import.meta.url);

const UPLINK = { hardware_addr: '02:73:53:00:07:00', name: 'uplink0' };
const LAN = { hardware_addr: '02:73:53:00:07:01', name: 'lan0', addr: '192.168.42.1/24' };
/** The route of who attacks: a neighbour with the uplink's hardware address. */
const NEIGHBOUR = '198.51.100.250';

/** Configurations that have as little as possible in common, but that none of them lets port 4000 in. */
const CONFIGURATIONS: readonly { readonly interfaces: unknown; readonly forwardings: unknown; readonly wan: string }[] =
  [
    {
      interfaces: {
        interfaces: [
          { ...UPLINK, mtu: 1492 },
          { ...LAN, extra_routes: [{ destination: '10.2.0.0/16' }] },
        ],
      },
      forwardings: { forwardings: [{ proto: 'udp', port: '8040', dest_addr: '192.168.42.2', dest_port: '80' }] },
      wan: '198.51.100.100',
    },
    {
      interfaces: {
        interfaces: [
          { ...UPLINK, mtu: 1500 },
          { name: 'lan0', addr: LAN.addr, extra_addrs: ['192.168.43.1/24'] },
          { hardware_addr: LAN.hardware_addr, name: 'port1' },
        ],
        bridges: [{ name: 'lan0', interface_hardware_addrs: [LAN.hardware_addr] }],
      },
      forwardings: {
        forwardings: [{ proto: 'tcp,udp', port: '5000-5010', dest_addr: '192.168.42.2', dest_port: '5000-5010' }],
      },
      wan: '198.51.100.101',
    },
    {
      interfaces: {
        interfaces: [
          { ...UPLINK, mtu: 1400 },
          { ...LAN, extra_addrs: ['192.168.44.1/24'] },
        ],
      },
      forwardings: { forwardings: [] },
      wan: '198.51.100.102',
    },
  ];

/** Sends a datagram to port 4000 of each address, again and again. */
const ATTACK = `
const [, ...addresses] = process.argv;
const socket = require('dgram').createSocket('udp4');
let sent = 0;
socket.bind(() => {
  console.log('ready');
  setInterval(() => { for (const address of addresses) socket.send('attack', 4000, address, () => sent++); }, 2);
  setInterval(() => console.log('sent ' + sent), 500);
});`;

/** Says who got through to port 4000. */
const LISTEN = `
const socket = require('dgram').createSocket('udp4');
let received = 0;
socket.on('message', (_, from) => console.log('received from ' + from.address + ' ' + ++received));
socket.bind(4000, '0.0.0.0', () => console.log('ready'));`;

t.test(
  `kill -9 of netconfigd at ${KILLS} random instants while configurations alternate (seed ${seed})`,
  needs('nft'),
  async (t) => {
    // A linear congruential generator (Numerical Recipes), the same row for the same seed.
    let state = seed >>> 0;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const site = new LanSite(t, 'kill', {});
    mkdirSync(join(site.perm, 'dhcp4/wire'), { recursive: true });
    // What each of them comes to without any disturbance.
    const wanted: string[] = [];
    let duration = 0;
    for (const index of CONFIGURATIONS.keys()) {
      configure(site, index);
      const start = performance.now();
      t.equal(await site.once(), 0);
      duration = performance.now() - start;
      wanted.push(await present(site));
    }
    t.equal(new Set(wanted).size, CONFIGURATIONS.length);

    for (const home of ['192.168.42.0/24', '192.168.43.0/24', '192.168.44.0/24']) {
      site.isp.ip(`route add ${home} via ${NEIGHBOUR} dev wan`);
    }
    for (const { wan } of [...CONFIGURATIONS, { wan: NEIGHBOUR }]) {
      site.isp.ip(`neighbor replace ${wan} lladdr ${UPLINK.hardware_addr} dev wan nud permanent`);
    }
    site.client.ip('route add default via 192.168.42.1');
    const listeners = [
      site.router.start('listener of the router', process.execPath, ['-e', LISTEN]),
      site.client.start('listener at home', process.execPath, ['-e', LISTEN]),
    ];
    await Promise.all(listeners.map((listener) => listener.line(/^ready$/, 20_000)));
    const targets = [
      '192.168.42.2',
      '192.168.42.1',
      '192.168.43.1',
      '192.168.44.1',
      ...CONFIGURATIONS.map(({ wan }) => wan),
    ];
    const attack = site.isp.start('attack', process.execPath, ['-e', ATTACK, ...targets]);
    await attack.line(/^ready$/, 20_000);

    let interrupted = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const next = (kill + Math.floor(random() * 2)) % CONFIGURATIONS.length;
      configure(site, next);
      if (random() < 0.3) await rename(site);
      const netconfigd = site.daemon('netconfigd');
      await sleep(random() * duration * 1.2);
      await netconfigd.stop('SIGKILL');
      if ((await present(site)) !== wanted[next]) interrupted++;
      const { status, output } = await site.run();
      t.equal(status, 0, `after kill ${kill}: ${output}`);
      t.equal(await present(site), wanted[next], `the state that configuration ${next} wants`);
      t.same(letThrough(listeners), [], 'nobody got through');
    }
    t.comment(`${interrupted} of ${KILLS} kills left something to do; ${sent(attack)} packets were sent`);
    t.ok(sent(attack) > 0);

    // The proof that they would have got through, were it not for the rules.
    await site.router.run('nft', ['flush ruleset']);
    await until('the attack to get through without rules', 20_000, () =>
      listeners.every((listener) => letThrough([listener]).length > 0),
    );
  },
);

function configure(site: LanSite, index: number): void {
  const { interfaces, forwardings, wan } = CONFIGURATIONS[index] as (typeof CONFIGURATIONS)[number];
  site.writePerm('interfaces.json', interfaces);
  site.writePerm('portforwardings.json', forwardings);
  site.writePerm('dhcp4/wire/lease.json', {
    ...{ valid_until: '2018-05-18T23:46:04+02:00', client_ip: wan, subnet_mask: '255.255.255.0' },
    ...{ router: '198.51.100.1', dns: [] },
  });
}

/** Links, addresses, routes, rules, all that matters of them, in one text. */
async function present(site: LanSite): Promise<string> {
  const links = [...(await site.links())].map(([name, { address, mtu, up }]) => `${name} ${address} ${mtu} ${up}`);
  const addresses = await Promise.all(['uplink0', 'lan0'].map((name) => site.router.addresses(name)));
  const [routes, rules] = await Promise.all([
    site.router.run('ip', ['-4', 'route', 'show']),
    site.router.run('nft', ['--stateless', 'list', 'ruleset']),
  ]);
  // Chains stand in the order in which they were made, which does not matter.
  const lines = rules.split('\n').filter((line) => line.trim() !== '}');
  const chains = lines
    .join('\n')
    .split(/\n(?=\t\w)/)
    .map((chain) => chain.trim());
  const parts = [links, ...addresses, chains, routes.split('\n').map((line) => line.replace(/ linkdown/, '').trim())];
  return parts.map((part) => [...part].sort().join('\n')).join('\n---\n');
}

/** As after a new start of the machine, or by somebody's hand. */
async function rename(site: LanSite): Promise<void> {
  const links = await site.links();
  for (const [name, other] of [
    ['uplink0', 'enp1s0'],
    ['lan0', 'enp2s0'],
  ] as const) {
    if (!links.has(name) || links.has(other)) continue;
    site.router.ip(`link set ${name} down`);
    site.router.ip(`link set ${name} name ${other}`);
    site.router.ip(`link set ${other} up`);
  }
}

function letThrough(listeners: readonly Program[]): readonly string[] {
  return listeners.flatMap(({ name, output }) =>
    output.filter((line) => line.startsWith('received')).map((line) => `${name}: ${line}`),
  );
}

function sent(attack: Program): number {
  return Number(attack.output.findLast((line) => line.startsWith('sent'))?.split(' ')[1] ?? 0);
}
