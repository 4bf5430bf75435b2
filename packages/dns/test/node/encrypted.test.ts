import { once } from 'node:events';
import type { UpstreamServer } from '@router7/dns/node';
import t, { type Test } from 'tap';
import { makeAuthority, makeCertificate } from './certificates.ts';
import { Asking, answer, type HttpsRequest, HttpsServer, question, StreamServer, until } from './servers.ts';

const authority = makeAuthority('Router7 test authority');
const certificateAuthorities = [authority.cert];
const NAME = 'dns.example';

/** Certificates that a strict client must not take, and one that it takes. */
const certificates = {
  good: makeCertificate({ names: [NAME], authority }),
  address: makeCertificate({ names: ['127.0.0.1'], authority }),
  'of another name': makeCertificate({ names: ['other.example'], authority }),
  expired: makeCertificate({ names: [NAME], authority, notAfter: new Date(Date.now() - 1000) }),
  'self-signed': makeCertificate({ names: [NAME] }),
  'of another authority': makeCertificate({ names: [NAME], authority: makeAuthority('Router7 test authority') }),
};
const bad = ['of another name', 'expired', 'self-signed', 'of another authority'] as const;

const tlsAt = (port: number, more: Partial<UpstreamServer> = {}): UpstreamServer => ({
  protocol: 'tls',
  addresses: ['127.0.0.1'],
  name: NAME,
  port,
  ...more,
});

/** An HTTPS server that answers each question with this mark. */
async function openHttps(t: Test, mark: number, headers: object = {}): Promise<HttpsServer> {
  return HttpsServer.open(t, certificates.good, ({ stream, body }) => {
    stream.respond({ ':status': 200, 'content-type': 'application/dns-message', ...headers });
    stream.end(answer(body, mark));
  });
}

t.test(
  'DNS-19 asks by TLS and sends the name in SNI, on one connection that is kept (RFC 7858 3.1, RFC 7858 3.4)',
  async (t) => {
    const names: string[] = [];
    const server = await StreamServer.open(t, (asked, connection) => connection.send(answer(asked, 1)), {
      ...certificates.good,
      SNICallback: (name, callback) => {
        names.push(name);
        callback(null);
      },
    });
    const asking = new Asking(t, { servers: [tlsAt(server.port)], certificateAuthorities });
    for (let i = 0; i < 50; i++) asking.ask(i);
    await until(() => asking.answers.length === 50);
    t.same(new Set(Object.values(asking.marks)), new Set([1]));
    t.same(names, [NAME]);
    t.equal(server.connections.length, 1);
  },
);

t.test('DNS-19 resumes sessions (RFC 7858 3.4)', async (t) => {
  const resumed: boolean[] = [];
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const server = await StreamServer.open(
      t,
      (asked, connection) => connection.socket.end(Buffer.from([0, asked.length + 16, ...answer(asked, 1)])),
      {
        ...certificates.good,
        maxVersion,
      },
    );
    server.server.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
    const asking = new Asking(t, { servers: [tlsAt(server.port)], certificateAuthorities });
    for (let i = 0; i < 3; i++) {
      t.equal(await asking.result(i), 1);
      await until(() => server.connections[i]?.socket.destroyed === true);
    }
  }
  t.same(resumed, [false, true, true, false, true, true]);
});

t.test('DNS-19 a server without name has to have a certificate for its address', async (t) => {
  for (const kind of ['address', 'good'] as const) {
    const server = await StreamServer.open(
      t,
      (asked, connection) => connection.send(answer(asked, 1)),
      certificates[kind],
    );
    const unnamed: UpstreamServer = { protocol: 'tls', addresses: ['127.0.0.1'], port: server.port };
    const asking = new Asking(t, { servers: [unnamed], certificateAuthorities });
    t.equal(await asking.result(1), kind === 'address' ? 1 : 'authentication');
  }
});

for (const kind of bad) {
  t.test(`DNS-19 strict: refuses a certificate ${kind}, by TLS and HTTPS, and asks nothing (RFC 8310 5)`, async (t) => {
    const server = await StreamServer.open(
      t,
      (asked, connection) => connection.send(answer(asked, 1)),
      certificates[kind],
    );
    const https = await HttpsServer.open(t, certificates[kind], () => {});
    const clear = await StreamServer.open(t, () => {});
    const asking = new Asking(t, {
      servers: [tlsAt(server.port, { clearPort: clear.port }), tlsAt(https.port, { protocol: 'https' })],
      certificateAuthorities,
    });
    for (let i = 0; i < 3; i++) {
      t.equal(await asking.result(i), 'authentication');
      t.equal(await asking.result(i, { upstream: 1 }), 'authentication');
    }
    t.same([server.questions, https.requests, clear.connections], [[], [], []]);
  });

  t.test(`DNS-19 opportunistic: takes a certificate ${kind} rather than none (RFC 8310 5, RFC 7858 4.1)`, async (t) => {
    const server = await StreamServer.open(
      t,
      (asked, connection) => connection.send(answer(asked, 1)),
      certificates[kind],
    );
    const clear = await StreamServer.open(t, (asked, connection) => connection.send(answer(asked, 2)));
    const servers = [tlsAt(server.port, { privacy: 'opportunistic', clearPort: clear.port })];
    const asking = new Asking(t, { servers, certificateAuthorities });
    t.equal(await asking.result(1, { stream: true }), 2, 'nobody waits for the probe');
    await until(() => server.questions.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    t.equal(await asking.result(2, { stream: true }), 1);
    t.equal(await asking.result(3, { stream: true }), 1);
    t.equal(clear.questions.length, 1);
  });
}

t.test(
  'DNS-19 opportunistic: asks in the clear when there is no TLS, or none any more, and says who asks what',
  async (t) => {
    const clear = await StreamServer.open(t, (asked, connection) => connection.send(answer(asked, 2)));
    const gone = await StreamServer.open(t, () => {}, certificates.good);
    gone.server.close();
    const servers = [tlsAt(gone.port, { privacy: 'opportunistic', clearPort: clear.port })];
    const asking = new Asking(t, { servers });
    for (let i = 0; i < 3; i++) t.equal(await asking.result(i, { stream: true }), 2);

    let answers = true;
    const server = await StreamServer.open(
      t,
      (asked, connection) => (answers ? connection.send(answer(asked, 1)) : connection.socket.destroy()),
      certificates.good,
    );
    const other = new Asking(t, {
      servers: [tlsAt(server.port, { privacy: 'opportunistic', clearPort: clear.port })],
    });
    t.equal(await other.result(1, { stream: true }), 2);
    await until(() => server.questions.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    t.equal(await other.result(2, { stream: true }), 1);
    answers = false;
    t.equal(await other.result(3, { stream: true }), 2, 'and nobody loses an answer by that');
    t.equal(await other.result(4, { stream: true }), 2);
    other.upstreams.drop();
    answers = true;
    t.equal(await other.result(5, { stream: true }), 2, 'over another uplink it is looked again');
    await until(() => server.questions.length >= 5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    t.equal(await other.result(6, { stream: true }), 1);
    t.same(other.failures, []);
  },
);

t.test('a server that speaks no TLS, closes, or says nothing fails in strict mode, each for its reason', async (t) => {
  const plain = await StreamServer.open(t, () => {});
  plain.server.on('connection', (socket) => socket.write('220 this is no TLS\r\n'));
  const closing = await StreamServer.open(t, () => {});
  closing.server.on('connection', (socket) => socket.destroy());
  const silent = await StreamServer.open(t, () => {});
  const gone = await StreamServer.open(t, () => {});
  gone.server.close();
  await once(gone.server, 'close');
  const servers = [plain, closing, silent, gone].map(({ port }) => tlsAt(port));
  const https = servers.map((server) => ({ ...server, protocol: 'https' as const }));
  const asking = new Asking(t, { servers: [...servers, ...https], connectMilliseconds: 200 });
  for (let i = 0; i < 8; i++) asking.ask(i, { upstream: i });
  await until(() => asking.failures.length === 8);
  const reasons = asking.failures.sort((a, b) => a.exchange - b.exchange).map(({ reason }) => reason);
  const expected = ['closed', 'closed', 'unreachable', 'refused'];
  t.same(reasons, [...expected, ...expected]);
});

t.test('DNS-19 asks by HTTPS: POST, id 0, many at a time on one connection (RFC 8484 4.1, RFC 8484 5.2)', async (t) => {
  const waiting: (() => void)[] = [];
  const server = await HttpsServer.open(t, certificates.good, ({ stream, body }) => {
    waiting.push(() => {
      stream.respond({ ':status': 200, 'content-type': 'Application/DNS-Message; x=y' });
      stream.end(answer(body, body[14]));
    });
    if (waiting.length === 50) for (const go of waiting.reverse()) go();
  });
  const servers = [tlsAt(server.port, { protocol: 'https', path: '/some/path?token=1' })];
  const asking = new Asking(t, { servers, certificateAuthorities });
  for (let i = 0; i < 50; i++) {
    const message = question(0xabcd);
    message[14] = i;
    asking.ask(i, { message });
  }
  await until(() => asking.answers.length === 50);
  t.same(asking.marks, Object.fromEntries(Array.from({ length: 50 }, (_, i) => [i, i])));
  t.ok(
    asking.answers.every(({ message }) => message[0] === 0xab && message[1] === 0xcd),
    'with the id of the question',
  );
  t.equal(server.resumed.length, 1);
  const { headers, body } = server.requests[0] as HttpsRequest;
  t.equal(headers[':method'], 'POST');
  t.equal(headers[':path'], '/some/path?token=1');
  t.equal(headers[':authority'], `${NAME}:${server.port}`);
  t.equal(headers['content-type'], 'application/dns-message');
  t.equal(headers.accept, 'application/dns-message');
  t.same([...body.subarray(0, 2)], [0, 0]);
});

t.test('DNS-19 survives the name of a server by HTTPS that no URL takes', async (t) => {
  const server = await openHttps(t, 4);
  const servers = ['dns.256', NAME].map((name) => tlsAt(server.port, { protocol: 'https', name }));
  const asking = new Asking(t, { servers, certificateAuthorities });
  t.equal(await asking.result(1), 'authentication');
  asking.ask(2, { upstream: 1 });
  await until(() => asking.marks[2] === 4);
  t.equal(server.requests[0]?.headers[':authority'], `${NAME}:${server.port}`);
});

t.test('DNS-19 counts TTLs down by the age of an answer from an HTTP cache (RFC 8484 5.1)', async (t) => {
  const ttlOf = (message: Uint8Array | undefined): number =>
    Buffer.from(message ?? []).readUInt32BE(question(0).length + 6);
  for (const [age, ttl] of [
    ['250', 50],
    ['400', 0],
    ['nonsense', 300],
  ] as const) {
    const server = await openHttps(t, 1, { age });
    const asking = new Asking(t, { servers: [tlsAt(server.port, { protocol: 'https' })], certificateAuthorities });
    await asking.result(1);
    t.equal(ttlOf(asking.answers[0]?.message), ttl);
  }
});

t.test('takes nothing for an answer by HTTPS that is none, and asks on', async (t) => {
  const LARGE = Buffer.alloc(70_000);
  const server = await HttpsServer.open(t, certificates.good, ({ stream, body }) => {
    const respond = (status: number, type: string, content: Uint8Array): void => {
      stream.respond({ ':status': status, 'content-type': type });
      stream.end(content);
    };
    const type = 'application/dns-message';
    const behaviours: (() => void)[] = [
      () => respond(500, type, answer(body, 9)),
      () => respond(302, type, answer(body, 9)),
      () => respond(200, 'text/html', answer(body, 9)),
      () => respond(200, type, body),
      () => respond(200, type, Buffer.alloc(0)),
      () => respond(200, type, Buffer.concat([answer(body, 9), LARGE])),
      () => stream.close(2),
      () => respond(200, type, answer(body, 7, 65_535 - body.length - 12)),
    ];
    behaviours[body[14] as number]?.();
  });
  const servers = [tlsAt(server.port, { protocol: 'https' })];
  const asking = new Asking(t, { servers, certificateAuthorities, silenceMilliseconds: 150 });
  const ask = (exchange: number, behaviour: number): void => {
    const message = question(exchange);
    message[14] = behaviour;
    asking.ask(exchange, { message });
  };
  for (let i = 0; i < 8; i++) ask(i, i);
  await until(() => asking.failures.length === 7 && asking.answers.length === 1);
  t.same(new Set(asking.failures.map(({ reason }) => reason)), new Set(['closed']));
  t.equal(asking.answers[0]?.message.length, 65_535);
  t.equal(server.resumed.length, 1, 'on the same connection');
  ask(20, 20);
  await until(() => asking.failures.length === 8);
  ask(21, 7);
  await until(() => asking.answers.length === 2);
  t.equal(server.resumed.length, 3, 'and on other ones when nothing comes any more');
});

t.test(
  'DNS-19 asks on another HTTPS connection when the server goes away, and forgets what it is told to',
  async (t) => {
    const server = await HttpsServer.open(t, certificates.good, ({ stream, body }) => {
      if (body[14] === 1) return;
      stream.respond({ ':status': 200, 'content-type': 'application/dns-message' });
      stream.end(answer(body, 1));
      stream.session?.goaway();
      if (body[14] === 2) stream.on('close', () => stream.session?.destroy());
    });
    const servers = [tlsAt(server.port, { protocol: 'https' })];
    const asking = new Asking(t, { servers, certificateAuthorities });
    for (let i = 0; i < 3; i++) {
      t.equal(await asking.result(i), 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    t.equal(server.resumed.length, 3);
    t.ok(server.resumed[2], 'with the session resumed');
    const message = question(5);
    message[14] = 1;
    asking.ask(5, { message });
    await until(() => server.requests.length === 4);
    asking.upstreams.forget(5);
    asking.ask(6, { message });
    await until(() => server.requests.length === 5);
    asking.upstreams.drop();
    t.same(asking.failures, [{ exchange: 6, reason: 'closed' }]);
  },
);

t.test('DNS-19 finds a server by its name through one whose address is known', async (t) => {
  const server = await openHttps(t, 5);
  const asked: string[] = [];
  const addresses = { a: [127, 0, 0, 1], b: [203, 0, 113, 1] };
  let address = addresses.a;
  const helper = await StreamServer.open(
    t,
    (message, connection) => {
      asked.push(`${Buffer.from(message.subarray(13, 16))} ${message.at(-3)}`);
      const response = answer(message, 0);
      if (message.at(-3) === 1) response.set(address, response.length - 4);
      else response[7] = 0;
      connection.send(message.at(-3) === 1 ? response : response.subarray(0, message.length));
    },
    certificates.good,
  );
  const byName: UpstreamServer = { protocol: 'https', name: NAME, port: server.port };
  const servers = [byName, tlsAt(helper.port)];
  const asking = new Asking(t, { servers, certificateAuthorities });
  t.equal(await asking.result(1), 'unreachable', 'an answer that leads back here is none');
  t.same(asked.sort(), ['dns 1', 'dns 28']);
  address = addresses.b;
  const own = new Asking(t, { servers, certificateAuthorities, isOwn: (text) => text === '203.0.113.1' });
  t.equal(await own.result(1), 'unreachable', 'and so is one of our own addresses');
  const found = new Asking(t, { servers, certificateAuthorities, connectMilliseconds: 50 });
  t.type(await found.result(1), 'string', 'nobody is there');
  t.equal(asked.length, 6);
  t.type(await found.result(2), 'string');
  t.equal(asked.length, 6, 'what was found is kept');
});
