import './own-namespace.ts';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get as getPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as getSecure } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import t from 'tap';
import { createLog } from '../../src/runtime/log.ts';
import { startWeb } from '../../src/web/web.ts';
import { webFiles } from '../../src/web/web-files.ts';
import { FakeControl } from '../web/fake-control.ts';
import { ip, until } from './own-namespace.ts';

const DAY = 86_400_000;
const LAN = '192.168.42.1';

const root = mkdtempSync(join(tmpdir(), 'r7-web-'));
t.teardown(() => rmSync(root, { recursive: true, force: true }));
for (const folder of ['perm/ssl', 'etc/ssl']) mkdirSync(join(root, folder), { recursive: true });
const socketPath = join(root, 'http.sock');
const permCertificate = join(root, 'perm/ssl/gokrazy-web.pem');
const permKey = join(root, 'perm/ssl/gokrazy-web.key.pem');

/** A certificate that is good for two days, and its key. */
function makeCertificate(name: string): { readonly certificate: string; readonly key: string } {
  const [certificate, key] = [join(root, `${name}.pem`), join(root, `${name}.key.pem`)];
  const options = '-x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2';
  execFileSync('openssl', ['req', ...options.split(' '), '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  return { certificate, key };
}
const first = makeCertificate('first');
const second = makeCertificate('second');

function install(certificate: string | undefined, key: string | undefined): void {
  rmSync(permCertificate, { recursive: true, force: true });
  rmSync(permKey, { recursive: true, force: true });
  if (certificate !== undefined) copyFileSync(certificate, permCertificate);
  if (key !== undefined) copyFileSync(key, permKey);
}

interface Answer {
  readonly status: number | string | undefined;
  readonly location?: string | undefined;
  /** Name in the certificate. */
  readonly by?: string | undefined;
}

const LOGIN = `Basic ${Buffer.from('gokrazy:secret').toString('base64')}`;

/** A GET with the password; the code of the failure when nobody answers. */
function ask(url: string, more: RequestOptions = {}): Promise<Answer> {
  const options = {
    agent: false as const,
    rejectUnauthorized: false,
    headers: { host: 'router7', authorization: LOGIN },
  };
  return new Promise((resolve) => {
    const answer = (response: IncomingMessage): void => {
      response.resume();
      const raw = url.startsWith('https') ? (response.socket as TLSSocket).getPeerCertificate().raw : undefined;
      const by = raw === undefined ? undefined : new X509Certificate(raw).subject;
      resolve({ status: response.statusCode, location: response.headers.location, by });
    };
    const request = url.startsWith('https') ? getSecure : getPlain;
    request(url, { ...options, ...more }, answer).on('error', (error) => {
      resolve({ status: (error as { code?: string }).code });
    });
  });
}

ip('link set lo up');
ip('link add name lan0 type veth peer name peer0');
ip('link set lan0 up');
ip('link set peer0 up');
ip(`addr add ${LAN}/24 dev lan0`);
ip('addr add 203.0.113.5/24 dev lan0');

const lines: string[] = [];
let later = 0;
const options = {
  log: createLog((line) => lines.push(line)),
  files: webFiles(root),
  socketPath,
  ports: { http: 8080, https: 8443 },
  isImage: false,
  clock: { now: () => performance.now(), wall: () => Date.now() + later },
  lookInterval: 20,
};
const told = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;

const web = await startWeb(new FakeControl([{ name: 'dnsd' }]), options);
t.teardown(() => web.close());

t.test('IN-06: without a password it is there for root only, by the unix socket', async (t) => {
  t.same(web.hosts, { http: [], https: [] });
  t.equal((await ask(`http://${LAN}:8080/`)).status, 'ECONNREFUSED');
  t.equal((statSync(socketPath).mode & 0o777).toString(8), '600');
  const bySocket = await ask('http://localhost/', { socketPath, headers: { host: 'localhost' } });
  t.equal(bySocket.status, 200);
  t.equal(told(/no password, .*unix socket only/), 1);
  writeFileSync(join(root, 'perm/gokr-pw.txt'), 'secret\n');
  await until('a listener', () => web.hosts.http.includes(LAN));
  t.equal((await ask(`http://${LAN}:8080/`)).status, 200, 'with a password everybody at home');
  t.equal((await ask(`http://${LAN}:8080/`, { headers: { host: 'router7' } })).status, 401);
});

t.test('IN-07: on private addresses as they come and go, on the port of the file', async (t) => {
  t.equal((await ask('http://203.0.113.5:8080/')).status, 'ECONNREFUSED', 'not on a public one');
  ip('addr add 10.7.0.1/24 dev lan0');
  await until('the new address', () => web.hosts.http.includes('10.7.0.1'));
  t.equal((await ask('http://10.7.0.1:8080/')).status, 200);
  ip('addr del 10.7.0.1/24 dev lan0');
  await until('its end', () => !web.hosts.http.includes('10.7.0.1'));
  writeFileSync(join(root, 'etc/http-port.txt'), '8090\n');
  const looks = new Set(Array.from({ length: 1000 }, () => web.refresh()));
  t.equal(looks.size, 1, 'one look, however often it is asked for');
  await Promise.all(looks);
  t.equal((await ask(`http://${LAN}:8090/`)).status, 200, 'at once on SIGHUP');
  t.equal((await ask(`http://${LAN}:8080/`)).status, 'ECONNREFUSED');
  for (const wrong of ['0', '65536', '-1', 'x', '']) {
    writeFileSync(join(root, 'perm/http-port.txt'), wrong);
    await web.refresh();
    t.equal((await ask(`http://${LAN}:8090/`)).status, 200, `no port: ${wrong}`);
  }
  rmSync(join(root, 'perm/http-port.txt'));
  rmSync(join(root, 'etc/http-port.txt'));
  await until('the usual port', async () => (await ask(`http://${LAN}:8080/`)).status === 200);
});

t.test('IN-08: a broken certificate locks nobody out', async (t) => {
  const garbage = join(root, 'garbage');
  writeFileSync(garbage, 'garbage');
  const torn = join(root, 'torn');
  writeFileSync(torn, '-----BEGIN CERTIFICATE-----\nMIIB');
  const cases: readonly [name: string, break_: () => void, file: string][] = [
    ['no key', () => install(first.certificate, undefined), permKey],
    ['no certificate', () => install(undefined, first.key), permCertificate],
    ['the key of another one', () => install(first.certificate, second.key), permKey],
    ['garbage for a certificate', () => install(garbage, first.key), permCertificate],
    ['half a certificate', () => install(torn, first.key), permCertificate],
    ['garbage for a key', () => install(first.certificate, garbage), permKey],
    [
      'what cannot be read',
      () => {
        install(undefined, first.key);
        mkdirSync(permCertificate);
      },
      permCertificate,
    ],
  ];
  for (const [name, breakIt, file] of cases) {
    lines.length = 0;
    breakIt();
    await web.refresh();
    await web.refresh();
    t.match(await ask(`http://${LAN}:8080/`), { status: 200 }, name);
    t.equal((await ask(`https://${LAN}:8443/`)).status, 'ECONNREFUSED', name);
    t.equal(told(/warn certificate of no use, serving plain HTTP/), 1, `${name}: told once`);
    t.ok(
      lines.some((line) => line.includes(`file=${file}`)),
      `${name}: names the file`,
    );
  }
});

t.test('IN-07: with a certificate it is HTTPS, and HTTP leads there', async (t) => {
  install(first.certificate, first.key);
  await until('HTTPS', () => web.hosts.https.includes(LAN));
  t.match(await ask(`https://${LAN}:8443/`), { status: 200, by: 'CN=first' }, 'repaired, without a restart');
  t.match(await ask(`http://${LAN}:8080/status?path=/user/dnsd`), {
    status: 302,
    location: 'https://router7:8443/status?path=/user/dnsd',
  });
  t.equal((await ask('http://127.0.0.1:8080/')).status, 200, 'on this machine itself without');
  t.equal((await ask(`https://${LAN}:8443/`, { headers: { host: 'router7' } })).status, 401);
  t.equal((await ask(`https://${LAN}:8443/`, { maxVersion: 'TLSv1.1' } as RequestOptions)).status === 200, false);
  install(second.certificate, second.key);
  await until('the new certificate', async () => (await ask(`https://${LAN}:8443/`)).by === 'CN=second');
});

t.test('IN-08: one that breaks while it is used goes on to the end of its life', async (t) => {
  lines.length = 0;
  install(second.certificate, first.key);
  await web.refresh();
  t.match(await ask(`https://${LAN}:8443/`), { status: 200, by: 'CN=second' });
  t.equal(told(/the last one goes on/), 1);
  later = 3 * DAY;
  await until('plain HTTP', async () => (await ask(`http://${LAN}:8080/`)).status === 200);
  t.equal((await ask(`https://${LAN}:8443/`)).status, 'ECONNREFUSED', 'expired');
  t.equal(told(/expired on .*/), 1);
  copyFileSync(first.certificate, join(root, 'etc/ssl/gokrazy-web.pem'));
  copyFileSync(first.key, join(root, 'etc/ssl/gokrazy-web.key.pem'));
  later = 0;
  await web.refresh();
  t.match(await ask(`https://${LAN}:8443/`), { status: 200, by: 'CN=first' }, 'the next pair that is there');
  later = -300 * DAY;
  install(second.certificate, second.key);
  await web.refresh();
  t.match(await ask(`https://${LAN}:8443/`), { by: 'CN=second' }, 'not valid yet: the clock was not set');
  install(undefined, undefined);
  rmSync(join(root, 'etc/ssl'), { recursive: true });
  await until('plain HTTP', async () => (await ask(`http://${LAN}:8080/`)).status === 200);
});

t.test('IN-03: readers of logs are counted, and forgotten when they hang up', async (t) => {
  const path = `http://${LAN}:8080/log?path=/user/dnsd&stream=both`;
  const headers = { host: 'router7', authorization: LOGIN, accept: 'text/event-stream' };
  const responses: IncomingMessage[] = [];
  for (let reader = 0; reader < 32; reader++) {
    const response = await new Promise<IncomingMessage>((resolve) =>
      getPlain(path, { agent: false, headers }, resolve),
    );
    t.equal(response.statusCode, 200);
    responses.push(response);
  }
  t.equal((await ask(path, { headers })).status, 503);
  t.equal((await ask(`http://${LAN}:8080/`)).status, 200, 'pages are there all the same');
  for (const response of responses) response.destroy();
  await until('room', async () => {
    const response = await new Promise<IncomingMessage>((resolve) =>
      getPlain(path, { agent: false, headers }, resolve),
    );
    response.destroy();
    return response.statusCode === 200;
  });
});
