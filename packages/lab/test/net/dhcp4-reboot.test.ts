import { MessageType, optionValue } from '@router7/dhcp4';
import t, { type Test } from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import type { SeenMessage } from './capture.ts';
import { programs, serverNames, servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);
t.jobs = 5;

for (const name of serverNames) {
  t.test(
    `D4C-03 D4C-04 D4C-27 ${name}: INIT-REBOOT after SIGKILL, SIGTERM and loss of carrier`,
    needs(programs[name], 'tcpdump', 'arping'),
    async (t) => {
      const site = new WanSite(t, name);
      const capture = await site.capture();
      await servers[name](site.isp, { lease: 300, t1: 150, t2: 250 });
      site.daemon('netconfigd');
      let dhcp4 = site.daemon('dhcp4');
      const lease = await site.leased(30_000);
      await site.applied(lease.client_ip);

      for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
        await dhcp4.stop(signal);
        const before = Date.now();
        await site.applied(lease.client_ip);
        dhcp4 = site.daemon('dhcp4');
        await site.leased(30_000, ({ acquired }) => Date.parse(acquired) > before);
        await dhcp4.line(/lease obtained how=reboot/, 30_000);
        await capture.message('its ACK', MessageType.ack, 30_000, ({ at }) => at > before);
        checkReboot(
          t,
          capture.messages().filter(({ at }) => at > before),
          lease.client_ip,
        );
        await site.applied(lease.client_ip);
      }

      for (let i = 1; i <= 2; i++) {
        site.isp.ip('link set customer0 down');
        await until('it is told', 30_000, () => dhcp4.output.at(-1)?.includes('state=init-reboot'));
        await site.applied(lease.client_ip);
        // The end of the second that INIT-REBOOT is limited to, so that only the carrier is measured.
        await capture.packet('silence', 30_000, () => Date.now() > (capture.messages().at(-1)?.at ?? 0) + 1200);
        const before = Date.now();
        site.isp.ip('link set customer0 up');
        const seen = await capture.message('INIT-REBOOT', MessageType.request, 30_000, ({ at }) => at > before);
        t.ok(seen.at - before < 3000, `soon after the carrier: ${(seen.at - before).toFixed(0)} ms`);
        await dhcp4.line(/how=reboot/, 30_000);
        await capture.message('its ACK', MessageType.ack, 30_000, ({ at }) => at > seen.at);
        checkReboot(
          t,
          capture.messages().filter(({ at }) => at > before),
          lease.client_ip,
        );
        await until(
          'bound again',
          30_000,
          () => dhcp4.output.filter((line) => line.includes('how=reboot')).length === i + 1,
        );
      }
      await site.applied(lease.client_ip);
      await capture.settle();
      t.equal(capture.messages(MessageType.discover).length, 1, 'never a DISCOVER but the first');
    },
  );
}

for (const name of ['kea', 'dnsmasq'] as const) {
  t.test(
    `D4C-04 ${name}: NAK of an address of the subnet that was, then another lease`,
    needs(programs[name], 'tcpdump', 'arping'),
    async (t) => {
      const site = new WanSite(t, `nak-${name}`);
      const capture = await site.capture();
      const server = await servers[name](site.isp, { lease: 300, t1: 150, t2: 250 });
      site.daemon('netconfigd');
      let dhcp4 = site.daemon('dhcp4');
      const lease = await site.leased(30_000);
      await site.applied(lease.client_ip);
      await dhcp4.stop();
      await server.stop();
      site.isp.ip('address add 192.0.2.1/24 dev wan');
      site.isp.ip('address del 198.51.100.1/24 dev wan');
      await servers[name](site.isp, { subnet: '192.0.2.0/24', lease: 300, t1: 150, t2: 250, keys: { id: 2 } });

      const before = Date.now();
      dhcp4 = site.daemon('dhcp4');
      await dhcp4.line(/lease lost.*why=nak/, 30_000);
      const other = await site.leased(30_000, ({ client_ip }) => client_ip.startsWith('192.0.2.'));
      await site.applied(other.client_ip);
      await capture.settle();
      const types = capture
        .messages()
        .filter(({ at }) => at > before)
        .map(({ message }) => optionValue(message, 'dhcpMessageType'));
      const { request, nak, discover, offer, ack } = MessageType;
      t.same(types, [request, nak, discover, offer, request, ack]);
      t.ok(
        (await site.routes()).every((line) => !line.includes('198.51.100')),
        'nothing is left of the old lease',
      );
    },
  );
}

/** RFC 2131 section 4.3.2, DHCPREQUEST generated during INIT-REBOOT state. */
function checkReboot(t: Test, seen: readonly SeenMessage[], address: string): void {
  const [first] = seen;
  if (first === undefined) throw new Error('nothing was sent');
  const { message, frame } = first;
  t.equal(optionValue(message, 'dhcpMessageType'), MessageType.request, 'REQUEST, and no DISCOVER before it');
  t.equal(String(optionValue(message, 'requestedIpAddress')), address);
  t.equal(optionValue(message, 'serverIdentifier'), undefined);
  t.equal(String(message.ciaddr), '0.0.0.0');
  t.equal(String(frame.ipv4?.source), '0.0.0.0');
  t.equal(String(frame.ipv4?.destination), '255.255.255.255');
  t.equal(String(frame.ethernet?.destination), 'ff:ff:ff:ff:ff:ff');
}
