import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DnsMessage, decodeMessage, encodeMessage, NO_LOCAL_DATA, rcodeOf } from '@router7/dns';
import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { NameServer } from '../../src/dns/name-server.ts';
import { serverSettings } from '../../src/dns/server-settings.ts';
import { ThreadAnswering } from '../../src/dns/thread-answering.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { DEFAULT_DNS_CONFIG, parseDnsConfig } from '../../src/state/dns-config.ts';

const HOST = '127.0.0.1';
const LOOPBACK = { network: Uint8Array.of(127, 0, 0, 0), length: 8 };
const SITUATION = { upstreams: [], own: [], clients: [LOOPBACK], groups: [] };
const SETTINGS = serverSettings(DEFAULT_DNS_CONFIG, SITUATION);

function query(name: string, id = 0x4242): Uint8Array {
  const questions = [{ name, type: 1, class: 1 }];
  return encodeMessage({ id, flags: 0x0100, questions, answers: [], authorities: [], additionals: [] });
}

async function askByUdp(name: string, port: number): Promise<DnsMessage> {
  const socket = createSocket('udp4');
  socket.send(query(name), port, HOST);
  const [payload] = (await once(socket, 'message')) as [Uint8Array];
  socket.close();
  return decodeMessage(payload);
}

async function askByTcp(name: string, port: number): Promise<DnsMessage> {
  const socket = connect({ host: HOST, port });
  const payload = query(name);
  socket.write(Uint8Array.of(payload.length >> 8, payload.length, ...payload));
  const [answer] = (await once(socket, 'data')) as [Uint8Array];
  socket.destroy();
  return decodeMessage(answer.subarray(2));
}

/** Asks all of them at once on one connection, under their places as ids. @returns as many answers, as they come */
async function askAtOnce(names: readonly string[], port: number): Promise<DnsMessage[]> {
  const socket = connect({ host: HOST, port });
  const framed = names.map((name, id) => {
    const payload = query(name, id);
    return Uint8Array.of(payload.length >> 8, payload.length, ...payload);
  });
  socket.write(Buffer.concat(framed));
  const answers: DnsMessage[] = [];
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Uint8Array]);
    for (; rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(); rest = rest.subarray(2 + rest.readUInt16BE())) {
      answers.push(decodeMessage(rest.subarray(2, 2 + rest.readUInt16BE())));
    }
    if (answers.length >= names.length) break;
  }
  return answers;
}

/** A port that nobody has, by UDP at least. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

for (const transport of ['batch', 'dgram'] as const) {
  t.test(`${transport}: DNS-01, DNS-08, DNS-17: answers by UDP and TCP, and ends`, async (t) => {
    const port = await freePort();
    const onDeath = (error: Error): never => t.bailout(error.message) as never;
    const server = new NameServer({ settings: SETTINGS, transport, port, log: silentLog, onDeath });
    server.know({ kind: 'local', data: NO_LOCAL_DATA });
    await server.listen([HOST]);
    t.same(server.hosts, [HOST]);
    for (const ask of [askByUdp, askByTcp]) {
      const { answers } = await ask('localhost', port);
      t.match(answers, [{ kind: 'a', name: 'localhost' }]);
    }
    t.equal(rcodeOf(await askByUdp('www.example', port)), 2, 'nobody to ask: SERVFAIL');
    const { forwarder, questions, datagrams } = await server.statistics();
    t.match(forwarder, { queries: { udp: 2, tcp: 1 }, answers: { failed: 1 } });
    t.equal(questions[1], 3);
    t.match(datagrams, { received: 2, sent: 2 });
    await server.listen([]);
    t.same(server.hosts, []);
    t.type(await server.stop(true), Array);
  });
}

for (const transport of ['batch', 'dgram'] as const) {
  t.test(`${transport}: DNS-16, DNS-21: who waits gets an answer though the cache is made anew`, async (t) => {
    const upstream = createSocket('udp4').bind(0, HOST);
    await once(upstream, 'listening');
    t.teardown(() => upstream.close());
    const settings = (bytes: number) =>
      serverSettings(
        parseDnsConfig(
          JSON.stringify({ upstreams: [{ address: HOST, port: upstream.address().port }], cache: { bytes } }),
        ).value,
        SITUATION,
      );
    const port = await freePort();
    const onDeath = (error: Error): never => t.bailout(error.message) as never;
    const server = new NameServer({ settings: settings(1 << 20), transport, port, log: silentLog, onDeath });
    t.teardown(() => server.stop(false));
    server.know({ kind: 'local', data: NO_LOCAL_DATA });
    await server.listen([HOST]);
    const waiting = askByUdp('www.example', port);
    await once(upstream, 'message');
    server.configure(settings(2 << 20));
    t.equal(rcodeOf(await waiting), 2, 'SERVFAIL: the upstream server says nothing');
    const { forwarder, cache } = await server.statistics();
    t.match(forwarder, { queries: { udp: 1 }, answers: { failed: 1 } }, 'counted as before');
    t.ok(cache.capacityBytes > 1 << 20);
  });
}

for (const transport of ['batch', 'dgram'] as const) {
  t.test(
    `${transport}: DNS-17: questions that had to wait on a connection are answered each by its own (RFC 7766 6.2.1.1)`,
    async (t) => {
      const upstream = createSocket('udp4').bind(0, HOST);
      await once(upstream, 'listening');
      t.teardown(() => upstream.close());
      upstream.on('message', (asked, { port }) => {
        const { id, questions } = decodeMessage(asked);
        const [question] = questions;
        const value = Ipv4Address.parse('198.51.100.1');
        const answers = [{ kind: 'a' as const, name: question?.name ?? '', class: 1, ttlSeconds: 60, value }];
        const response = encodeMessage({ id, flags: 0x8180, questions, answers, authorities: [], additionals: [] });
        upstream.send(response, port, HOST);
      });
      const config = JSON.stringify({ upstreams: [{ address: HOST, port: upstream.address().port }] });
      const settings = serverSettings(parseDnsConfig(config).value, SITUATION);
      const port = await freePort();
      const onDeath = (error: Error): never => t.bailout(error.message) as never;
      const server = new NameServer({ settings, transport, port, log: silentLog, onDeath });
      t.teardown(() => server.stop(false));
      server.know({ kind: 'local', data: NO_LOCAL_DATA });
      await server.listen([HOST]);
      // All that a connection may have under way wait for one answer; what is behind them needs nobody else.
      const names = Array.from({ length: 100 }, (_, id) => (id < 64 ? 'www.example' : 'localhost'));
      const answers = await askAtOnce(names, port);
      t.same(
        answers.map(({ id, questions }) => [id, questions[0]?.name]).sort(([a], [b]) => Number(a) - Number(b)),
        [...names.entries()],
      );
    },
  );
}

t.test('DNS-01: a thread that dies is told of', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-dnsd-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'program.mjs');
  writeFileSync(program, 'throw new Error("out of luck")');
  const settings = SETTINGS.answerer;
  const death = await new Promise<Error>((resolve) => {
    new ThreadAnswering({ settings, onReport: () => undefined, onDeath: resolve, program: pathToFileURL(program) });
  });
  t.match(death.message, /out of luck/);
});

t.test('DNS-02, DNS-19, DNS-23: whom to ask follows from dns.json', async (t) => {
  const settingsOf = (config: unknown, upstreams: readonly string[] = ['192.0.2.1', '192.0.2.2']) =>
    serverSettings(parseDnsConfig(JSON.stringify(config)).value, {
      ...SITUATION,
      upstreams,
      own: ['192.0.2.2', '2001:db8::2'],
    });
  const labels = (config: unknown): readonly string[] =>
    settingsOf(config).answerer.forwarder.upstreams.map(({ label }) => label);
  t.same(labels({}), ['192.0.2.1'], 'never itself');
  t.same(labels({ upstreams: [{ address: '192.0.2.2', port: 5353 }] }), ['192.0.2.2:5353'], 'another server here');
  t.same(labels({ upstreams: [{ address: '2001:DB8:0::2' }, { address: '0.0.0.0' }, { address: '::' }] }), []);
  const dot = { protocol: 'tls', name: 'dns.example', address: '192.0.2.2' };
  t.same(labels({ upstreams: [{ ...dot, tls: 'opportunistic' }] }), [], 'that asks port 53 as well');
  t.same(labels({ upstreams: [dot] }), ['tls://dns.example'], 'another server here');
  const mixed = {
    upstreams: [
      { address: '192.0.2.9' },
      { address: '192.0.2.10', protocol: 'tls', name: 'dns.example' },
      { protocol: 'https', name: 'doh.example', path: '/q' },
    ],
    domains: [
      { name: 'Corp.Example', upstreams: [{ address: '2001:db8::53', port: 5353 }, { address: '192.0.2.9' }] },
      { name: 'nobody.example', upstreams: [] },
    ],
  };
  t.same(labels(mixed), ['192.0.2.9', 'tls://dns.example', 'https://doh.example/q', '[2001:db8::53]:5353']);
  const { answerer, servers } = settingsOf(mixed);
  t.match(answerer.forwarder.upstreams, [{}, { encrypted: true }, { encrypted: true }, { domainsOnly: true }]);
  t.match(answerer.forwarder.domains, [{ upstreams: [3, 0] }]);
  t.equal(answerer.forwarder.domains.length, 1, 'what nobody is asked for is answered here');
  t.same(answerer.endpoints, [
    { address: '192.0.2.9', port: 53 },
    undefined,
    undefined,
    { address: '2001:db8::53', port: 5353 },
  ]);
  t.match(servers[1], { protocol: 'tls', addresses: ['192.0.2.10'], name: 'dns.example', privacy: 'strict' });
  const twice = ['9.9.9.9', '2620:fe::fe'].map((address) => ({ address, protocol: 'tls', name: 'dns.example' }));
  t.match(settingsOf({ upstreams: twice }).servers, [{ addresses: ['9.9.9.9', '2620:fe::fe'] }], 'one server');
  const told = settingsOf({ block: { answer: 'null' }, nsid: 'attic' }).answerer.forwarder;
  t.match(told, { blockAnswer: 'null', identity: Buffer.from('attic') });
  t.equal(settingsOf({ rate_limit: 0 }).answerer.forwarder.rateLimit, undefined);
  t.match(settingsOf({ rate_limit: 5 }).answerer.forwarder.rateLimit, { perSecond: 5, burst: 10, forwardedCost: 5 });
});
