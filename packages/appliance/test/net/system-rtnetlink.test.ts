import './own-namespace.ts';
import { execFileSync } from 'node:child_process';
import { Ipv4Address, Ipv4Prefix, Ipv6Prefix, MacAddress } from '@router7/wire';
import { Protocol } from 'netlink';
import t from 'tap';
import { errorCode } from '../../src/system/libc.ts';
import { NetlinkRequests } from '../../src/system/netlink-requests.ts';
import { type Link, type Route, RouteProtocol, RouteTable, RtNetlink } from '../../src/system/rtnetlink.ts';
import { type KernelChange, RtMonitor } from '../../src/system/rtnetlink-monitor.ts';
import { ip, until } from './own-namespace.ts';

const netlink = new RtNetlink();
t.teardown(() => netlink.close());

async function link(name: string): Promise<Link> {
  const found = await netlink.linkByName(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function told(line: string): string {
  return execFileSync('ip', line.split(' '), { encoding: 'utf8' });
}

async function codeOf(action: Promise<unknown>): Promise<string | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

ip('link set lo up');
ip('link add name va address 02:00:00:00:00:0a type veth peer name vb');

t.test('links', async (t) => {
  t.match(await link('va'), {
    name: 'va',
    hardwareAddress: MacAddress.parse('02:00:00:00:00:0a'),
    mtu: 1500,
    up: false,
    carrier: false,
    operState: 'down',
    loopback: false,
    master: undefined,
    kind: 'veth',
  });
  t.match(await link('lo'), { index: 1, loopback: true, up: true });
  t.equal(await netlink.linkByName('nowhere'), undefined);
  const { index } = await link('va');
  await netlink.setLink(index, { mtu: 1400, hardwareAddress: MacAddress.parse('02:73:53:00:b0:aa'), name: 'uplink0' });
  await netlink.setLink(index, { up: true });
  t.match(await link('uplink0'), { index, mtu: 1400, up: true, carrier: false });
  t.equal(String((await link('uplink0')).hardwareAddress), '02:73:53:00:b0:aa');
  ip('link set vb up');
  await until('a carrier', async () => (await link('uplink0')).carrier);
  t.equal((await link('uplink0')).operState, 'up');
  await netlink.setLink(index, { up: false });
  t.match(await link('uplink0'), { up: false, carrier: false });
  await netlink.setLink(index, { up: true });
  t.equal(await codeOf(netlink.setLink(4242, { up: true })), 'ENODEV');
  t.equal(await codeOf(netlink.setLink(index, { name: 'vb' })), 'EEXIST');
});

t.test('bridges', async (t) => {
  const hardwareAddress = MacAddress.parse('02:00:00:00:00:bb');
  await netlink.addLink({ kind: 'bridge', name: 'br', hardwareAddress, group: 114 });
  const bridge = await link('br');
  t.match(bridge, { kind: 'bridge', up: false, group: 114 });
  t.equal(bridge.hardwareAddress?.value, hardwareAddress.value);
  t.equal(await codeOf(netlink.addLink({ kind: 'bridge', name: 'br' })), 'EEXIST');
  const port = await link('vb');
  await netlink.setLink(port.index, { master: bridge.index });
  t.equal((await link('vb')).master, bridge.index);
  await netlink.setLink(port.index, { master: 0, group: 7 });
  t.match(await link('vb'), { master: undefined, group: 7 });
  await netlink.deleteLink(bridge.index);
  t.equal(await netlink.linkByName('br'), undefined);
});

t.test('addresses', async (t) => {
  const { index } = await link('uplink0');
  const of = async (): Promise<string[]> =>
    (await netlink.addresses()).filter((a) => a.link === index).map((a) => `${a.prefix} ${a.scope}`);
  const v4 = { link: index, prefix: Ipv4Prefix.parse('85.195.207.62/25') };
  const v6 = { link: index, prefix: Ipv6Prefix.parse('2001:db8::1/64'), validLifetimeSeconds: 7200 };
  await netlink.addAddress(v4);
  await netlink.addAddress({ ...v4, protocol: 114 });
  await netlink.addAddress({ link: index, prefix: Ipv4Prefix.parse('10.0.0.1/32') });
  await netlink.addAddress(v6);
  const there = await of();
  t.ok(there.includes('85.195.207.62/25 0'));
  t.ok(there.includes('10.0.0.1/32 0'));
  t.ok(there.includes('2001:db8::1/64 0'));
  t.match(told('-4 addr show dev uplink0'), /inet 85\.195\.207\.62\/25 brd 85\.195\.207\.127 /);
  const found = (await netlink.addresses()).find((a) => a.prefix.equals(v6.prefix as never));
  t.equal((await netlink.addresses()).find((a) => a.prefix.equals(v4.prefix as never))?.protocol, 114, 'who made it');
  t.ok(found !== undefined && found.validLifetimeSeconds <= 7200 && found.validLifetimeSeconds > 7000);
  await netlink.deleteAddress({ link: index, prefix: Ipv4Prefix.parse('10.0.0.1/32') });
  t.notOk((await of()).includes('10.0.0.1/32 0'));
  t.equal(
    await codeOf(netlink.deleteAddress({ link: index, prefix: Ipv4Prefix.parse('10.0.0.1/32') })),
    'EADDRNOTAVAIL',
  );
  t.equal(await codeOf(netlink.addAddress({ link: 4242, prefix: v4.prefix })), 'ENODEV');
});

t.test('routes, as router7 leaves them (golden)', async (t) => {
  const { index } = await link('uplink0');
  const source = Ipv4Address.parse('85.195.207.62');
  const gateway = Ipv4Address.parse('85.195.207.1');
  const base = { link: index, protocol: RouteProtocol.dhcp, preferredSource: source };
  const host: Route = { ...base, destination: new Ipv4Prefix(gateway, 32), gateway: undefined, onLink: true };
  const fallback: Route = { ...base, destination: Ipv4Prefix.parse('0.0.0.0/0'), gateway, onLink: false };
  for (let pass = 0; pass < 2; pass++) {
    await netlink.replaceRoute(host);
    await netlink.replaceRoute(fallback);
  }
  const lines = told('-4 route show dev uplink0')
    .split('\n')
    .map((line) => line.trim());
  t.ok(lines.includes('default via 85.195.207.1 proto dhcp src 85.195.207.62'), lines.join('|'));
  t.ok(lines.includes('85.195.207.1 proto dhcp scope link src 85.195.207.62'));
  const mine = (await netlink.routes()).filter((route) => route.protocol === RouteProtocol.dhcp);
  t.same(
    mine.map(({ destination, gateway, onLink, preferredSource, metric, table }) =>
      [destination, gateway, onLink, preferredSource, metric, table].join(' '),
    ),
    ['0.0.0.0/0 85.195.207.1 false 85.195.207.62 0 254', '85.195.207.1/32  true 85.195.207.62 0 254'],
  );
  // What was read can be written, and removed.
  for (const route of mine) await netlink.replaceRoute(route);
  const other = new RtNetlink();
  for (const route of mine) await other.deleteRoute(route);
  other.close();
  t.same(
    (await netlink.routes()).filter((route) => route.protocol === RouteProtocol.dhcp),
    [],
  );
  t.equal(await codeOf(netlink.deleteRoute(host)), 'ESRCH');
  const far = { ...fallback, gateway: Ipv4Address.parse('198.51.100.1') };
  t.equal(await codeOf(netlink.replaceRoute(far)), 'ENETUNREACH');
  await netlink.replaceRoute({ ...far, gatewayOnLink: true, metric: 7 });
  t.match(
    told('-4 route show'),
    /default via 198\.51\.100\.1 dev uplink0 proto dhcp src 85\.195\.207\.62 metric 7 onlink/,
  );
  t.ok((await netlink.routes(RouteTable.local)).every((route) => route.table === RouteTable.local));
});

t.test('IPv6 routes', async (t) => {
  const { index } = await link('uplink0');
  const route: Route = {
    link: index,
    destination: Ipv6Prefix.parse('2a02:168:4a00:22::/64'),
    gateway: undefined,
    protocol: RouteProtocol.static,
    onLink: false,
    preferredSource: undefined,
  };
  await netlink.replaceRoute(route);
  const found = (await netlink.routes()).find((r) => r.destination.toString() === '2a02:168:4a00:22::/64');
  t.match(found, { link: index, metric: 1024, protocol: RouteProtocol.static, onLink: false });
  await netlink.deleteRoute(found as Route);
  t.notOk((await netlink.routes()).some((r) => r.destination.toString() === '2a02:168:4a00:22::/64'));
});

t.test('many requests at the same time, with notices in between', async (t) => {
  let changes = 0;
  const own = new RtNetlink();
  own.watch(() => changes++);
  const { index } = await link('uplink0');
  const work: Promise<unknown>[] = [];
  for (let i = 0; i < 100; i++) {
    work.push(own.addAddress({ link: index, prefix: Ipv4Prefix.parse(`10.1.${i}.1/24`) }));
    if (i % 10 === 0) work.push(own.links(), own.routes());
  }
  await Promise.all(work);
  const there = (await own.addresses()).map((a) => String(a.prefix));
  t.equal(there.filter((text) => text.startsWith('10.1.')).length, 100);
  await until('notices', () => changes >= 100);
  own.close();
});

t.test('the monitor tells what changes, and says so when it has lost something', async (t) => {
  const changes: KernelChange[] = [];
  const monitor = new RtMonitor(['link', 'address'], (change) => changes.push(change));
  await until('the subscription', () => changes.length === 1);
  t.same(changes.splice(0), [{ kind: 'resync' }]);
  const { index } = await link('uplink0');
  ip('link set vb down');
  await until('the lost carrier', () =>
    changes.some((c) => c.kind === 'link' && !c.deleted && c.link.index === index && !c.link.carrier),
  );
  ip('addr add 192.0.2.9/24 dev uplink0');
  await until('the address', () =>
    changes.some((c) => c.kind === 'address' && !c.deleted && String(c.address.prefix) === '192.0.2.9/24'),
  );
  ip('addr del 192.0.2.9/24 dev uplink0');
  await until('its end', () =>
    changes.some((c) => c.kind === 'address' && c.deleted && String(c.address.prefix) === '192.0.2.9/24'),
  );
  t.notOk(changes.some((c) => c.kind === 'resync'));
  changes.length = 0;
  // Far more notices than the socket's buffer holds, while nobody reads.
  const lines: string[] = [];
  for (let i = 0; i < 250; i++) {
    for (let j = 0; j < 40; j++) lines.push(`addr add 10.2.${i}.${j}/32 dev lo`);
  }
  execFileSync('ip', ['-batch', '-'], { input: lines.join('\n') });
  await until('a resync', () => changes.some((c) => c.kind === 'resync'));
  changes.length = 0;
  ip('link set vb up');
  await until('news again', () => changes.some((c) => c.kind === 'link' && c.link.index === index));
  monitor.close();
});

t.test('an answer that came while this process was busy has come', async (t) => {
  const requests = new NetlinkRequests(Protocol.ROUTE, 20);
  t.teardown(() => requests.close());
  // struct ifinfomsg, all zero: RTM_GETLINK of all links.
  const ask = (): Promise<readonly Uint8Array[]> => requests.dump('links', 18, new Uint8Array(16));
  t.ok((await ask()).length > 0);
  for (let i = 0; i < 3; i++) {
    const answer = ask();
    await new Promise((resolve) => setImmediate(resolve));
    const until = performance.now() + 60;
    while (performance.now() < until);
    t.ok((await answer).length > 0);
  }
});
