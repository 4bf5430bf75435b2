import t from 'tap';
import { dnsPages } from '../../src/dns/dns-pages.ts';

/** What a client of the home gets, and the names that it has been given. */
async function visit(
  path: string,
  headers: Readonly<Record<string, string>>,
  remoteAddress: string = '192.168.42.2',
): Promise<{ readonly status: number; readonly names: readonly string[] }> {
  const names: string[] = [];
  const app = dnsPages({
    metrics: async () => new Response('dns_queries 1\n'),
    setSubName: (client, name) => {
      names.push(remoteAddress === String(client) ? name : `${name} of ${client}`);
      return 'done';
    },
  });
  const incoming = { socket: { remoteAddress } };
  const { status } = await app.request(`http://192.168.42.1:8053${path}`, { headers }, { incoming });
  return { status, names };
}

t.test('DNS-09, DNS-16: no page on the Internet names hosts, whatever its name leads to', async (t) => {
  const path = '/dyndns?host=www&ip=198.51.100.66';
  for (const host of ['192.168.42.1:8053', '[fe80::1]:8053', 'router7:8053', 'router7.lan:8053']) {
    t.same(await visit(path, { host }), { status: 200, names: ['www'] }, host);
  }
  // Its name has led to its own server first, and leads to the router now: to the browser that is the same site.
  const host = 'evil.example:8053';
  const page = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
  t.same(await visit(path, page), { status: 403, names: [] });
  t.same(await visit(path, { host }), { status: 403, names: [] }, 'nor by an image, which has no origin');
  const foreign = { host: '192.168.42.1:8053', origin: 'http://evil.example' };
  t.same(await visit(path, foreign), { status: 403, names: [] }, 'nor straight to the address');
  t.equal((await visit('/metrics', { host: 'router.example.org:8053' })).status, 200, 'metrics are no secret at home');
});

t.test('DNS-09: a program of this machine takes no name for a host', async (t) => {
  const path = '/dyndns?host=www&ip=198.51.100.66';
  const headers = { host: 'localhost:8053', 'x-forwarded-for': '192.168.42.9' };
  t.same(await visit(path, headers, '127.0.0.1'), { status: 200, names: ['www'] }, 'loopback, which has no lease');
  t.equal((await visit('/metrics', { ...headers, 'x-forwarded-for': '203.0.113.9' }, '127.0.0.1')).status, 403);
});
