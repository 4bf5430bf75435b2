import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Address, type Home } from './home.ts';
import type { Host } from './host.ts';
import { LIAR_ADDRESS, LIAR_DOMAIN, LIAR_TRUTH, type Lie, lies } from './internet/lies.ts';
import type { Program } from './program.ts';
import { dig } from './steps-dns.ts';

// Covers: DNS-04, DNS-05, DNS-10, DNS-15, DNS-22, D4S-14

/** What /perm/dns.json says in a home whose provider lies: who is asked about the liar's domain. */
export const LIAR_CONFIGURATION: object = { domains: [{ name: LIAR_DOMAIN, upstreams: [LIAR_ADDRESS] }] };

/** How long a client waits for an answer at most, in milliseconds. */
const PATIENCE = 2000;

/** Lies behind which no truth comes. */
const hopeless: readonly Lie[] = ['late', 'dead', 'refused'];

/** Lies that can only come from who was asked: he may be asked again, or given up. */
const indelible: readonly Lie[] = ['name', 'counts', 'loop', 'forward'];

/** Starts the lying name server on the Internet side. */
export async function startLiar(internet: Host): Promise<Program> {
  internet.ip(`address add ${LIAR_ADDRESS}/24 dev eth0`);
  const program = internet.startNode('liar', fileURLToPath(new URL('internet/liar.ts', import.meta.url)));
  await program.line(/^liar: ready/, 10_000);
  return program;
}

/** Asks the router for names that the liar lies about: it says the truth or nothing, and that in time. */
export async function believesNone(client: Host): Promise<string> {
  for (const lie of Object.keys(lies) as Lie[]) {
    const name = `${lie}.${LIAR_DOMAIN}`;
    const answer = await dig(client, Address.lan, name, '+time=5');
    ok(answer.queryMs < PATIENCE, `${name}: ${answer.queryMs} ms`);
    const values = answer.answers.map(({ data }) => data);
    if (hopeless.includes(lie)) match(answer.status, lie === 'refused' ? /^REFUSED$/ : /^SERVFAIL$/, name);
    else {
      const said = [answer.status, ...values].join(' ');
      if (indelible.includes(lie) && said === 'SERVFAIL') continue;
      equal(said, `NOERROR ${LIAR_TRUTH}`, `${name}: ${said}`);
    }
  }
  return `${Object.keys(lies).length} lies`;
}

/** Asks for public names with addresses of a home, by which a web page could reach into it: nobody is told. */
export async function keepsOutsideOut(client: Host): Promise<string> {
  const names = ['private', 'private6', 'mapped', 'loop'].map((label) => `${label}.lab.example`);
  for (const name of names) {
    for (const type of ['A', 'AAAA']) {
      deepEqual((await dig(client, Address.lan, name, `-t${type}`)).answers, [], `${name} ${type}`);
    }
  }
  return `${names.length} names`;
}

/** The liar dies, and comes back: names fail in time, then there is an answer at once. */
export async function outlivesDeath(home: Home, client: Host, liar: Program): Promise<Program> {
  await liar.stop('SIGKILL');
  const { status, queryMs } = await dig(client, Address.lan, `a.id.${LIAR_DOMAIN}`, '+time=5');
  equal(status, 'SERVFAIL');
  ok(queryMs < PATIENCE, `${queryMs} ms`);
  home.internet.ip(`address delete ${LIAR_ADDRESS}/24 dev eth0`);
  const again = await startLiar(home.internet);
  const since = performance.now();
  let answer = await dig(client, Address.lan, `b.id.${LIAR_DOMAIN}`, '+time=5');
  for (let tries = 0; answer.status !== 'NOERROR' && performance.now() - since < 5000; tries++) {
    answer = await dig(client, Address.lan, `c${tries}.id.${LIAR_DOMAIN}`, '+time=5');
  }
  equal(answer.status, 'NOERROR', 'the server is back');
  return again;
}

/** What computers call themselves that mean no good, as option 12 has it. */
const names: Readonly<Record<string, Uint8Array>> = {
  'a top-level domain': text('com'),
  'a bank': text('bank.example'),
  'with a blank': text('my pc'),
  'an emoji': text('\u{1f4a9}'),
  'the longest that fits': text('x'.repeat(255)),
  'the router itself': text('router7'),
  localhost: text('localhost'),
  'a wildcard': text('*'),
  nothing: Uint8Array.of(0, 0, 0),
};

/** Has a computer take leases by names that mean no good, then looks who has become what. */
export async function namesTakeNothing(client: Host): Promise<string> {
  for (const [index, octets] of Object.values(names).entries()) {
    const hexadecimal = [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');
    await client.run('udhcpc', [
      ...['-f', '-n', '-q', '-i', 'eth0', '-s', '/bin/true', '-t', '5', '-T', '1'],
      ...['-x', `0x0c:${hexadecimal}`, '-x', `0x3d:ff0000000${index}`, '-C'],
    ]);
  }
  const values = async (name: string, type = 'A'): Promise<readonly string[]> =>
    (await dig(client, Address.lan, name, `-t${type}`)).answers.map(({ data }) => data);
  deepEqual(await values('google.com'), ['203.0.113.80']);
  deepEqual(await values('com'), []);
  match((await values('com', 'NS')).join(), /ns\.lab\.example/);
  deepEqual(await values('bank.example'), ['203.0.113.70']);
  deepEqual(await values('bank.example.lan'), []);
  deepEqual(await values('localhost'), ['127.0.0.1']);
  notEqual((await dig(client, Address.lan, 'anything.lan')).status, 'NOERROR', 'no wildcard');
  return `${Object.keys(names).length} names`;
}

function text(name: string): Uint8Array {
  return new TextEncoder().encode(name);
}
