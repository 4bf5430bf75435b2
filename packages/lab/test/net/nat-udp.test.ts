import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';
import { fresh, Nat, NatSite, reaches, seenFrom } from './nat-site.ts';
import type { RemoteSocket } from './remote-sockets.ts';

/* RFC 4787, "NAT Behavioral Requirements for Unicast UDP", row by row; docs/nat.md has the table. */

t.setTimeout(300_000);
await onStage(import.meta.url);

const options = needs('conntrack', 'arping');
/** Two addresses with two ports each, as a STUN server has them (RFC 5780 section 3). */
const peers = [Nat.first, Nat.second].flatMap((address) => [3478, 3479].map((port) => ({ address, port })));
const [first, firstOther, second] = peers as [(typeof peers)[0], (typeof peers)[0], (typeof peers)[0]];

async function serversOf(site: NatSite): Promise<[RemoteSocket, RemoteSocket, RemoteSocket, RemoteSocket]> {
  const sockets = await Promise.all(peers.map((peer) => site.servers.udp(peer)));
  return sockets as [RemoteSocket, RemoteSocket, RemoteSocket, RemoteSocket];
}

/** The ports that servers see a socket at. */
async function portsOf(socket: RemoteSocket, servers: readonly RemoteSocket[], at = peers): Promise<readonly number[]> {
  const ports: number[] = [];
  for (const [index, server] of servers.entries())
    ports.push((await seenFrom(socket, server, at[index] ?? first)).port);
  return ports;
}

t.test('UDP by default', options, async (t) => {
  const site = new NatSite(t, 'udp', 1400);
  await site.configured({}, [{ proto: 'udp', port: '9000', dest_addr: Nat.own, dest_port: '9001' }]);
  const servers = await serversOf(site);

  await t.test('REQ-1, REQ-2: one mapping for all peers', async (t) => {
    const socket = await site.home.udp({ address: Nat.own, port: 5000 });
    for (const [index, server] of servers.entries()) {
      const peer = peers[index] ?? first;
      t.same(
        await seenFrom(socket, server, peer),
        { address: Nat.outside, port: 5000 },
        `${peer.address}:${peer.port}`,
      );
    }
  });

  await t.test('REQ-3, REQ-4: the port stays, in its range and parity; a taken one changes', async (t) => {
    for (const port of [700, 40_000, 40_001]) {
      const socket = await site.home.udp({ address: Nat.own, port });
      t.equal((await seenFrom(socket, servers[0], first)).port, port, `port ${port}`);
    }
    for (const port of [700, 40_000]) {
      const socket = await site.home.udp({ address: Nat.other, port });
      const seen = await seenFrom(socket, servers[0], first);
      t.not(seen.port, port, `port ${port} of another computer to the same peer`);
      t.equal(seen.port < 1024, port < 1024, 'REQ-3a: in the same range');
    }
  });

  await t.test('REQ-1: who comes second keeps another port, for all peers', async (t) => {
    const own = await site.home.udp({ address: Nat.own, port: 5100 });
    const other = await site.home.udp({ address: Nat.other, port: 5100 });
    t.equal((await seenFrom(own, servers[0], first)).port, 5100);
    const ports = await portsOf(other, servers);
    t.not(ports[0], 5100);
    t.equal(new Set(ports).size, 1);
  });

  await t.test('REQ-1 and REQ-3 are not kept when the first peers of two computers differ', async (t) => {
    const own = await site.home.udp({ address: Nat.own, port: 5110 });
    const other = await site.home.udp({ address: Nat.other, port: 5110 });
    t.equal((await seenFrom(own, servers[0], first)).port, 5110);
    t.equal((await seenFrom(other, servers[2], second)).port, 5110, 'port overloading: both have it');
    t.not((await seenFrom(other, servers[0], first)).port, 5110, 'so it cannot be the same for this peer');
  });

  await t.test('REQ-8: only who was written to may answer (address and port-dependent filtering)', async (t) => {
    const socket = await site.home.udp({ address: Nat.own, port: 5200 });
    const outside = await seenFrom(socket, servers[0], first);
    t.equal(await reaches(servers[1], outside, socket, servers[0]), false, 'another port of the peer');
    t.equal(await reaches(servers[2], outside, socket, servers[0]), false, 'another address');
    await seenFrom(socket, servers[1], firstOther);
    t.equal(await reaches(servers[1], outside, socket, servers[0]), true, 'once it was written to');
  });

  await t.test('REQ-9: hairpinning by a forwarded port, with the address outside as the source', async (t) => {
    const target = await site.home.udp({ address: Nat.own, port: 9001 });
    const outside = { address: Nat.outside, port: 9000 };
    const other = await site.home.udp({ address: Nat.other, port: 5300 });
    t.same(await seenFrom(other, target, outside), { address: Nat.outside, port: 5300 });
    const same = await site.home.udp({ address: Nat.own, port: 5301 });
    const seen = await seenFrom(same, target, outside);
    t.equal(seen.address, Nat.outside, 'to itself');
    const answer = fresh();
    target.send(answer, seen);
    t.same(await same.text(answer), outside, 'and the answer comes back');
  });

  await t.test('REQ-10: what looks like an address in the data stays', async (t) => {
    const socket = await site.home.udp({ address: Nat.own, port: 5060 });
    const server = await site.servers.udp({ address: Nat.first, port: 5060 });
    const text = `INVITE sip:a@b SIP/2.0\r\nContact: <sip:a@${Nat.own}:5060>\r\n\r\n${fresh()}`;
    socket.send(text, { address: Nat.first, port: 5060 });
    await server.text(text);
    t.pass('word by word');
  });

  await t.test('REQ-12: an ICMP error is told, and ends nothing', async (t) => {
    const peer = { address: Nat.first, port: 4000 };
    const socket = await site.home.udp({ address: Nat.own, port: 5400 }, peer);
    socket.send(fresh());
    t.equal((await socket.event('error')).text, 'ECONNREFUSED', 'REQ-12b: nobody listens there');
    const late = await site.servers.udp(peer);
    const text = fresh();
    late.send(text, { address: Nat.outside, port: 5400 });
    await socket.text(text);
    t.pass('the mapping is still there');
  });

  await t.test('REQ-13: a packet that must not be fragmented is answered, any other is fragmented', async (t) => {
    const ping = (how: string): Promise<string> =>
      site.client.run('sh', ['-c', `ping -c 1 -W 2 -s 1440 -M ${how} ${Nat.first} 2>&1 || true`]);
    t.match(await ping('do'), /[Ff]rag needed|Message too long|message too long/);
    t.match(await ping('dont'), / 0% packet loss/);
  });

  await t.test('REQ-14: fragments come together', async (t) => {
    const socket = await site.home.udp({ address: Nat.own, port: 5500 });
    const text = `${'x'.repeat(4000)}${fresh()}`;
    socket.send(text, first);
    const outside = await servers[0].text(text);
    const answer = `${'y'.repeat(4000)}${fresh()}`;
    servers[0].send(answer, outside);
    await socket.text(answer);
    t.pass('both ways');
  });

  await t.test('REQ-5, REQ-6: how long a mapping stays', async (t) => {
    for (const timer of ['udp_timeout', 'udp_timeout_stream']) t.equal(await site.sysctl(timer), 300, timer);
    // Not five minutes here; the kernel counts in the same way.
    const set = (seconds: number): Promise<string> =>
      site.router.run('sysctl', ['-qw', ...timers.map((name) => `net.netfilter.nf_conntrack_${name}=${seconds}`)]);
    const timers = ['udp_timeout', 'udp_timeout_stream'];
    await set(3);
    const socket = await site.home.udp({ address: Nat.own, port: 5600 });
    const kept = await site.home.udp({ address: Nat.own, port: 5601 });
    const outside = await seenFrom(socket, servers[0], first);
    const begin = performance.now();
    const forgotten = until('the silent mapping is gone', 30_000, async () => {
      return !(await site.router.run('conntrack', ['-L', '-p', 'udp'])).includes('sport=5600');
    });
    let gone = false;
    void forgotten.then(() => {
      gone = true;
    });
    while (!gone || performance.now() - begin < 4000) {
      await seenFrom(kept, servers[0], first);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await forgotten;
    const text = fresh();
    servers[0].send(text, outside);
    const answer = fresh();
    servers[0].send(answer, { address: Nat.outside, port: 5601 });
    await kept.text(answer);
    t.pass('outgoing packets keep a mapping');
    t.notOk(socket.has(text), 'and what nothing goes out by is forgotten');
    await set(300);
  });
});

t.test('UDP with endpoint-independent filtering', options, async (t) => {
  const site = new NatSite(t, 'eif');
  await site.configured({ nat: { filtering: 'endpoint-independent' } });
  const servers = await serversOf(site);

  await t.test('REQ-1, REQ-3: whoever else has the port, a mapping stays, and no port has two', async (t) => {
    const own = await site.home.udp({ address: Nat.own, port: 5100 });
    const other = await site.home.udp({ address: Nat.other, port: 5100 });
    t.equal((await seenFrom(own, servers[0], first)).port, 5100);
    const ports = await portsOf(other, servers.toReversed(), peers.toReversed());
    t.not(ports[0], 5100, 'no port overloading');
    t.same(new Set(ports).size, 1, 'the second one has its port for all peers');
    t.same(new Set(await portsOf(own, servers)), new Set([5100]), 'and so has the first one');
  });

  await t.test('REQ-8: anybody may answer', async (t) => {
    const socket = await site.home.udp({ address: Nat.own, port: 5200 });
    const outside = await seenFrom(socket, servers[0], first);
    t.equal(await reaches(servers[1], outside, socket, servers[0]), true, 'another port of the peer');
    t.equal(await reaches(servers[3], outside, socket, servers[0]), true, 'another address');
  });

  await t.test('REQ-9: hairpinning to a mapping', async (t) => {
    const target = await site.home.udp({ address: Nat.own, port: 5300 });
    const other = await site.home.udp({ address: Nat.other, port: 5301 });
    const outside = await seenFrom(target, servers[0], first);
    await seenFrom(other, servers[0], first);
    const seen = await seenFrom(other, target, outside);
    t.same(seen, { address: Nat.outside, port: 5301 }, 'REQ-9a: the source is the one outside');
    const answer = fresh();
    target.send(answer, seen);
    await other.text(answer);
  });
});

t.test('UDP with address-dependent filtering', options, async (t) => {
  const site = new NatSite(t, 'adf');
  await site.configured({ nat: { filtering: 'address-dependent' } });
  const servers = await serversOf(site);

  const socket = await site.home.udp({ address: Nat.own, port: 5200 });
  const outside = await seenFrom(socket, servers[0], first);
  t.equal(await reaches(servers[1], outside, socket, servers[0]), true, 'REQ-8: another port of the peer');
  t.equal(await reaches(servers[2], outside, socket, servers[0]), false, 'REQ-8: another address');
});
