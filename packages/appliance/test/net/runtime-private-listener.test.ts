import './own-namespace.ts';
import { createServer, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import t from 'tap';
import { createLog } from '../../src/runtime/log.ts';
import { createMetrics, metricsResponse } from '../../src/runtime/metrics.ts';
import { PrivateListener } from '../../src/runtime/private-listener.ts';
import { ip, until } from './own-namespace.ts';

/** The body of a GET, or the code of its failure. */
function ask(host: string, path: string): Promise<string> {
  return new Promise((resolve) => {
    // A zone means nothing to the other side, so it is not part of the name asked for (RFC 9844 section 6).
    get({ host, port: 8067, path, agent: false, headers: { host: 'router' } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve(body));
    }).on('error', (error) => resolve(String((error as { code?: string }).code)));
  });
}

ip('link set lo up');
ip('link add name lan0 type veth peer name uplink0');
ip('link set lan0 up');
ip('link set uplink0 up');
ip('addr add 203.0.113.5/24 dev lan0');
ip('addr add 10.9.0.1/24 dev uplink0');

t.test('HTTP on the private addresses, as they come and go', async (t) => {
  const lines: string[] = [];
  const metrics = createMetrics();
  let more: string[] = [];
  const listener = new PrivateListener({
    port: 8067,
    pages: () => (request) =>
      new URL(request.url).pathname === '/metrics' ? metricsResponse(metrics) : new Response('hello'),
    log: createLog((line) => lines.push(line)),
    more: () => more,
  });
  await listener.start();
  t.ok(listener.hosts.includes('127.0.0.1'));
  t.equal(await ask('127.0.0.1', '/'), 'hello');
  t.match(await ask('127.0.0.1', '/metrics'), /^process_cpu_user_seconds_total /m);
  t.equal(await ask('203.0.113.5', '/'), 'ECONNREFUSED', 'not on a public address');
  t.equal(await ask('10.9.0.1', '/'), 'ECONNREFUSED', 'not on the uplink');
  await until('the link-local address', () => listener.hosts.some((host) => host.endsWith('%lan0')));
  t.equal(await ask(listener.hosts.find((host) => host.endsWith('%lan0')) as string, '/'), 'hello');

  ip('addr add 192.168.42.1/24 dev lan0');
  await until('the new address', () => listener.hosts.includes('192.168.42.1'));
  t.equal(await ask('192.168.42.1', '/'), 'hello');
  ip('addr del 192.168.42.1/24 dev lan0');
  await until('its end', () => !listener.hosts.includes('192.168.42.1'));

  more = ['203.0.113.5'];
  await listener.refresh();
  t.equal(await ask('203.0.113.5', '/'), 'hello', 'an address that was asked for');

  // Somebody else has the port: told once, and taken when it is free.
  const other = createServer();
  ip('addr add 10.8.0.1/24 dev lo');
  await until('the address', () => listener.hosts.includes('10.8.0.1'));
  ip('addr del 10.8.0.1/24 dev lo');
  await until('its end', () => !listener.hosts.includes('10.8.0.1'));
  ip('link set lan0 down');
  await until('lan0 down', () => !listener.hosts.some((host) => host.endsWith('%lan0')));
  const blocked = '127.0.0.9';
  await new Promise<void>((resolve) => other.listen({ host: blocked, port: 8067 }, resolve));
  more = [blocked];
  await listener.refresh();
  t.notOk(listener.hosts.includes(blocked));
  await listener.refresh();
  t.equal(lines.filter((line) => line.includes('cannot listen') && line.includes('EADDRINUSE')).length, 1);
  await new Promise((resolve) => other.close(resolve));
  await until('the free port', () => listener.hosts.includes(blocked));
  t.equal(await ask(blocked, '/'), 'hello');
  await listener.close();
  t.same(listener.hosts, []);
  t.equal(await ask('127.0.0.1', '/'), 'ECONNREFUSED');
});

t.test('hosts that open connections and say nothing keep nobody out', async (t) => {
  const listener = new PrivateListener({
    port: 8067,
    pages: () => () => new Response('hello'),
    log: createLog(() => {}),
  });
  await listener.start();
  const open = (host: number): Socket =>
    connect({ host: '127.0.0.1', port: 8067, localAddress: `127.0.1.${host}` }).on('error', () => {});
  let ended = 0;
  const sockets = Array.from({ length: 200 }, () => open(1).on('close', () => ended++));
  await until('their end', () => ended >= 152);
  t.equal(await ask('127.0.0.1', '/'), 'hello', 'one host');
  t.equal(ended, 152, 'of which 48 may stay');
  // Of many hosts, the one with most connections makes room.
  let others = 0;
  for (let host = 2; host <= 61; host++) sockets.push(open(host), open(host));
  for (const socket of sockets.slice(200)) socket.on('close', () => others++);
  for (let i = 0; i < 5; i++) t.equal(await ask('127.0.0.1', '/'), 'hello', 'many hosts');
  t.ok(ended >= 188);
  t.ok(others <= 5, `${others} of others`);
  for (const socket of sockets) socket.destroy();
  await listener.close();
});

t.test('a connection on which something is answered makes no room', async (t) => {
  let answer: (() => void) | undefined;
  const listener = new PrivateListener({
    port: 8067,
    pages: () => () =>
      new Promise((resolve) => {
        answer = () => resolve(new Response('hello'));
      }),
    log: createLog(() => {}),
  });
  await listener.start();
  const answered = ask('127.0.0.1', '/');
  await until('the question', () => answer !== undefined);
  let ended = 0;
  const sockets = Array.from({ length: 60 }, () => connect({ host: '127.0.0.1', port: 8067 }));
  for (const socket of sockets) socket.on('error', () => {}).on('close', () => ended++);
  await until('their end', () => ended >= 13);
  answer?.();
  t.equal(await answered, 'hello');
  for (const socket of sockets) socket.destroy();
  await listener.close();
});

t.test('half a request is not waited for', async (t) => {
  const listener = new PrivateListener({
    port: 8067,
    pages: () => () => new Response('hello'),
    log: createLog(() => {}),
  });
  await listener.start();
  const socket = connect({ host: '127.0.0.1', port: 8067 });
  t.teardown(() => socket.destroy());
  socket.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: rou');
  const started = performance.now();
  const closed = new Promise((resolve) => socket.resume().on('close', resolve));
  await closed;
  // node:http by itself looks at its connections every 30 s.
  t.ok(performance.now() - started < 25_000, 'cut off after 10 s');
  await listener.close();
});
