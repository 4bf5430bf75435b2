import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ServerNameFiles } from '../../src/ntp/server-names.ts';
import { createLog } from '../../src/runtime/log.ts';
import { DEFAULT_NTP_SERVERS } from '../../src/state/ntp-config.ts';

const perm = mkdtempSync(join(tmpdir(), 'server-names-'));
t.teardown(() => rmSync(perm, { recursive: true }));
for (const folder of ['dhcp4/wire', 'dhcp6/wire']) mkdirSync(join(perm, folder), { recursive: true });

let lines: string[] = [];
const log = createLog((line) => void lines.push(line));
const files = new ServerNameFiles(perm, join(perm, 'last-good'), log);
const ownFile = join(perm, 'ntp.json');
const lease4 = join(perm, 'dhcp4/wire/lease.json');
const lease6 = join(perm, 'dhcp6/wire/lease.json');

/** What is read now, and what is told about it. */
function read(): { readonly names: readonly string[]; readonly told: readonly string[] } {
  lines = [];
  const { names } = files.read();
  return { names, told: lines };
}

/** A lease of dhcp4 with these octets of option 42. */
function tell4(octets: string): void {
  const options = { '42': octets };
  const times = { valid_until: '2026-11-22T12:00:00Z', client_ip: '198.51.100.7', subnet_mask: '255.255.255.0' };
  writeFileSync(lease4, JSON.stringify({ ...times, router: '198.51.100.1', dns: [], options }));
}

function tell6(ntp: readonly string[]): void {
  writeFileSync(lease6, JSON.stringify({ valid_until: '2026-11-22T12:00:00Z', prefixes: [], dns: [], ntp }));
}

t.test('NT-02 servers of the provider are asked besides, fewer than our own (RFC 2132 8.3, RFC 5908 4)', async (t) => {
  t.same(read(), { names: DEFAULT_NTP_SERVERS, told: [] }, 'no file at all');
  tell4('cb007178cb007179');
  t.same(read().names, [...DEFAULT_NTP_SERVERS, '203.0.113.120', '203.0.113.121']);
  tell6(['2001:db8::123', 'ntp.example.net', '192.0.2.1']);
  t.same(read().names.slice(4), ['203.0.113.120', '203.0.113.121', '2001:db8::123'], 'three at most');

  // Octets of nobody, of a group, of this host, and one and a half addresses.
  tell4('00000000e00001017f000001cb007178cb00');
  tell6(['::', '::1', 'ff05::101', 'fe80::1', 'a name', '', 'ntp.example.net']);
  t.same(read().names.slice(4), ['203.0.113.120', 'ntp.example.net'], 'what can be no server is passed over');

  tell6(['123', '...', '192.0.2.300', '1.2.3.4.5', 'a:b', '\n:', 'ntp.example.net']);
  t.same(read().names.slice(4), ['203.0.113.120', 'ntp.example.net'], 'and so is what only looks like an address');

  writeFileSync(lease4, '{');
  const broken = read();
  t.same(broken.names.slice(4), ['203.0.113.120', 'ntp.example.net'], 'what it said before goes on');
  t.equal(broken.told.length, 1);
  t.same(read().told, [], 'told once');
  rmSync(lease4);
  rmSync(lease6);
  t.same(read().names, DEFAULT_NTP_SERVERS, 'a lease that is gone tells nothing');
});

t.test('NT-02 ntp.json: other servers; a broken one costs a line, and the last good one goes on', async (t) => {
  tell4('cb007178');
  const write = (config: unknown): void => writeFileSync(ownFile, JSON.stringify(config));
  write({ servers: ['time.example', '2001:db8::1'] });
  t.same(read(), { names: ['time.example', '2001:db8::1'], told: [] }, "without the provider's");
  for (const text of ['', '[]', '{"servers": []}', '{"servers": ["a b"]}', '{"servers": ["192.0.2.300"]}']) {
    writeFileSync(ownFile, text);
    const { names, told } = read();
    t.same(names, ['time.example', '2001:db8::1'], `${text}: the last good one`);
    t.match(told[0], /^error file unusable, what it said before goes on error=.*ntp\.json/, text);
  }
  const later = new ServerNameFiles(perm, join(perm, 'last-good'), log);
  t.same(later.read().names, ['time.example', '2001:db8::1'], 'also after a restart');

  write({ servers: ['time.example'], provider: true });
  t.same(read().names, ['time.example', '203.0.113.120']);
  write({ provider: false });
  t.same(read().names, DEFAULT_NTP_SERVERS);
  write({ minimum_poll_seconds: 1024, maximum_poll_seconds: 64 });
  t.match(read().told.join(''), /minimum_poll_seconds not above maximum_poll_seconds/);
});
