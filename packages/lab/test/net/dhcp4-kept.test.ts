import { MessageType, optionValue } from '@router7/dhcp4';
import t, { type Test } from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { programs, servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 5;

for (const name of ['kea', 'isc'] as const) {
  t.test(
    `D4C-07 ${name}: a lease is kept past its end, and replaced when the server is back`,
    needs(programs[name], 'tcpdump', 'arping'),
    async (t) => {
      const site = new WanSite(t, name);
      const capture = await site.capture();
      const serving = { lease: 10, t1: 5, t2: 7 };
      const server = await servers[name](site.isp, serving);
      site.daemon('netconfigd');
      const dhcp4 = site.daemon('dhcp4');
      const lease = await site.leased(30_000);
      await site.applied(lease.client_ip);
      const routes = await site.routes();
      await server.stop('SIGKILL');

      await dhcp4.line(/lease expired, kept/, 30_000);
      const expiry = Date.parse(site.lease()?.expiry ?? '');
      t.ok(Date.now() >= expiry, 'not told before its end');
      const discover = await capture.message(
        'a DISCOVER',
        MessageType.discover,
        30_000,
        ({ at }) => at >= expiry - 100,
      );
      t.equal(String(optionValue(discover.message, 'requestedIpAddress')), lease.client_ip, 'asks for what it has');
      // A retransmission proves that the end has been dealt with, and that it goes on.
      await capture.message('another DISCOVER', MessageType.discover, 30_000, ({ at }) => at > discover.at);
      t.same(await site.routes(), routes, 'routes as before');
      await site.applied(lease.client_ip);
      t.equal(site.lease()?.client_ip, lease.client_ip, 'lease.json as before');
      t.ok(site.readPerm('dhcp4/wire/ack'), 'wire/ack as before');
      await capture.settle();
      const sent = capture.messages().filter(({ at }) => at >= expiry - 5000);
      for (const { message } of sent) t.equal(message.yiaddr.isUnspecified, true, 'nobody answered');

      await servers[name](site.isp, serving);
      const again = await site.leased(30_000, ({ valid_until }) => Date.parse(valid_until) > Date.now());
      await site.applied(again.client_ip);
      t.equal(again.client_ip, lease.client_ip, 'the server remembers');
      t.same(await site.routes(), routes);
    },
  );
}

t.test('D4C-07 the kept lease gives way to another one', needs('dhcpd', 'dnsmasq'), async (t) => {
  const site = new WanSite(t, 'moved');
  const server = await servers.isc(site.isp, { lease: 10, t1: 5, t2: 7 });
  site.daemon('netconfigd');
  const dhcp4 = site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);
  await server.stop('SIGKILL');
  await dhcp4.line(/lease expired, kept/, 30_000);
  await site.applied(lease.client_ip);
  site.isp.ip('address add 192.0.2.1/24 dev wan');
  site.isp.ip('address del 198.51.100.1/24 dev wan');
  await servers.dnsmasq(site.isp, { subnet: '192.0.2.0/24', lease: 120, t1: 60, t2: 90 });
  const other = await site.leased(30_000, ({ client_ip }) => client_ip !== lease.client_ip);
  t.match(other.client_ip, /^192\.0\.2\.1\d\d$/);
  await site.applied(other.client_ip);
  await until('the old routes gone', 30_000, async () =>
    (await site.routes()).every((line) => !line.includes('198.51')),
  );
  t.ok((await site.routes()).some((line) => line.startsWith('default via 192.0.2.1 ')));
});

t.test(
  'D4C-10 restarted behind T1 with a silent server: one REQUEST, then DISCOVER at once',
  needs('kea-dhcp4', 'tcpdump', 'arping'),
  async (t) => {
    const site = new WanSite(t, 'late');
    const capture = await site.capture();
    const serving = { lease: 60, t1: 5, t2: 50 };
    const server = await servers.kea(site.isp, serving);
    site.daemon('netconfigd');
    const before = site.daemon('dhcp4');
    const lease = await site.leased(30_000);
    await site.applied(lease.client_ip);
    await server.stop('SIGKILL');
    await before.stop('SIGKILL');
    await until('T1 is over', 30_000, () => Date.now() > Date.parse(lease.t1));
    const restarted = Date.now();
    site.daemon('dhcp4');
    const discover = await capture.message('a DISCOVER', MessageType.discover, 30_000, ({ at }) => at > restarted);
    t.equal(String(optionValue(discover.message, 'requestedIpAddress')), lease.client_ip);
    await capture.settle();
    const requests = capture.messages(MessageType.request).filter(({ at }) => at > restarted);
    t.equal(requests.length, 1);
    within(t, (discover.at - (requests[0]?.at ?? 0)) / 1000, 2.5, 7, 'after one wait');
    await site.applied(lease.client_ip);
    await servers.kea(site.isp, serving);
    await site.leased(30_000, ({ acquired }) => Date.parse(acquired) > restarted);
    await site.applied(lease.client_ip);
  },
);

t.test(
  'D4C-06 a server that is silent at first is asked again and again',
  needs('dnsmasq', 'tcpdump', 'arping'),
  async (t) => {
    const site = new WanSite(t, 'silent');
    const capture = await site.capture();
    site.daemon('netconfigd');
    site.daemon('dhcp4');
    const asked = (times: number): Promise<unknown> =>
      until(`${times} DISCOVERs`, 30_000, () => capture.messages(MessageType.discover).length >= times);
    await asked(2);
    // In time for the third.
    await servers.dnsmasq(site.isp, { lease: 120, t1: 60, t2: 90 });
    await asked(3);
    const [first = 0, second = 0, third = 0] = capture.messages(MessageType.discover).map(({ at }) => at / 1000);
    within(t, second - first, 2.5, 7, 'the first wait is 4 s ± 1 s');
    within(t, third - second, 6.5, 12, 'the second wait is 8 s ± 1 s');
    const [one, two, three] = capture.messages(MessageType.discover).map(({ message }) => message);
    t.equal(new Set([one?.xid, two?.xid, three?.xid]).size, 1);
    t.equal(one?.secs, 0);
    t.ok((two?.secs ?? 0) >= 3 && (three?.secs ?? 0) >= (two?.secs ?? 0) + 6, 'D4C-22 secs grows');
    const lease = await site.leased(30_000);
    await site.applied(lease.client_ip);
  },
);

function within(t: Test, found: number, least: number, most: number, what: string): void {
  t.ok(found > least && found < most, `${what}: ${found.toFixed(2)} s`);
}
