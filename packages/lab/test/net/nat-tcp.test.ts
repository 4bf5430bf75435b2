import t, { type Test } from 'tap';
import type { Host } from '../../src/host.ts';
import { onStage } from '../../src/stage.ts';
import { Capture, type Seen } from './capture.ts';
import { needs } from './installed.ts';
import { fresh, Nat, NatSite } from './nat-site.ts';
import type { Endpoint, RemoteSocket } from './remote-sockets.ts';

/* RFC 5382, "NAT Behavioral Requirements for TCP", and what RFC 7857 adds, row by row; docs/nat.md has the table. */

t.setTimeout(300_000);
await onStage(import.meta.url);

const options = needs('conntrack', 'arping', 'nft');
const peers = [Nat.first, Nat.second].flatMap((address) => [7000, 7001].map((port) => ({ address, port })));
const [first, second] = [peers[0], peers[2]] as [Endpoint, Endpoint];
const SECONDS = 1000;

/** Connects, and tells where the server sees it come from. */
async function connected(
  site: NatSite,
  at: Endpoint,
  peer: Endpoint,
  listener: RemoteSocket,
): Promise<{ readonly own: RemoteSocket; readonly server: RemoteSocket; readonly from: Endpoint }> {
  const count = listener.notices.filter(({ event }) => event === 'accepted').length;
  const own = site.home.connect(at, peer);
  await own.event('open');
  const { socket: server, from } = await listener.accepted(count);
  return { own, server, from };
}

/** Says something in both directions. */
async function talk(own: RemoteSocket, server: RemoteSocket): Promise<void> {
  const [there, back] = [fresh(), fresh()];
  own.send(there);
  await server.text(there);
  server.send(back);
  await own.text(back);
}

/** A rule of a server's own, for as long as the function takes. */
async function withRule(host: Host, rule: string, during: () => Promise<void>): Promise<void> {
  const script = `table ip t { chain c { type filter hook input priority 0; ${rule}; }; }`;
  await host.run('nft', [script]);
  await during();
  await host.run('nft', ['delete table ip t']);
}

t.test('TCP by default', options, async (t) => {
  const site = new NatSite(t, 'tcp');
  await site.configured({}, [{ proto: 'tcp', port: '9000', dest_addr: Nat.own, dest_port: '9001' }]);
  const listeners = await Promise.all(peers.map((peer) => site.servers.listen(peer)));
  const [listener, , secondListener] = listeners as [RemoteSocket, RemoteSocket, RemoteSocket];

  await t.test('RFC 5382 REQ-1: one mapping for all peers', async (t) => {
    for (const [index, each] of listeners.entries()) {
      const { from } = await connected(site, { address: Nat.own, port: 5000 }, peers[index] ?? first, each);
      t.same(from, { address: Nat.outside, port: 5000 });
    }
  });

  await t.test('RFC 5382 REQ-1 and REQ-7 are not kept when the first peers of two computers differ', async (t) => {
    const own = await connected(site, { address: Nat.own, port: 5010 }, first, listener);
    t.equal(own.from.port, 5010);
    const other = await connected(site, { address: Nat.other, port: 5010 }, second, secondListener);
    t.equal(other.from.port, 5010, 'port overloading: both have it');
    const late = await connected(site, { address: Nat.other, port: 5010 }, first, listener);
    t.not(late.from.port, 5010, 'so it cannot be the same for this peer');
  });

  await t.test('RFC 5382 REQ-2a: simultaneous open', async (t) => {
    // The first SYNs of this side are lost behind the router, so that the other one's find it waiting.
    await withRule(site.internet, 'tcp flags & (syn | ack) == syn tcp dport 7100 drop', async () => {
      const [own, peer] = [
        { address: Nat.own, port: 5100 },
        { address: Nat.first, port: 7100 },
      ];
      const capture = await Capture.start(site.internet, 'eth0', 'tcp port 7100');
      const socket = site.home.connect(own, peer);
      await capture.packet('a SYN', 20 * SECONDS, () => true);
      const server = site.servers.connect(peer, { address: Nat.outside, port: 5100 });
      await Promise.all([socket.event('open'), server.event('open')]);
      await talk(socket, server);
      t.pass('both sides have opened the connection');
    });
  });

  await t.test('RFC 5382 REQ-3: only who was written to may connect', async (t) => {
    const { from } = await connected(site, { address: Nat.own, port: 5200 }, first, listener);
    const capture = await Capture.start(site.client, 'eth0', 'arp or tcp dst port 5200');
    const stranger = site.servers.connect({ address: Nat.second, port: 7200 }, from);
    await connected(site, { address: Nat.own, port: 5200 }, second, secondListener);
    await capture.settle();
    const sources = capture.packets.map(({ frame }) => String(frame.ipv4?.source) + sourcePort(frame.ipv4?.payload));
    t.ok(sources.includes(`${Nat.second}:7000`), 'who was');
    t.notOk(sources.includes(`${Nat.second}:7200`), 'who was not');
    stranger.reset();
  });

  await t.test('RFC 5382 REQ-4: no answer to a SYN that nobody asked for, and an own SYN goes first', async (t) => {
    const capture = await Capture.start(site.internet, 'eth0', `arp or host ${Nat.outside}`);
    const peer = { address: Nat.first, port: 7300 };
    const server = site.servers.connect(peer, { address: Nat.outside, port: 5300 });
    const isSyn = ({ frame }: Seen): boolean => String(frame.ipv4?.source) === Nat.first;
    const { at } = await capture.packet('a SYN', 20 * SECONDS, isSyn);
    await capture.packet('one after six seconds', 60 * SECONDS, (seen) => isSyn(seen) && seen.at > at + 6 * SECONDS);
    await capture.settle();
    const answers = capture.packets.filter(({ frame }) => String(frame.ipv4?.source) === Nat.outside);
    t.same(answers.length, 0, 'neither RST nor ICMP');
    const socket = site.home.connect({ address: Nat.own, port: 5300 }, peer);
    await Promise.all([socket.event('open'), server.event('open')]);
    await talk(socket, server);
    t.pass('with a SYN from inside they meet');
  });

  await t.test('RFC 5382 REQ-5, RFC 7857 section 2: how long a connection stays', async (t) => {
    t.equal(await site.sysctl('tcp_timeout_established'), 7440, 'two hours and four minutes');
    const transitory = ['syn_sent', 'syn_recv', 'fin_wait', 'close_wait', 'last_ack', 'time_wait', 'close'];
    for (const state of transitory) t.equal(await site.sysctl(`tcp_timeout_${state}`), 240, state);
    const { own, server } = await connected(site, { address: Nat.own, port: 5400 }, first, listener);
    const state = (): Promise<string> => site.router.run('conntrack', ['-L', '-p', 'tcp', '--orig-port-src', '5400']);
    const seconds = async (): Promise<number> => Number(/^tcp\s+6 (\d+)/m.exec(await state())?.[1] ?? 0);
    t.match(await state(), /ESTABLISHED/);
    t.ok((await seconds()) > 7200, 'established');
    server.reset();
    await own.event('closed');
    t.match(await state(), /CLOSE/, 'RFC 7857 section 2.2: not gone with a RST');
    const left = await seconds();
    t.ok(left > 180 && left <= 240, `but transitory: ${left} s`);
  });

  await t.test('RFC 5382 REQ-6: what looks like an address in the data stays', async (t) => {
    const ftp = await site.servers.listen({ address: Nat.first, port: 21 });
    const { own, server } = await connected(
      site,
      { address: Nat.own, port: 5500 },
      { address: Nat.first, port: 21 },
      ftp,
    );
    const command = `PORT 192,168,42,2,19,137\r\n${fresh()}`;
    own.send(command);
    await server.text(command);
    t.pass('word by word');
  });

  await t.test('RFC 5382 REQ-8: hairpinning by a forwarded port, with the address outside as the source', async (t) => {
    const target = await site.home.listen({ address: Nat.own, port: 9001 });
    const outside = { address: Nat.outside, port: 9000 };
    const other = await connected(site, { address: Nat.other, port: 5600 }, outside, target);
    t.same(other.from, { address: Nat.outside, port: 5600 });
    const same = await connected(site, { address: Nat.own, port: 5601 }, outside, target);
    t.same(same.from, { address: Nat.outside, port: 5601 }, 'to itself');
    await talk(same.own, same.server);
  });

  await t.test('RFC 5382 REQ-9, REQ-10: an ICMP error is told, and ends nothing', async (t) => {
    const { own, server } = await connected(site, { address: Nat.own, port: 5700 }, first, listener);
    const capture = await Capture.start(site.client, 'eth0', 'icmp');
    const late = fresh();
    await withRule(site.internet, 'tcp dport 7000 reject with icmp type port-unreachable', async () => {
      own.send(late);
      const { frame } = await capture.packet('the error', 20 * SECONDS, ({ frame }) => frame.ipv4?.payload[0] === 3);
      t.equal(String(frame.ipv4?.destination), Nat.own, 'the error comes to who has sent');
      const embedded = frame.ipv4?.payload.subarray(8);
      t.same(embedded?.subarray(12, 16), new Uint8Array([192, 168, 42, 2]), 'with its own address in it');
    });
    await server.text(late);
    await talk(own, server);
    t.pass('the connection goes on');
  });
});

async function steady(t: Test, filtering: string): Promise<void> {
  const site = new NatSite(t, filtering === 'endpoint-independent' ? 'eif' : 'adf');
  await site.configured({ nat: { filtering } });
  const [listener, secondListener] = await Promise.all([site.servers.listen(first), site.servers.listen(second)]);
  const own = await connected(site, { address: Nat.own, port: 5010 }, first, listener);
  t.equal(own.from.port, 5010);
  const other = await connected(site, { address: Nat.other, port: 5010 }, second, secondListener);
  t.not(other.from.port, 5010, 'RFC 5382 REQ-7: no port overloading');
  const late = await connected(site, { address: Nat.other, port: 5010 }, first, listener);
  t.equal(late.from.port, other.from.port, 'RFC 5382 REQ-1: one mapping for all peers');

  const socket = await connected(site, { address: Nat.own, port: 5020 }, first, listener);
  const target = await site.home.listen({ address: Nat.own, port: 5020 });
  const isWidest = filtering === 'endpoint-independent';
  const friend = site.servers.connect({ address: isWidest ? Nat.second : Nat.first, port: 7777 }, socket.from);
  await friend.event('open');
  const { from } = await target.accepted(0);
  t.equal(from.port, 7777, `RFC 5382 REQ-3: ${isWidest ? 'anybody' : 'another port of the peer'} may connect`);
}

t.test('TCP with endpoint-independent filtering', options, (t) => steady(t, 'endpoint-independent'));
t.test('TCP with address-dependent filtering', options, (t) => steady(t, 'address-dependent'));

/** ` :PORT` of a TCP header. */
function sourcePort(tcp: Uint8Array | undefined): string {
  return `:${((tcp?.[0] ?? 0) << 8) | (tcp?.[1] ?? 0)}`;
}
