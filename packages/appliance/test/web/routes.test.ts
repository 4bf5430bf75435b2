import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/runtime/log.ts';
import { LogStreams } from '../../src/web/log-stream.ts';
import { SCRIPT_PATH } from '../../src/web/page-script.ts';
import { STYLE_PATH } from '../../src/web/page-style.ts';
import { routes } from '../../src/web/routes.ts';
import type { FakeControl } from './fake-control.ts';
import { sampleRouter } from './sample-router.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const MIB = 1024 ** 2;
const HOSTILE = '<script>alert(1)</script>"\'&';

const folder = mkdtempSync(join(tmpdir(), 'r7-web-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const passwordFile = join(folder, 'gokr-pw.txt');
writeFileSync(passwordFile, 'secret\n');

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly peer?: string;
  readonly viaSocket?: boolean;
}

/** Routes over a made-up router. */
function site({ isImage = true, streams = new LogStreams(), passwordFiles = [passwordFile] } = {}) {
  const { control, machine } = sampleRouter(NOON);
  let later = 0;
  const app = routes({
    control,
    machine: () => Promise.resolve(machine),
    memoryOf: () => 31 * MIB,
    sbom: () => Promise.resolve(isImage ? '{"sbom_hash":"a8f0c2","sbom":{}}' : undefined),
    isImage,
    hostname: () => 'router7.example.net',
    passwordFiles,
    clock: { now: () => 10_000_000 + later, wall: () => NOON },
    log: silentLog,
    lastWords: 0,
    streams,
  });
  const ask = async (path: string, asked: Asked = {}): Promise<Response> => {
    const { method = 'GET', headers = {}, body, peer = '192.168.42.10', viaSocket } = asked;
    const length: Record<string, string> =
      body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    if (body !== undefined) length['content-type'] = 'application/x-www-form-urlencoded';
    const init = { method, headers: { host: '192.168.42.1', ...login, ...length, ...headers } };
    return app.fetch(new Request(`http://192.168.42.1${path}`, body === undefined ? init : { ...init, body }), {
      incoming: { socket: { remoteAddress: peer } },
      ...(viaSocket === undefined ? {} : { viaSocket }),
    });
  };
  /** What a browser has after it has seen a page: its cookie, and the token of the form. */
  const visit = async (): Promise<{ cookie: string; token: string }> => {
    const cookies = (await ask('/status?path=/user/dnsd')).headers.get('set-cookie') ?? '';
    const [, token = ''] = /^gokrazy_xsrf=([^;]+)/.exec(cookies) ?? [];
    return { cookie: `gokrazy_xsrf=${token}`, token };
  };
  const post = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields).toString(), headers });
  return { ask, post, visit, control, machine, wait: (ms: number) => (later += ms) };
}

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
const login = { authorization: basic('gokrazy:secret') };

t.test('IN-04: the status as JSON has all of gokrazy’s keys', async (t) => {
  const { ask } = site();
  const response = await ask('/', { headers: { accept: 'application/json' } });
  t.match(response.headers.get('content-type'), /^application\/json/);
  const json = (await response.json()) as Record<string, unknown>;
  t.same(Object.keys(json), [
    'Services',
    'PermDev',
    'PermUsed',
    'PermAvail',
    'PermTotal',
    'PrivateAddrs',
    'PublicAddrs',
    'BuildTimestamp',
    'SBOMHash',
    'Meminfo',
    'Hostname',
    'Model',
    'PermUUID',
    'EEPROM',
    'Kernel',
    'MountDevices',
  ]);
  t.match(json, {
    PermDev: '/dev/sda4',
    PermUsed: 41 * MIB,
    PermTotal: 13_620 * MIB,
    BuildTimestamp: '2026-11-20T08:14:00Z',
    SBOMHash: 'a8f0c2',
    Meminfo: { MemTotal: 3912 * MIB, MemAvailable: 3626 * MIB },
    EEPROM: null,
    MountDevices: [{ Dev: '/dev/sda2', Used: 74 * MIB, Avail: 0, Total: 74 * MIB }, { Dev: '/dev/sda4' }],
  });
  t.same((json.Services as object[])[1], {
    Stopped: false,
    StartTime: '2026-11-10T08:50:00Z',
    Pid: 726,
    Path: '/user/dhcp4d',
    Args: ['/user/dhcp4d', '-interface=lan0'],
    Diverted: '',
  });
  t.match((json.Services as object[])[6], { Pid: 0, StartTime: '0001-01-01T00:00:00Z' }, 'never started');
});

t.test('IN-04: a service as JSON and as a page, with the headers of gokrazy', async (t) => {
  const { ask, control } = site();
  const asJson = await ask('/status?path=/user/dnsd', { headers: { accept: 'application/json' } });
  t.same(((await asJson.json()) as { Path: string }).Path, '/user/dnsd');
  const response = await ask('/status?path=%2Fuser%2Fdnsd');
  t.equal(response.headers.get('x-gokrazy-status'), 'started');
  t.equal(response.headers.get('x-gokrazy-goarch'), process.arch === 'x64' ? 'amd64' : process.arch);
  t.match(
    response.headers.get('set-cookie'),
    /^gokrazy_xsrf=[^;]+; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const page = await response.text();
  t.match(page, /dnsd[\s\S]*running[\s\S]*12 days[\s\S]*31 MiB[\s\S]*warn upstream does not answer/);
  t.match(page, />Restart<[\s\S]*>Stop</);
  await control.stop('dnsd');
  const stopped = await ask('/status?path=/user/dnsd');
  t.equal(stopped.headers.get('x-gokrazy-status'), 'stopped');
  t.match(await stopped.text(), />Start</);
  t.equal((await ask('/status?path=/user/none')).status, 404);
  t.equal(await (await ask('/status')).text(), 'service not found\n');
  t.match(await (await ask('/status?path=init')).text(), /Supervisor[\s\S]*dhcp6d: ended with status 1/);
});

t.test('the status page says first what does not run, and escapes what others have written', async (t) => {
  const { ask, control } = site();
  const page = await (await ask('/')).text();
  t.match(page, /PC Engines apu2[\s\S]*1 service not running:[\s\S]*dhcp6d[\s\S]*Up for/);
  t.match(page, /href="http:\/\/192\.168\.42\.1:8067\/"/);
  t.notMatch(page, /<style|style="|<script>|onclick=/, 'nothing that the policy would refuse');
  control.log('dnsd', 'stdout').add(`${HOSTILE}\r\u001b[2Jevent: x`, new Date(NOON));
  const service = await (await ask('/status?path=/user/dnsd')).text();
  t.notOk(service.includes('<script>alert') || service.includes('\u001b'));
  t.match(service, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;\ufffd\ufffd\[2Jevent: x/);
});

t.test('every answer has a strict policy, and nothing for other origins', async (t) => {
  const { ask } = site();
  for (const path of ['/', '/status?path=/user/dnsd', '/none', STYLE_PATH, SCRIPT_PATH]) {
    const { headers } = await ask(path);
    t.equal(
      headers.get('content-security-policy'),
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; " +
        "base-uri 'none'; frame-ancestors 'none'",
    );
    t.equal(headers.get('x-frame-options'), 'DENY');
    t.equal(headers.get('access-control-allow-origin'), null);
  }
  t.match((await ask(STYLE_PATH)).headers.get('content-type'), /^text\/css/);
  t.match((await ask(SCRIPT_PATH)).headers.get('content-type'), /^text\/javascript/);
  t.equal((await ask('/')).headers.get('cache-control'), 'no-store');
});

t.test('IN-06: who may come in', async (t) => {
  const cases: readonly [name: string, authorization: string | undefined, status: number][] = [
    ['the right password', basic('gokrazy:secret'), 200],
    ['another word for the scheme', basic('gokrazy:secret').replace('Basic', 'basic'), 200],
    ['nothing', undefined, 401],
    ['a wrong password', basic('gokrazy:secre'), 401],
    ['a longer one', basic('gokrazy:secret2'), 401],
    ['another user', basic('root:secret'), 401],
    ['no colon', basic('gokrazy'), 401],
    ['another scheme', 'Bearer secret', 401],
    ['no base64', 'Basic !!!', 401],
  ];
  for (const [name, authorization, status] of cases) {
    const { ask } = site();
    const response = await ask('/', { headers: { authorization: authorization ?? '' } });
    t.equal(response.status, status, name);
    if (status === 401) t.equal(response.headers.get('www-authenticate'), 'Basic realm="gokrazy"', name);
  }
  const none = site({ passwordFiles: [join(folder, 'none.txt')] });
  t.equal((await none.ask('/')).status, 403, 'without a password nobody may, from the network');
  t.equal((await none.ask('/', { viaSocket: true, headers: { authorization: '' } })).status, 200, 'but root may');
});

t.test('IN-06: a password that was changed counts at once, and guessing gets slow', async (t) => {
  const own = join(folder, 'changed.txt');
  writeFileSync(own, 'first');
  const { ask, wait } = site({ passwordFiles: [join(folder, 'none.txt'), own] });
  const status = async (password: string, peer?: string): Promise<number> =>
    (
      await ask('/', {
        headers: { authorization: basic(`gokrazy:${password}`) },
        ...(peer === undefined ? {} : { peer }),
      })
    ).status;
  t.equal(await status('first'), 200);
  writeFileSync(own, 'second\n');
  t.equal(await status('first'), 401);
  t.equal(await status('second'), 200);
  for (let tries = 0; tries < 5; tries++) t.equal(await status('guess'), 401);
  t.equal(await status('second'), 429, 'whoever has guessed waits');
  t.equal(await status('second', '192.168.42.11'), 200, 'others do not');
  wait(1000);
  t.equal(await status('second'), 200);
});

t.test('a program on this machine neither guesses as others nor makes others wait', async (t) => {
  const { ask } = site();
  const guess = async (from: string): Promise<number> => {
    const headers = { authorization: basic('gokrazy:guess'), 'x-forwarded-for': from };
    return (await ask('/', { headers, peer: '127.0.0.1' })).status;
  };
  for (let tries = 0; tries < 5; tries++) t.equal(await guess('192.168.42.10'), 401);
  t.equal(await guess('192.168.42.99'), 429);
  t.equal((await ask('/')).status, 200);
});

t.test('names of other sites do not lead here, nor do their forms', async (t) => {
  const { ask, post, visit } = site();
  const hosts: readonly [host: string, status: number][] = [
    ['192.168.42.1', 200],
    ['[fd7a:4a00:37::1]', 200],
    ['router7', 200],
    ['router7.lan', 200],
    ['ROUTER7.example.net.', 200],
    ['evil.example', 403],
    ['router7.example.net.evil.example', 403],
    ['192.168.42.1.evil.example', 403],
    ['', 403],
  ];
  for (const [host, status] of hosts) t.equal((await ask('/', { headers: { host } })).status, status, host);
  const { cookie, token } = await visit();
  const fields = { path: '/user/dnsd', xsrftoken: token };
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://192.168.42.1:8067' },
  ] as Record<string, string>[]) {
    t.equal((await post('/restart', fields, { cookie, ...headers })).status, 403, JSON.stringify(headers));
  }
  const own = { cookie, 'sec-fetch-site': 'same-origin', origin: 'http://192.168.42.1' };
  t.equal((await post('/restart', fields, own)).status, 303);
});

t.test('IN-05: restart, stop and start of a service', async (t) => {
  const { ask, post, visit, control } = site();
  const { cookie, token } = await visit();
  const order = (path: string, more: Record<string, string> = {}): Promise<Response> =>
    post(path, { path: '/user/dnsd', xsrftoken: token, ...more }, { cookie });
  const restarted = await order('/restart');
  t.equal(restarted.status, 303);
  t.equal(restarted.headers.get('location'), '/status?path=%2Fuser%2Fdnsd');
  t.equal((await order('/restart', { signal: 'kill' })).status, 303);
  t.equal((await order('/restart', { supervise: 'once' })).status, 303);
  t.equal((await order('/stop')).status, 303);
  t.equal((await order('/restart')).status, 303, 'of one that is stopped');
  t.equal((await order('/stop', { signal: 'kill' })).status, 303);
  t.same(control.orders, [
    'restart dnsd',
    'restart kill dnsd',
    'restart once dnsd',
    'stop dnsd',
    'start dnsd',
    'kill dnsd',
  ]);
  const query = await ask(`/restart?path=/user/radvd&xsrftoken=${token}`, { method: 'POST', headers: { cookie } });
  t.equal(query.status, 303, 'as gokrazy’s breakglass asks');
  t.equal((await order('/restart', { path: '/user/none' })).status, 404);
  control.failure = new Error('no such file');
  const failed = await order('/stop');
  t.equal(failed.status, 500);
  t.equal(await failed.text(), 'no such file\n');
});

t.test('IN-05: a form without the token of our own page does nothing', async (t) => {
  const { ask, post, visit, control } = site();
  const { cookie, token } = await visit();
  const other = (await site().visit()).token;
  const path = '/user/dnsd';
  const cases: readonly [name: string, cookie: string, form: string, status: number, text: string][] = [
    ['no cookie', '', token, 400, 'XSRF cookie missing\n'],
    ['no token', cookie, '', 400, 'XSRF token missing\n'],
    ['another token', cookie, other, 403, 'XSRF token mismatch\n'],
    ['a shorter token', cookie, token.slice(1), 403, 'XSRF token mismatch\n'],
    ['both of somebody else', `gokrazy_xsrf=${other}`, other, 403, 'XSRF token mismatch\n'],
    ['both made up', 'gokrazy_xsrf=1', '1', 403, 'XSRF token mismatch\n'],
  ];
  for (const [name, cookieOf, xsrftoken, status, text] of cases) {
    const response = await post('/restart', { path, xsrftoken }, { cookie: cookieOf });
    t.equal(response.status, status, name);
    t.equal(await response.text(), text, name);
  }
  t.equal((await post('/stop', { path: 'x'.repeat(5000), xsrftoken: token }, { cookie })).status, 413);
  t.same(control.orders, []);
  const again = await ask('/status?path=/user/dnsd', { headers: { cookie } });
  t.match(again.headers.get('set-cookie'), token, 'a token that is good stays');
});

t.test('wrong methods, paths of later, and what is nowhere', async (t) => {
  const { ask } = site();
  const cases: readonly [method: string, path: string, status: number, text: string][] = [
    ['GET', '/restart', 400, 'expected a POST request\n'],
    ['GET', '/stop', 400, 'expected a POST request\n'],
    ['PUT', '/reboot', 400, 'expected a POST request\n'],
    ['GET', '/poweroff', 400, 'expected a POST request\n'],
    ['POST', '/', 405, 'method not allowed\n'],
    ['DELETE', '/log', 405, 'method not allowed\n'],
    ['GET', '/update/features', 404, 'not implemented\n'],
    ['PUT', '/update/root', 404, 'not implemented\n'],
    ['POST', '/update/root', 400, 'expected a PUT request\n'],
    ['PUT', '/update/switch', 400, 'expected a POST request\n'],
    ['POST', '/update/testboot', 404, 'not implemented\n'],
    ['PUT', '/update/device-specific/x', 404, 'not implemented\n'],
    ['PUT', '/uploadtemp/a/b', 404, 'not implemented\n'],
    ['POST', '/divert', 404, 'not implemented\n'],
    ['GET', '/nothing', 404, 'not found\n'],
    ['GET', '/constructor', 404, 'not found\n'],
  ];
  for (const [method, path, status, text] of cases) {
    const response = await ask(path, { method });
    t.equal(response.status, status, `${method} ${path}`);
    t.equal(await response.text(), text, `${method} ${path}`);
  }
  t.equal((await ask('/', { method: 'HEAD' })).status, 200);
});

t.test('IN-17: the SBOM, where there is one', async (t) => {
  const response = await site().ask('/gokrazy/sbom.json');
  t.match(response.headers.get('content-type'), /^application\/json/);
  t.same(await response.json(), { sbom_hash: 'a8f0c2', sbom: {} });
  t.equal((await site({ isImage: false }).ask('/gokrazy/sbom.json')).status, 404);
});

t.test('IN-09: reboot and power off end the services first', async (t) => {
  const running = (control: FakeControl): number => control.list().filter(({ pid }) => pid !== undefined).length;
  /** The machine goes down a moment after the answer, so that the answer arrives. */
  const down = async (control: FakeControl): Promise<void> => {
    while (!['reboot', 'poweroff'].includes(control.orders.at(-1) ?? '')) await new Promise(setImmediate);
  };
  const one = site();
  const response = await one.post('/reboot?kexec=off', { wait_per_signal: '10s' });
  t.equal(response.status, 200);
  t.match(await response.text(), /^All services killed in \d+\.\d{3}s\nRebooting\.\.\.\n$/);
  t.equal(running(one.control), 0);
  await down(one.control);
  t.same(one.control.orders, ['end', 'reboot'], 'in order, and not as a person stops what is to stay stopped');
  const byKexec = await site().post('/reboot', { wait_per_signal: '1m30s', async: 'true' });
  t.equal(await byKexec.text(), 'kexec is not available yet, restarting by the firmware\nRebooting...\n');
  const two = site();
  t.match(await (await two.post('/poweroff', {})).text(), /^All services killed in .*\nPowering off\.\.\.\n$/);
  await down(two.control);
  t.equal(two.control.orders.at(-1), 'poweroff');
  const three = site();
  for (const wait_per_signal of ['10', 's', '-1s', '10s!', '1d']) {
    t.equal((await three.post('/reboot', { wait_per_signal })).status, 400, wait_per_signal);
  }
  const fromBrowser = { 'sec-fetch-site': 'same-origin' };
  t.equal((await three.post('/reboot', {}, fromBrowser)).status, 400, 'a browser needs the token');
  t.equal((await site({ isImage: false }).post('/reboot', {})).status, 501);
  // Longer than it would take.
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.same(three.control.orders, []);
  const { cookie, token } = await three.visit();
  const page = await three.post('/reboot', { xsrftoken: token }, { cookie, ...fromBrowser });
  t.match(await page.text(), /Restarting[\s\S]*when it is back/);
});
