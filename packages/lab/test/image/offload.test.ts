import t from 'tap';
import { inGuest } from '../../src/guest/in-guest.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from '../net/installed.ts';
import { fresh, Nat, NatSite } from '../net/nat-site.ts';
import type { Endpoint, RemoteSocket } from '../net/remote-sockets.ts';

/* Known flows past the rules: under Debian's kernel, which has flowtables. */

t.setTimeout(1_100_000);
await inGuest(import.meta.url, {
  modules: ['veth', 'bridge', 'nf_tables', 'nft_flow_offload'],
  timeoutSeconds: 1100,
});
await onStage(import.meta.url);

const SLOW = 400_000;
const PEER = { address: Nat.first, port: 7000 };

t.test('FW-25: known flows take the short way', needs('conntrack'), async (t) => {
  const site = new NatSite(t, 'offload');
  await site.configured();
  t.match(await site.router.run('nft', ['list', 'flowtables'], SLOW), /devices = \{ .*lan0.*uplink0.* \}/);

  const tcp = await openTcp(site);
  const udp = await openUdp(site);
  for (const [name, { own, server, say, port }] of Object.entries({ tcp, udp })) {
    await until(`${name} is offloaded`, SLOW, async () => {
      await say(own, server);
      const flows = await site.router.run('conntrack', ['-L', '-p', name, '--orig-port-src', String(port)], SLOW);
      return flows.includes('[OFFLOAD]');
    });
    t.pass(`${name} is offloaded`);
    const before = await forwarded(site);
    for (let count = 0; count < 20; count++) await say(own, server);
    t.ok((await forwarded(site)) - before < 10, `${name}: and passes by the rules`);
  }

  await t.test('until it ends', async (t) => {
    tcp.server.reset();
    await tcp.own.event('closed');
    t.pass('a RST comes through');
  });

  await t.test('and not when the uplink is shaped', async (t) => {
    site.writePerm('firewall.json', { shaping: true });
    t.equal((await site.run()).status, 0);
    t.equal((await site.router.run('nft', ['list', 'flowtables'], SLOW)).includes('flowtable'), false);
    await udp.say(udp.own, udp.server);
    t.pass('the flow goes on by way of the rules');
  });
});

interface Flow {
  readonly own: RemoteSocket;
  readonly server: RemoteSocket;
  readonly port: number;
  /** Says something in both directions. */
  say(own: RemoteSocket, server: RemoteSocket): Promise<void>;
}

async function openTcp(site: NatSite): Promise<Flow> {
  const port = 5000;
  const listener = await site.servers.listen(PEER);
  const own = site.home.connect({ address: Nat.own, port }, PEER);
  await own.event('open', SLOW);
  const { socket: server } = await listener.accepted();
  return { own, server, port, say: (own, server) => talk(own, server) };
}

async function openUdp(site: NatSite): Promise<Flow> {
  const port = 5001;
  const server = await site.servers.udp(PEER);
  const own = await site.home.udp({ address: Nat.own, port });
  return { own, server, port, say: (own, server) => talk(own, server, PEER, { address: Nat.outside, port }) };
}

async function talk(own: RemoteSocket, server: RemoteSocket, peer?: Endpoint, outside?: Endpoint): Promise<void> {
  const [there, back] = [fresh(), fresh()];
  own.send(there, peer);
  await server.text(there);
  server.send(back, outside);
  await own.text(back);
}

/** Packets that the chain `forward` has let through. */
async function forwarded(site: NatSite): Promise<number> {
  const text = await site.router.run('nft', ['-j', 'list', 'counter', 'inet', 'router7', 'forward-ipv4'], SLOW);
  return Number(/"packets": (\d+)/.exec(text)?.[1]);
}
