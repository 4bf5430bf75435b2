import './own-namespace.ts';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Ipv4Address, Ipv6Address } from '@router7/wire';
import t, { type Test } from 'tap';
import { Clients } from '../../src/dns/clients.ts';
import { type DatagramHandler, DatagramService } from '../../src/dns/datagram-service.ts';
import { openDatagramListener } from '../../src/system/datagram-listener.ts';
import { Epoll } from '../../src/system/epoll.ts';
import { close } from '../../src/system/libc.ts';
import { ip } from './own-namespace.ts';

ip('link set lo up');

const PORT = 5300;
const QUERY = 20;

/** Answers with as many octets as bytes 2 and 3 of the query say, all but the first four made from its id. */
const handler: DatagramHandler = {
  respond(bytes, start, length) {
    const wanted = ((bytes[start + 2] as number) << 8) | (bytes[start + 3] as number);
    if (length !== QUERY) throw new Error(`a query of ${length} octets`);
    bytes.fill(octetOf(bytes[start] as number, bytes[start + 1] as number), start + 4, start + wanted);
    return wanted;
  },
  later: () => undefined,
  failed: (error) => {
    throw error;
  },
};

const octetOf = (high: number, low: number): number => (31 * high + low) & 0xff;

/** Somebody who asks, and holds the answers against what was asked. */
class Client {
  readonly wrong: string[] = [];
  answered = 0;
  readonly #socket: Socket;
  readonly #host: string;
  readonly #asked = new Map<number, number>();

  constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.on('message', (answer) => {
      const id = answer.readUInt16BE(0);
      const fill = octetOf(answer[0] as number, answer[1] as number);
      if (this.#asked.get(id) !== answer.length) this.wrong.push(`${id}: ${answer.length} octets`);
      if (!answer.subarray(4).every((octet) => octet === fill)) this.wrong.push(`${id}: not its own octets`);
      this.#asked.delete(id);
      this.answered++;
    });
  }

  static async open(t: Test, host: string): Promise<Client> {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 });
    socket.bind(0, host);
    await once(socket, 'listening');
    t.teardown(() => socket.close());
    return new Client(socket, host);
  }

  ask(id: number, length: number): Promise<void> {
    const query = Buffer.alloc(QUERY);
    query.writeUInt16BE(id, 0);
    query.writeUInt16BE(length, 2);
    this.#asked.set(id, length);
    return new Promise((resolve) => this.#socket.send(query, PORT, this.#host, () => resolve()));
  }
}

/** Has each of the clients ask for answers of these lengths again and again. @returns how often the kernel was given something to send */
async function exchange(
  t: Test,
  hosts: readonly string[],
  lengths: readonly number[],
  rounds: number,
): Promise<number> {
  const prefixes = [
    { network: Ipv4Address.parse('127.0.0.0').toBytes(), length: 8 },
    { network: Ipv6Address.parse('::1').toBytes(), length: 128 },
  ];
  const service = new DatagramService(handler, new Clients({ prefixes, groups: [] }, 1));
  // Without IPv6 where packets are too short for it.
  const fds = [...new Set(hosts)].map((host) => openDatagramListener(host, PORT));
  const epoll = new Epoll();
  for (const [index, fd] of fds.entries()) epoll.add(fd, 0, index);
  t.teardown(() => {
    for (const fd of fds) close(fd);
    epoll.close();
  });
  const clients = await Promise.all(hosts.map((host) => Client.open(t, host)));
  const before = sent();
  let asked = 0;
  for (let round = 0; round < rounds; round++) {
    for (const client of clients) {
      await client.ask(round, lengths[round % lengths.length] as number);
      asked++;
    }
  }
  const end = performance.now() + 20_000;
  while (clients.some(({ answered }) => answered < rounds) && performance.now() < end) {
    for (let left = epoll.wait(0); left > 0; left--) service.serve(fds[epoll.value(left - 1)] as number, 0, 0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const { wrong, answered } of clients) {
    t.same(wrong, []);
    t.equal(answered, rounds);
  }
  t.same(service.counters, { received: asked, strangers: 0, truncated: 0, sent: asked, unsent: 0 });
  return sent() - before - asked;
}

/** Datagrams that were handed to the kernel so far: those that it takes apart count as one. */
function sent(): number {
  const count = (text: string, key: RegExp): number => Number(key.exec(text)?.[1]);
  return (
    count(readFileSync('/proc/net/snmp', 'utf8'), /^Udp: \d+ \d+ \d+ (\d+)/m) +
    count(readFileSync('/proc/net/snmp6', 'utf8'), /^Udp6OutDatagrams\s+(\d+)/m)
  );
}

const LENGTHS = [40, 52, 40, 68, 300, 52, 1232, 40, 1233, 3000];

t.test('answers of one length to one socket leave together, and arrive as if each had left alone', async (t) => {
  const calls = await exchange(t, ['127.0.0.1', '::1'], LENGTHS, 600);
  t.ok(calls < 1200 / 2, `${calls} for 1200 answers`);
});

t.test('each of many clients gets its own', async (t) => {
  await exchange(
    t,
    Array.from({ length: 40 }, (_, client) => (client % 2 === 0 ? '127.0.0.1' : '::1')),
    LENGTHS,
    40,
  );
});

t.test('where a datagram is longer than a packet may be, answers leave one by one, in fragments', async (t) => {
  ip('link set lo mtu 600');
  const calls = await exchange(t, ['127.0.0.1'], [1000, 1001], 200);
  t.equal(calls, 200);
  ip('link set lo mtu 65536');
});
