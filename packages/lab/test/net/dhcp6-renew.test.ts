import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDhcp6Lease, readGoPrefix } from '@router7/appliance/state/dhcp6-lease';
import { type ClientServerMessage, MessageType, optionValue, optionValues } from '@router7/dhcp6';
import t, { type Test } from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { delegating, programs6, servers6 } from './dhcp6-servers.ts';
import { needs } from './installed.ts';
import { Wan6Site } from './wan6-site.ts';

t.setTimeout(300_000);
await onStage(import.meta.url);
t.jobs = 2;

const T1 = 4;
const T2 = 8;
const PREFIX = '2001:db8:4200::/56';

for (const name of delegating) {
  t.test(
    `D6C-01 D6C-03 D6C-04 D6C-05 ${name}: prefix and address, Renew at T1, Rebind at T2 to another server`,
    needs(programs6[name], 'tcpdump', 'arping'),
    (t) => story(t, name),
  );
}

async function story(t: Test, name: 'kea' | 'isc'): Promise<void> {
  const site = new Wan6Site(t, name, {});
  const serving = { addresses: true, preferred: 40, valid: 60, t1: T1, t2: T2 };
  const server = await servers6[name](site.isp, serving);
  const capture = await site.capture6();
  const dhcp6 = site.dhcp6();
  const lease = await site.leased6(30_000);
  await capture.settle();

  const [solicit] = capture.messages(MessageType.solicit);
  const [request, ...more] = capture.messages(MessageType.request);
  t.same(more, [], 'one Request is enough');
  for (const seen of [solicit, request]) {
    t.match(String(seen?.frame.ipv6?.source), /^fe80::/, 'from the link-local address');
    t.equal(String(seen?.frame.ipv6?.destination), 'ff02::1:2');
    t.equal(seen?.frame.udp?.sourcePort, 546);
    t.equal(seen?.frame.udp?.destinationPort, 547);
  }
  const iaids = (message: ClientServerMessage | undefined) => [
    optionValues(message ?? { options: [] }, 'iaPd').map(({ iaid }) => iaid),
    optionValues(message ?? { options: [] }, 'iaNa').map(({ iaid }) => iaid),
  ];
  t.same(iaids(solicit?.message6), [[1], [1]], 'IAID 1, as router7 asks');
  t.same(
    Buffer.from(optionValue(solicit?.message6 ?? { options: [] }, 'clientIdentifier') ?? []),
    readFileSync(join(site.perm, 'dhcp6/duid')),
    'with the DUID that is kept from now on',
  );

  const text = site.readPerm('dhcp6/wire/lease.json') ?? '';
  t.same(parseDhcp6Lease(text).warnings, []);
  t.same(Object.keys(JSON.parse(text)).slice(0, 3), ['valid_until', 'prefixes', 'dns'], 'router7’s keys come first');
  t.same(
    lease.prefixes.map((prefix) => readGoPrefix(prefix).toString()),
    [PREFIX],
  );
  t.same(lease.dns, ['2001:db8:100::53']);
  t.match(lease.addresses?.[0]?.address, /^2001:db8:100::/);
  const [reply] = capture.messages(MessageType.reply);
  const at = reply?.at ?? 0;
  near(t, Date.parse(lease.valid_until) - at, T1, 'valid_until is T1');
  near(t, Date.parse(lease.delegations?.[0]?.t2 ?? '') - at, T2, 't2');
  near(t, Date.parse(lease.delegations?.[0]?.preferred_until ?? '') - at, 40, 'preferred_until');
  near(t, Date.parse(lease.delegations?.[0]?.valid_until ?? '') - at, 60, 'valid_until of the prefix');
  near(t, Date.parse(lease.received_at ?? '') - at, 0, 'received_at');

  const renew = await capture.message('a Renew', MessageType.renew, (T1 + 5) * 1000);
  near(t, renew.at - at, T1, 'Renew at T1');
  t.ok(optionValue(renew.message6, 'serverIdentifier'), 'to the server');
  t.equal(String(renew.frame.ipv6?.destination), 'ff02::1:2', 'by multicast all the same');
  t.same(prefixesIn(renew.message6), [PREFIX]);
  const renewed = await site.leased6(10_000, ({ valid_until }) => valid_until !== lease.valid_until);
  t.same(site.prefixes(), [PREFIX]);
  await capture.settle();
  t.same(
    capture.messages(MessageType.solicit).filter((seen) => seen.at > at),
    [],
    'nothing is solicited again',
  );

  // The server is gone; another one that knows the leases has come in its place.
  await server.stop('SIGKILL');
  const other = await servers6[name](site.isp, { ...serving, identity: 2 });
  const rebind = await capture.message('a Rebind', MessageType.rebind, (T2 + 8) * 1000);
  t.equal(optionValue(rebind.message6, 'serverIdentifier'), undefined, 'to any server');
  near(t, rebind.at - Date.parse(renewed.received_at ?? ''), T2, 'Rebind at T2');
  const rebound = await site.leased6(10_000, ({ server_duid }) => server_duid !== lease.server_duid);
  t.same(site.prefixes(), [PREFIX]);
  t.not(rebound.server_duid, lease.server_duid);
  await dhcp6.line(/configuration how=rebind/, 5000);

  t.equal(await dhcp6.stop(), 0, 'SIGTERM ends it without an error');
  t.same(site.prefixes(), [PREFIX], 'D6C-21: and the lease stays in use');
  await capture.settle();
  t.same(capture.messages(MessageType.release), []);

  // D6C-12: what is remembered is asked for before anything else.
  const before = Date.now();
  const again = site.dhcp6();
  await again.line(/configuration how=reboot/, 30_000);
  await capture.settle();
  const types = capture
    .messages()
    .filter(({ at }) => at > before)
    .map(({ message6 }) => message6.messageType);
  t.same(types.slice(0, 2), [MessageType.rebind, MessageType.reply]);

  again.kill('SIGUSR2');
  t.equal(await again.exited, 125, 'D6C-21: SIGUSR2 ends with 125');
  const release = await capture.message('a Release', MessageType.release, 5000);
  t.same(prefixesIn(release.message6), [PREFIX], 'with its IA_PD');
  t.equal(site.lease6(), undefined, 'and forgets the lease');
  await until('the server has it back', 5000, () => other.output.some((line) => /RELEASE|Release/i.test(line)));
}

function prefixesIn(message: ClientServerMessage): string[] {
  return optionValues(message, 'iaPd').flatMap((ia) =>
    optionValues(ia, 'iaPrefix').map(({ prefix }) => String(prefix)),
  );
}

/** A time that is as it should be but for the pace of a busy machine. */
function near(t: Test, foundMs: number, wanted: number, what: string): void {
  const found = foundMs / 1000;
  t.ok(found > wanted - 0.5 && found < wanted + 3, `${what}: ${found.toFixed(2)} s is near ${wanted} s`);
}
