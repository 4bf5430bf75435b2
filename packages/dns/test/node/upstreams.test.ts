import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { Asking, answer, framed, question, StreamServer, until } from './servers.ts';

/** A UDP server; answers unless the test does by itself. */
async function openDatagrams(
  t: Test,
  onQuestion: (asked: Uint8Array, port: number, socket: Socket) => void,
  port: number = 0,
): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (asked, from) => onQuestion(Uint8Array.from(asked), from.port, socket));
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  return socket;
}

const at = (port: number) => ({ protocol: 'udp' as const, addresses: ['127.0.0.1'], port });

t.test(
  'DNS-15 asks by UDP from a fresh port each time and hears only the server (RFC 5452 9.1, RFC 5452 9.2)',
  async (t) => {
    const ports: number[] = [];
    const stranger = await openDatagrams(t, () => {});
    const server = await openDatagrams(t, (asked, port, socket) => {
      ports.push(port);
      stranger.send(answer(asked, 1), port, '127.0.0.1');
      const other = answer(asked, 2);
      other[1] = (other[1] as number) ^ 1;
      socket.send(other, port, '127.0.0.1');
      socket.send(asked, port, '127.0.0.1');
      socket.send(asked.subarray(0, 5), port, '127.0.0.1');
      setTimeout(() => socket.send(answer(asked, 3), port, '127.0.0.1'), 2);
    });
    const asking = new Asking(t, { servers: [at(server.address().port)] });
    for (let i = 0; i < 50; i++) t.equal(await asking.result(i), 3);
    t.ok(new Set(ports).size > 45, `${new Set(ports).size} ports`);
    t.equal(asking.upstreams.pending, 0);
  },
);

t.test('has as many UDP sockets as allowed at a time; more questions count as lost', async (t) => {
  const ports = new Set<number>();
  const server = await openDatagrams(t, (_asked, port) => void ports.add(port));
  const asking = new Asking(t, { servers: [at(server.address().port)], maximumSockets: 20 });
  for (let i = 0; i < 2000; i++) asking.ask(i);
  await until(() => ports.size === 20);
  for (let i = 0; i < 2000; i++) asking.upstreams.forget(i);
  t.equal(asking.upstreams.pending, 0);
  asking.ask(1);
  await until(() => ports.size === 21);
  t.same(asking.failures, []);
});

t.test('tells who refuses by UDP and by TCP, and that a server is not known', async (t) => {
  const gone = await openDatagrams(t, () => {});
  const { port } = gone.address();
  gone.close();
  gone.close = () => gone;
  const asking = new Asking(t, { servers: [at(port), { protocol: 'udp', name: 'dns.example' }] });
  t.equal(await asking.result(1), 'refused');
  t.equal(await asking.result(2, { stream: true }), 'refused');
  t.equal(await asking.result(3, { upstream: 1 }), 'unreachable');
  t.equal(await asking.result(4, { upstream: 1, stream: true }), 'unreachable');
  t.equal(await asking.result(5, { upstream: 2 }), 'unreachable');
});

t.test(
  'DNS-17 pipelines questions on one connection and takes answers in any order (RFC 7766 6.2.1.1, RFC 7766 7)',
  async (t) => {
    const server = await StreamServer.open(t, (_asked, connection) => {
      if (connection.questions.length < 100) return;
      for (const asked of connection.questions.splice(0).reverse()) connection.send(answer(asked, asked[14]));
    });
    const asking = new Asking(t, { servers: [at(server.port)] });
    // All with the same id, as different clients may choose it: on the connection no two are the same.
    for (let i = 0; i < 100; i++) {
      const message = question(0xffff);
      message[14] = i;
      asking.ask(i, { stream: true, message });
    }
    await until(() => asking.answers.length === 100);
    t.same(asking.marks, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i, i])));
    t.ok(
      asking.answers.every(({ message }) => message[0] === 0xff && message[1] === 0xff),
      'each with its own id',
    );
    t.equal(server.connections.length, 1);
    // And the connection is used again (RFC 7766 section 6.2.1).
    for (let i = 0; i < 100; i++) asking.ask(i, { stream: true });
    await until(() => asking.answers.length === 200);
    t.equal(server.connections.length, 1);
  },
);

t.test('DNS-17 bounds thousands of questions at once (RFC 7766 6.2.2)', async (t) => {
  const server = await StreamServer.open(t, (asked, connection) => connection.send(answer(asked, 7)));
  const asking = new Asking(t, { servers: [at(server.port)], maximumPipelined: 500 });
  for (let i = 0; i < 5000; i++) asking.ask(i, { stream: true });
  await until(() => asking.answers.length === 500);
  for (let i = 500; i < 5000; i++) asking.upstreams.forget(i);
  for (let i = 0; i < 500; i++) asking.ask(i, { stream: true });
  await until(() => asking.answers.length === 1000);
  t.equal(server.connections.length, 1);
  t.equal(asking.upstreams.pending, 0);
  t.same(asking.failures, []);
});

t.test('DNS-17 closes a connection that is not needed for a while (RFC 7766 6.2.3)', async (t) => {
  const server = await StreamServer.open(t, (asked, connection) => connection.send(answer(asked, 7)));
  const asking = new Asking(t, { servers: [at(server.port)], idleMilliseconds: 50 });
  t.equal(await asking.result(1, { stream: true }), 7);
  await once(server.connections[0]?.socket as never, 'close');
  t.equal(await asking.result(2, { stream: true }), 7);
  t.equal(server.connections.length, 2);
});

t.test('DNS-17 asks again when the server closes after some answers, and fails when there were none', async (t) => {
  let closes = 0;
  const server = await StreamServer.open(t, (asked, connection) => {
    // Three answers each time, then the end in the middle of the fourth.
    if (connection.questions.length < 4) connection.send(answer(asked, 1));
    else if (connection.questions.length === 4) {
      closes++;
      connection.socket.end(framed(answer(asked, 2)).subarray(0, 20));
    }
  });
  const asking = new Asking(t, { servers: [at(server.port)] });
  for (let i = 0; i < 8; i++) asking.ask(i, { stream: true });
  await until(() => asking.answers.length === 8);
  t.equal(server.connections.length, 3);
  t.equal(closes, 2);
  t.same(asking.failures, []);

  const broken = await StreamServer.open(t, (asked, connection) => {
    connection.socket.end(framed(answer(asked, 2)).subarray(0, 20));
  });
  const failing = new Asking(t, { servers: [at(broken.port)] });
  for (let i = 0; i < 3; i++) failing.ask(i, { stream: true });
  await until(() => failing.failures.length === 3);
  t.same(
    failing.failures,
    [0, 1, 2].map((exchange) => ({ exchange, reason: 'closed' })),
  );
  t.equal(broken.connections.length, 1);
});

t.test('takes answers in pieces and of 65,535 octets, and gives up a connection whose lengths lie', async (t) => {
  const lies: Record<number, (asked: Uint8Array) => Uint8Array> = {
    1: () => Uint8Array.from([0, 3, 1, 2, 3]),
    2: (asked) => framed(answer(asked)).fill(0, 1, 2),
    3: (asked) => framed(asked),
    4: () => Uint8Array.from([0, 0]),
  };
  const server = await StreamServer.open(t, (asked, connection) => {
    const id = ((asked[0] as number) << 8) | (asked[1] as number);
    const lie = lies[id];
    if (lie !== undefined) connection.socket.write(lie(asked));
    else if (id === 5) {
      const octets = framed(answer(asked, 5));
      for (let i = 0; i < octets.length; i++) {
        setTimeout(() => connection.socket.write(octets.subarray(i, i + 1)), i);
      }
    } else if (id === 6) connection.send(answer(asked, 6, 65_535 - asked.length - 12));
    // Longer than told: what is left over is taken for the next length, which never comes.
    else if (id === 7) connection.socket.write(Uint8Array.from([...framed(answer(asked, 7)), 0xff, 0xff, 1, 2]));
  });
  const asking = new Asking(t, { servers: [at(server.port)], silenceMilliseconds: 100 });
  for (const id of [1, 2, 3, 4]) {
    t.equal(await asking.result(id, { stream: true }), 'closed', `lie ${id}`);
    t.equal(server.connections.length, id);
  }
  t.equal(await asking.result(5, { stream: true }), 5);
  t.equal(await asking.result(6, { stream: true }), 6);
  t.equal(asking.answers.at(-1)?.message.length, 65_535);
  t.equal(await asking.result(7, { stream: true }), 7);
  t.equal(await asking.result(8, { stream: true }), 'closed', 'silence ends what hangs');
  t.equal(await asking.result(5, { stream: true }).catch(String), 5);
});

t.test('gives up a server that accepts and says nothing, or answers what was never asked', async (t) => {
  const silent = await StreamServer.open(t, () => {});
  const chatty = await StreamServer.open(t, (asked, connection) => {
    for (let id = 1; id < 200; id++) connection.send(answer(Uint8Array.from([0, id, ...asked.subarray(2)])));
  });
  const servers = [at(silent.port), at(chatty.port)];
  const asking = new Asking(t, { servers, silenceMilliseconds: 100 });
  asking.ask(1, { stream: true });
  asking.ask(2, { stream: true });
  asking.upstreams.forget(2);
  await until(() => asking.failures.length === 1);
  t.same(asking.failures, [{ exchange: 1, reason: 'closed' }]);
  t.equal(await asking.result(300, { upstream: 1, stream: true }), 'closed');
  t.same(asking.answers, []);
});

t.test('keeps the id of a question that was forgotten from others until its answer has come', async (t) => {
  const asks: Uint8Array[] = [];
  const server = await StreamServer.open(t, (asked, connection) => {
    asks.push(asked);
    if (asks.length === 2) for (const one of asks) connection.send(answer(one, one[14]));
  });
  const asking = new Asking(t, { servers: [at(server.port)] });
  const message = question(99);
  message[14] = 1;
  asking.ask(1, { stream: true, message });
  await until(() => asks.length === 1);
  asking.upstreams.forget(1);
  message[14] = 2;
  asking.ask(1, { stream: true, message });
  await until(() => asking.answers.length === 1);
  t.same(asking.marks, { 1: 2 });
  t.not(asks[0]?.[1], asks[1]?.[1]);
});

t.test('drops everything when told to, and has other servers from then on', async (t) => {
  const datagrams = await openDatagrams(t, () => {});
  const { port } = datagrams.address();
  const server = await StreamServer.open(t, (_asked, connection) => void connection, undefined, port);
  const other = await StreamServer.open(t, (asked, connection) => connection.send(answer(asked, 7)));
  const asking = new Asking(t, { servers: [at(port)] });
  const askAll = (): void => {
    for (let i = 0; i < 4; i++) asking.ask(i, { stream: i % 2 === 0 });
  };
  askAll();
  await until(() => server.questions.length === 2);
  asking.upstreams.drop();
  t.same(asking.failures.map(({ exchange, reason }) => `${exchange} ${reason}`).sort(), [
    '0 closed',
    '1 closed',
    '2 closed',
    '3 closed',
  ]);
  askAll();
  await until(() => server.questions.length === 4);
  asking.upstreams.configure([at(other.port), at(port)]);
  t.equal(asking.failures.length, 4, 'the same server in another place is the same server');
  t.equal(await asking.result(9, { stream: true }), 7);
  asking.upstreams.configure([at(other.port)]);
  t.equal(asking.failures.length, 8);
  t.equal(asking.upstreams.pending, 0);
  askAll();
  asking.upstreams.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.equal(asking.failures.length + asking.answers.length, 9, 'and nothing after the end');
});
