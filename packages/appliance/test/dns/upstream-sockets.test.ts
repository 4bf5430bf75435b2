import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { UpstreamSockets, type UpstreamSocketsOptions } from '../../src/dns/upstream-sockets.ts';
import { Epoll } from '../../src/system/epoll.ts';

interface Question {
  readonly payload: Uint8Array;
  readonly from: RemoteInfo;
}

/** A server that keeps what it is asked, and answers when told. */
class Server {
  readonly questions: Question[] = [];
  readonly socket: Socket;
  readonly port: number;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.port = socket.address().port;
    socket.on('message', (payload, from) => this.questions.push({ payload, from }));
  }

  static async open(t: Test, address: string, port: number = 0): Promise<Server> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.bind(port, address);
    await once(socket, 'listening');
    t.teardown(() => socket.close());
    return new Server(socket);
  }

  answer({ payload, from }: Question, mark: number = 0): Promise<void> {
    const bytes = Uint8Array.from(payload);
    bytes[2] = 0x80;
    bytes[11] = mark;
    return new Promise((resolve) => this.socket.send(bytes, from.port, from.address, () => resolve()));
  }
}

/** The class under test, with an epoll that is looked at now and then so that the servers can run in this process, too. */
class Asking {
  readonly answers: { exchange: number; mark: number }[] = [];
  readonly failures: { exchange: number; reason: string }[] = [];
  readonly epoll = new Epoll();
  readonly sockets: UpstreamSockets;
  /** Sockets that were opened so far. */
  opened = 0;

  constructor(t: Test, endpoints: UpstreamSocketsOptions['endpoints'], maximumSockets: number = 4096) {
    this.sockets = new UpstreamSockets({
      endpoints,
      maximumSockets,
      watch: (fd, slot) => {
        this.opened++;
        this.epoll.add(fd, 0, slot);
      },
      onAnswer: (exchange, payload) => this.answers.push({ exchange, mark: payload[11] as number }),
      onFailed: (exchange, reason) => this.failures.push({ exchange, reason }),
    });
    t.teardown(() => {
      this.sockets.close();
      this.epoll.close();
    });
  }

  ask(exchange: number, id: number = exchange, upstream: number = 0): string | undefined {
    return this.sockets.ask(exchange, upstream, Uint8Array.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  }

  /** One look. @returns how many descriptors there were to read */
  look(): number {
    const count = this.epoll.wait(0);
    for (let i = 0; i < count; i++) this.sockets.ready(this.epoll.value(i), performance.now());
    this.sockets.settle(count < 64);
    return count;
  }

  async until(condition: () => boolean): Promise<void> {
    for (const end = performance.now() + 5000; !condition(); ) {
      if (performance.now() > end) throw new Error('it does not happen');
      this.look();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

t.test('DNS-15 asks each question from a fresh port that cannot be foretold (RFC 5452 9.2)', async (t) => {
  const server = await Server.open(t, '127.0.0.1');
  const asking = new Asking(t, [{ address: '127.0.0.1', port: server.port }]);
  const ports: number[] = [];
  for (let i = 0; i < 1000; i++) {
    asking.ask(7);
    await asking.until(() => server.questions.length > i);
    await server.answer(server.questions[i] as Question);
    await asking.until(() => asking.answers.length > i);
    asking.sockets.forget(7);
    asking.look();
    ports.push(server.questions[i]?.from.port as number);
  }
  // 1000 drawn from 28,232 ports: 982 different ones on average, and a step of a few ports is rare.
  t.ok(new Set(ports).size > 940, `${new Set(ports).size} different ports`);
  t.ok(Math.max(...ports) - Math.min(...ports) > 20_000, 'of the whole range');
  const near = ports.filter((port, i) => i > 0 && Math.abs(port - (ports[i - 1] as number)) < 100).length;
  t.ok(near < 40, `${near} near the one before`);
  t.ok(asking.sockets.sockets < 8, `${asking.sockets.sockets} sockets`);
  t.equal(asking.opened, asking.sockets.sockets, 'used again and again');
  t.same(asking.failures, []);
});

t.test('DNS-15 takes answers only from who was asked, to the port, with the id (RFC 5452 9.1)', async (t) => {
  const server = await Server.open(t, '127.0.0.1');
  const otherPort = await Server.open(t, '127.0.0.1');
  const otherAddress = await Server.open(t, '127.0.0.2', server.port);
  const asking = new Asking(t, [{ address: '127.0.0.1', port: server.port }]);
  asking.ask(1, 0x1234);
  await asking.until(() => server.questions.length === 1);
  const question = server.questions[0] as Question;
  await otherPort.answer(question, 1);
  await otherAddress.answer(question, 2);
  await server.answer({ from: question.from, payload: Uint8Array.from([0x12, 0x35, ...new Uint8Array(10)]) }, 3);
  await server.answer({ from: question.from, payload: Uint8Array.from([0x12, 0x34, 0x80]) }, 4);
  await server.answer(question, 5);
  await server.answer(question, 6);
  await asking.until(() => asking.answers.length === 2);
  t.same(asking.answers, [
    { exchange: 1, mark: 5 },
    { exchange: 1, mark: 6 },
  ]);
  t.equal(asking.sockets.counters.foreign, 4);
});

t.test('hands nothing that came for one question to the next one of the same socket', async (t) => {
  const server = await Server.open(t, '127.0.0.1');
  const asking = new Asking(t, [{ address: '127.0.0.1', port: server.port }], 1);
  asking.ask(1, 0x1234);
  await asking.until(() => server.questions.length === 1);
  for (let i = 0; i < 20; i++) await server.answer(server.questions[0] as Question, i);
  asking.sockets.forget(1);
  t.equal(asking.sockets.pending, 0);
  for (let i = 0; i < 3; i++) asking.sockets.settle(false);
  asking.sockets.settle(true);
  asking.ask(2, 0x1234);
  t.equal(asking.sockets.counters.dropped, 1, 'the only socket rests');
  await asking.until(() => asking.look() === 0 && asking.look() === 0);
  asking.ask(3, 0x1234);
  await asking.until(() => server.questions.length === 2);
  await server.answer(server.questions[0] as Question, 98);
  await server.answer(server.questions[1] as Question, 99);
  await asking.until(() => asking.answers.length > 0);
  t.same(asking.answers, [{ exchange: 3, mark: 99 }]);
});

t.test('tells who refuses and where there is no way, by IPv4 and IPv6', async (t) => {
  const gone = await Server.open(t, '127.0.0.1');
  const gone6 = await Server.open(t, '::1');
  const server6 = await Server.open(t, '::1');
  const asking = new Asking(t, [
    { address: '127.0.0.1', port: gone.port },
    { address: '::1', port: gone6.port },
    { address: '::1', port: server6.port },
    undefined,
    { address: 'fe80::1%nowhere', port: 53 },
  ]);
  for (const server of [gone, gone6]) {
    server.socket.close();
    await once(server.socket, 'close');
    server.socket.close = () => server.socket;
  }
  asking.ask(1, 1, 0);
  asking.ask(2, 2, 1);
  asking.ask(3, 3, 2);
  t.equal(asking.ask(4, 4, 3), 'unreachable');
  t.equal(asking.ask(5, 5, 4), 'unreachable');
  await asking.until(() => server6.questions.length === 1 && asking.failures.length === 2);
  await server6.answer(server6.questions[0] as Question, 9);
  await asking.until(() => asking.answers.length === 1);
  t.same(
    asking.failures.sort((a, b) => a.exchange - b.exchange),
    [
      { exchange: 1, reason: 'refused' },
      { exchange: 2, reason: 'refused' },
    ],
  );
  t.same(asking.answers, [{ exchange: 3, mark: 9 }]);
  asking.sockets.forget(3);
  for (let i = 0; i < 3; i++) asking.look();
  t.equal(asking.look(), 0, 'and nothing stays readable');
  t.equal(asking.sockets.pending, 0);
});

t.test('has as many sockets as allowed, and closes those that are not needed any more', async (t) => {
  const server = await Server.open(t, '127.0.0.1');
  const endpoints = [{ address: '127.0.0.1', port: server.port }];
  const asking = new Asking(t, endpoints, 600);
  for (let i = 0; i < 1000; i++) {
    asking.ask(i);
    // The server's socket does not hold all of them.
    if (i % 100 === 99) await asking.until(() => server.questions.length === Math.min(i + 1, 600));
  }
  t.equal(asking.sockets.pending, 600);
  t.equal(asking.sockets.counters.dropped, 400);
  t.equal(new Set(server.questions.map(({ from }) => from.port)).size, 600);
  // Those that are asked now are asked where they were before.
  asking.sockets.configure([undefined]);
  t.equal(asking.ask(2000), 'unreachable');
  await Promise.all(server.questions.slice(0, 500).map((question) => server.answer(question)));
  await asking.until(() => asking.answers.length === 500);
  asking.sockets.drop();
  t.same(
    asking.failures,
    Array.from({ length: 600 }, (_, exchange) => ({ exchange, reason: 'closed' })),
  );
  for (let i = 0; i < 3; i++) asking.look();
  t.equal(asking.sockets.sockets, 256);
  asking.sockets.configure(endpoints);
  t.equal(asking.ask(1), undefined);
});
