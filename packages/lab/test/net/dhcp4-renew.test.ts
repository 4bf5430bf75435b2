import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MessageType, optionValue } from '@router7/dhcp4';
import t, { type Test } from 'tap';
import { onStage } from '../../src/stage.ts';
import type { Capture, SeenMessage } from './capture.ts';
import { programs, type ServerName, serverNames, servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

const SERVER = '198.51.100.1';
const T1 = 6;
const T2 = 12;
const KEYS = ['valid_until', 'client_ip', 'subnet_mask', 'router', 'dns'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

t.jobs = 3;

for (const name of serverNames) {
  t.test(
    `D4C-01 D4C-05 D4C-28 ${name}: lease, T1 by unicast, T2 by broadcast, and the files`,
    needs(programs[name], 'nft', 'tcpdump', 'arping'),
    (t) => story(t, name),
  );
}

async function story(t: Test, name: ServerName): Promise<void> {
  const site = new WanSite(t, name);
  const capture = await site.capture();
  await servers[name](site.isp, { lease: name === 'dnsmasq' ? 120 : 30, t1: T1, t2: T2 });
  site.daemon('netconfigd');
  const dhcp4 = site.daemon('dhcp4');
  const lease = await site.leased(30_000);
  await site.applied(lease.client_ip);

  await capture.settle();
  const [discover, ...others] = capture.messages(MessageType.discover);
  t.same(others, [], 'one DISCOVER is enough');
  t.equal(String(discover?.frame.ipv4?.source), '0.0.0.0', 'sent without any address');
  t.equal(String(discover?.frame.ipv4?.destination), '255.255.255.255');
  const [selecting] = capture.messages(MessageType.request) as [SeenMessage];
  t.equal(String(optionValue(selecting.message, 'requestedIpAddress')), lease.client_ip);
  t.equal(String(optionValue(selecting.message, 'serverIdentifier')), SERVER);
  const [ack] = capture.messages(MessageType.ack) as [SeenMessage];
  await checkFiles(t, site, capture, selecting);
  t.match(await site.routes(), [`default via ${SERVER} proto dhcp src ${lease.client_ip}`]);

  const renewal = await capture.message('a renewal', MessageType.request, (T1 + 3) * 1000, ({ at }) => at > ack.at);
  near(t, (renewal.at - selecting.at) / 1000, T1, 'T1 counts from the REQUEST');
  checkExtension(t, renewal, lease.client_ip, SERVER);
  t.equal(String(renewal.frame.ipv4?.source), lease.client_ip);
  t.equal(
    renewal.frame.ethernet?.destination.toString(),
    (await site.isp.run('cat', ['/sys/class/net/wan/address'])).trim(),
    'to the server’s own hardware',
  );
  const renewed = await site.leased(30_000, ({ valid_until }) => valid_until !== lease.valid_until);
  t.equal(renewed.client_ip, lease.client_ip);
  await checkFiles(t, site, capture, renewal);
  t.match(dhcp4.output.join('\n'), /lease obtained how=renew/);

  // From now on the server hears no unicast: it takes frames off the bridge, so the bridge has to drop them.
  const rule = `ip daddr ${SERVER} udp dport 67 drop`;
  await site.isp.run('nft', [
    `add table bridge deaf; add chain bridge deaf input { type filter hook input priority 0; }; add rule bridge deaf input ${rule}`,
  ]);
  const lost = await capture.message('a renewal in vain', MessageType.request, 30_000, ({ at }) => at > renewal.at);
  checkExtension(t, lost, lease.client_ip, SERVER);
  const rebinding = await capture.message('a rebinding', MessageType.request, 30_000, ({ at }) => at > lost.at);
  near(t, (rebinding.at - renewal.at) / 1000, T2, 'T2 counts from the REQUEST that was answered');
  checkExtension(t, rebinding, lease.client_ip, '255.255.255.255');
  t.equal(String(rebinding.frame.ethernet?.destination), 'ff:ff:ff:ff:ff:ff');
  await dhcp4.line(/lease obtained how=rebind/, 30_000);
  await checkFiles(t, site, capture, rebinding);
  await site.applied(lease.client_ip);

  t.equal(await dhcp4.stop(), 0, 'SIGTERM ends it without an error');
  t.ok(site.lease(), 'and the lease stays in use');
  await capture.settle();
  t.same(capture.messages(MessageType.release), []);
}

/** D4C-05: RFC 2131 section 4.3.2, DHCPREQUEST generated during RENEWING and REBINDING state. */
function checkExtension(t: Test, seen: SeenMessage, address: string, destination: string): void {
  const { message, frame } = seen;
  t.equal(String(message.ciaddr), address);
  t.equal(optionValue(message, 'requestedIpAddress'), undefined);
  t.equal(optionValue(message, 'serverIdentifier'), undefined);
  t.equal(String(frame.ipv4?.destination), destination);
  t.equal(frame.udp?.sourcePort, 68);
  t.equal(frame.udp?.destinationPort, 67);
}

/** D4C-02, D4C-28: the files are those of the DHCPACK that answered `request`. */
async function checkFiles(t: Test, site: WanSite, capture: Capture, request: SeenMessage): Promise<void> {
  await capture.settle();
  const ack = capture.messages(MessageType.ack).find(({ message }) => message.xid === request.message.xid);
  if (ack === undefined) throw new Error('there is no ACK');
  const file = join(site.perm, 'dhcp4/wire/ack');
  t.same(new Uint8Array(readFileSync(file)), ack.payload, 'wire/ack is the ACK’s payload, octet for octet');
  near(t, statSync(file).mtimeMs / 1000, ack.at / 1000, 'its modification time is when it came');

  const text = site.readPerm('dhcp4/wire/lease.json') ?? '';
  t.notMatch(text, /\n/, 'one line');
  const lease = site.lease();
  if (lease === undefined) throw new Error('there is no lease');
  t.same(Object.keys(lease).slice(0, 5), KEYS, 'router7’s keys come first');
  t.equal(lease.client_ip, String(ack.message.yiaddr));
  t.equal(lease.subnet_mask, '255.255.255.0');
  t.equal(lease.router, SERVER);
  t.same(lease.dns, ['203.0.113.53', '203.0.113.54']);
  t.equal(lease.server_id, SERVER);
  for (const key of ['valid_until', 't1', 't2', 'expiry', 'acquired'] as const) t.match(lease[key], TIME, key);
  t.equal(lease.valid_until, lease.t1, 'valid_until is T1');
  near(t, (Date.parse(lease.valid_until) - request.at) / 1000, T1, 'T1');
  near(t, (Date.parse(lease.t2) - request.at) / 1000, T2, 'T2');
  const seconds = optionValue(ack.message, 'ipAddressLeaseTime') ?? 0;
  near(t, (Date.parse(lease.expiry) - request.at) / 1000, seconds, 'end');
  t.equal(lease.options['54'], 'c6336401', 'options by number, in hexadecimal');
}

/** Two times in seconds that are the same but for the pace of a busy machine. */
function near(t: Test, found: number, wanted: number, what: string): void {
  t.ok(found > wanted - 0.5 && found < wanted + 3.5, `${what}: ${found.toFixed(2)} s is near ${wanted.toFixed(2)} s`);
}
