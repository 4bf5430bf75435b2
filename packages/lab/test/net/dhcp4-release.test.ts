import { MessageType, optionValue } from '@router7/dhcp4';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { programs, serverNames, servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { signalOn } from './site-process.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 4;

for (const name of serverNames) {
  t.test(
    `D4C-11 ${name}: SIGUSR2 gives the lease back and ends with 125`,
    needs(programs[name], 'tcpdump', 'arping'),
    async (t) => {
      const site = new WanSite(t, name);
      const capture = await site.capture();
      const server = await servers[name](site.isp, { lease: 300, t1: 150, t2: 250 });
      site.daemon('netconfigd');
      const dhcp4 = site.daemon('dhcp4');
      const lease = await site.leased(30_000);
      await site.applied(lease.client_ip);
      dhcp4.kill('SIGUSR2');
      t.equal(await dhcp4.exited, 125);
      const { message, frame } = await capture.message('a RELEASE', MessageType.release, 30_000);
      t.equal(String(message.ciaddr), lease.client_ip);
      t.equal(String(optionValue(message, 'serverIdentifier')), '198.51.100.1');
      t.equal(optionValue(message, 'requestedIpAddress'), undefined);
      t.equal(String(frame.ipv4?.source), lease.client_ip);
      t.equal(String(frame.ipv4?.destination), '198.51.100.1', 'by unicast (RFC 2131 section 4.4.4)');
      t.equal(site.readPerm('dhcp4/wire/ack'), undefined, 'wire/ack is removed');
      t.equal(site.lease(), undefined, 'and the lease');
      await server.line(/RELEASE/, 30_000);
      await until(
        'the address is off the uplink',
        30_000,
        async () => (await site.router.addresses('uplink0')).length === 0,
      );
      t.same(await site.routes(), []);
    },
  );
}

t.test(
  'D4C-11 the supervisor leaves a released client stopped, and starts a killed one again',
  needs('dnsmasq', 'tcpdump', 'arping'),
  async (t) => {
    const site = new WanSite(t, 'init');
    const capture = await site.capture();
    await servers.dnsmasq(site.isp, { lease: 300, t1: 150, t2: 250 });
    const supervisor = site.supervisor();
    const lease = await site.leased(30_000);
    await site.applied(lease.client_ip);
    const killed = await signalOn(site.router, 'dhcp4', 'SIGKILL');
    await supervisor.line(/^dhcp4: ended with SIGKILL, starts again/, 30_000);
    await supervisor.line(/^dhcp4: .*lease obtained how=reboot/, 30_000);
    t.not(await signalOn(site.router, 'dhcp4', 'SIGUSR2'), killed);
    await supervisor.line(/^dhcp4: ended with status 125, stays stopped/, 30_000);
    await capture.message('a RELEASE', MessageType.release, 30_000);
    const starts = (): number =>
      supervisor.output.filter((line) => line.startsWith('dhcp4: ') && line.includes('started')).length;
    t.equal(starts(), 2);
    // A service that ends in any other way is started again after a second: until that has happened to another one,
    // nothing is known.
    await signalOn(site.router, 'netconfigd', 'SIGKILL');
    const again = supervisor.output.length;
    await until('netconfigd back', 30_000, () =>
      supervisor.output.slice(again).some((line) => line.startsWith('netconfigd: info ')),
    );
    t.equal(starts(), 2);
    await t.rejects(signalOn(site.router, 'dhcp4', 'SIGUSR1'), 'no such process');
    t.equal(await supervisor.stop('SIGTERM', 8000), 0);
  },
);

t.test('D4C-11 SIGUSR2 without a lease ends with 125 as well', needs('tcpdump', 'arping'), async (t) => {
  const site = new WanSite(t, 'none');
  const capture = await site.capture();
  const dhcp4 = site.daemon('dhcp4');
  await capture.message('a DISCOVER', MessageType.discover, 30_000);
  dhcp4.kill('SIGUSR2');
  t.equal(await dhcp4.exited, 125);
  await capture.settle();
  t.same(capture.messages(MessageType.release), []);
});

t.test('D4C-12 SIGUSR1 renews at once', needs('kea-dhcp4', 'tcpdump', 'arping'), async (t) => {
  const site = new WanSite(t, 'asked');
  const capture = await site.capture();
  await servers.kea(site.isp, { lease: 300, t1: 150, t2: 250 });
  site.daemon('netconfigd');
  const dhcp4 = site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);
  dhcp4.kill('SIGUSR1');
  const renewed = await site.leased(30_000, ({ valid_until }) => valid_until !== lease.valid_until);
  t.equal(renewed.client_ip, lease.client_ip);
  await capture.settle();
  const [, renewal] = capture.messages(MessageType.request);
  t.equal(String(renewal?.frame.ipv4?.destination), '198.51.100.1');
});
