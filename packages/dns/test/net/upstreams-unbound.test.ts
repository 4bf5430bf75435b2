import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage, type ResourceRecord, rcodeOf } from '@router7/dns';
import type { UpstreamServer } from '@router7/dns/node';
import t, { type Test } from 'tap';
import { makeAuthority, makeCertificate } from '../node/certificates.ts';
import { Asking, question, until } from '../node/servers.ts';

/** Not a loopback address: a server that is found by name must not be this machine, as far as one can tell. */
const ADDRESS = '198.51.100.53';
const NAME = 'dns.example';

const authority = makeAuthority('Router7 test authority');

/** Starts unbound for UDP, TCP, TLS and HTTPS on {@link ADDRESS}. */
async function startUnbound(t: Test, chunks: string): Promise<void> {
  execFileSync('ip', ['address', 'add', `${ADDRESS}/32`, 'dev', 'lo']);
  t.teardown(() => execFileSync('ip', ['address', 'del', `${ADDRESS}/32`, 'dev', 'lo']));
  const folder = t.testdir({ ...makeCertificate({ names: [NAME], authority }) });
  writeFileSync(
    join(folder, 'unbound.conf'),
    `server:
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "iterator"
  interface: ${ADDRESS}@53
  interface: ${ADDRESS}@853
  interface: ${ADDRESS}@443
  tls-port: 853
  https-port: 443
  tls-service-key: "${join(folder, 'key')}"
  tls-service-pem: "${join(folder, 'cert')}"
  access-control: 0.0.0.0/0 allow
  local-zone: "example." static
  local-data: "${NAME}. 300 A ${ADDRESS}"
  local-data: "www.example. 300 A 192.0.2.7"
  local-data: 'large.example. 300 TXT ${chunks}'
`,
  );
  const unbound = spawn('unbound', ['-c', join(folder, 'unbound.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  unbound.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  t.teardown(async () => {
    unbound.kill();
    await once(unbound, 'exit');
  });
  await until(() => {
    if (unbound.exitCode !== null) throw new Error(said);
    return said.includes('start of service');
  });
}

const isMissing = (() => {
  try {
    execFileSync('sh', ['-c', 'command -v unbound'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'unbound is not installed';
  }
})();

t.test(
  'DNS-15 DNS-17 DNS-19 asks unbound by UDP, TCP, TLS and HTTPS, known by its address or its name (RFC 7766 6.2.1.1, RFC 7858 3.1, RFC 8484 4.1)',
  { skip: isMissing },
  async (t) => {
    await startUnbound(t, Array.from({ length: 40 }, () => `"${'x'.repeat(200)}"`).join(' '));
    const known: UpstreamServer[] = [
      { protocol: 'udp', addresses: [ADDRESS] },
      { protocol: 'tls', addresses: [ADDRESS], name: NAME },
      { protocol: 'https', addresses: [ADDRESS], name: NAME },
    ];
    const byName: UpstreamServer[] = known.map(({ protocol }) => ({ protocol, name: NAME }));
    const stranger: UpstreamServer = { protocol: 'tls', addresses: [ADDRESS], name: 'other.example' };
    const asking = new Asking(t, {
      servers: [...known, ...byName, stranger],
      certificateAuthorities: [authority.cert],
    });
    for (let upstream = 0; upstream < 6; upstream++) {
      const before = asking.answers.length;
      for (let i = 0; i < 200; i++) asking.ask(i, { upstream, stream: i % 2 === 0, message: question(i * 7) });
      await until(() => asking.answers.length === before + 200);
      const messages = asking.answers.slice(before).map(({ exchange, message }) => ({
        exchange,
        message: decodeMessage(message),
      }));
      t.ok(
        messages.every(({ exchange, message }) => message.id === exchange * 7 && rcodeOf(message) === 0),
        `server ${upstream}`,
      );
      t.ok(messages.every(({ message }) => addressOf(message.answers[0]) === '192.0.2.7'));
    }
    const large = question(1, 'large.example', 16);
    for (const upstream of [0, 1, 2]) {
      const before = asking.answers.length;
      asking.ask(upstream, { upstream, stream: true, message: large });
      await until(() => asking.answers.length > before);
      t.ok((asking.answers.at(-1)?.message.length ?? 0) > 8000);
    }
    t.equal(await asking.result(1, { upstream: 6 }), 'authentication');
    t.same(asking.failures, [{ exchange: 1, reason: 'authentication' }]);
  },
);

function addressOf(record: ResourceRecord | undefined): string | undefined {
  return record?.kind === 'a' ? String(record.value) : undefined;
}
