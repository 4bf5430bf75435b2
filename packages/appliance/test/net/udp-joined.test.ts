import './own-namespace.ts';
import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { UdpSocket } from '../../src/system/udp-socket.ts';
import { ip, until } from './own-namespace.ts';

ip('link set lo up');

const LOOPBACK = Ipv4Address.parse('127.0.0.1');
const OTHER = Ipv4Address.parse('127.0.0.2');

t.test('datagrams that leave together arrive each by itself, whatever their lengths and receivers', async (t) => {
  const seen = new Map<string, string[]>();
  const servers = [LOOPBACK, OTHER].map((address) => {
    const server = UdpSocket.open({ port: 0, address });
    const texts: string[] = [];
    seen.set(address.toString(), texts);
    server.start(
      (batch) => {
        for (let i = 0; i < batch.count; i++) texts.push(new TextDecoder().decode(batch.payload(i)));
      },
      () => {},
    );
    return { address, server };
  });
  const client = UdpSocket.open({ port: 0, interfaceName: 'lo' });
  const wanted = new Map<string, string[]>(servers.map(({ address }) => [address.toString(), []]));
  // Runs of one length to one receiver, up to more than a message can be made of, and everything in between.
  const runs = [1, 3, 4, 5, 17, 64, 2, 90, 1, 4];
  for (const length of [1, 300, 1400]) {
    runs.forEach((count, run) => {
      const { address, server } = servers[run % 2] as (typeof servers)[number];
      for (let i = 0; i < count; i++) {
        const text = `${length} ${run} ${i} `.padEnd(length + (run % 3), 'x');
        wanted.get(address.toString())?.push(text);
        if (client.room === 0) client.flush();
        client.queue(new TextEncoder().encode(text), address, server.port);
      }
    });
    client.flush();
  }
  for (const [address, texts] of wanted) {
    await until(`${texts.length} datagrams at ${address}`, () => (seen.get(address)?.length ?? 0) >= texts.length);
    t.strictSame(seen.get(address), texts);
  }
  t.equal(client.counters.sent, 3 * runs.reduce((sum, count) => sum + count, 0));
  t.equal(client.counters.dropped, 0);
  for (const { server } of servers) server.close();
  client.close();
});
