import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lease, MemoryLeaseTable } from '@router7/dhcp4';
import { Ipv4Address, type MacAddress, toHex } from '@router7/wire';
import { Registry } from 'prom-client';
import t from 'tap';
import { leaseServer, type SetHostNameResult } from '../../src/dhcp4/lease-server.ts';
import { VendorNames } from '../../src/dhcp4/vendor-names.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { LoginDelay } from '../../src/runtime/login-delay.ts';

const NOON = Date.parse('2024-05-01T12:00:00Z');
const NOW = 10_000_000;
const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'r7-d4d-http-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const passwordFile = join(folder, 'gokr-pw.txt');
writeFileSync(passwordFile, 'secret\n');
const oui = join(folder, 'oui.csv');
writeFileSync(
  oui,
  `Registry,Assignment,Organization Name,Organization Address
MA-L,001122,"Acme ""Fun"", Inc.","1 Road
Town"
MA-L,98E8FA,Nintendo,Kyoto
`,
);

function lease(last: number, over: Partial<Lease> = {}): Lease {
  const hardwareAddress = Uint8Array.of(0, 0x11, 0x22, 0, 0, last);
  return {
    address: Ipv4Address.parse('192.168.42.0').plus(last),
    state: 'bound',
    clientKey: `01${toHex(hardwareAddress)}`,
    hardwareAddress,
    clientIdentifier: undefined,
    hostName: '',
    hostNameOverride: '',
    expiresAt: NOW + 18 * MINUTE,
    lastAckAt: NOW - 2 * MINUTE,
    ...over,
  };
}

const HOSTILE = '<script>alert(1)</script>"\'&';
const table = new MemoryLeaseTable([
  lease(10, { hostName: 'xps' }),
  lease(11, { hostName: 'old', expiresAt: NOW - 60 * MINUTE, lastAckAt: NOW - 80 * MINUTE }),
  lease(12, { hostName: 'lamp', hostNameOverride: 'kitchen', expiresAt: Infinity }),
  lease(13, { hostName: HOSTILE, hardwareAddress: Uint8Array.of(0xda, 1, 2, 3, 4, 5) }),
  lease(14, { state: 'declined', hardwareAddress: new Uint8Array(0), clientKey: 'declined:192.168.42.14' }),
  lease(15, { hostName: 'half', expiresAt: NOW + 10 * MINUTE, lastAckAt: NOW - 10 * MINUTE }),
]);

const wishes: [string, string][] = [];
let result: SetHostNameResult = 'done';
/** Milliseconds by which a test has moved the clock on. */
let later = 0;
const registry = new Registry();
const app = leaseServer({
  leases: () => table.values(),
  firstAddress: () => Ipv4Address.parse('192.168.42.2').value,
  setHostName: (client: MacAddress, hostName: string) => {
    wishes.push([client.toString(), hostName]);
    return Promise.resolve(result);
  },
  vendors: new VendorNames(silentLog, [join(folder, 'none.csv'), oui]),
  metrics: registry,
  clock: { now: () => NOW + later, wall: () => NOON },
  passwordFiles: [join(folder, 'none.txt'), passwordFile],
});

interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly peer?: string;
}

async function ask(
  path: string,
  { method = 'GET', headers = {}, body, peer = '192.168.42.10' }: Ask = {},
): Promise<Response> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return app.request(
    path,
    { method, headers: { host: '192.168.42.1:8067', ...length, ...headers }, ...(body === undefined ? {} : { body }) },
    { incoming: { socket: { remoteAddress: peer } } } as never,
  );
}

const login = { authorization: `Basic ${Buffer.from('gokrazy:secret').toString('base64')}` };
const form = (hardwareaddr: string, hostname: string): string =>
  new URLSearchParams({ hardwareaddr, hostname }).toString();
const FORM = 'application/x-www-form-urlencoded';

t.test('the page has both tables, the makers, badges and the mark of made-up addresses', async (t) => {
  const response = await ask('/');
  t.equal(response.status, 200);
  const page = await response.text();
  t.match(page, /Static[\s\S]*kitchen[\s\S]*calls itself lamp[\s\S]*Dynamic[\s\S]*xps/);
  t.match(page, /Acme &quot;Fun&quot;, Inc\./);
  t.match(page, /class="badge active"/);
  t.match(page, /class="badge expired"/);
  t.match(page, /private address/);
  t.match(page, /in use by a stranger/);
  t.match(page, /4 devices active, 6 leases known/);
  t.match(response.headers.get('content-security-policy'), /default-src 'none'; style-src 'sha256-/);
});

t.test('host names are hostile: none becomes markup', async (t) => {
  const page = await (await ask('/')).text();
  t.notMatch(page, /<script/);
  t.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/);
});

t.test('who may see it: private peers, and behind a proxy on this machine who that says', async (t) => {
  const cases: readonly [peer: string, forwarded: string | undefined, status: number][] = [
    ['192.168.42.10', undefined, 200],
    ['10.1.2.3', undefined, 200],
    ['fe80::1%lan0', undefined, 200],
    ['::ffff:192.168.1.1', undefined, 200],
    ['::1', undefined, 200],
    ['203.0.113.9', undefined, 403],
    ['2001:db8::1', undefined, 403],
    ['fdf5:3606:2a21::1', undefined, 403],
    ['127.0.0.1', '203.0.113.9', 403],
    ['127.0.0.1', '192.168.42.10, 203.0.113.9', 403],
    ['127.0.0.1', '203.0.113.9, 192.168.42.10', 200],
    ['127.0.0.1', 'nobody', 403],
    ['192.168.42.10', '203.0.113.9', 200],
    ['203.0.113.9', '192.168.42.10', 403],
    ['', undefined, 403],
  ];
  for (const [peer, forwarded, status] of cases) {
    for (const path of ['/', '/metrics', '/lease/xps']) {
      const response = await ask(path, {
        peer,
        headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      });
      t.equal(response.status, status, `${path} for ${peer} ${forwarded ?? ''}`);
    }
  }
});

t.test('a name from the Internet that leads here shows nothing', async (t) => {
  for (const [host, status] of [
    ['192.168.42.1:8067', 200],
    ['[fe80::1]:8067', 200],
    ['localhost:8067', 200],
    ['router7', 200],
    ['router7.lan:8067', 200],
    ['router7.lan.', 200],
    ['router7.lan.:8067', 200],
    ['evil.example.', 403],
    ['.', 403],
    ['evil.example:8067', 403],
    ['192.168.42.1.evil.example', 403],
  ] as const) {
    t.equal((await ask('/', { headers: { host } })).status, status, host);
  }
});

t.test('GET /lease/<hostname> (D4S-16)', async (t) => {
  const fresh = await ask('/lease/XPS');
  t.equal(fresh.status, 200);
  t.equal(fresh.headers.get('x-lease-active'), 'true');
  t.strictSame(await fresh.json(), {
    num: 8,
    addr: '192.168.42.10',
    hardware_addr: '00:11:22:00:00:0a',
    hostname: 'xps',
    hostname_override: '',
    expiry: '2024-05-01T12:18:00Z',
    last_ack: '2024-05-01T11:58:00Z',
  });
  t.equal((await ask('/lease/kitchen')).headers.get('x-lease-active'), 'true', 'static, seen just now');
  t.equal((await ask('/lease/half')).headers.get('x-lease-active'), 'false', 'less than two thirds are left');
  t.equal((await ask('/lease/old')).headers.get('x-lease-active'), 'false');
  t.equal((await ask('/lease/lamp')).status, 404, 'goes by another name');
  t.equal((await ask('/lease/nobody')).status, 404);
  t.equal((await ask('/lease/')).status, 400);
});

t.test('POST /sethostname (D4S-15)', async (t) => {
  const post = (over: Ask = {}): Promise<Response> =>
    ask('/sethostname', {
      method: 'POST',
      body: form('00:11:22:00:00:0a', ' desk '),
      ...over,
      headers: { 'content-type': FORM, ...login, ...over.headers },
    });
  wishes.length = 0;
  const done = await post();
  t.equal(done.status, 302);
  t.equal(done.headers.get('location'), '/');
  t.strictSame(wishes, [['00:11:22:00:00:0a', 'desk']]);
  t.equal(
    (await post({ headers: { 'sec-fetch-site': 'same-origin', origin: 'http://192.168.42.1:8067' } })).status,
    302,
  );
  t.equal((await post({ body: form('00:11:22:00:00:0a', '') })).status, 302, 'takes the name away');

  wishes.length = 0;
  const refused: readonly [name: string, over: Ask, status: number][] = [
    ['no login', { headers: { authorization: '' } }, 401],
    ['wrong password', { headers: { authorization: `Basic ${btoa('gokrazy:wrong')}` } }, 401],
    ['wrong user', { headers: { authorization: `Basic ${btoa('root:secret')}` } }, 401],
    ['another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['another port here', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['another origin', { headers: { origin: 'http://evil.example' } }, 403],
    ['a sandboxed frame', { headers: { origin: 'null' } }, 403],
    ['a public peer', { peer: '203.0.113.9' }, 403],
    ['no address', { body: form('', 'desk') }, 400],
    ['no name', { body: 'hardwareaddr=00:11:22:00:00:0a' }, 400],
    ['too long', { body: form('00:11:22:00:00:0a', 'x'.repeat(5000)) }, 413],
  ];
  for (const [name, over, status] of refused) t.equal((await post(over)).status, status, name);
  t.strictSame(wishes, [], 'nothing was asked of the server');
  t.match((await post({ headers: { authorization: '' } })).headers.get('www-authenticate'), /^Basic realm="gokrazy"/);

  for (const [reason, status] of [
    ['bad-name', 400],
    ['reserved', 400],
    ['taken', 400],
    ['unknown-client', 400],
    ['not-running', 503],
  ] as const) {
    result = reason;
    t.equal((await post()).status, status, reason);
  }
  result = 'done';
});

t.test('whoever guesses passwords has to wait, and nobody else', async (t) => {
  t.teardown(() => {
    later = 0;
  });
  const post = async (peer: string, password?: string, forwarded?: string): Promise<Response> =>
    ask('/sethostname', {
      method: 'POST',
      peer,
      body: form('00:11:22:00:00:0a', 'desk'),
      headers: {
        'content-type': FORM,
        ...(password === undefined ? {} : { authorization: `Basic ${btoa(`gokrazy:${password}`)}` }),
        ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
      },
    });
  for (let i = 0; i < 20; i++) t.equal((await post('192.168.42.66')).status, 401, 'a browser asks first');
  for (let i = 0; i < 5; i++) t.equal((await post('192.168.42.66', 'wrong')).status, 401);
  const refused = await post('192.168.42.66', 'wrong');
  t.equal(refused.status, 429);
  t.equal(refused.headers.get('retry-after'), '1');
  t.equal((await post('192.168.42.66', 'secret')).status, 429, 'nor is the right one looked at');
  t.equal((await post('192.168.42.67', 'secret')).status, 302, 'another host');
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    later += 60_000;
    t.equal((await post('192.168.42.66', 'wrong')).status, 401);
    waits.push(Number((await post('192.168.42.66', 'wrong')).headers.get('retry-after')));
  }
  t.same(waits, [2, 4, 8, 16, 32, 60, 60, 60]);
  later += 60_000;
  t.equal((await post('192.168.42.66', 'secret')).status, 302, 'its owner after a minute');
  t.equal((await post('192.168.42.66', 'wrong')).status, 401, 'which starts the count anew');

  for (let i = 0; i < 5; i++) await post(`fd00::${i}`, 'wrong');
  t.equal((await post('fd00::99', 'wrong')).status, 429, 'all of one /64 are one host');
  for (let i = 0; i < 5; i++) await post('127.0.0.1', 'wrong', `192.168.42.${68 + i}`);
  t.equal((await post('127.0.0.1', 'wrong', '192.168.42.99')).status, 429, 'programs here cannot guess as others');
  t.equal((await post('192.168.42.68', 'wrong')).status, 401, 'nor have others wait');
  later += 16 * 60_000;
  t.equal((await post('fd00::1', 'wrong')).status, 401);
  t.equal((await post('fd00::1', 'wrong')).status, 401, 'forgotten after a while');
});

t.test('a table of peers that does not grow', async (t) => {
  const delay = new LoginDelay();
  const peer = Ipv4Address.parse('10.0.0.0');
  for (let i = 0; i < 1500; i++) for (let j = 0; j < 5; j++) delay.failed(peer.plus(i), 0);
  const waiting = Array.from({ length: 1500 }, (_, i) => delay.secondsLeft(peer.plus(i), 0));
  t.equal(waiting.filter((seconds) => seconds > 0).length, 1024);
  t.equal(waiting[1499], 1);
});

t.test('who failed longest ago is forgotten first, and who logs in at once', async (t) => {
  const delay = new LoginDelay();
  const peer = Ipv4Address.parse('10.0.0.0');
  const fail = (which: Ipv4Address, times: number): void => {
    for (let i = 0; i < times; i++) delay.failed(which, 0);
  };
  fail(peer, 5);
  for (let i = 1; i < 1024; i++) fail(peer.plus(i), 1);
  fail(peer, 1);
  fail(peer.plus(2000), 1);
  t.equal(delay.secondsLeft(peer, 0), 2, 'the first one has failed again since');
  delay.granted(peer);
  t.equal(delay.secondsLeft(peer, 0), 0);
  fail(peer, 5);
  t.equal(delay.secondsLeft(peer, 0), 1, 'and has five tries again');
});

t.test('without a password nobody can change anything, and the page says how to set one', async (t) => {
  rmSync(passwordFile);
  t.teardown(() => writeFileSync(passwordFile, 'secret\n'));
  const response = await ask('/sethostname', {
    method: 'POST',
    body: form('00:11:22:00:00:0a', 'x'),
    headers: { 'content-type': FORM, authorization: `Basic ${btoa('gokrazy:')}` },
  });
  t.equal(response.status, 403);
  t.match(await response.text(), /\/perm\/gokr-pw\.txt/);
});

t.test('other methods and paths', async (t) => {
  t.equal((await ask('/sethostname')).status, 405);
  for (const path of ['/', '/metrics', '/lease/xps']) {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await ask(path, { method });
      t.equal(response.status, 405, `${method} ${path}`);
      t.equal(response.headers.get('allow'), 'GET, HEAD');
    }
    t.equal((await ask(path, { method: 'HEAD' })).status, 200);
  }
  t.equal((await ask('/nothing')).status, 404);
  t.equal((await ask('/debug/pprof/')).status, 404);
  t.equal((await ask('/nothing', { method: 'DELETE' })).status, 405);
});
